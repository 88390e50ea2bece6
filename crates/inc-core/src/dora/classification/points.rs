//! The points of articles 6 and 9, each with its parts: a value, its threshold, and what that comes to.

use std::collections::BTreeSet;

use super::{ACCESS, Criterion};
use crate::dora::tally::{Tally, told_share};
use crate::dora::verdict::{Bound, distinct};
use crate::dora::{Missing, Over, Policy, Positive, Verdict, in_hours};
use crate::impact::Percent;
use crate::span::Span;
use crate::text::Line;

/// A criterion before it is put into words.
pub(super) struct Point<'a> {
    pub key: &'static str,
    article: &'static str,
    name: &'static str,
    parts: Vec<Part<'a>>,
}

/// One value and its threshold. A criterion is met where one of its parts is.
struct Part<'a> {
    verdict: Verdict,
    /// What it is called.
    name: &'a str,
    /// The value beside its threshold, where it is computed.
    told: Box<dyn Fn() -> String + 'a>,
    open: &'a [Missing],
    note: Option<Note>,
}

/// What is said of a value that the threshold alone does not tell.
enum Note {
    Instead(String),
    Beside(String),
}

impl Point<'_> {
    pub fn verdict(&self) -> Verdict {
        self.parts.iter().fold(Verdict::NotMet, |whole, part| whole.or(part.verdict))
    }

    pub fn in_words(&self) -> Criterion {
        let Self { key, article, name, parts } = self;
        let verdict = self.verdict();
        // Where it is not met, no part is, and each of them says why.
        let telling: Vec<&Part<'_>> = parts.iter().filter(|part| part.verdict == verdict).collect();
        let open = telling.iter().filter(|_| verdict == Verdict::NotComputable);
        let missing = distinct(open.flat_map(|part| part.open));
        let why = match verdict {
            Verdict::NotComputable => told(&missing),
            _ => telling.iter().map(|part| part.words()).collect::<Vec<_>>().join("; "),
        };
        Criterion { key, article, name, verdict, why, missing }
    }
}

impl<'a> Part<'a> {
    /// A value that is to be above a threshold.
    fn over<T: PartialOrd + Copy + 'a>(
        name: &'a Line,
        value: &'a Bound<T>,
        above: T,
        show: impl Fn(T) -> String + 'a,
    ) -> Self {
        let (least, most) = (value.least, value.most);
        let verdict = match most {
            _ if least > above => Verdict::Met,
            Some(most) if most <= above => Verdict::NotMet,
            _ => Verdict::NotComputable,
        };
        let told = move || {
            let exact = most == Some(least);
            match most.filter(|_| verdict == Verdict::NotMet) {
                Some(most) => {
                    format!(
                        "{}{}, not above {}",
                        if exact { "" } else { "at most " },
                        show(most),
                        show(above)
                    )
                }
                None => {
                    format!("{}{}, above {}", if exact { "" } else { "at least " }, show(least), show(above))
                }
            }
        };
        Self { verdict, name: name.as_str(), told: Box::new(told), open: &value.open, note: None }
    }

    fn yes(name: &'a Line, value: &'a Bound<bool>) -> Self {
        let verdict = match (value.least, value.most) {
            (true, _) => Verdict::Met,
            (false, Some(false)) => Verdict::NotMet,
            (false, _) => Verdict::NotComputable,
        };
        let told = move || if verdict == Verdict::Met { "yes" } else { "no" }.to_owned();
        Self { verdict, name: name.as_str(), told: Box::new(told), open: &value.open, note: None }
    }

    fn several<T: Ord + ToString>(name: &'a Line, value: &'a Bound<BTreeSet<T>>, at_least: usize) -> Self {
        let verdict = match &value.most {
            _ if value.least.len() >= at_least => Verdict::Met,
            Some(_) => Verdict::NotMet,
            None => Verdict::NotComputable,
        };
        let told = move || {
            let names = value.least.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let names = if names.is_empty() { "none".to_owned() } else { names };
            let needed = if at_least > 1 { format!(", {at_least} needed") } else { String::new() };
            format!("{names}{needed}")
        };
        Self { verdict, name: name.as_str(), told: Box::new(told), open: &value.open, note: None }
    }

    fn words(&self) -> String {
        match &self.note {
            Some(Note::Instead(note)) => note.clone(),
            Some(Note::Beside(note)) => format!("{}: {}, {note}", self.name, (self.told)()),
            None => format!("{}: {}", self.name, (self.told)()),
        }
    }
}

