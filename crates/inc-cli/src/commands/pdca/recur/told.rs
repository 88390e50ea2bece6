//! `pdca recur` for a terminal: a block for each cause that came back.

use inc_core::pdca::rollout::Spread;
use inc_core::text::clean_line;

use super::rows::{CauseRow, CureRow, EarlierRow, ReturnRow};
use crate::commands::pdca::counted::{days, number};

impl CauseRow {
    fn given_up(&self) -> &'static str {
        if self.abandoned { ", given up" } else { "" }
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
