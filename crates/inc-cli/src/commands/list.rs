//! `inc-list`: ask many incidents.

mod expression;
mod question;
mod search;
mod shown;

use anyhow::{Context, Result};
use clap::Parser;
use inc_core::answer::Answer;
use inc_core::incident::{Incident, Kind};
use inc_core::instant::Instant;
use inc_core::measure::Measure;
use inc_core::query::{Cell, Column, SeverityRange, SortKey, TeamField, sort};
use inc_core::severity::Levels;
use inc_core::status::Status;
use inc_core::summary::Summary;
use serde::{Serialize, Serializer};

use self::expression::{Condition, Line, engine};
pub use self::question::bounds;
use self::question::{Question, parse_custom, parse_path, parse_team};
pub use self::shown::width;
use self::shown::{Look, csv};
use super::arguments::parse_kind;
use crate::failure::say;
use crate::output::Format;
use crate::session::{Session, made};
use crate::view::{SeverityView, StatusView};

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

/// A category, from the widest. (clap reads more into a `Vec` of `Vec`s.)
type CausePath = Vec<String>;

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

Columns, for --sort, --columns, --where and --format-template: id, uid, title, kind, status, open, severity, provisional, overridden, environment, commander, reporter, responders, team.department, team.cft, team.stack, team.tech_team, detected_via, root_cause, started_at, detected_at, declared_at, mitigated_at, resolved_at, time_to_detect, time_to_declare, time_to_mitigate, time_to_resolve (minutes), last_entry_at, entries, pdcas, contested, custom.KEY"
)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// Only those for which this expression holds: "severity <= 'SEV-2' and 'db' in title"
    #[arg(long = "where", value_name = "EXPR", help_heading = "Which")]
    condition: Option<String>,
    #[command(flatten)]
    how: How,
}

/// Which incidents.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which")]
struct Which {
    /// Only these statuses: investigating, mitigated, resolved, postmortem-completed, closed, cancelled
    #[arg(long, value_name = "STATUS")]
    status: Vec<Status>,
    /// Only what people still work on: investigating and mitigated
    #[arg(long, conflicts_with = "status")]
    open: bool,
    /// Only these severities: SEV-2, SEV-1..SEV-3, ..SEV-2 (SEV-2 and worse), SEV-2.. (and milder)
    #[arg(long, value_name = "SEVERITY")]
    severity: Vec<SeverityRange>,
    /// Only incidents, drills or near-misses
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    kind: Vec<Kind>,
    /// Only these environments
    #[arg(long, value_name = "NAME")]
    environment: Vec<String>,
    /// Only these commanders; a part of the name is enough
    #[arg(long, value_name = "NAME")]
    commander: Vec<String>,
    /// Only where the team's department, cft, stack or tech_team is this: stack=crossplane
    #[arg(long, value_name = "FIELD=VALUE", value_parser = parse_team)]
    team: Vec<(TeamField, String)>,
    /// Only what was noticed in this way: automatic-alert, customer-report, …
    #[arg(long, value_name = "WAY")]
    detected_via: Vec<String>,
    /// Only where the root cause's category begins with this path: Software or Software/Migration
    #[arg(long, value_name = "PATH", value_parser = parse_path)]
    root_cause: Vec<CausePath>,
    /// Only where a key of your own holds this: ticket=OPS-12
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_custom)]
    custom: Vec<(String, String)>,
    /// Only what began then or later (declared, where no start is known): 2023-03-27, monday, 7 days ago, 2023-03-27 12:59
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only what began then or earlier; a day is meant whole
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// Only those whose title, summary or timeline holds this text, in any case
    #[arg(
        short = 'F',
        long = "fixed-strings",
        visible_alias = "text",
        value_name = "TEXT",
        allow_hyphen_values = true
    )]
    text: Vec<String>,
    /// Only those where this regular expression is found, in any case; (?-i) minds it
    #[arg(short = 'e', long, value_name = "REGEX", allow_hyphen_values = true)]
    regex: Vec<String>,
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

/// One line of the list; the array of them is what `--format json` prints where no columns are asked for.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    title: String,
    kind: Kind,
    status: StatusView,
    severity: SeverityView,
    environment: Option<String>,
    commander: Option<String>,
    started_at: Answer<Instant>,
    declared_at: Instant,
    resolved_at: Option<Instant>,
    time_to_resolve: Measure,
}

/// The columns that were asked for, by their names, in their order.
struct Chosen(Vec<(String, Cell)>);

impl Serialize for Chosen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, cell)| (name, cell)))
    }
}

