//! What the rules say of an answer, right after it: a word of advice, never a refusal.

use std::collections::BTreeSet;

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::instant::Instant;
use inc_core::pdca::coach::{Question, first_remarks, remarks};
use inc_core::pdca::rules::Others;
use inc_core::pdca::{Finding, Pdca};
use inc_core::text::clean_line;

use crate::failure::say;
use crate::session::Session;

/// The other records, which some rules look at, as they were when the session began.
pub(super) struct Hints {
    pdcas: Vec<Pdca>,
    incidents: Vec<Incident>,
}

impl Hints {
    pub fn load(session: &mut Session) -> Result<Self> {
        let pdcas = session.all_where::<Pdca>(|_| false)?.0;
        let incidents = session.all_where::<Incident>(|_| false)?.0;
        Ok(Self {
            pdcas: pdcas.into_iter().map(|loaded| loaded.record).collect(),
            incidents: incidents.into_iter().map(|loaded| loaded.record).collect(),
        })
    }

    /// Before the first question.
    pub fn greet(&self, pdca: &Pdca, now: Instant) {
        say_all(&self.with_others(|others| first_remarks(pdca, others, now)));
    }

    /// After an answer.
    pub fn tell(&self, question: &Question, before: &Pdca, after: &Pdca, now: Instant) {
        say_all(&self.with_others(|others| remarks(question, before, after, others, now)));
    }

    fn with_others<T>(&self, look: impl FnOnce(&Others<'_>) -> T) -> T {
        let pdcas: Vec<&Pdca> = self.pdcas.iter().collect();
        look(&Others::of(&pdcas, self.incidents.iter().collect(), BTreeSet::new()))
    }
}

fn say_all(findings: &[Finding]) {
    for finding in findings {
        let (label, why, code) = (&finding.label, &finding.why, finding.code);
        say(&clean_line(&format!("hint: {label}: {why} (pdca coach --explain {code})")));
    }
}
