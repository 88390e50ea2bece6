//! What PDCAs make of incidents: root causes, proven countermeasures, finished acts, checks on time.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::pdca::summary::{Cure, Summary};
use crate::pdca::{ActStatus, SourceKind, Status};

/// So many of so many, and what is left out of both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Of how many it holds.
    pub count: usize,
    /// Of how many it is asked.
    pub of: usize,
    /// Of how many it cannot be asked.
    pub left_out: usize,
}

/// PDCAs as they are counted, and then the figures.
#[derive(Debug, Default)]
pub struct Learning {
    incidents: HashSet<String>,
    by_incident: HashMap<String, Found>,
    /// PDCAs that come from one of the incidents.
    pub pdcas: usize,
    /// PDCAs that come from anything else: their figures are left out.
    pub other_pdcas: usize,
    /// PDCAs that were given up: their checks and due days are left out.
    pub abandoned: usize,
    /// Countermeasures that were done by their due day, of those whose day is past or that are done; left out are those
    /// without a day, those that are done on no known day, and those whose day is to come.
    pub on_time: Share,
    /// Checks with a result.
    pub checked: usize,
    /// Checks without one, whose day is to come.
    pub open_checks: usize,
    /// Checks without one and without a day.
    pub undated_checks: usize,
    /// Checks without one, whose day is past.
    pub overdue_checks: usize,
}

/// What the PDCAs of one incident hold together.
#[derive(Debug, Default)]
struct Found {
    root_cause: bool,
    proven: bool,
    acts: usize,
    open_acts: usize,
}

impl Learning {
    /// Takes an incident into the count.
    pub fn add_incident(&mut self, id: &str) {
        self.incidents.insert(id.to_owned());
    }

    /// Takes a PDCA into the count, after all incidents.
    pub fn add_pdca(&mut self, pdca: &Summary, today: NaiveDate) {
        let of = pdca.source.reference.as_ref().filter(|_| pdca.source.kind == SourceKind::Incident);
        let Some(of) = of.filter(|of| self.incidents.contains(of.as_str())) else {
            self.other_pdcas += 1;
            return;
        };
        self.pdcas += 1;
        let found = self.by_incident.entry(of.to_string()).or_default();
        found.root_cause |= pdca.root_causes > 0;
        found.proven |= pdca.countermeasures.iter().any(Cure::is_proven);
        found.acts += pdca.acts.len();
        found.open_acts += pdca.acts.iter().filter(|act| act.status != ActStatus::Done).count();
        if pdca.status == Status::Abandoned {
            self.abandoned += 1;
            return;
        }
        for cure in &pdca.countermeasures {
            self.time(cure, today);
            self.check(cure, today);
        }
    }

    fn time(&mut self, cure: &Cure, today: NaiveDate) {
        let is_in_time = match (cure.due, cure.done_on) {
            (Some(due), Some(done)) => Some(done <= due),
            (Some(due), None) if !cure.is_done() && due < today => Some(false),
            _ => None,
        };
        match is_in_time {
            Some(is_in_time) => {
                self.on_time.of += 1;
                self.on_time.count += usize::from(is_in_time);
            }
            None => self.on_time.left_out += 1,
        }
    }

    fn check(&mut self, cure: &Cure, today: NaiveDate) {
        let place = match (cure.result, cure.check_on) {
            (Some(_), _) => &mut self.checked,
            (None, None) => &mut self.undated_checks,
            (None, Some(day)) if day < today => &mut self.overdue_checks,
            (None, Some(_)) => &mut self.open_checks,
        };
        *place += 1;
    }

    /// Incidents with a PDCA.
    pub fn with_pdca(&self) -> Share {
        self.share(|_| true)
    }

    /// Incidents with a PDCA that names a root cause.
    pub fn with_root_cause(&self) -> Share {
        self.share(|found| found.root_cause)
    }

    /// Incidents with a countermeasure that was checked OK.
    pub fn with_proven(&self) -> Share {
        self.share(|found| found.proven)
    }

    /// Incidents of whose PDCAs every act is done; those without an act are left out.
    pub fn with_acts_done(&self) -> Share {
        let with_acts = || self.by_incident.values().filter(|found| found.acts > 0);
        let of = with_acts().count();
        let count = with_acts().filter(|found| found.open_acts == 0).count();
        Share { count, of, left_out: self.incidents.len() - of }
    }

    fn share(&self, holds: impl Fn(&Found) -> bool) -> Share {
        let count = self.by_incident.values().filter(|found| holds(found)).count();
        Share { count, of: self.incidents.len(), left_out: 0 }
    }
}
