//! `pdca acts` for a terminal, by countermeasure.

use inc_core::pdca::rollout::{OwnerOf, Spread};
use inc_core::text::clean_line;

use super::rollouts::{ActRow, ActsView, NotProven};
use crate::commands::pdca::counted::days;

/// By countermeasure, with a heading where there is more than one sort.
pub(super) fn text_of(view: &ActsView) -> String {
    let mut lines = vec![];
    for row in &view.proven {
        let on = row.checked_on.map(|on| format!(" on {on}")).unwrap_or_default();
        lines.push(format!("{} {} {}, checked OK{on}", row.pdca, row.countermeasure, row.title));
        if row.state == Spread::Unsaid {
            let owner = owner_words(row.owner.as_deref(), row.owner_of);
            lines.push(format!("  applied nowhere, and nobody said why; {owner}"));
            lines.extend(row.next.iter().map(|command| format!("      {command}")));
        }
        lines.extend(row.no_act.iter().map(|reason| format!("  to be applied nowhere else: {reason}")));
        lines.extend(row.acts.iter().map(ActRow::line));
    }
    lines.extend(not_proven_lines(&view.not_proven, !view.proven.is_empty()));
    lines.iter().map(|line| clean_line(line)).collect::<Vec<_>>().join("\n")
}

/// What was applied and is not proven, below its heading.
pub(super) fn not_proven_lines(rows: &[NotProven], is_below: bool) -> Vec<String> {
    let mut lines = vec![];
    if rows.is_empty() {
        return lines;
    }
    lines.extend(is_below.then(String::new));
    lines.push("Applied, and not proven (any more)".to_owned());
    for row in rows {
        lines.push(format!("{} {} {}: {}", row.pdca, row.countermeasure, row.title, row.why));
        lines.extend(row.acts.iter().map(|act| {
            let names = act.applied.join(", ");
            let places = if names.is_empty() { "done".to_owned() } else { format!("applied to {names}") };
            format!("  {} {}: {places}", act.act, act.title)
        }));
    }
    lines
}

impl ActRow {
    /// `due 2023-05-01, 3 days late`.
    pub(super) fn due_words(&self) -> String {
        match (self.due, self.late_days) {
            (None, _) => "no due day".to_owned(),
            (Some(due), None) => format!("due {due}"),
            (Some(due), Some(late)) => format!("due {due}, {} late", days(late)),
        }
    }

    fn line(&self) -> String {
        let progress = match (self.is_through(), self.open.is_empty()) {
            (true, _) if self.applied.is_empty() => "done".to_owned(),
            (true, _) => format!("applied to all: {}", self.applied.join(", ")),
            (false, true) => "open, names no target".to_owned(),
            (false, false) => format!("{} of {}, lacks {}", self.done, self.all, self.open.join(", ")),
        };
        let words = match self.is_through() {
            true => String::new(),
            false => format!("; {}; {}", owner_words(self.owner.as_deref(), self.owner_of), self.due_words()),
        };
        format!("  {} {}: {progress}{words}", self.act, self.title)
    }
}

/// `Ada`, `Ada (of the countermeasure)`, `nobody`.
pub(super) fn owner_words(owner: Option<&str>, of: Option<OwnerOf>) -> String {
    let of = match of {
        None => return "nobody".to_owned(),
        Some(OwnerOf::Act) => "",
        Some(OwnerOf::Countermeasure) => " (of the countermeasure)",
        Some(OwnerOf::Pdca) => " (of the PDCA)",
    };
    format!("{}{of}", owner.unwrap_or_default())
}
