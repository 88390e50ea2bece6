//! What `inc-severity dora --format json` prints; its text is laid out from the same.

use inc_core::dora::{
    Classification, Clock, Criterion, Missing, NOTICE, Onset, Policy, Recurring, Report, Rules, Standing,
    Verdict, owes_nothing,
};
use inc_core::incident::{Contested, Incident};
use inc_core::instant::Instant;
use inc_store::store::DORA;
use serde::Serialize;

/// One incident before its regulator.
#[derive(Debug, Serialize)]
pub struct View {
    pub incident: String,
    /// Alone or together with others: `yes`, `no` or `not-computable`.
    pub major: &'static str,
    /// In one line.
    pub why: String,
    /// `built-in`, or `policies/dora.yaml` where a number or a word of it differs.
    pub policy: &'static str,
    /// Alone, by article 8(1).
    pub alone: AloneView,
    /// Together with others, by article 8(2).
    pub recurring: RecurringView,
    /// Why no report is owed: it is not major, or not a real incident; `null` where `clock` is given.
    pub no_reports: Option<&'static str>,
    /// `null` where no report is owed.
    pub clock: Option<ClockView>,
    pub notice: &'static str,
    /// Values that did not win a merge, until someone settles them.
    pub contested: Vec<Contested>,
}

#[derive(Debug, Serialize)]
pub struct AloneView {
    pub article: &'static str,
    pub major: &'static str,
    pub why: String,
    pub criteria: Vec<CriterionView>,
    pub missing: Vec<MissingView>,
    pub remarks: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct CriterionView {
    pub key: &'static str,
    pub article: &'static str,
    pub name: &'static str,
    /// `met`, `not-met` or `not-computable`.
    pub result: Verdict,
    pub why: String,
    pub missing: Vec<MissingView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MissingView {
    pub incident: String,
    pub path: String,
    pub why: String,
    pub command: String,
}

#[derive(Debug, Serialize)]
pub struct RecurringView {
    pub article: &'static str,
    pub major: &'static str,
    pub why: String,
    pub incidents: Vec<String>,
    /// They as one incident; empty where there is no group.
    pub criteria: Vec<CriterionView>,
    pub missing: Vec<MissingView>,
    pub remarks: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct ClockView {
    /// `yes`, or `if-major` where that cannot be computed.
    pub applies: &'static str,
    pub because: String,
    pub aware_at: Instant,
    pub aware_by: &'static str,
    /// The later incident with which they are major together, where the 24 h count from it.
    pub together: Option<TogetherView>,
    pub reports: Vec<ReportView>,
}

#[derive(Debug, Serialize)]
pub struct TogetherView {
    pub incident: String,
    pub aware_at: Instant,
}

#[derive(Debug, Serialize)]
pub struct ReportView {
    pub key: &'static str,
    pub article: &'static str,
    pub name: &'static str,
    pub due_at: Option<Instant>,
    pub rule: String,
    pub sent_at: Option<Instant>,
    /// `in-time`, `sent-late`, `due`, `overdue` or `not-computable`.
    pub standing: &'static str,
    /// Negative: so much is left.
    pub late_by_seconds: Option<i64>,
    pub missing: Vec<MissingView>,
    /// Times that cannot be true.
    pub contradictions: Vec<String>,
    pub remarks: Vec<String>,
    #[serde(skip)]
    pub words: String,
}

impl View {
    /// The incident, judged alone and beside `all`.
    pub fn of(incident: &Incident, all: &[&Incident], rules: &Rules<'_>) -> Self {
        let alone = rules.classify(incident);
        let recurring = rules.recurring(incident, all);
        let exempt = owes_nothing(incident);
        let (major, why) = match (exempt, recurring.major) {
            (Some(why), _) => (Verdict::NotMet, unowed(why, &alone)),
            (None, Verdict::Met) => (Verdict::Met, recurring.why.clone()),
            _ => (alone.major, alone.why.clone()),
        };
        let clock = match exempt {
            Some(_) => None,
            None => applies(incident, major, &recurring),
        };
        Self {
            incident: incident.id.to_string(),
            major: answer(major),
            why,
            policy: if *rules.policy == Policy::default() { BUILT_IN } else { DORA },
            no_reports: exempt.or(clock.is_none().then_some("it is not major")),
            clock: clock
                .map(|(applies, why)| ClockView::of(rules.clock(incident, &recurring.onset), applies, why)),
            alone: AloneView::of(alone),
            recurring: RecurringView::of(recurring),
            notice: NOTICE,
            contested: incident.contested.clone(),
        }
    }

    /// The reports that a major incident owes, late and not sent.
    pub fn overdue(&self) -> Option<String> {
        let clock = self.clock.as_ref().filter(|clock| clock.applies == YES)?;
        let late = clock.reports.iter().filter(|report| report.standing == OVERDUE);
        let late: Vec<String> =
            late.map(|report| format!("{} ({}, {})", report.name, report.article, report.words)).collect();
        (!late.is_empty()).then(|| late.join("; "))
    }
}

/// The policy where the team has none that differs.
pub const BUILT_IN: &str = "built-in";
const YES: &str = "yes";
const IF_MAJOR: &str = "if-major";
const OVERDUE: &str = "overdue";

/// Whether reports are owed, and why that is said. What somebody classified as major is.
fn applies(incident: &Incident, major: Verdict, recurring: &Recurring) -> Option<(&'static str, String)> {
    let classified = incident.impact.dora.classified_at.known();
    let may_recur = recurring.major == Verdict::NotComputable && !recurring.incidents.is_empty();
    match (major, classified) {
        (Verdict::Met, _) => Some((YES, "it is major".to_owned())),
        (_, Some(at)) => {
            let at = incident.timezone.instant(*at);
            Some((YES, format!("the record says that it was classified as major, {at}")))
        }
        (Verdict::NotComputable, None) => Some((IF_MAJOR, "if it is major".to_owned())),
        (Verdict::NotMet, None) => {
            may_recur.then(|| (IF_MAJOR, "if it is major together with others".to_owned()))
        }
    }
}

/// What is no real incident is not major, whatever its values come to.
fn unowed(why: &str, alone: &Classification) -> String {
    let values = match alone.major {
        Verdict::Met => "major",
        Verdict::NotMet => "not major",
        Verdict::NotComputable => "not computable",
    };
    format!("{why}: nothing is to be reported; by its values alone {values}: {}", alone.why)
}

fn answer(major: Verdict) -> &'static str {
    match major {
        Verdict::Met => YES,
        Verdict::NotMet => "no",
        Verdict::NotComputable => "not-computable",
    }
}

fn missing(missing: Vec<Missing>) -> Vec<MissingView> {
    let view = |Missing { incident, path, why, command }| MissingView {
        incident: incident.to_string(),
        path,
        why,
        command,
    };
    missing.into_iter().map(view).collect()
}

fn criteria(criteria: Vec<Criterion>) -> Vec<CriterionView> {
    let view = |one: Criterion| CriterionView {
        key: one.key,
        article: one.article,
        name: one.name,
        result: one.verdict,
        why: one.why,
        missing: missing(one.missing),
    };
    criteria.into_iter().map(view).collect()
}

impl AloneView {
    fn of(alone: Classification) -> Self {
        Self {
            article: "art. 8(1)",
            major: answer(alone.major),
            why: alone.why,
            criteria: criteria(alone.criteria),
            missing: missing(alone.missing),
            remarks: alone.remarks,
        }
    }
}

impl RecurringView {
    fn of(recurring: Recurring) -> Self {
        Self {
            article: "art. 8(2)",
            major: answer(recurring.major),
            why: recurring.why,
            incidents: recurring.incidents.iter().map(ToString::to_string).collect(),
            criteria: recurring.together.map(|together| criteria(together.criteria)).unwrap_or_default(),
            missing: missing(recurring.missing),
            remarks: recurring.remarks,
        }
    }
}

impl ClockView {
    fn of(clock: Clock, applies: &'static str, because: String) -> Self {
        let Clock { aware_at, aware_by, onset, reports } = clock;
        let together = match onset {
            Onset::With(incident, aware_at) => {
                Some(TogetherView { incident: incident.to_string(), aware_at })
            }
            Onset::Itself | Onset::Open => None,
        };
        let reports = reports.into_iter().map(ReportView::of).collect();
        Self { applies, because, aware_at, aware_by, together, reports }
    }
}

impl ReportView {
    fn of(report: Report) -> Self {
        let standing: Standing = report.standing;
        Self {
            key: report.key,
            article: report.article,
            name: report.name,
            due_at: report.due_at,
            rule: report.rule,
            sent_at: report.sent_at,
            standing: standing.key(),
            late_by_seconds: standing.late_by(),
            missing: missing(report.missing),
            contradictions: report.contradictions,
            remarks: report.remarks,
            words: standing.words(),
        }
    }
}
