//! What `pdca recur` knows: each cause that came back, beside those before it and what had been checked OK.

use chrono::NaiveDate;
use inc_core::pdca::recurrence::{Cause, Causes, Cure, Earlier, Return};
use inc_core::pdca::rollout::Spread;
use inc_core::pdca::{Act, ActStatus};
use serde::Serialize;

/// One cause that came back; the array of them, the newest first, is what `recur --format json` prints.
#[derive(Debug, Serialize)]
pub(super) struct ReturnRow {
    /// The cause as it stands in the later PDCA.
    #[serde(flatten)]
    pub(super) cause: CauseRow,
    /// One of those before it had been checked OK.
    pub(super) was_cured: bool,
    /// How many there are before it.
    pub(super) count: usize,
    /// Ten of them at most: first what had been cured, then the others, each the newest first.
    pub(super) earlier: Vec<EarlierRow>,
}

/// A root cause where it stands.
#[derive(Debug, Serialize)]
pub(super) struct CauseRow {
    pub(super) pdca: String,
    pub(super) title: String,
    /// The PDCA was given up.
    pub(super) abandoned: bool,
    /// The day on which the PDCA was begun.
    pub(super) begun_on: NaiveDate,
    /// Its label: `RC2`, or a tag.
    pub(super) root_cause: String,
    /// The why's label, which begins with the letter of its tree.
    pub(super) why_id: String,
    pub(super) why: String,
}

/// A cause of before.
#[derive(Debug, Serialize)]
pub(super) struct EarlierRow {
    #[serde(flatten)]
    pub(super) cause: CauseRow,
    pub(super) alike: Alike,
    /// What had been checked OK when it came back; empty where it was not cured then.
    pub(super) cures: Vec<CureRow>,
    /// From the last of these checks, or from the day on which the PDCA was begun where there was none, to the return.
    pub(super) days: i64,
}

/// By what two causes are taken for one.
#[derive(Debug, Serialize)]
pub(super) struct Alike {
    /// `tag`: their labels are one tag; `words`: only their words are alike, which is a guess.
    pub(super) by: &'static str,
    /// Which share of the words of both they have in common, from 0 to 1.
    pub(super) words: f64,
}

/// A countermeasure that had been checked OK.
#[derive(Debug, Serialize)]
pub(super) struct CureRow {
    pub(super) countermeasure: String,
    pub(super) title: String,
    pub(super) checked_on: Option<NaiveDate>,
    pub(super) evidence: Option<String>,
    /// From the check to the return; `null` where the check has no day.
    pub(super) days: Option<i64>,
    /// How far it has come by now, as `pdca acts` says; `null` where it is not proven any more.
    pub(super) state: Option<Spread>,
    /// Why it is not proven any more.
    pub(super) not_proven: Option<String>,
    pub(super) no_act: Option<String>,
    /// What of its acts is open: the cause may have come back where the cure never was.
    pub(super) open_acts: Vec<OpenAct>,
}

/// An act that is not applied everywhere.
#[derive(Debug, Serialize)]
pub(super) struct OpenAct {
    pub(super) act: String,
    pub(super) title: String,
    /// The targets that lack it; empty where the act names none.
    pub(super) open: Vec<String>,
}

impl ReturnRow {
    /// The row of one return.
    pub(super) fn of(one: &Return<'_, '_>, causes: &Causes<'_>) -> Self {
        let earlier = one.earlier.iter().map(|earlier| EarlierRow::of(earlier, one.cause, causes));
        Self {
            was_cured: one.was_cured(),
            count: one.count,
            earlier: earlier.collect(),
            cause: CauseRow::of(one.cause),
        }
    }

    /// Nothing but words says that it is the same.
    pub(super) fn is_guess(&self) -> bool {
        self.earlier.iter().all(|earlier| earlier.alike.by == "words")
    }
}

impl CauseRow {
    fn of(cause: &Cause<'_>) -> Self {
        Self {
            pdca: cause.pdca.id.to_string(),
            title: cause.pdca.title.to_string(),
            abandoned: cause.pdca.abandoned.is_some(),
            begun_on: cause.begun(),
            root_cause: cause.label.to_owned(),
            why_id: cause.why.id.to_string(),
            why: cause.why.why.to_string(),
        }
    }
}

impl EarlierRow {
    fn of(earlier: &Earlier<'_, '_>, later: &Cause<'_>, causes: &Causes<'_>) -> Self {
        let back_on = later.begun();
        let (common, all) = causes.in_common(later, earlier.cause);
        let share = common as f64 / all.max(1) as f64;
        Self {
            cause: CauseRow::of(earlier.cause),
            alike: Alike {
                by: if earlier.is_same_tag { "tag" } else { "words" },
                words: (share * 100.0).round() / 100.0,
            },
            cures: earlier.cures.iter().map(|cure| CureRow::of(cure, back_on)).collect(),
            days: (back_on - earlier.since()).num_days(),
        }
    }
}

impl CureRow {
    fn of(cure: &Cure<'_>, back_on: NaiveDate) -> Self {
        let it = cure.countermeasure;
        let open = it.acts.iter().filter(|act| act.status() != ActStatus::Done);
        Self {
            countermeasure: it.id.to_string(),
            title: it.title.to_string(),
            checked_on: cure.on,
            evidence: cure.evidence.map(ToString::to_string),
            days: cure.on.map(|on| (back_on - on).num_days()),
            state: it.spread(),
            not_proven: it.why_unproven(),
            no_act: it.no_act.as_ref().map(ToString::to_string),
            open_acts: open.map(OpenAct::of).collect(),
        }
    }
}

impl OpenAct {
    fn of(act: &Act) -> Self {
        Self {
            act: act.id.to_string(),
            title: act.title.to_string(),
            open: act.open_targets().map(|target| target.name.to_string()).collect(),
        }
    }
}
