//! `inc-stats`: figures over many incidents.

mod csv;
mod gather;
mod text;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use inc_core::incident::Kind;
use inc_core::stats::{Group, Hours, Measured, Unit, check_groups};

use self::gather::Asked;
use super::which::Which;
use crate::failure::Failure;
use crate::output::Format;
use crate::report::Templates;
use crate::session::Session;
use crate::view::stats::chart::Chart;
use crate::view::stats::page::Page;

/// The templates of the Markdown and of the chart.
const MARKDOWN: &str = "stats.md.j2";
const SVG: &str = "stats.svg.j2";

/// Figures over many incidents: how many, how long, why, and what was learned
///
/// Without options: counts by severity over the last twelve months, the four durations, and what PDCAs make of it. What
/// cannot be computed is counted with why. Drills and near misses are never mixed in: --kind asks for them. A record that
/// cannot be read is named on stderr, the others are counted, and the exit code is 4. docs/stats.md tells how each
/// figure is made.
#[derive(Debug, Parser)]
#[command(
    name = "inc-stats",
    after_help = "Example:
  inc-stats
  inc-stats --by severity,month --since 2023-01-01
  inc-stats --by team --measure time_to_acknowledge,time_to_resolve --hours both
  inc-stats --trend quarter --severity ..SEV-2
  inc-stats --pareto --depth 2
  inc-stats --pdca --since '90 days ago' --format markdown
  inc-stats --by severity,month --format svg > incidents.svg

Groups, for --by: severity, status, month, quarter, year, environment, team.department, team.cft, team.stack, team.tech_team (or team), commander, detected_via, root_cause

Durations, for --measure: time_to_detect, time_to_acknowledge, time_to_declare, time_to_mitigate, time_to_resolve, time_in_sev_1, time_in_sev_2, time_in_sev_3, time_in_sev_4"
)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    what: What,
}

/// Which figures.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What")]
pub struct What {
    /// By one or two groups, with a comma between; a month is that of the start, in the repository's zone
    #[arg(long, value_name = "GROUP", value_delimiter = ',', conflicts_with_all = ["trend", "pareto", "pdca"])]
    by: Vec<Group>,
    /// Against the period before, for each period
    #[arg(long, value_name = "PERIOD", conflicts_with_all = ["pareto", "pdca"])]
    trend: Option<Span>,
    /// Root causes, the most frequent first, with their share and the sum of the shares so far
    #[arg(long, conflicts_with = "pdca")]
    pareto: bool,
    /// What PDCAs make of these incidents: root causes, proven countermeasures, finished acts, checks on time
    #[arg(long)]
    pdca: bool,
    /// How many parts of a root cause's category count, from the widest; all where it is left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    depth: Option<u16>,
    /// Which durations, with commas between
    #[arg(long, value_name = "DURATION", value_delimiter = ',', conflicts_with_all = ["pareto", "pdca"])]
    measure: Vec<Measured>,
    /// Which minutes count: all, or those in which your team works by inc.yaml
    #[arg(long, value_name = "HOURS", conflicts_with_all = ["pareto", "pdca"])]
    hours: Option<Counted>,
    /// How to print the answer
    // The same id as everywhere else: the programs' own `--format` gives way to this one, which knows more formats.
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Everywhere",
        value_parser = Format::of_figures()
    )]
    format: Format,
}

/// The length of a period.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Span {
    /// By months
    Month,
    /// By quarters
    Quarter,
    /// By years
    Year,
}

/// Which minutes count.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Counted {
    /// All minutes
    Calendar,
    /// Those in which the team works
    Business,
    /// The one and the other
    Both,
}

/// Counts and measures the incidents that pass every filter.
///
/// # Errors
/// Options that make no sense; a group by which nothing can be told; records that cannot be read (after the figures).
pub fn run(mut args: Args, session: &mut Session) -> Result<()> {
    let asked = args.what.asked(std::mem::take(&mut args.which.kind))?;
    let view = gather::view(&args.which, &asked, session)?;
    match args.what.format {
        Format::Json => session.answer(&view, String::new),
        Format::Csv => session.print(&csv::of(&view)?),
        Format::Markdown => {
            session.print(&Templates::of(session.store()?).render(MARKDOWN, &Page::of(&view))?)
        }
        Format::Svg => session.print(&Templates::of(session.store()?).render(SVG, &Chart::of(&view))?),
        _ => session.print(&text::of(&Page::of(&view))),
    }
}

impl What {
    /// What is asked for, where the options go together.
    fn asked(&self, kinds: Vec<Kind>) -> Result<Asked> {
        check_groups(&self.by).map_err(|why| Failure::usage(format!("--by: {why}")))?;
        let by = match self.trend {
            Some(span) => vec![Group::Period(span.unit())],
            None if self.pareto => vec![Group::RootCause],
            None if self.by.is_empty() => vec![Group::Severity, Group::Period(Unit::Month)],
            None => self.by.clone(),
        };
        if self.depth.is_some() && !by.contains(&Group::RootCause) {
            return Err(Failure::usage(
                "--depth: it goes with --pareto or --by root_cause; nothing here has a depth",
            ));
        }
        Ok(Asked {
            question: self.question(),
            measures: if self.pareto || self.pdca { vec![] } else { self.measures() },
            by,
            depth: self.depth.map(usize::from),
            kinds: match kinds.is_empty() {
                true => vec![Kind::Incident],
                false => Kind::ALL.into_iter().filter(|kind| kinds.contains(kind)).collect(),
            },
        })
    }

    fn question(&self) -> gather::Question {
        match (self.trend, self.pareto, self.pdca, self.by.is_empty()) {
            (Some(_), ..) => gather::Question::Trend,
            (_, true, ..) => gather::Question::Pareto,
            (_, _, true, _) => gather::Question::Pdca,
            (.., true) => gather::Question::Overview,
            _ => gather::Question::By,
        }
    }

    /// Each duration once, in each of the hours. Two groups make many tables: there only the time to resolve is usual.
    fn measures(&self) -> Vec<(Measured, Hours)> {
        let usual = if self.by.len() == 2 { &Measured::USUAL[3..] } else { &Measured::USUAL };
        let asked = if self.measure.is_empty() { usual } else { &self.measure };
        let hours: &[Hours] = match self.hours {
            None | Some(Counted::Calendar) => &[Hours::Calendar],
            Some(Counted::Business) => &[Hours::Business],
            Some(Counted::Both) => &[Hours::Calendar, Hours::Business],
        };
        let mut pairs: Vec<(Measured, Hours)> = vec![];
        for pair in asked.iter().flat_map(|which| hours.iter().map(|hours| (*which, *hours))) {
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs
    }
}

impl Span {
    fn unit(self) -> Unit {
        match self {
            Self::Month => Unit::Month,
            Self::Quarter => Unit::Quarter,
            Self::Year => Unit::Year,
        }
    }
}
