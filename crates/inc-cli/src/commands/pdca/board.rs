//! `pdca board`: all PDCAs at a glance, by phase and by team. It looks, and changes nothing.

mod told;

use anyhow::Result;
use chrono::NaiveDate;
use clap::ValueEnum;
use inc_core::instant::Instant;
use inc_core::pdca::board::{Card, Counts, Late, TeamCounts, tally};
use inc_core::pdca::{Open, Pdca, Status};
use serde::Serialize;

use super::wanted::{passes, passes_team};
use crate::failure::say;
use crate::session::Session;

#[derive(Debug, clap::Args)]
pub(super) struct Board {
    /// Only these teams; a part of the name is enough, and "no team" are those that tell none
    #[arg(long, value_name = "NAME")]
    team: Vec<String>,
    /// Only these owners; a part of the name is enough
    #[arg(long, value_name = "NAME")]
    owner: Vec<String>,
    /// How the lines are grouped
    #[arg(long, value_name = "GROUP", default_value = "phase")]
    by: Group,
    /// Also list what is through or given up, which else is only counted
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    /// By where they stand
    Phase,
    /// By whose they are; one of several teams stands under each
    Team,
}

/// What `board --format json` prints.
#[derive(Debug, Serialize)]
struct BoardView {
    /// The day on which this was so.
    today: NaiveDate,
    /// How many PDCAs of each team stand where, those that tell no team last. A PDCA of several teams counts in each.
    teams: Vec<TeamCounts>,
    /// How many stand where in all, each PDCA once.
    total: Counts,
    /// The PDCAs that are listed: by phase, in it the oldest first.
    pdcas: Vec<Row>,
}

/// One PDCA on the board.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    title: String,
    status: Status,
    owner: Option<String>,
    /// Its own team, else those of its countermeasures; empty where none is told.
    teams: Vec<String>,
    created_at: Instant,
    /// Since it was begun, in the repository's zone.
    age_days: i64,
    /// How many steps are open before the next status.
    open: usize,
    /// The first of these; `null` where none is.
    next: Option<Open>,
    /// What is open though its day is past.
    late: Vec<Late>,
}

pub(super) fn run(board: Board, session: &mut Session) -> Result<()> {
    let zone = session.settings()?.timezone.clone();
    let today = zone.local(session.now()?).date;
    let records = session.all::<Pdca>()?;
    let mut cards: Vec<Card<'_>> = records.iter().map(|loaded| Card::of(&loaded.record, today)).collect();
    cards.retain(|card| board.passes(card));
    cards.sort_by_cached_key(|card| {
        (card.standing.status, card.pdca.created_at.unix_millis(), card.pdca.id.clone())
    });
    let (teams, total) = tally(&cards, |team| passes_team(&board.team, team));
    let listed = cards.into_iter().filter(|card| board.all || !card.standing.status.is_closed());
    let age = |card: &Card<'_>| (today - zone.local(card.pdca.created_at).date).num_days();
    let pdcas = listed.map(|card| Row::of(age(&card), card)).collect();
    let view = BoardView { today, teams, total, pdcas };
    session.answer(&view, || told::text_of(&view, board.by))?;
    board.remark(&view);
    Ok(())
}

impl Board {
    fn passes(&self, card: &Card<'_>) -> bool {
        let is_meant = |team: Option<&str>| passes_team(&self.team, team);
        let owner = card.pdca.owner.as_ref().map(|owner| owner.as_str());
        passes(&self.owner, owner)
            && match card.teams.is_empty() {
                true => is_meant(None),
                false => card.teams.iter().any(|team| is_meant(Some(team))),
            }
    }

    fn remark(&self, view: &BoardView) {
        let (through, given_up) = (view.total.act_done, view.total.abandoned);
        if view.total.total == 0 {
            say("no PDCA matches");
        } else if !self.all && through + given_up > 0 {
            let mut hidden = vec![];
            hidden.extend((through > 0).then(|| format!("{through} through")));
            hidden.extend((given_up > 0).then(|| format!("{given_up} given up")));
            say(&format!("{} only counted; --all lists them", hidden.join(" and ")));
        }
    }
}

impl Row {
    fn of(age_days: i64, card: Card<'_>) -> Self {
        let Card { pdca, standing, teams, late } = card;
        Self {
            id: pdca.id.to_string(),
            title: pdca.title.to_string(),
            status: standing.status,
            owner: pdca.owner.as_ref().map(ToString::to_string),
            teams: teams.into_iter().map(str::to_owned).collect(),
            created_at: pdca.created_at,
            age_days,
            open: standing.open.iter().filter(|open| open.blocks).count(),
            next: standing.open.into_iter().find(|open| open.blocks),
            late,
        }
    }
}
