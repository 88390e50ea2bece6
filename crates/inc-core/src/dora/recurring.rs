//! Incidents that are major only together ((EU) 2024/1772, article 8(2)).

use chrono::Months;

use super::verdict::{Together, distinct, why_open};
use super::{Classification, Missing, Rules, Tally, Verdict};
use crate::answer::Answer;
use crate::field::Field;
use crate::id::Id;
use crate::incident::{Incident, Kind};
use crate::instant::Instant;
use crate::status::Status;
use crate::text::Line;

/// Whether an incident and others of the same root cause are major together.
#[derive(Debug, Clone, PartialEq)]
pub struct Recurring {
    /// By article 8(2).
    pub major: Verdict,
    /// In one line, with the article.
    pub why: String,
    /// The incidents that were taken together, oldest first; empty where there was nothing to take.
    pub incidents: Vec<Id>,
    /// They as one incident.
    pub together: Option<Classification>,
    /// What it hangs on; empty where it is computed.
    pub missing: Vec<Missing>,
    /// What a reader should know of how it was reckoned.
    pub remarks: Vec<String>,
}

/// One incident that may belong to the group.
struct Member<'a> {
    incident: &'a Incident,
    tally: Tally,
    at: Instant,
    /// Its root cause is the same, and it is not major alone: both are known.
    is_sure: bool,
}

