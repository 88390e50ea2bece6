//! What `pdca recur` shows: each cause that came back, beside those before it and what had been checked OK.

use chrono::NaiveDate;
use inc_core::pdca::recurrence::{Cause, Causes, Cure, Earlier, Return};
use inc_core::pdca::rollout::Spread;
use inc_core::pdca::{Act, ActStatus, Status};
use inc_core::text::clean_line;
use serde::Serialize;

use crate::commands::pdca::wanted::{days, number};

/// One cause that came back; the array of them, the newest first, is what `recur --format json` prints.
#[derive(Debug, Serialize)]
pub(super) struct ReturnRow {
    /// The cause as it stands in the later PDCA.
    #[serde(flatten)]
    cause: CauseRow,
    /// One of those before it had been checked OK.
    pub(super) was_cured: bool,
    /// How many there are before it.
    count: usize,
    /// Ten of them at most: first what had been cured, then the others, each the newest first.
    earlier: Vec<EarlierRow>,
}

/// A root cause where it stands.
#[derive(Debug, Serialize)]
struct CauseRow {
    pdca: String,
    title: String,
    status: Status,
    /// The day on which the PDCA was begun.
    begun_on: NaiveDate,
    /// Its label: `RC2`, or a tag.
    root_cause: String,
    /// The why's label, which begins with the letter of its tree.
    why_id: String,
    why: String,
}

/// A cause of before.
#[derive(Debug, Serialize)]
struct EarlierRow {
    #[serde(flatten)]
    cause: CauseRow,
    alike: Alike,
    /// What had been checked OK when it came back; empty where it was not cured then.
    cures: Vec<CureRow>,
    /// From the last of these checks, or from the day on which the PDCA was begun where there was none, to the return.
    days: i64,
}

/// By what two causes are taken for one.
#[derive(Debug, Serialize)]
struct Alike {
    /// `tag`: their labels are one tag; `words`: only their words are alike, which is a guess.
    by: &'static str,
    /// Which share of the words of both they have in common, from 0 to 1.
    words: f64,
}

/// A countermeasure that had been checked OK.
#[derive(Debug, Serialize)]
struct CureRow {
    countermeasure: String,
    title: String,
    checked_on: Option<NaiveDate>,
    evidence: Option<String>,
    /// From the check to the return; `null` where the check has no day.
    days: Option<i64>,
    /// How far it has come by now, as `pdca acts` says; `null` where it is not proven any more.
    state: Option<Spread>,
    /// Why it is not proven any more.
    not_proven: Option<String>,
    no_act: Option<String>,
    /// What of its acts is open: the cause may have come back where the cure never was.
    open_acts: Vec<OpenAct>,
}

/// An act that is not applied everywhere.
#[derive(Debug, Serialize)]
struct OpenAct {
    act: String,
    title: String,
    /// The targets that lack it; empty where the act names none.
    open: Vec<String>,
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
            status: cause.pdca.status(),
            begun_on: cause.begun(),
            root_cause: cause.label.to_owned(),
            why_id: cause.why.id.to_string(),
            why: cause.why.why.to_string(),
        }
    }

    fn given_up(&self) -> &'static str {
        if self.status == Status::Abandoned { ", given up" } else { "" }
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

/// A block for each cause that came back.
pub(super) fn text_of(rows: &[ReturnRow]) -> String {
    let block = |row: &ReturnRow| {
        let cause = &row.cause;
        let mut lines = vec![
            format!("{} {}, begun {}{}", cause.pdca, cause.root_cause, cause.begun_on, cause.given_up()),
            format!("  {} {}", cause.why_id, cause.why),
        ];
        lines.extend(row.earlier.iter().flat_map(earlier_lines));
        let untold = row.count - row.earlier.len();
        lines.extend((untold > 0).then(|| format!("  and {} before", number(untold, "other"))));
        lines.iter().map(|line| clean_line(line)).collect::<Vec<_>>().join("\n")
    };
    rows.iter().map(block).collect::<Vec<_>>().join("\n\n")
}

fn earlier_lines(earlier: &EarlierRow) -> Vec<String> {
    let cause = &earlier.cause;
    let percent = (earlier.alike.words * 100.0).round();
    let alike = match earlier.alike.by {
        "tag" => format!("the same tag, {percent} % of the words in common"),
        _ => format!("a guess by its words, {percent} % in common"),
    };
    let mut lines = vec![
        format!(
            "  before: {} {}, begun {}{}; {alike}",
            cause.pdca,
            cause.root_cause,
            cause.begun_on,
            cause.given_up()
        ),
        format!("    {} {}", cause.why_id, cause.why),
    ];
    if earlier.cures.is_empty() {
        lines.push(format!(
            "    not cured then: nothing against it had been checked OK; back after {}",
            days(earlier.days)
        ));
    }
    lines.extend(earlier.cures.iter().flat_map(cure_lines));
    lines
}

fn cure_lines(cure: &CureRow) -> Vec<String> {
    let checked = match (cure.checked_on, cure.days) {
        (Some(on), Some(count)) => format!("checked OK on {on}, back after {}", days(count)),
        _ => "checked OK, on which day is not told".to_owned(),
    };
    let mut lines = vec![format!("    {} {}: {checked}", cure.countermeasure, cure.title)];
    lines.extend(cure.evidence.iter().map(|evidence| format!("      evidence: {evidence}")));
    lines.extend(cure.not_proven.iter().map(|why| format!("      not proven any more: {why}")));
    match cure.state {
        Some(Spread::Applied) => lines.push("      applied everywhere that its acts name".to_owned()),
        Some(Spread::Unsaid) => lines.push("      applied nowhere else, and nobody said why".to_owned()),
        Some(Spread::Declined | Spread::Open) | None => {}
    }
    lines.extend(cure.no_act.iter().map(|reason| format!("      to be applied nowhere else: {reason}")));
    lines.extend(cure.open_acts.iter().map(|act| match act.open.is_empty() {
        true => format!("      {} {}: open", act.act, act.title),
        false => format!("      {} {}: lacks {}", act.act, act.title, act.open.join(", ")),
    }));
    lines
}
