//! Incidents that are major only together ((EU) 2024/1772, article 8(2)).

use chrono::Months;

use super::clock::awareness;
use super::verdict::{Together, distinct, why_open};
use super::{Classification, Missing, Rules, Tally, Verdict, owes_nothing};
use crate::answer::Answer;
use crate::field::Field;
use crate::id::Id;
use crate::incident::Incident;
use crate::instant::Instant;
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
    /// From when on the reports are reckoned.
    pub onset: Onset,
}

/// From when on the reports of an incident are reckoned.
#[derive(Debug, Clone, PartialEq)]
pub enum Onset {
    /// From becoming aware of it.
    Itself,
    /// It is major only together with others: from becoming aware of this later one, with which they first are.
    With(Id, Instant),
    /// It may be major only together with others, and it is open with which.
    Open,
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
        if let Some(what) = owes_nothing(incident) {
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
            if owes_nothing(other).is_some() {
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
        // A total order, in which the instants' offsets do not count.
        members.sort_by_key(|member| (member.at.unix_millis(), member.incident.id.clone()));
        match self.strongest(&members, incident) {
            Some((major, window)) => {
                let onset = match (major, alone) {
                    (Verdict::Met, _) => self.onset(&members, incident),
                    (Verdict::NotComputable, Verdict::NotMet) => Onset::Open,
                    _ => Onset::Itself,
                };
                Recurring { onset, ..self.told(window, incident, major) }
            }
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

    /// Of the spans of months that begin with a member and hold `incident`, the one with the strongest answer, the
    /// longest one of several.
    fn strongest<'m, 'a>(
        &self,
        members: &'m [Member<'a>],
        incident: &Incident,
    ) -> Option<(Verdict, &'m [Member<'a>])> {
        let zone = &incident.timezone;
        let local = |member: &Member<'_>| zone.instant(member.at).datetime().naive_local();
        let months = Months::new(self.policy.recurring.within_months.get());
        let itself = members.iter().position(|member| member.incident.id == incident.id)?;
        let sums = [Sums::of(members, itself, |_| true), Sums::of(members, itself, |member| member.is_sure)];
        let spans = (0..=itself).filter_map(|first| {
            let end = local(&members[first]).checked_add_months(months);
            let within = |member: &Member<'_>| end.is_none_or(|end| local(member) <= end);
            let behind = members[itself..].iter().take_while(|member| within(member)).count();
            (behind > 0).then(|| {
                let [of_all, of_sure] = sums.each_ref().map(|sums| sums.over(itself - first, behind - 1));
                let major = self.judge(of_all, of_sure, members[itself].is_sure);
                (major, &members[first..itself + behind])
            })
        });
        spans.reduce(|best, next| {
            let rank = |(major, window): &(Verdict, &[Member<'_>])| match major {
                Verdict::Met => (2, window.len()),
                Verdict::NotComputable => (1, window.len()),
                Verdict::NotMet => (0, window.len()),
            };
            if rank(&next) > rank(&best) { next } else { best }
        })
    }

    /// The first moment at which the entity was aware of enough of them, in any of the spans that hold `incident`.
    fn onset(&self, members: &[Member<'_>], incident: &Incident) -> Onset {
        let zone = &incident.timezone;
        let local = |member: &Member<'_>| zone.instant(member.at).datetime().naive_local();
        let months = Months::new(self.policy.recurring.within_months.get());
        let least = self.policy.recurring.at_least.get() as usize;
        let until = members.iter().position(|member| member.incident.id == incident.id).unwrap_or_default();
        let aware = |member: &Member<'_>| awareness(member.incident).0;
        let completing = (0..=until).filter_map(|first| {
            let end = local(&members[first]).checked_add_months(months);
            let within = |member: &&Member<'_>| end.is_none_or(|end| local(member) <= end);
            let sure = members[first..].iter().take_while(within).filter(|member| member.is_sure);
            let mut sure: Vec<&Member<'_>> = sure.collect();
            sure.sort_by_key(|member| (aware(member).unix_millis(), member.incident.id.clone()));
            let mut sum: Sum = (0, None);
            let mut has_itself = false;
            sure.into_iter().find(|member| {
                sum = plus(std::mem::take(&mut sum), (1, Some(member.tally.clone().bare())));
                has_itself |= member.incident.id == incident.id;
                let is_major = |tally| Classification::verdict(tally, self.policy) == Verdict::Met;
                has_itself && sum.0 >= least && sum.1.as_ref().is_some_and(is_major)
            })
        });
        match completing.min_by_key(|member| aware(member).unix_millis()) {
            Some(last) if last.incident.id != incident.id => {
                Onset::With(last.incident.id.clone(), zone.instant(aware(last)))
            }
            _ => Onset::Itself,
        }
    }

    fn none_like_it(&self) -> Recurring {
        let recurring = &self.policy.recurring;
        let months = recurring.within_months.get();
        let why = format!("no other incident with this root cause within {months} months (art. 8(2))");
        nothing(Verdict::NotMet, why, vec![])
    }

    /// Whether those of a span are major together: by those that belong for sure, else by all that may.
    fn judge(&self, of_all: Sum, of_sure: Sum, is_sure: bool) -> Verdict {
        let least = self.policy.recurring.at_least.get() as usize;
        let verdict = |(count, tally): Sum| match tally {
            Some(tally) if count >= least => Classification::verdict(&tally, self.policy),
            _ => Verdict::NotMet,
        };
        match verdict(of_all) {
            // Not even with all that may belong to it.
            Verdict::NotMet => Verdict::NotMet,
            _ if is_sure && verdict(of_sure) == Verdict::Met => Verdict::Met,
            _ => Verdict::NotComputable,
        }
    }

    fn told(&self, window: &[Member<'_>], incident: &Incident, major: Verdict) -> Recurring {
        let least = self.policy.recurring.at_least.get() as usize;
        let months = self.policy.recurring.within_months.get();
        let is_open = major == Verdict::NotComputable;
        let members: Vec<&Member<'_>> = window.iter().filter(|member| is_open || member.is_sure).collect();
        let unsure: Vec<&str> = members
            .iter()
            .filter(|member| !member.is_sure)
            .map(|member| member.incident.id.as_str())
            .collect();
        let itself = members.iter().any(|member| member.incident.id == incident.id);
        let tally = members.iter().map(|member| member.tally.clone()).reduce(Together::together);
        let tally = tally.filter(|_| itself && members.len() >= least);
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
        if is_open {
            if !unsure.is_empty() {
                let named = unsure.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
                let more = unsure.len().saturating_sub(NAMED);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                remarks.push(format!(
                    "no root cause yet, or not known whether major alone, so that it is open whether these belong: {named}{more}"
                ));
            }
            let unsure = || members.iter().filter(|member| !member.is_sure).map(|member| member.incident);
            let causes = unsure().filter(|incident| !is_known(&incident.root_cause)).map(root_cause_of);
            missing.extend(causes.chain(unsure().flat_map(|incident| self.classify(incident).missing)));
            missing = distinct(&missing);
        }
        let incidents = members.iter().map(|member| member.incident.id.clone()).collect();
        let why = format!("{group} (art. 8(2)); together: {}", together.why);
        let onset = Onset::Itself;
        Recurring { major, why, incidents, together: Some(together), missing, remarks, onset }
    }
}

/// How many incidents a remark names.
const NAMED: usize = 5;

/// How many incidents, and what they come to together.
type Sum = (usize, Option<Tally>);

/// Sums over the members around one of them, so that no span is added up anew.
struct Sums {
    /// By how many before it the sum begins; it itself is always in it.
    before: Vec<Sum>,
    /// By how many behind it the sum ends; it itself never is in it.
    behind: Vec<Sum>,
}

impl Sums {
    fn of(members: &[Member<'_>], itself: usize, counts: impl Fn(&Member<'_>) -> bool) -> Self {
        let next = |sum: &mut Sum, member: &Member<'_>| {
            if counts(member) {
                *sum = plus(sum.clone(), (1, Some(member.tally.clone().bare())));
            }
            Some(sum.clone())
        };
        let before = members[..=itself].iter().rev().scan((0, None), next).collect();
        let behind = members[itself + 1..].iter().scan((0, None), next);
        Self { before, behind: std::iter::once((0, None)).chain(behind).collect() }
    }

    fn over(&self, before: usize, behind: usize) -> Sum {
        plus(self.before[before].clone(), self.behind[behind].clone())
    }
}

fn plus(one: Sum, other: Sum) -> Sum {
    let tally = match (one.1, other.1) {
        (Some(one), Some(other)) => Some(one.together(other)),
        (one, other) => one.or(other),
    };
    (one.0 + other.0, tally)
}

fn nothing(major: Verdict, why: impl Into<String>, missing: Vec<Missing>) -> Recurring {
    Recurring {
        major,
        why: why.into(),
        incidents: vec![],
        together: None,
        missing,
        remarks: vec![],
        onset: Onset::Itself,
    }
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
