//! Which incidents are meant, as options: those of every program that looks at many.

mod expression;
mod question;
mod search;

use inc_core::incident::Kind;
use inc_core::query::{SeverityRange, TeamField};
use inc_core::status::Status;

use super::arguments::parse_kind;
pub use expression::{Condition, Line, engine};
pub use question::Question;
pub(super) use question::{bound, bounds, in_order};
use question::{parse_custom, parse_path, parse_team};

/// A category, from the widest. (clap reads more into a `Vec` of `Vec`s.)
pub type CausePath = Vec<String>;

/// Which incidents.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which")]
pub struct Which {
    /// Only these statuses: investigating, mitigated, resolved, postmortem-completed, closed, cancelled
    #[arg(long, value_name = "STATUS")]
    pub status: Vec<Status>,
    /// Only what people still work on: investigating and mitigated
    #[arg(long, conflicts_with = "status")]
    pub open: bool,
    /// Only these severities: SEV-2, SEV-1..SEV-3, ..SEV-2 (SEV-2 and worse), SEV-2.. (and milder)
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Vec<SeverityRange>,
    /// Only incidents, drills or near-misses
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    pub kind: Vec<Kind>,
    /// Only these environments
    #[arg(long, value_name = "NAME")]
    pub environment: Vec<String>,
    /// Only these commanders; a part of the name is enough
    #[arg(long, value_name = "NAME")]
    pub commander: Vec<String>,
    /// Only where the team's department, cft, stack or tech_team is this: stack=crossplane
    #[arg(long, value_name = "FIELD=VALUE", value_parser = parse_team)]
    pub team: Vec<(TeamField, String)>,
    /// Only what was noticed in this way: automatic-alert, customer-report, …
    #[arg(long, value_name = "WAY")]
    pub detected_via: Vec<String>,
    /// Only where the root cause's category begins with this path: Software or Software/Migration
    #[arg(long, value_name = "PATH", value_parser = parse_path)]
    pub root_cause: Vec<CausePath>,
    /// Only where a key of your own holds this: ticket=OPS-12
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_custom)]
    pub custom: Vec<(String, String)>,
    /// Only what began then or later (declared, where no start is known): 2023-03-27, monday, 7 days ago, 2023-03-27 12:59
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<String>,
    /// Only what began then or earlier; a day is meant whole
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<String>,
    /// Only those whose title, summary or timeline holds this text, in any case
    #[arg(
        short = 'F',
        long = "fixed-strings",
        visible_alias = "text",
        value_name = "TEXT",
        allow_hyphen_values = true
    )]
    pub text: Vec<String>,
    /// Only those where this regular expression is found, in any case; (?-i) minds it
    #[arg(short = 'e', long, value_name = "REGEX", allow_hyphen_values = true)]
    pub regex: Vec<String>,
    /// Only those for which this expression holds: "severity <= 'SEV-2' and 'db' in title"
    #[arg(long = "where", value_name = "EXPR")]
    pub condition: Option<String>,
}
