//! What was found, as it is shown.

use anstyle::Style;
use anyhow::{Context, Result};
use inc_core::instant::Zone;
use inc_core::search::excerpt::Marker;
use inc_core::search::passage::Passage;
use inc_core::search::rank::Hit;
use inc_core::text::clean_line;
use serde::Serialize;

/// How wide an answer is where stdout is no terminal.
pub const WIDTH: usize = 100;
/// How far the lines below an id stand in.
const INDENT: usize = 4;
/// How long an excerpt for programs is, in characters.
const LONG: usize = 300;

/// One record that was found; the array of them is what `--format json` prints.
#[derive(Debug, Serialize)]
pub struct Row {
    rank: usize,
    /// `incident`, `drill`, `near-miss` or `pdca`.
    kind: &'static str,
    id: String,
    title: String,
    /// It has every word that was asked for.
    complete: bool,
    /// Comparable within this answer only.
    score: f64,
    /// Where it was found best: `timeline 13:05`, `summary.cause`, `o1.2`, `title`.
    place: Option<String>,
    /// The text there, in pieces; of each whether it was asked for.
    excerpt: Vec<Piece>,
    #[serde(skip)]
    marked_title: Vec<Piece>,
}

/// How rows are made.
pub struct Look<'l> {
    /// What is marked.
    pub marker: Marker,
    /// The zone of times.
    pub zone: &'l Zone,
    /// How many columns there are; for programs excerpts are longer.
    pub width: Option<usize>,
}

/// A piece of a text.
#[derive(Debug, Clone, Serialize)]
pub struct Piece {
    text: String,
    found: bool,
}

fn pieces(pieces: Vec<(String, bool)>) -> Vec<Piece> {
    pieces.into_iter().map(|(text, found)| Piece { text, found }).collect()
}

impl Row {
    /// The row of a record; its rank is told later.
    pub fn of(
        look: &Look<'_>,
        kind: &'static str,
        id: &str,
        title: &str,
        hit: &Hit,
        passages: &[Passage<'_>],
    ) -> Self {
        let best = look.marker.best(passages);
        let place = best.map(|best| clean_line(&best.place.words(look.zone)));
        let room = look.width.map(|width| width.saturating_sub(INDENT));
        let beside = place.as_ref().map_or(0, |place| place.chars().count() + 2);
        let cut = |text: &str, room: usize| pieces(look.marker.cut(text, room));
        let excerpt =
            best.map(|best| cut(&best.text, room.map_or(LONG, |room| room.saturating_sub(beside).max(20))));
        Self {
            rank: 0,
            kind,
            id: id.to_owned(),
            title: title.to_owned(),
            complete: hit.has_all,
            score: (hit.score * 1000.0).round() / 1000.0,
            place,
            excerpt: excerpt.unwrap_or_default(),
            marked_title: cut(title, room.unwrap_or(LONG)),
        }
    }

    /// The same at that place of the answer.
    pub fn at(self, rank: usize) -> Self {
        Self { rank, ..self }
    }

    fn text(&self) -> String {
        let kind = if self.kind == "incident" { String::new() } else { format!("  {}", self.kind) };
        let mut text = format!("{:>2}  {}{kind}\n", self.rank, self.id);
        text += &format!("{:INDENT$}{}\n", "", marked(&self.marked_title));
        if let Some(place) = self.place.as_deref().filter(|place| *place != "title") {
            text += &format!("{:INDENT$}{place}: {}\n", "", marked(&self.excerpt));
        }
        text
    }
}

/// Pieces as one text, those that were asked for bold.
fn marked(pieces: &[Piece]) -> String {
    let bold = Style::new().bold();
    let shown = pieces.iter().map(|it| match (clean_line(&it.text), it.found) {
        (text, true) => format!("{bold}{text}{bold:#}"),
        (text, false) => text,
    });
    shown.collect()
}

/// The answer for people.
pub fn text(rows: &[Row]) -> String {
    rows.iter().map(Row::text).collect()
}

/// The answer for programs, one object a line.
///
/// # Errors
/// None that can be met in memory.
pub fn lines(rows: &[Row]) -> Result<String> {
    let line = |row| serde_json::to_string(row).map(|line| line + "\n").context("write the JSON");
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use inc_core::search::passage::of_text;
    use inc_core::search::query::Query;

    use super::*;

    #[test]
    fn an_answer_fits_sixty_columns() {
        let query = Query::of(&["pool".to_owned()], &[]).unwrap();
        let look = Look { marker: Marker::of(&query), zone: &Zone::utc(), width: Some(60) };
        let long = format!("{}the pool is exhausted{}", "word ".repeat(40), " end".repeat(40));
        let hit = Hit { number: 0, has_all: true, score: 1.0 };
        let row = Row::of(&look, "drill", "2023-03-27-x", &long, &hit, &of_text(&long)).at(1);
        let shown = anstream::adapter::strip_str(&text(&[row])).to_string();
        assert!(shown.contains("\n    text: …word the pool"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 60), "{shown}");
    }
}