impl Rules<'_> {
    /// Assesses `incident` together with those of `all` that share its root cause; `all` may hold it too.
    ///
    /// Three-valued: incidents of which it is open whether they belong (no root cause yet, not computable alone) count
    /// as such: they make the answer not computable where they could tip it.
    pub fn recurring(&self, incident: &Incident, all: &[&Incident]) -> Recurring {
        let alone = self.verdict(incident);
        if incident.kind != Kind::Incident || incident.status == Status::Cancelled {
            let what =
                if incident.kind == Kind::Incident { "it is cancelled" } else { "it is not a real incident" };
            return nothing(Verdict::NotMet, format!("{what} (art. 8(2))"), vec![]);
        }
        if alone == Verdict::Met {
            return nothing(
                Verdict::NotMet,
                "it is major alone (art. 8(2) is for those that are not)",
                vec![],
            );
        }
        let cause = match &incident.root_cause {
            Answer::Known(cause) if !cause.is_empty() => cause,
            answer if why_open(answer).is_none() && answer.known().is_none() => {
                let word = answer.word().unwrap_or_default();
                return nothing(Verdict::NotMet, format!("root_cause is {word} (art. 8(2))"), vec![]);
            }
            answer => {
                let why = format!("root_cause {} (art. 8(2))", why_open(answer).unwrap_or("empty"));
                return nothing(Verdict::NotComputable, why, vec![root_cause_of(incident)]);
            }
        };
        let mut members = vec![self.member(incident, alone == Verdict::NotMet)];
        for other in all.iter().filter(|other| other.id != incident.id) {
            if other.kind != Kind::Incident || other.status == Status::Cancelled {
                continue;
            }
            let (same, open) = match &other.root_cause {
                Answer::Known(theirs) if !theirs.is_empty() => (theirs == cause, false),
                answer => (false, answer.known().is_some() || why_open(answer).is_some()),
            };
            if !(same || open) {
                continue;
            }
            let major = self.verdict(other);
            if major != Verdict::Met {
                members.push(self.member(other, same && major == Verdict::NotMet));
            }
        }
        members.sort_by_key(|member| member.at);
        let windows = self.windows(&members, incident);
        let judged = windows.into_iter().map(|window| (self.judge(&window, incident), window));
        let best = judged.reduce(|best, next| {
            let rank = |(major, window): &(Verdict, Vec<&Member<'_>>)| match major {
                Verdict::Met => (2, window.len()),
                Verdict::NotComputable => (1, window.len()),
                Verdict::NotMet => (0, window.len()),
            };
            if rank(&next) > rank(&best) { next } else { best }
        });
        match best {
            Some((major, window)) => self.told(&window, incident, major),
            None => self.none_like_it(),
        }
    }

    fn verdict(&self, incident: &Incident) -> Verdict {
        Classification::verdict(&Tally::of(incident, self), self.policy)
    }

    fn member<'a>(&self, incident: &'a Incident, is_sure: bool) -> Member<'a> {
        let at = incident.start().unwrap_or(incident.declared_at);
        Member { incident, tally: Tally::of(incident, self), at, is_sure }
    }

    /// The members within each span of months that begins with one of them and holds `incident`.
    fn windows<'m, 'a>(&self, members: &'m [Member<'a>], incident: &Incident) -> Vec<Vec<&'m Member<'a>>> {
        let months = Months::new(self.policy.recurring.within_months.get());
        let within = |first: &Member<'_>| {
            let zone = &incident.timezone;
            let local = zone.instant(first.at).datetime().naive_local();
            let end = local.checked_add_months(months);
            members
                .iter()
                .filter(|member| {
                    let at = zone.instant(member.at).datetime().naive_local();
                    member.at.unix_millis() >= first.at.unix_millis() && end.is_none_or(|end| at <= end)
                })
                .collect::<Vec<_>>()
        };
        let holds = |window: &Vec<&Member<'_>>| window.iter().any(|one| one.incident.id == incident.id);
        members.iter().map(within).filter(holds).collect()
    }

    fn none_like_it(&self) -> Recurring {
        let recurring = &self.policy.recurring;
        let months = recurring.within_months.get();
        let why = format!("no other incident with this root cause within {months} months (art. 8(2))");
        nothing(Verdict::NotMet, why, vec![])
    }

    /// Whether those of a window are major together: by those that belong for sure, else by all that may.
    fn judge(&self, window: &[&Member<'_>], incident: &Incident) -> Verdict {
        let least = self.policy.recurring.at_least.get() as usize;
        let verdict = |members: &[&Member<'_>]| match together(members) {
            Some(tally) if members.len() >= least => Classification::verdict(&tally, self.policy),
            _ => Verdict::NotMet,
        };
        let sure = sure(window);
        let itself = sure.iter().any(|member| member.incident.id == incident.id);
        match verdict(window) {
            // Not even with all that may belong to it.
            Verdict::NotMet => Verdict::NotMet,
            _ if itself && verdict(&sure) == Verdict::Met => Verdict::Met,
            _ => Verdict::NotComputable,
        }
    }

    fn told(&self, window: &[&Member<'_>], incident: &Incident, major: Verdict) -> Recurring {
        let least = self.policy.recurring.at_least.get() as usize;
        let months = self.policy.recurring.within_months.get();
        let sure = sure(window);
        let unsure = window.iter().filter(|member| !member.is_sure).map(|member| member.incident.id.as_str());
        let unsure: Vec<&str> = unsure.collect();
        let members = if major == Verdict::NotComputable { window } else { &sure };
        let itself = members.iter().any(|member| member.incident.id == incident.id);
        let tally = together(members).filter(|_| itself && members.len() >= least);
        let Some(tally) = tally else { return self.none_like_it() };
        let together = Classification::of(&tally, self.policy);
        let count = members.len();
        let group = match major {
            Verdict::NotComputable if !unsure.is_empty() => {
                format!("{count} incidents within {months} months may be one")
            }
            _ => format!("{count} incidents with the same root cause within {months} months"),
        };
        let mut remarks = vec![
            "numbers, amounts and times are added up: a client touched twice is counted twice".to_owned(),
        ];
        let mut missing = together.missing.clone();
        if major == Verdict::NotComputable {
            if !unsure.is_empty() {
                let unsure = unsure.join(", ");
                remarks.push(format!(
                    "no root cause yet, or not known whether major alone, so that it is open whether these belong: {unsure}"
                ));
            }
            let unsure = || members.iter().filter(|member| !member.is_sure).map(|member| member.incident);
            let causes = unsure().filter(|incident| !is_known(&incident.root_cause)).map(root_cause_of);
            missing.extend(causes.chain(unsure().flat_map(|incident| self.classify(incident).missing)));
            missing = distinct(&missing);
        }
        let incidents = members.iter().map(|member| member.incident.id.clone()).collect();
        let why = format!("{group} (art. 8(2)); together: {}", together.why);
        Recurring { major, why, incidents, together: Some(together), missing, remarks }
    }
}

fn sure<'m, 'a>(window: &[&'m Member<'a>]) -> Vec<&'m Member<'a>> {
    window.iter().copied().filter(|member| member.is_sure).collect()
}

fn together(members: &[&Member<'_>]) -> Option<Tally> {
    members.iter().map(|member| member.tally.clone()).reduce(Together::together)
}

fn nothing(major: Verdict, why: impl Into<String>, missing: Vec<Missing>) -> Recurring {
    Recurring { major, why: why.into(), incidents: vec![], together: None, missing, remarks: vec![] }
}

fn is_known(cause: &Answer<Vec<Line>>) -> bool {
    cause.known().is_some_and(|cause| !cause.is_empty())
}

fn root_cause_of(incident: &Incident) -> Missing {
    Missing {
        incident: incident.id.clone(),
        path: Field::RootCause.path(),
        why: why_open(&incident.root_cause).unwrap_or("empty").to_owned(),
        command: Field::RootCause.command(&incident.id),
    }
}
