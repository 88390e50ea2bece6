//! `pdca recur`: causes that came back, and what had been thought to cure them. It looks, and changes nothing.

mod rows;
mod told;

use anyhow::Result;
use inc_core::pdca::Pdca;
use inc_core::pdca::recurrence::{Causes, Scope, Within};

use super::counted::number;
use crate::commands::arguments::past_day;
use crate::failure::{Failure, say};
use crate::session::Session;
use rows::ReturnRow;
use told::text_of;

#[derive(Debug, clap::Args)]
pub(super) struct Recur {
    /// Only causes that came back in a PDCA begun on this day or later: 2023-03-27, monday, yesterday, 7 days ago
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Only what came back within this time after the cure, or after the earlier PDCA where there was none: 90d, 6mo, 1y
    #[arg(long, value_name = "TIME")]
    within: Option<Within>,
    /// Only causes of this PDCA: those that came back in it, and those of it that came back later
    #[arg(long, value_name = "PDCA")]
    pdca: Option<String>,
    /// End with exit code 1 where any cause came back, for CI
    #[arg(long)]
    check: bool,
}

pub(super) fn run(recur: Recur, session: &mut Session) -> Result<()> {
    let since = recur.since.as_ref().map(|text| past_day("--since", text, session)).transpose()?;
    let named =
        recur.pdca.as_deref().map(|given| session.store()?.find::<Pdca>(given).map_err(anyhow::Error::from));
    let named = named.transpose()?;
    let records = session.all::<Pdca>()?;
    let only = records.iter().find(|loaded| Some(&loaded.path) == named.as_ref());
    if named.is_some() && only.is_none() {
        // It is there and cannot be read, which is told already.
        return session.finish();
    }
    let scope = Scope { since, within: recur.within, pdca: only.map(|loaded| loaded.record.uid) };
    let pdcas: Vec<&Pdca> = records.iter().map(|loaded| &loaded.record).collect();
    let causes = Causes::of(&pdcas);
    let rows: Vec<ReturnRow> = causes.returns(&scope).iter().map(|one| ReturnRow::of(one, &causes)).collect();
    session.answer(&rows, || text_of(&rows))?;
    remark(&rows);
    session.finish()?;
    match rows.len() {
        0 => Ok(()),
        count if recur.check => Err(Failure::refused(format!("{} came back", number(count, "cause")))),
        _ => Ok(()),
    }
}

/// What came of it, in a line or two.
fn remark(rows: &[ReturnRow]) {
    if rows.is_empty() {
        return say("no cause came back");
    }
    let cured = rows.iter().filter(|row| row.was_cured).count();
    say(&format!("{} came back, {cured} of them after a check OK", number(rows.len(), "cause")));
    let guessed = rows.iter().filter(|row| row.is_guess()).count();
    if guessed > 0 {
        say(&format!("{guessed} by similar words alone, which is a guess: read both"));
    }
}
