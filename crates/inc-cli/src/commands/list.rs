//! `inc-list`: ask many incidents.

mod rows;
mod shown;
mod view;

use anyhow::{Context, Result};
use clap::Parser;
use inc_core::incident::Incident;
use inc_core::instant::Zone;
use inc_core::query::{Column, SortKey, sort};
use inc_core::severity::Levels;
use inc_core::summary::Summary;

use self::rows::Rows;
use self::shown::{Look, csv};
pub(super) use self::shown::{fit, width};
use self::view::RowView;
use super::which::{Line, Question, Which, engine};
use crate::failure::say;
use crate::output::Format;
use crate::session::{Out, Session};

/// What is shown where no columns are asked for: to people, and as CSV.
const FOR_PEOPLE: &[&str] = &["severity", "status", "declared_at", "commander", "id"];
const FOR_SHEETS: &[&str] = &[
    "id",
    "title",
    "kind",
    "status",
    "severity",
    "provisional",
    "environment",
    "commander",
    "started_at",
    "declared_at",
    "resolved_at",
    "time_to_resolve",
];

/// List incidents, the newest first
///
/// Several values of one option widen it (--status resolved --status closed); several options narrow the list. A
/// record that cannot be read is named on stderr, the others are listed, and the exit code is 4. docs/list.md names
/// every column, and tells what --where understands.
#[derive(Debug, Parser)]
#[command(
    name = "inc-list",
    after_help = "Example:
  inc-list --open
  inc-list --severity ..SEV-2 --since 2023-01-01 --format csv
  inc-list -F crossplane --sort severity,-time_to_resolve --limit 10
  inc-list --where \"severity <= 'SEV-2' and 'db' in title\" -1
  inc-list --open --format-template '{{ id }} {{ severity }}'

SEV-2? is provisional: inputs are missing. SEV-2! was decided by a person, against or without the policy.

Columns, for --sort, --columns, --where and --format-template: id, uid, title, kind, status, open, severity, provisional, overridden, environment, commander, reporter, responders, team.department, team.cft, team.stack, team.tech_team, detected_via, root_cause, started_at, detected_at, declared_at, mitigated_at, resolved_at, time_to_detect, time_to_acknowledge, time_to_declare, time_to_mitigate, time_to_resolve (minutes), last_entry_at, entries, pdcas, contested, custom.KEY"
)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    how: How,
}

/// What is shown of them.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "How")]
struct How {
    /// In which order, with commas between; - before a column puts the greatest first
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', allow_hyphen_values = true)]
    sort: Vec<SortKey>,
    /// Turn the order round
    #[arg(long)]
    reverse: bool,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// What to show, with commas between
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    columns: Vec<Column>,
    /// Print the ids alone, one a line
    #[arg(short = '1', long, conflicts_with_all = ["columns", "count", "format_template", "format"])]
    ids: bool,
    /// Print how many there are
    #[arg(long, conflicts_with_all = ["columns", "limit", "sort", "reverse", "format_template", "format"])]
    count: bool,
    /// Print a line for each: '{{ id }} {{ severity }}'
    #[arg(long, value_name = "TEMPLATE", conflicts_with_all = ["columns", "format"])]
    format_template: Option<String>,
    /// How to print the answer
    // The same id as everywhere else: the programs' own `--format` gives way to this one, which knows more formats.
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Everywhere",
        value_parser = Format::of_lists()
    )]
    format: Format,
}

/// Lists the incidents that pass every filter.
///
/// # Errors
/// Options that make no sense; records that cannot be read (after the list).
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    let engine = engine();
    let line = args.how.format_template.as_deref().map(|text| Line::of(&engine, text)).transpose()?;
    let mut question = Question::of(&args.which, &engine, session)?;
    let files = session.store()?.index_files::<Incident>();
    let answer = session.ask::<Incident>(&files)?;
    let mut found = vec![];
    let mut count = 0;
    question.among(&answer, session, |entry| {
        count += 1;
        // A number needs no order, but what is contested is told in one.
        if !args.how.count || rows::is_contested(&answer, entry) {
            found.push(rows::placed(&answer, entry, &args.how.sort)?);
        }
        Ok(())
    })?;
    sort(&mut found, &args.how.sort);
    if args.how.reverse {
        found.reverse();
    }
    found.truncate(args.how.limit.unwrap_or(usize::MAX));
    let rows = Rows::new(&answer, found);
    match args.how.count {
        true => session.print(&count.to_string())?,
        false => args.how.print(&rows, line.as_ref(), session)?,
    }
    if count == 0 {
        say(&nothing(&question, session.unread()));
    }
    tell_contested(&rows);
    Ok(())
}

