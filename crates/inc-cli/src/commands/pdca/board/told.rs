//! `pdca board` for a terminal: the counts, and a line for each PDCA.

use inc_core::pdca::Status;
use inc_core::pdca::StepKind;
use inc_core::pdca::board::{Counts, Late};
use inc_core::text::clean_line;

use super::{BoardView, Group, Row};
use crate::commands::pdca::counted::number;
use crate::commands::pdca::wanted::NO_TEAM;
use crate::output::table;

/// The counts, then a section for each group that has lines.
pub(super) fn text_of(view: &BoardView, by: Group) -> String {
    if view.total.total == 0 {
        return String::new();
    }
    let mut parts = vec![summary(view)];
    match by {
        Group::Phase => {
            for status in Status::ALL {
                let rows: Vec<&Row> = view.pdcas.iter().filter(|row| row.status == *status).collect();
                parts.extend(section(status.label(), "team", &rows, |row| row.team_names()));
            }
        }
        Group::Team => {
            for counts in &view.teams {
                let name = counts.team.as_deref();
                let rows: Vec<&Row> = view.pdcas.iter().filter(|row| row.is_of(name)).collect();
                let phase = |row: &Row| row.status.label().to_owned();
                parts.extend(section(name.unwrap_or(NO_TEAM), "phase", &rows, phase));
            }
        }
    }
    parts.join("\n\n")
}

impl Row {
    fn team_names(&self) -> String {
        if self.teams.is_empty() { NO_TEAM.to_owned() } else { self.teams.join(", ") }
    }

    fn is_of(&self, team: Option<&str>) -> bool {
        match team {
            None => self.teams.is_empty(),
            Some(team) => self.teams.iter().any(|own| own.to_lowercase() == team.to_lowercase()),
        }
    }
}

/// How many stand where: a line a team, a column a phase, and the sums.
fn summary(view: &BoardView) -> String {
    let header: Vec<&str> = ["team"]
        .into_iter()
        .chain(Status::ALL.iter().map(|status| status.label()))
        .chain(["total"])
        .collect();
    let line = |name: &str, counts: &Counts| {
        let phases = Status::ALL.iter().map(|status| counts.of(*status)).chain([counts.total]);
        // Empty places are seen sooner as such than as noughts.
        let cell = |count: usize| if count == 0 { "-".to_owned() } else { count.to_string() };
        std::iter::once(name.to_owned()).chain(phases.map(cell)).collect::<Vec<_>>()
    };
    let teams = view.teams.iter().map(|row| line(row.team.as_deref().unwrap_or(NO_TEAM), &row.counts));
    table(&header, teams.chain([line("all", &view.total)]))
}

/// A heading and its lines; nothing where there are none. `other` is by what they are not grouped.
fn section(name: &str, other: &str, rows: &[&Row], told: impl Fn(&Row) -> String) -> Option<String> {
    if rows.is_empty() {
        return None;
    }
    let cells = rows.iter().map(|row| {
        vec![
            format!("{}d", row.age_days),
            row.open.to_string(),
            row.owner.clone().unwrap_or_else(|| "-".to_owned()),
            told(row),
            late(&row.late),
            row.id.clone(),
            row.next.as_ref().map_or_else(|| "-".to_owned(), |next| next.what.clone()),
        ]
    });
    let lines = table(&["age", "open", "owner", other, "late", "id", "next"], cells);
    Some(format!("{}: {}\n{lines}", clean_line(name), number(rows.len(), "PDCA")))
}

/// `C1, check of C2, A1`.
fn late(late: &[Late]) -> String {
    let words = late.iter().map(|late| match late.step {
        StepKind::Check => format!("check of {}", late.label),
        StepKind::Do | StepKind::Act => late.label.clone(),
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { "-".to_owned() } else { words.join(", ") }
}
