//! The facts as a table for people, as JSON and as CSV.

use anyhow::{Context, Result};
use chrono::NaiveDate;
use inc_core::history::{Happened, Kind, Lag};
use inc_core::instant::{Instant, Zone};
use inc_core::text::clean_line;
use inc_store::store::Past;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::commands::list::{fit, width};
use crate::output::{Format, cut, table};
use crate::session::Session;

/// Below this the words of a fact are not cut as long as another column can be left out.
const WORDS: usize = 24;

/// As much of a name as a narrow terminal shows.
const NAME: usize = 8;

/// One fact; the array of them is what `--format json` prints.
#[derive(Debug, Serialize)]
pub(super) struct FactView {
    /// `added`, `changed`, `removed`, `moved`, `layout`, `merged`, `unreadable`, `begins`.
    kind: Kind,
    /// What the fact is, in words for people.
    what: String,
    /// When it happened, where the record tells the moment.
    happened_at: Option<Instant>,
    /// When it happened, where the record tells only the day.
    happened_on: Option<NaiveDate>,
    /// The author's date of the commit; null while it is not committed.
    pub(super) written_at: Option<Instant>,
    /// Whole minutes from `happened_at` to `written_at`, for what is told the first time.
    lag_minutes: Option<i64>,
    /// Days from `happened_on` to that of `written_at`, for what is told the first time.
    lag_days: Option<i64>,
    /// The author of the commit; null while it is not committed.
    by: Option<String>,
    /// The committer, where that is somebody else.
    committed_by: Option<String>,
    /// The committer's date, by which `--at` goes.
    committed_at: Option<Instant>,
    /// The commit; null while it is not committed.
    commit: Option<String>,
    /// The state of its signature, where `--signatures` asked for it.
    signature: Option<&'static str>,
    #[serde(skip)]
    short: Option<String>,
    #[serde(skip)]
    lag: Option<Lag>,
}

/// The facts of all changes; `zone` tells on which day something was written.
pub(super) fn views<R>(past: &Past<R>, zone: &Zone) -> Vec<FactView> {
    let mut views = vec![];
    for (commit, facts) in &past.changes {
        let commit = commit.as_ref();
        let written_at = commit.and_then(|commit| commit.authored_at);
        let committer = commit.filter(|commit| commit.committer != commit.author);
        views.extend(facts.iter().map(|fact| {
            let lag = written_at.and_then(|at| Lag::of(fact, at, zone));
            // What a shallow clone begins with somebody else may have written.
            let author = commit.filter(|_| fact.kind != Kind::Begins);
            FactView {
                kind: fact.kind,
                what: fact.what.clone(),
                happened_at: match fact.happened {
                    Some(Happened::At(at)) => Some(at),
                    _ => None,
                },
                happened_on: match fact.happened {
                    Some(Happened::On(day)) => Some(day),
                    _ => None,
                },
                written_at,
                lag_minutes: lag.and_then(Lag::minutes),
                lag_days: lag.and_then(Lag::days),
                by: author.map(|commit| commit.author.clone()),
                committed_by: author.and(committer).map(|commit| commit.committer.clone()),
                committed_at: commit.and_then(|commit| commit.committed_at),
                commit: commit.map(|commit| commit.id.clone()),
                signature: commit.and_then(|commit| commit.signature).map(|state| state.name()),
                short: commit.map(|commit| commit.short().to_owned()),
                lag,
            }
        }));
    }
    views
}

pub(super) fn print(
    facts: &[FactView],
    format: Format,
    signatures: bool,
    zone: &Zone,
    session: &Session,
) -> Result<()> {
    match format {
        Format::Json => session.answer(&facts, String::new),
        Format::Ndjson => {
            let lines: Result<Vec<String>, _> = facts.iter().map(serde_json::to_string).collect();
            session.print(&lines.context("write the JSON")?.join("\n"))
        }
        Format::Csv => session.print(&csv(facts)?),
        _ => session.print(&text(facts, signatures, zone, width())),
    }
}

/// A header and a line each; what is missing is empty.
fn csv(facts: &[FactView]) -> Result<String> {
    let mut writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(vec![]);
    for fact in facts {
        writer.serialize(fact)?;
    }
    String::from_utf8(writer.into_inner().context("write the CSV")?).context("the CSV is no text")
}

/// A column: its heading, and its cell of a fact.
type Column<'a> = (&'static str, Box<dyn Fn(&FactView) -> String + 'a>);

