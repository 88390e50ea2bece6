//! `pdca lint`: what a good PDCA would not have, with its place in the file and what to type.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;
use inc_core::pdca::{Finding, Level, Pdca};
use inc_core::severity::Colour;
use inc_core::text::clean_line;
use inc_store::store::Loaded;
use inc_store::yaml::Places;
use serde::Serialize;

use super::counted::number;
use super::explain;
use super::others::Repository;
use crate::failure::{Failure, say};
use crate::output::coloured;
use crate::session::Session;

#[derive(Debug, clap::Args)]
pub(super) struct Lint {
    /// Which PDCAs: ids, unique beginnings or parts of them; where none is named, all
    #[arg(value_name = "PDCA")]
    pdcas: Vec<String>,
    /// All PDCAs, as where none is named
    #[arg(long, conflicts_with = "pdcas")]
    all: bool,
    /// The mildest findings that are shown: error, warning or note
    #[arg(long, value_name = "LEVEL", default_value = "warning")]
    level: Level,
    /// Teach the rule of this code, with a bad and a good example; without a code, list the rules
    #[arg(
        long,
        value_name = "CODE",
        num_args = 0..=1,
        default_missing_value = "",
        conflicts_with_all = ["pdcas", "all", "level"]
    )]
    explain: Option<String>,
}

/// One finding; the array of them is what `--format json` prints.
#[derive(Debug, Serialize)]
struct Row {
    /// From the top of the repository.
    file: String,
    line: usize,
    column: usize,
    level: Level,
    code: &'static str,
    pdca: String,
    label: String,
    /// The value concerned: `countermeasures[0].acts[0].owner`.
    path: String,
    why: String,
    help: Vec<String>,
}

pub(super) fn run(lint: Lint, session: &mut Session) -> Result<()> {
    if let Some(code) = lint.explain {
        return explain::run(&code, session);
    }
    let named = named(&lint.pdcas, session)?;
    let repository = Repository::read(named, session)?;
    let (meant, others) = (repository.meant(), repository.others());
    let now = session.now()?;
    let mut rows: Vec<Row> = vec![];
    for loaded in &meant {
        let places = Places::of(&loaded.text);
        let findings = loaded.record.lint(&others, now).into_iter();
        rows.extend(findings.map(|finding| Row::of(finding, loaded, &places)));
    }
    // Stable: what stands at one place stays in the order of the rules.
    rows.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    let found = rows.len();
    rows.retain(|row| row.level <= lint.level);
    session.answer(&rows, || text_of(&rows))?;
    if found > rows.len() {
        let hidden = found - rows.len();
        say(&format!("{} not shown; --level note shows all", number(hidden, "milder finding")));
    } else if rows.is_empty() {
        say(&match meant.len() {
            0 => "no PDCA to look at".to_owned(),
            looked_at => format!("nothing found in {}", number(looked_at, "PDCA")),
        });
    }
    end(&rows, meant.len(), session)
}

/// The files of the PDCAs that were named.
fn named(given: &[String], session: &Session) -> Result<BTreeSet<PathBuf>> {
    let store = session.store()?;
    let mut named = BTreeSet::new();
    for given in given {
        named.insert(store.find::<Pdca>(given)?);
    }
    Ok(named)
}

impl Row {
    fn of(finding: Finding, loaded: &Loaded<Pdca>, places: &Places) -> Self {
        let (line, column) = places.at(finding.path.steps());
        Self {
            file: loaded.path.display().to_string(),
            line,
            column,
            level: finding.level,
            code: finding.code,
            pdca: loaded.record.id.to_string(),
            label: finding.label,
            path: finding.path.to_string(),
            why: finding.why,
            help: finding.help,
        }
    }
}

fn text_of(rows: &[Row]) -> String {
    let mut lines = vec![];
    for row in rows {
        let place = clean_line(&format!("{}:{}:{}", row.file, row.line, row.column));
        let said = clean_line(&format!("{} {}: {}", row.code, row.label, row.why));
        lines.push(format!("{place}: {} {said}", coloured(colour(row.level), row.level.name())));
        let words = std::iter::once("help").chain(std::iter::repeat("  or"));
        lines.extend(
            words.zip(&row.help).map(|(word, command)| format!("    {word}: {}", clean_line(command))),
        );
    }
    lines.join("\n")
}

fn colour(level: Level) -> Colour {
    match level {
        Level::Error => Colour::Red,
        Level::Warning => Colour::Yellow,
        Level::Note => Colour::Blue,
    }
}

/// Sums up; what could not be read weighs more than what was found.
fn end(rows: &[Row], looked_at: usize, session: &Session) -> Result<()> {
    let of = |level: Level| rows.iter().filter(|row| row.level == level).count();
    let (errors, warnings) = (of(Level::Error), of(Level::Warning));
    let touched: BTreeSet<&str> = rows.iter().map(|row| row.file.as_str()).collect();
    let files = format!("{} of {}", touched.len(), number(looked_at, "PDCA"));
    session.finish()?;
    let counts = [(errors, "error"), (warnings, "warning")];
    let counts: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| number(count, what)).collect();
    if counts.is_empty() {
        return Ok(());
    }
    let counts = counts.join(" and ");
    Err(Failure::refused(format!("{counts} in {files}; `pdca lint --explain CODE` teaches a rule")))
}