/// Lists the incidents that pass every filter.
///
/// # Errors
/// Options that make no sense; records that cannot be read (after the list).
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    let engine = engine();
    let condition = args.condition.as_deref().map(|text| Condition::of(&engine, text)).transpose()?;
    let line = args.how.format_template.as_deref().map(|text| Line::of(&engine, text)).transpose()?;
    let mut question = Question::of(&args.which, condition, session)?;
    let files = session.store()?.index_files::<Incident>();
    let answer = session.ask::<Incident>(&files)?;
    let mut found: Vec<Summary> = vec![];
    let mut count = 0;
    let is_contested =
        |entry| answer.place(entry).is_some_and(|(table, row)| answer.tables()[table].contested(row));
    question.among(&answer, session, |entry| {
        count += 1;
        // A number needs no row to be made.
        if !args.how.count || is_contested(entry) {
            found.push(made(&answer, entry)?);
        }
        Ok(())
    })?;
    sort(&mut found, &args.how.sort, |summary| summary);
    if args.how.reverse {
        found.reverse();
    }
    found.truncate(args.how.limit.unwrap_or(usize::MAX));
    let rows: Vec<&Summary> = found.iter().collect();
    match args.how.count {
        true => session.print(&count.to_string())?,
        false => args.how.print(&rows, line.as_ref(), session)?,
    }
    if count == 0 {
        say(&format!("no incident matches: {}", question.why_none()));
    }
    tell_contested(&rows);
    Ok(())
}

fn tell_contested(rows: &[&Summary]) {
    let contested = rows.iter().filter(|summary| summary.contested).map(|summary| summary.id.to_string());
    let ids = contested.collect::<Vec<_>>().join(", ");
    if !ids.is_empty() {
        say(&format!("contested since a merge: {ids}; `inc-status show ID` tells what"));
    }
}

impl How {
    fn print(&self, rows: &[&Summary], line: Option<&Line<'_>>, session: &Session) -> Result<()> {
        let zone = &session.settings()?.timezone;
        if self.ids {
            return session.print(&lines(rows.iter().map(|row| Ok(row.id.to_string())))?);
        }
        if let Some(line) = line {
            return session.print(&lines(rows.iter().map(|row| line.render(row, zone)))?);
        }
        let levels = &session.policy_at_hand()?.levels;
        match self.format {
            Format::Ndjson if self.columns.is_empty() => {
                session.print(&lines(rows.iter().map(|row| json(&view(row, levels))))?)
            }
            Format::Ndjson => session.print(&lines(rows.iter().map(|row| json(&self.chosen(row))))?),
            Format::Csv => session.print(&csv(&self.columns_or(FOR_SHEETS)?, rows)?),
            Format::Json if self.columns.is_empty() => {
                session.answer(&rows.iter().map(|row| view(row, levels)).collect::<Vec<_>>(), String::new)
            }
            Format::Json => {
                session.answer(&rows.iter().map(|row| self.chosen(row)).collect::<Vec<_>>(), String::new)
            }
            _ => {
                let columns = self.columns_or(FOR_PEOPLE)?;
                let look = Look { columns: &columns, kind_before_id: self.columns.is_empty(), zone };
                session.print(&look.table(rows))
            }
        }
    }

    fn chosen(&self, summary: &Summary) -> Chosen {
        Chosen(self.columns.iter().map(|column| (column.to_string(), column.read(summary))).collect())
    }

    fn columns_or(&self, usual: &[&str]) -> Result<Vec<Column>> {
        if !self.columns.is_empty() {
            return Ok(self.columns.clone());
        }
        usual.iter().map(|name| name.parse::<Column>().map_err(anyhow::Error::msg)).collect()
    }
}

/// A line each, an empty one included.
fn lines(rows: impl Iterator<Item = Result<String>>) -> Result<String> {
    rows.map(|row| row.map(|line| line + "\n")).collect()
}

fn json(view: &impl Serialize) -> Result<String> {
    serde_json::to_string(view).context("write the JSON")
}

fn view(summary: &Summary, levels: &Levels) -> Row {
    Row {
        id: summary.id.to_string(),
        title: summary.title.to_string(),
        kind: summary.kind,
        status: StatusView::of(summary.status),
        severity: SeverityView::with(summary.severity, &summary.assessment, levels),
        environment: summary.environment.as_ref().map(ToString::to_string),
        commander: summary.commander.as_ref().map(ToString::to_string),
        started_at: summary.moments.started_at.clone(),
        declared_at: summary.moments.declared_at,
        resolved_at: summary.moments.resolved_at,
        time_to_resolve: summary.measures().time_to_resolve,
    }
}
