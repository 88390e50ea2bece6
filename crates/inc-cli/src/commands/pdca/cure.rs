//! Do and check: countermeasures, and their proof.

use anyhow::Result;
use inc_core::answer::Answer;
use inc_core::incident::Team;
use inc_core::pdca::action::{
    Action, CountermeasureEdit, CountermeasureProperty, NewCheck, NewCountermeasure,
};
use inc_core::pdca::{CheckResult, CountermeasureKind};
use inc_core::span::Span;
use inc_core::text::{Line, Prose};

use super::{change, day, refuse_both, refuse_id_as_text, refuse_same};
use crate::failure::Failure;
use crate::session::{Session, WriteOptions, incident_and};

pub(super) const COUNTERMEASURE_USAGE: &str = "pdca countermeasure [OPTIONS] [PDCA] TITLE --root-cause RC
       pdca countermeasure [OPTIONS] [PDCA] --edit C1
       pdca countermeasure [OPTIONS] [PDCA] --remove C1 [--recursive]";

#[derive(Debug, clap::Args)]
pub(super) struct CountermeasureArgs {
    /// What is done; a PDCA may stand before it
    #[arg(num_args = 0..=2, value_name = "TITLE")]
    words: Vec<String>,
    /// A root cause that it answers; may be repeated
    #[arg(long = "root-cause", value_name = "RC", required_unless_present_any = ["edit", "remove"])]
    root_causes: Vec<String>,
    /// What it does against the cause: prevent, detect or contain
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<CountermeasureKind>,
    /// Who does it
    #[arg(long, value_name = "NAME")]
    owner: Option<Line>,
    /// How long it may take (4h, 2d, 1w)
    #[arg(long, value_name = "SPAN")]
    timebox: Option<Span>,
    /// By when it shall be done (2023-04-14, friday, in 2 weeks)
    #[arg(long, value_name = "DAY")]
    due: Option<String>,
    /// How it will be proven
    #[arg(long, value_name = "TEXT")]
    check: Option<Prose>,
    /// On which day it will be proven, or was
    #[arg(long, value_name = "DAY")]
    check_on: Option<String>,
    /// Whose system it is
    #[arg(long, value_name = "NAME")]
    department: Option<Line>,
    /// The cross-functional team
    #[arg(long, value_name = "NAME")]
    cft: Option<Line>,
    /// The technical stack
    #[arg(long, value_name = "NAME")]
    stack: Option<Line>,
    /// The technical team
    #[arg(long, value_name = "NAME")]
    tech_team: Option<Line>,
    /// Mend this countermeasure instead of adding one; what is not given stays
    #[arg(long, value_name = "C1")]
    edit: Option<String>,
    /// With --edit: the new title
    #[arg(long, value_name = "TEXT", requires = "edit")]
    title: Option<Line>,
    /// With --edit: a root cause that it does not answer after all; may be repeated
    #[arg(long, value_name = "RC", requires = "edit")]
    drop_root_cause: Vec<String>,
    /// With --edit: take a property out (type, owner, timebox, due, no-act); may be repeated
    #[arg(long, value_name = "PROPERTY", requires = "edit")]
    clear: Vec<CountermeasureProperty>,
    /// Take this countermeasure out
    #[arg(long, value_name = "C1", conflicts_with_all = ["edit", "title", "root_causes", "drop_root_cause", "kind", "owner", "timebox", "due", "check", "check_on", "department", "cft", "stack", "tech_team", "clear"])]
    remove: Option<String>,
    /// With --remove: with its acts and the results of its checks
    #[arg(long, requires = "remove", conflicts_with = "edit")]
    recursive: bool,
    #[command(flatten)]
    write: WriteOptions,
}

#[derive(Debug, clap::Args)]
pub(super) struct Done {
    /// The label of the countermeasure or act; a PDCA may stand before it
    #[arg(required = true, num_args = 1..=2, value_name = "LABEL")]
    words: Vec<String>,
    /// For an act: which of its targets
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// On which day; by default today
    #[arg(long, value_name = "DAY")]
    on: Option<String>,
    /// It is not done after all
    #[arg(long, conflicts_with = "on")]
    undo: bool,
    #[command(flatten)]
    write: WriteOptions,
}

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// The countermeasure's label, and ok or ko; a PDCA may stand before them
    #[arg(required = true, num_args = 1..=3, value_names = ["C1", "RESULT"])]
    words: Vec<String>,
    /// What shows it
    #[arg(long, value_name = "TEXT")]
    evidence: Option<Prose>,
    /// On which day; by default the planned one, unless it is yet to come, else today
    #[arg(long, value_name = "DAY")]
    on: Option<String>,
    /// Who checked; by default you
    #[arg(long, value_name = "NAME")]
    by: Option<Line>,
    /// How it was checked, if not as planned
    #[arg(long, value_name = "TEXT")]
    how: Option<Prose>,
    /// Put right what was mistyped, instead of telling of another check: nothing is kept of the old result
    #[arg(long)]
    correct: bool,
    #[command(flatten)]
    write: WriteOptions,
}

