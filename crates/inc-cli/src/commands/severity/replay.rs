//! `inc-severity replay`: what a policy would have said of every past incident. It looks, and changes nothing.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use inc_core::incident::Incident;
use inc_core::severity::{Lack, Moved, Replay};
use inc_core::text::{clean, clean_line};
use serde::Serialize;

use super::policy_file::PolicyFile;
use crate::commands::arguments::past_day;
use crate::failure::{Failure, say};
use crate::output::table;
use crate::session::Session;

/// The options of `replay`.
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    policy: PolicyFile,
    /// Compare with what the policy in FILE says (`-`: from stdin), not with what the records keep
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Only what was declared on this day or later: 2023-03-27, monday, yesterday, 7 days ago
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// End with exit code 1 where any incident moves, for CI
    #[arg(long)]
    check: bool,
}

/// What `replay --format json` prints.
#[derive(Debug, Serialize)]
struct ReplayView {
    /// Where the policy was read.
    policy: String,
    /// Where the policy was read that it is compared with; `null` where that is what the records keep.
    against: Option<String>,
    /// How many records could not be read; stderr names them.
    unreadable: usize,
    #[serde(flatten)]
    replay: Replay,
}

pub(super) fn run(options: &Options, session: &mut Session) -> Result<()> {
    let other = options.against.as_deref();
    if options.policy.file.as_deref().is_some_and(is_stdin) && other.is_some_and(is_stdin) {
        return Err(Failure::usage("--policy and --against cannot both be read from stdin"));
    }
    let zone = session.settings()?.timezone.clone();
    let since = options.since.as_ref().map(|text| past_day("--since", text, session)).transpose()?;
    let policy = options.policy.read(session)?;
    let against = other.map(PolicyFile::of_file).transpose()?;
    let mut incidents: Vec<Incident> = session.all()?.into_iter().map(|loaded| loaded.record).collect();
    incidents.retain(|incident| since.is_none_or(|since| zone.local(incident.declared_at).date >= since));
    let other = against.as_ref().map(|against| &against.policy);
    let view = ReplayView {
        unreadable: session.unread(),
        replay: Replay::of(&incidents, &policy.policy, other, session.settings()?),
        policy: policy.from,
        against: against.map(|against| against.from),
    };
    session.answer(&view, || moves(&view.replay.moves))?;
    for unjudged in &view.replay.unjudgeable {
        let by = if unjudged.by_other { " (by the policy of --against)" } else { "" };
        say(&clean(&format!("error: {}: {}: {}{by}", unjudged.id, unjudged.path, unjudged.why)));
    }
    say(&clean(&summary(&view.replay)));
    verdict(&view, options.check)
}

/// The exit code: what is left out counts more than what moves.
fn verdict(view: &ReplayView, check: bool) -> Result<()> {
    let (unjudged, unread, moves) = (view.replay.unjudgeable.len(), view.unreadable, view.replay.moves.len());
    let mut left_out = vec![];
    if unjudged > 0 {
        left_out.push(format!("{} could not be judged", incidents(unjudged)));
    }
    if unread > 0 {
        left_out.push(format!(
            "{} could not be read",
            if unread == 1 { "1 record".to_owned() } else { format!("{unread} records") }
        ));
    }
    if !left_out.is_empty() {
        let them = if unjudged + unread == 1 { "it" } else { "them" };
        return Err(Failure::data(format!("{}; the answer leaves {them} out", left_out.join(", "))));
    }
    match moves {
        1 if check => Err(Failure::refused("1 incident would move")),
        2.. if check => Err(Failure::refused(format!("{moves} incidents would move"))),
        _ => Ok(()),
    }
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

fn moves(moves: &[Moved]) -> String {
    if moves.is_empty() {
        return String::new();
    }
    let rows = moves.iter().map(|moved| {
        let holds = moved.overridden.map(|to| format!("; the override still holds {to}"));
        vec![
            moved.id.to_string(),
            moved.from.to_string(),
            moved.to.to_string(),
            format!("{}{}", moved.decided_by, holds.unwrap_or_default()),
        ]
    });
    table(&["id", "from", "to", "decided by"], rows)
}

/// What came of it, in one or two lines.
fn summary(replay: &Replay) -> String {
    let stay = replay.judged - replay.moves.len();
    let mut lines = vec![format!(
        "judged {}: {} would be worse, {} milder, {stay} as before",
        incidents(replay.judged),
        replay.worse,
        replay.milder
    )];
    if replay.became_provisional > 0 {
        let lack = |lack: &Lack| format!("{} ({})", clean_line(&lack.name), lack.count);
        let lacks: Vec<String> = replay.lacks.iter().map(lack).collect();
        lines.push(format!(
            "{} would become provisional, for want of: {}",
            incidents(replay.became_provisional),
            lacks.join(", ")
        ));
    }
    lines.join("\n")
}

fn incidents(count: usize) -> String {
    if count == 1 { "1 incident".to_owned() } else { format!("{count} incidents") }
}