/// The table, as wide as the terminal at most; whole where stdout is none. Where it is narrow, commit, signature and the moment at
/// which something happened give way: the lag tells that as well.
fn text(facts: &[FactView], signatures: bool, zone: &Zone, most: Option<usize>) -> String {
    if facts.is_empty() {
        return String::new();
    }
    let mut columns = columns(signatures, zone);
    let (mut header, mut cells) = laid_out(&columns, facts);
    let is_tight = |header: &[String], cells: &[Vec<String>]| {
        most.is_some_and(|most| taken(header, cells) + WORDS > most)
    };
    for spare in ["commit", "happened", "signature"] {
        if is_tight(&header, &cells) {
            columns.retain(|(name, _)| *name != spare);
            (header, cells) = laid_out(&columns, facts);
        }
    }
    if is_tight(&header, &cells)
        && let Some((_, cell)) = columns.iter_mut().find(|(name, _)| *name == "by")
    {
        *cell = Box::new(|fact| cut(&by(fact), NAME));
        (header, cells) = laid_out(&columns, facts);
    }
    if let Some(most) = most {
        fit(&header, &mut cells, most);
    }
    table(&header.iter().map(String::as_str).collect::<Vec<_>>(), cells)
}

fn columns<'a>(signatures: bool, zone: &'a Zone) -> Vec<Column<'a>> {
    let clock = |at: Option<Instant>| at.map(|at| zone.local(at).to_string());
    let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let mut columns: Vec<Column<'a>> = vec![
        (
            "happened",
            Box::new(move |fact| or(clock(fact.happened_at).or(fact.happened_on.map(|day| day.to_string())))),
        ),
        (
            "written",
            Box::new(move |fact| match fact.commit {
                None => "not committed".to_owned(),
                Some(_) => or(clock(fact.written_at)),
            }),
        ),
        ("lag", Box::new(move |fact| or(fact.lag.map(|lag| lag.to_string())))),
        ("by", Box::new(by)),
        ("commit", Box::new(move |fact| or(fact.short.clone()))),
    ];
    if signatures {
        columns.push(("signature", Box::new(move |fact| or(fact.signature.map(str::to_owned)))));
    }
    columns.push(("what", Box::new(|fact| fact.what.clone())));
    columns
}

fn by(fact: &FactView) -> String {
    match (&fact.by, &fact.committed_by) {
        (None, _) => "-".to_owned(),
        (Some(by), None) => clean_line(by),
        (Some(by), Some(committer)) => clean_line(&format!("{by} (committed by {committer})")),
    }
}

fn laid_out(columns: &[Column<'_>], facts: &[FactView]) -> (Vec<String>, Vec<Vec<String>>) {
    let cells = facts.iter().map(|fact| columns.iter().map(|(_, cell)| clean_line(&cell(fact))).collect());
    (columns.iter().map(|(name, _)| (*name).to_owned()).collect(), cells.collect())
}

/// What all columns but the words take, with the gaps between.
fn taken(header: &[String], cells: &[Vec<String>]) -> usize {
    let others = 0..header.len() - 1;
    let wide = |place: usize| {
        let cells = cells.iter().map(|row| row[place].width()).max().unwrap_or_default();
        cells.max(header[place].width())
    };
    others.map(|place| wide(place) + 2).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact() -> FactView {
        let at = |text: &str| Some(Instant::parse(text).unwrap());
        FactView {
            kind: Kind::Added,
            what: "note: after investigations we found that crossplane was installed\non this cluster".into(),
            happened_at: at("2023-03-27T13:10:00+02:00"),
            happened_on: None,
            written_at: at("2023-03-28T08:00:00+02:00"),
            lag_minutes: Some(1130),
            lag_days: None,
            by: Some("Mathieu Corbin".into()),
            committed_by: None,
            committed_at: None,
            commit: Some("d36e62360c2fa57f00357846dc62ecf1b1607ef1".into()),
            signature: Some("good, unknown key"),
            short: Some("d36e62360c".into()),
            lag: Some(Lag::Minutes(1130)),
        }
    }

    #[test]
    fn a_narrow_terminal_keeps_when_it_was_written_the_lag_and_the_words() {
        let zone = Zone::named("Europe/Paris").unwrap();
        for (most, header) in [
            (None, "HAPPENED WRITTEN LAG BY COMMIT SIGNATURE WHAT"),
            (Some(110), "HAPPENED WRITTEN LAG BY SIGNATURE WHAT"),
            (Some(80), "WRITTEN LAG BY WHAT"),
            (Some(60), "WRITTEN LAG BY WHAT"),
            (Some(40), "WRITTEN LAG BY WHAT"),
        ] {
            let text = text(&[fact()], true, &zone, most);
            let lines: Vec<&str> = text.lines().collect();
            let names = lines[0].split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!((lines.len(), names.as_str()), (2, header), "{most:?}\n{text}");
            assert!(
                lines.iter().all(|line| most.is_none_or(|most| line.width() <= most)),
                "{most:?}\n{text}"
            );
        }
        assert!(text(&[fact()], false, &zone, None).ends_with("installed on this cluster"));
    }
}