pub(super) fn run_countermeasure(args: CountermeasureArgs, session: &Session) -> Result<()> {
    let due = day("--due", args.due.as_deref(), session)?;
    let check_on = day("--check-on", args.check_on.as_deref(), session)?;
    let answer = |line: Option<Line>| line.map_or(Answer::Missing, Answer::Known);
    let team = Team {
        department: answer(args.department),
        cft: answer(args.cft),
        stack: answer(args.stack),
        tech_team: answer(args.tech_team),
    };
    if let Some(countermeasure) = args.edit {
        let given = [
            ("type", args.kind.is_some()),
            ("owner", args.owner.is_some()),
            ("timebox", args.timebox.is_some()),
            ("due", due.is_some()),
        ];
        refuse_both(&given, &args.clear)?;
        refuse_same("--root-cause", &args.root_causes, "--drop-root-cause", &args.drop_root_cause)?;
        let (pdca, []) = incident_and(args.words)?;
        return change(pdca.as_deref(), &args.write, session, |record| {
            let edit = CountermeasureEdit {
                title: args.title,
                more_root_causes: args.root_causes,
                kind: args.kind,
                owner: args.owner,
                timebox: args.timebox,
                team: (!team.is_empty()).then(|| {
                    let old = record.find_countermeasure(&countermeasure).map(|found| found.team.clone());
                    over(team, old.unwrap_or_default())
                }),
                due,
                check_how: args.check,
                check_on,
                fewer_root_causes: args.drop_root_cause,
                clear: args.clear,
            };
            Ok(Action::Amend { countermeasure, edit: Box::new(edit) })
        });
    }
    if let Some(countermeasure) = args.remove {
        let (pdca, []) = incident_and(args.words)?;
        let action = Action::RemoveCountermeasure { countermeasure, recursive: args.recursive };
        return change(pdca.as_deref(), &args.write, session, |_| Ok(action));
    }
    let (pdca, [title]) = incident_and(args.words)?;
    refuse_id_as_text(pdca.as_deref(), &title, session)?;
    let new = NewCountermeasure {
        title: title.parse()?,
        root_causes: args.root_causes,
        kind: args.kind,
        owner: args.owner,
        team,
        timebox: args.timebox,
        due,
        check_how: args.check,
        check_on,
    };
    change(pdca.as_deref(), &args.write, session, |_| Ok(Action::AddCountermeasure(new)))
}

/// The given team properties, and the old ones where none is given.
fn over(given: Team, old: Team) -> Team {
    let pick = |given: Answer<Line>, old: Answer<Line>| if given.is_missing() { old } else { given };
    Team {
        department: pick(given.department, old.department),
        cft: pick(given.cft, old.cft),
        stack: pick(given.stack, old.stack),
        tech_team: pick(given.tech_team, old.tech_team),
    }
}

pub(super) fn run_done(done: Done, session: &Session) -> Result<()> {
    let (pdca, [label]) = incident_and(done.words)?;
    let on = day("--on", done.on.as_deref(), session)?;
    change(pdca.as_deref(), &done.write, session, |record| {
        // An act and a countermeasure never share a label: `A1`, `C1`. Of one that nothing has, the letter tells.
        let is_meant = record.find_countermeasure(&label).is_none() && label.starts_with(['a', 'A']);
        let is_act = record.find_act(&label).is_some() || done.target.is_some() || is_meant;
        Ok(match (is_act, done.undo) {
            (true, true) => Action::UndoAct { act: label, target: done.target },
            (true, false) => Action::DoneAct { act: label, target: done.target, on },
            (false, true) => Action::UndoDone { countermeasure: label },
            (false, false) => Action::Done { countermeasure: label, on },
        })
    })
}

pub(super) fn run_check(check: Check, session: &Session) -> Result<()> {
    let (pdca, [countermeasure, result]) = incident_and(check.words)?;
    let read = |text: &str| text.parse::<CheckResult>();
    let result =
        read(&result).or_else(|why| read(&result.to_lowercase()).map_err(|_| Failure::usage(why)))?;
    let on = day("--on", check.on.as_deref(), session)?;
    let new = NewCheck {
        countermeasure,
        result,
        on,
        evidence: check.evidence,
        by: check.by,
        how: check.how,
        correct: check.correct,
    };
    change(pdca.as_deref(), &check.write, session, |_| Ok(Action::Check(new)))
}
