//! `pdca act`: what is proven is applied to the rest of systems and company, target by target.

use anyhow::Result;
use inc_core::pdca::action::{ActEdit, ActProperty, Action, NewAct};
use inc_core::text::{Line, Prose};

use super::{change, day, refuse_both, refuse_same};
use crate::failure::Failure;
use crate::session::{Session, WriteOptions, incident_and};

pub(super) const USAGE: &str = "pdca act [OPTIONS] [PDCA] C1 TITLE
       pdca act [OPTIONS] [PDCA] C1 --none REASON
       pdca act [OPTIONS] [PDCA] [A1] --target NAME --done
       pdca act [OPTIONS] [PDCA] --edit A1
       pdca act [OPTIONS] [PDCA] --remove A1 [--recursive]";

#[derive(Debug, clap::Args)]
pub(super) struct Act {
    /// The countermeasure's label, and what is applied; a PDCA may stand before them
    #[arg(num_args = 0..=3, value_names = ["C1", "TITLE"])]
    words: Vec<String>,
    /// Who does it
    #[arg(long, value_name = "NAME")]
    owner: Option<Line>,
    /// By when
    #[arg(long, value_name = "DAY")]
    due: Option<String>,
    /// Where it is applied, ticked one by one; may be repeated
    #[arg(long = "target", value_name = "NAME")]
    targets: Vec<Line>,
    /// It is applied to that target; of the act that is named, or the only one that has it open
    #[arg(long, conflicts_with_all = ["owner", "due", "none", "edit", "title", "drop_target", "clear", "remove"])]
    done: bool,
    /// With --done: on which day; by default today
    #[arg(long, value_name = "DAY", requires = "done", conflicts_with_all = ["owner", "due", "none", "edit", "remove"])]
    on: Option<String>,
    /// Nothing is to be rolled out, for this reason
    #[arg(long, value_name = "REASON", conflicts_with_all = ["edit", "title", "drop_target", "clear", "remove", "owner", "due", "targets"])]
    none: Option<Prose>,
    /// Mend this act instead of adding one; targets are added
    #[arg(long, value_name = "A1")]
    edit: Option<String>,
    /// With --edit: the new title
    #[arg(long, value_name = "TEXT", requires = "edit")]
    title: Option<Line>,
    /// With --edit: a target to take out; may be repeated
    #[arg(long, value_name = "NAME", requires = "edit")]
    drop_target: Vec<String>,
    /// With --edit: take a property out (owner, due); may be repeated
    #[arg(long, value_name = "PROPERTY", requires = "edit")]
    clear: Vec<ActProperty>,
    /// Take this act out
    #[arg(long, value_name = "A1", conflicts_with_all = ["edit", "title", "drop_target", "clear", "owner", "due", "targets"])]
    remove: Option<String>,
    /// With --remove: with what is applied already
    #[arg(long, requires = "remove", conflicts_with_all = ["edit", "none", "done"])]
    recursive: bool,
    #[command(flatten)]
    write: WriteOptions,
}

pub(super) fn run(act: Act, session: &Session) -> Result<()> {
    if act.done {
        return tick(act, session);
    }
    let due = day("--due", act.due.as_deref(), session)?;
    let (pdca, action) = match (act.none, act.edit, act.remove) {
        (Some(reason), ..) => {
            let (pdca, [countermeasure]) = incident_and(act.words)?;
            (pdca, Action::NoAct { countermeasure, reason })
        }
        (None, Some(label), _) => {
            refuse_both(&[("owner", act.owner.is_some()), ("due", due.is_some())], &act.clear)?;
            refuse_same("--target", &act.targets, "--drop-target", &act.drop_target)?;
            let (pdca, []) = incident_and(act.words)?;
            let edit = ActEdit {
                title: act.title,
                owner: act.owner,
                due,
                more_targets: act.targets,
                fewer_targets: act.drop_target,
                clear: act.clear,
            };
            (pdca, Action::AmendAct { act: label, edit })
        }
        (None, None, Some(label)) => {
            let (pdca, []) = incident_and(act.words)?;
            (pdca, Action::RemoveAct { act: label, recursive: act.recursive })
        }
        (None, None, None) => {
            let (pdca, [countermeasure, title]) = incident_and(act.words)?;
            let title = title.parse()?;
            let new = NewAct { countermeasure, title, owner: act.owner, due, targets: act.targets };
            (pdca, Action::AddAct(new))
        }
    };
    change(pdca.as_deref(), &act.write, session, |_| Ok(action))
}

/// `--done`: one act, or one of its targets.
fn tick(act: Act, session: &Session) -> Result<()> {
    let target = match &act.targets[..] {
        [] => None,
        [one] => Some(one.to_string()),
        _ => return Err(Failure::usage("--done takes one --target at a time: each is a change of its own")),
    };
    let on = day("--on", act.on.as_deref(), session)?;
    let (pdca, label) = match <[String; 2]>::try_from(act.words) {
        Ok([pdca, label]) => (Some(pdca), Some(label)),
        Err(mut words) => match words.pop() {
            Some(_) if !words.is_empty() => {
                return Err(Failure::usage("with --done only a PDCA and an act are named: see --help"));
            }
            Some(word) if target.is_none() || is_label(&word) => (None, Some(word)),
            pdca => (pdca, None),
        },
    };
    if label.is_none() && target.is_none() {
        return Err(Failure::usage("what is done? Name the act, or --target NAME"));
    }
    change(pdca.as_deref(), &act.write, session, |record| {
        let act = match (label, &target) {
            (Some(label), _) => label,
            (None, target) => record.act_with_target(target.as_deref().unwrap_or_default())?,
        };
        Ok(Action::DoneAct { act, target, on })
    })
}

/// `A1`: an act, not a PDCA.
fn is_label(word: &str) -> bool {
    let digits = word.strip_prefix(['a', 'A']).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