/// `not asked: impact.customers, impact.downtime; resolved_at missing: not over yet`; of several incidents the same may
/// be missing.
fn told(missing: &[Missing]) -> String {
    let paths = |why: &str| {
        let paths: BTreeSet<&str> =
            missing.iter().filter(|one| one.why == why).map(|one| one.path.as_str()).collect();
        let paths: Vec<&str> = paths.into_iter().collect();
        (!paths.is_empty()).then(|| format!("{why}: {}", paths.join(", ")))
    };
    let wrong = missing.iter().filter(|one| !["not asked", "unknown"].contains(&one.why.as_str()));
    let wrong: BTreeSet<String> = wrong.map(|one| format!("{} {}", one.path, one.why)).collect();
    let told: Vec<String> = paths("not asked").into_iter().chain(paths("unknown")).chain(wrong).collect();
    told.join("; ")
}

/// Article 6 and the points of article 9, over what is known.
pub(super) fn points<'a>(tally: &'a Tally, policy: &'a Policy) -> Vec<Point<'a>> {
    let thresholds = &policy.thresholds;
    let percent = |over: &'a Over<Percent>, value: &'a Bound<f64>| {
        let above = over.above.get();
        Part::over(&over.words, value, above, move |share| format!("{} %", told_share(share, above)))
    };
    let lasting = |over: &'a Over<Positive<Span>>, value: &'a Bound<u64>| {
        Part::over(&over.words, value, over.above.get().seconds(), in_hours)
    };
    let downtime = lasting(&thresholds.downtime, &tally.downtime);
    let downtime = Part { note: idle(tally, downtime.verdict), ..downtime };
    let (clients, states) = (&thresholds.clients, &thresholds.member_states);
    let costs = &thresholds.economic_impact;
    let money = |hundredths: u64| format!("{} {}", decimal(hundredths), costs.above.currency);
    let point = |key, article, name, parts| Point { key, article, name, parts };
    vec![
        point(
            "critical-services",
            "art. 6",
            "critical services",
            vec![Part::yes(&policy.critical_services.words, &tally.critical)],
        ),
        point(
            "clients",
            "art. 9(1)",
            "clients, counterparts, transactions",
            vec![
                percent(&thresholds.clients_percent, &tally.clients_percent),
                Part::over(&clients.words, &tally.clients, clients.above.get(), |number| number.to_string()),
                percent(&thresholds.counterparts_percent, &tally.counterparts_percent),
                percent(&thresholds.transactions_percent, &tally.transactions_percent),
                percent(&thresholds.transactions_amount_percent, &tally.amount_percent),
                Part::yes(&thresholds.relevant_clients.words, &tally.relevant),
            ],
        ),
        point(
            "reputation",
            "art. 9(2)",
            "reputational impact",
            vec![Part::several(&thresholds.reputation.words, &tally.reputation, 1)],
        ),
        point(
            "duration",
            "art. 9(3)",
            "duration and downtime",
            vec![lasting(&thresholds.duration, &tally.duration), downtime],
        ),
        point(
            "geography",
            "art. 9(4)",
            "geographical spread",
            vec![Part::several(&states.words, &tally.member_states, states.at_least.get() as usize)],
        ),
        point(
            "data-losses",
            "art. 9(5)(a)",
            "data losses",
            vec![Part::several(&thresholds.data_losses.words, &tally.data_losses, 1)],
        ),
        point(
            ACCESS,
            "art. 9(5)(b)",
            "malicious access",
            vec![Part::yes(&policy.malicious_access.words, &tally.access)],
        ),
        point(
            "economic-impact",
            "art. 9(6)",
            "economic impact",
            vec![Part::over(&costs.words, &tally.costs, costs.above.amount.hundredths(), money)],
        ),
    ]
}

/// What is said of downtime that does not count; nothing where the threshold is met without it.
fn idle(tally: &Tally, verdict: Verdict) -> Option<Note> {
    let told = |seconds: u64| if seconds == 0 { String::new() } else { format!(" {}", in_hours(seconds)) };
    let idle = told(tally.idle_downtime);
    match (verdict, tally.critical.most) {
        (Verdict::NotMet, Some(false)) => {
            Some(Note::Instead(format!("downtime{idle} does not count: no critical service is affected")))
        }
        (Verdict::NotMet, _) if tally.idle_downtime > 0 => {
            Some(Note::Beside(format!("further{idle} do not count, where no critical service is affected")))
        }
        _ => None,
    }
}

/// Hundredths as people write them.
fn decimal(hundredths: u64) -> String {
    match hundredths % 100 {
        0 => (hundredths / 100).to_string(),
        cents => format!("{}.{cents:02}", hundredths / 100),
    }
}