/// What is said where the list is empty: records that cannot be read may be the ones that were looked for.
fn nothing(question: &Question<'_>, unread: usize) -> String {
    let records = if unread == 1 { "1 record".to_owned() } else { format!("{unread} records") };
    match (unread, question.has_seen_any()) {
        (0, _) => format!("no incident matches: {}", question.why_none()),
        (_, false) => format!("nothing to list: {records} cannot be read, and there are no others"),
        (_, true) => {
            format!("no incident that can be read matches: {}; {records} cannot be read", question.why_none())
        }
    }
}

fn tell_contested(rows: &Rows<'_, '_>) {
    let ids = rows.contested().collect::<Vec<_>>().join(", ");
    if !ids.is_empty() {
        say(&format!("contested since a merge: {ids}; `inc-edit ID --settle` tells what"));
    }
}

impl How {
    fn print(&self, rows: &Rows<'_, '_>, line: Option<&Line<'_>>, session: &Session) -> Result<()> {
        let zone = &session.settings()?.timezone;
        if self.ids {
            return session.stream(|out| rows.ids().try_for_each(|id| out.line(id)));
        }
        if let Some(line) = line {
            return session.print(&rendered(line, rows, zone)?);
        }
        let levels = &session.policy_at_hand()?.levels;
        session.stream(|out| match self.format {
            Format::Ndjson => rows.each(|row| out.line(&self.json(row, levels, serde_json::to_string)?)),
            Format::Json => array(rows, out, |row| self.json(row, levels, serde_json::to_string_pretty)),
            Format::Csv => csv(&self.columns_or(FOR_SHEETS)?, rows, out),
            _ => {
                let columns = self.columns_or(FOR_PEOPLE)?;
                let look = Look { columns: &columns, kind_before_id: self.columns.is_empty(), zone };
                look.table(rows, out)
            }
        })
    }

    /// One incident as JSON: the columns that were asked for, or the usual ones.
    fn json(
        &self,
        summary: &Summary,
        levels: &Levels,
        write: fn(&RowView) -> serde_json::Result<String>,
    ) -> Result<String> {
        write(&RowView::of(summary, &self.columns, levels)).context("write the JSON")
    }

    fn columns_or(&self, usual: &[&str]) -> Result<Vec<Column>> {
        if !self.columns.is_empty() {
            return Ok(self.columns.clone());
        }
        usual.iter().map(|name| name.parse::<Column>().map_err(anyhow::Error::msg)).collect()
    }
}

/// A line each, an empty one included; all of them before the first is printed, for one that cannot be rendered leaves
/// stdout empty.
fn rendered(line: &Line<'_>, rows: &Rows<'_, '_>, zone: &Zone) -> Result<String> {
    let mut lines = String::new();
    rows.each(|row| {
        lines.push_str(&line.render(row, zone)?);
        lines.push('\n');
        Ok(())
    })?;
    Ok(lines)
}

/// A JSON array, laid out as the library lays one out that it has whole.
fn array(rows: &Rows<'_, '_>, out: &mut Out, json: impl Fn(&Summary) -> Result<String>) -> Result<()> {
    if rows.is_empty() {
        return out.line("[]");
    }
    let mut before = "[\n  ";
    rows.each(|row| {
        out.put(before)?;
        before = ",\n  ";
        // No text in it holds a line feed of its own: JSON escapes them.
        out.put(&json(row)?.replace('\n', "\n  "))
    })?;
    out.line("\n]")
}
