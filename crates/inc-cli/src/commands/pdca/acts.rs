//! `pdca acts`: which proven countermeasures are not applied where. It looks, and changes nothing.

mod places;
mod rollouts;
mod told;

use anyhow::Result;
use chrono::NaiveDate;
use clap::ValueEnum;
use inc_core::pdca::Pdca;
use inc_core::pdca::rollout::Spread;

use super::counted::number;
use super::wanted::{passes, passes_team};
use crate::failure::say;
use crate::session::Session;
use rollouts::{ActRow, ActsView, Proven};

#[derive(Debug, clap::Args)]
pub(super) struct Acts {
    /// Only what is not applied to these targets; a part of the name is enough
    #[arg(long, value_name = "NAME")]
    target: Vec<String>,
    /// Only what these people own; a part of the name is enough. Where an act has no owner, its countermeasure's is
    /// asked, else the PDCA's
    #[arg(long, value_name = "NAME")]
    owner: Vec<String>,
    /// Only countermeasures of these teams; a part of the name is enough, and "no team" are those that tell none
    #[arg(long, value_name = "NAME")]
    team: Vec<String>,
    /// How the lines are grouped
    #[arg(long, value_name = "GROUP", default_value = "countermeasure")]
    by: Group,
    /// Also what is applied everywhere, what need not be, and what belongs to PDCAs that were given up
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    /// By what was proven
    Countermeasure,
    /// By where it is missing
    Target,
}

pub(super) fn run(acts: Acts, session: &mut Session) -> Result<()> {
    let zone = session.settings()?.timezone.clone();
    let today = zone.local(session.now()?).date;
    let records = session.all::<Pdca>()?;
    let (mut view, mut given_up) = (ActsView { today, proven: vec![], not_proven: vec![] }, 0);
    for loaded in &records {
        let found = acts.found_in(&loaded.record, today);
        if loaded.record.abandoned.is_some() && !acts.all {
            given_up += found.0.len() + found.1.len();
            continue;
        }
        view.proven.extend(found.0);
        view.not_proven.extend(found.1);
    }
    match acts.by {
        Group::Countermeasure => session.answer(&view, || told::text_of(&view))?,
        Group::Target => {
            let places = places::PlacesView::of(&view, |target| passes(&acts.target, [target]));
            session.answer(&places, || places::text_of(&places))?;
        }
    }
    acts.remark(&view, given_up);
    Ok(())
}

impl Acts {
    /// What of one PDCA is asked for: what is proven, and what is not and was applied all the same.
    fn found_in(&self, pdca: &Pdca, today: NaiveDate) -> (Vec<Proven>, Vec<rollouts::NotProven>) {
        let (mut proven, mut not_proven) = (vec![], vec![]);
        for it in &pdca.countermeasures {
            if !passes_team(&self.team, it.team_in(pdca)) {
                continue;
            }
            match Proven::of(pdca, it, today) {
                Some(row) => proven.extend(self.narrowed(row)),
                None => not_proven.extend(rollouts::NotProven::of(pdca, it).and_then(|mut row| {
                    row.acts.retain(|act| {
                        passes(&self.owner, act.owner.as_deref())
                            && passes(&self.target, act.applied.iter().map(String::as_str))
                    });
                    (!row.acts.is_empty()).then_some(row)
                })),
            }
        }
        (proven, not_proven)
    }

    /// The acts that are asked for; nothing where none is.
    fn narrowed(&self, mut row: Proven) -> Option<Proven> {
        let is_open = matches!(row.state, Spread::Open | Spread::Unsaid);
        if !self.all && !is_open {
            return None;
        }
        if row.acts.is_empty() {
            // Nobody said where: so it is asked for at no place by name.
            let is_asked = self.target.is_empty() && passes(&self.owner, row.owner.as_deref());
            return is_asked.then_some(row);
        }
        row.acts.retain(|act| self.is_asked(act));
        (!row.acts.is_empty()).then_some(row)
    }

    fn is_asked(&self, act: &ActRow) -> bool {
        let places = act.open.iter().chain(act.applied.iter().filter(|_| self.all)).map(String::as_str);
        (self.all || !act.is_through())
            && passes(&self.owner, act.owner.as_deref())
            && passes(&self.target, places)
    }

    fn remark(&self, view: &ActsView, given_up: usize) {
        if view.proven.is_empty() && view.not_proven.is_empty() {
            say("nothing that is proven lacks a place");
        }
        if !self.target.is_empty() {
            say("only acts that name the target are looked at: what was never planned there is not known");
        }
        if given_up > 0 {
            say(&format!(
                "{} of PDCAs that were given up not shown; --all shows all",
                number(given_up, "countermeasure")
            ));
        }
    }
}
