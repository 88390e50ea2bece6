//! `pdca`: plan, do, check, act; the loop by which an incident teaches.

mod act;
mod acts;
mod begin;
mod board;
mod coach;
mod counted;
mod cure;
mod explain;
mod factor;
mod link;
mod lint;
mod list;
mod others;
mod overdue;
mod plan;
mod recur;
mod show;
mod wanted;
mod why;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use inc_core::instant::understand_day;
use inc_core::pdca::action::{Action, Outcome};
use inc_core::pdca::{Pdca, Status};
use inc_core::settle::{Choice, Settlement};
use inc_core::text::clean_line;
use inc_store::store::{Loaded, Saved};
use serde::Serialize;

use super::editor;
use crate::failure::{Failure, say};
use crate::session::{Session, WriteOptions};
use crate::view::contested::{self, ContestedList};
use crate::view::pdca::PdcaView;

/// Run a PDCA: why it happened, why it was not seen sooner, what is done about it, whether that is proven, and where
/// else it is applied
///
/// The status of a PDCA follows from its content; `pdca show` tells where it stands and what comes next.
#[derive(Debug, Parser)]
#[command(
    name = "pdca",
    after_help = "Example:
  p=$(pdca new --incident kubernetes-cluster-3 --owner \"Ada Lovelace\" --problem \"Pods are not scheduled\")
  o=$(pdca why $p --occurrence \"The API server was lagging\")
  pdca why $p --under $o --root-cause RC1 \"890 CRDs were installed for a test\"
  c=$(pdca countermeasure $p \"Allow only some CRDs\" --root-cause RC1 --owner \"Ada Lovelace\" \\
        --check \"Create a CRD not in the list\" --check-on 2023-03-28)
  pdca check $p $c ok --evidence \"It was blocked\"
  pdca act $p $c \"Deploy the configuration everywhere\" --target production
  pdca show $p

Without PDCA: the only one that is not through."
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Begin a PDCA, from an incident or another source, and print its id
    #[command(after_help = "Example:
  pdca new --incident kubernetes-cluster-3 --owner \"Ada Lovelace\" --problem \"Pods are not scheduled\"
  pdca new --from red-bin --ref BIN-12 --title \"Labels fall off\"")]
    New(begin::New),
    /// Plan: answer a why, and print its label; or tag, mend, move or take out one that is there
    #[command(override_usage = why::USAGE)]
    #[command(after_help = "Example:
  pdca why --occurrence \"The API server was lagging\"
  pdca why --under o1 --root-cause RC1 \"890 CRDs were installed for a test\"
  pdca why --edit o1.1 --text \"890 CRDs were installed\" --link graph=https://graphs.example.com/d/1
  pdca why --edit o1.2 --non-detection
  pdca why --remove o1.3 --recursive")]
    Why(why::Why),
    /// Plan: add a contributing factor, and print its label; or mend or take out one
    #[command(override_usage = factor::USAGE)]
    #[command(after_help = "Example:
  pdca factor \"The one who knows the cluster was on leave\"")]
    Factor(factor::Factor),
    /// Plan: let a PDCA and an incident name each other
    ///
    /// The PDCA comes from the incident then, unless it comes from another one already: that incident stays its source, and
    /// both name it.
    #[command(override_usage = "pdca link [OPTIONS] [PDCA] INCIDENT")]
    #[command(after_help = "Example:
  pdca link labels-fall-off 2023-03-27-staging-kubernetes-cluster-3-is-misbehaving
  pdca link labels-fall-off kubernetes-cluster-3 --remove")]
    Link(link::Link),
    /// Plan: set the problem statement, owner, participants and other properties
    #[command(after_help = "Example:
  pdca set --owner \"Ada Lovelace\"")]
    Set(plan::Set),
    /// Do: add a countermeasure against root causes, and print its label; or mend one
    #[command(override_usage = cure::COUNTERMEASURE_USAGE)]
    #[command(after_help = "Example:
  pdca countermeasure \"Allow only some CRDs\" --root-cause RC1 --due friday --check \"Create a CRD not in the list\"")]
    Countermeasure(cure::CountermeasureArgs),
    /// Do and Act: a countermeasure, an act or one of its targets is done
    #[command(override_usage = "pdca done [OPTIONS] [PDCA] C1|A1")]
    #[command(after_help = "Example:
  pdca done C1
  pdca done A1 --target production --undo")]
    Done(cure::Done),
    /// Check: what came out, ok or ko
    #[command(override_usage = "pdca check [OPTIONS] [PDCA] C1 ok|ko")]
    #[command(after_help = "Example:
  pdca check C1 ok --evidence \"The CRD was blocked\"
  pdca check C1 ko --on yesterday --evidence \"It was let through\"

An earlier result is kept in `earlier_checks`. A KO asks for another countermeasure, or a deeper why.")]
    Check(cure::Check),
    /// Act: apply a proven countermeasure elsewhere, and print the act's label; or say why not
    #[command(override_usage = act::USAGE)]
    #[command(after_help = "Example:
  pdca act C1 \"Deploy the configuration everywhere\" --target production
  pdca act --target production --done
  pdca act C2 --none \"No other system has it\"")]
    Act(act::Act),
    /// Give the PDCA up, with a reason
    #[command(after_help = "Example:
  pdca abandon --reason \"The cluster is gone\"")]
    Abandon(plan::Reasoned),
    /// Take up a PDCA that was given up
    #[command(after_help = "Example:
  pdca resume kubernetes-cluster-3 --reason \"The cluster is back\"")]
    Resume(plan::Reasoned),
    /// Edit the file in $VISUAL or $EDITOR, with validation on save; or settle what a merge left contested
    #[command(after_help = "Example:
  EDITOR=vim pdca edit kubernetes-cluster-3
  pdca edit --settle owner=theirs --settle 'countermeasures[C1].due=2023-04-28'")]
    Edit(Edit),
    /// Show where it stands, why, and what comes next
    #[command(after_help = "Example:
  pdca show kubernetes-cluster-3")]
    Show(show::Show),
    /// List PDCAs, the newest first
    #[command(after_help = "Example:
  pdca list --open --owner lovelace")]
    List(list::List),
    /// See all PDCAs at a glance: how many of each team stand where, and what each one needs next
    ///
    /// A PDCA belongs to its own team (`cft`), else to those of its countermeasures (`cft`, else `tech_team`), and then counts
    /// in each; one that tells none is of no team. Late is what `pdca lint` finds late: countermeasures, their checks, acts.
    #[command(after_help = "Example:
  pdca board
  pdca board --by team --owner lovelace
  pdca board --team platform --all --format json")]
    Board(board::Board),
    /// See which proven countermeasures are not applied where
    ///
    /// What was checked OK and has an open act, or neither an act nor a reason why not. What was applied and is not proven
    /// (any more) is listed apart.
    #[command(after_help = "Example:
  pdca acts
  pdca acts --target production
  pdca acts --by target --owner lovelace")]
    Acts(acts::Acts),
    /// See which causes came back, and what had been thought to cure them
    ///
    /// Causes are the same by their tag, where it is more than a number such as RC1, or by their words: four of five in
    /// common, which is a guess. Not meant are two PDCAs of one incident. With --check, exit code 1 says that any came back.
    #[command(after_help = "Example:
  pdca recur
  pdca recur --since 2023-01-01 --within 6mo --check
  pdca recur --pdca kubernetes-cluster-3")]
    Recur(recur::Recur),
    /// Find what a good PDCA would not have, each with what to type
    ///
    /// Without PDCA all are looked at. Exit code 1 says that errors or warnings were found that `--level` shows, 4 that a
    /// record could not be read: it is named, and the others are looked at. Notes are hints, and fail nothing.
    #[command(after_help = "Example:
  pdca lint
  pdca lint kubernetes-cluster-3 --level note
  pdca lint --explain act-no-owner")]
    Lint(lint::Lint),
    /// Be asked what a good PDCA asks, one question after the other; each answer is written at once
    ///
    /// At a terminal Enter leaves a question open, `?` teaches, and `quit`, Ctrl-D or Ctrl-C ends: what was answered is kept, and the
    /// same command goes on where it ended. Else stdin holds the answers, one a line in the order in which they are asked, and stderr
    /// shows the questions; an empty line leaves one open. An answer that makes no sense ends it with exit code 2, and what came
    /// before it is kept. Prints the PDCA's id.
    #[command(after_help = "Example:
  pdca coach kubernetes-cluster-3
  pdca coach --new --incident kubernetes-cluster-3
  printf '%s\\n' \"890 CRDs were installed\" root | pdca coach kubernetes-cluster-3
  pdca coach --next --format json
  pdca coach --explain leaf-open")]
    Coach(coach::Coach),
    /// Find everything that is late or due soon, over all PDCAs
    ///
    /// Late is what is open the day after it was due: a countermeasure that is not done, a check without a result, an
    /// act or one of its targets that is not applied. Whether the incident is closed does not matter. What has no day
    /// cannot be late: it is counted on stderr. Exit code 1 says that something is late, 4 that a record could not be
    /// read: it is named, and the others are looked at.
    #[command(after_help = "Example:
  pdca overdue --within 7d
  pdca overdue --owner lovelace
  pdca overdue --within 1w --format markdown     # a digest for a chat or a mail
  pdca overdue --format ics > pdca.ics           # everything that has a day, for calendars

In iCalendar, what is due later is in as well unless --within says how far ahead; what is late lasts through today.")]
    Overdue(overdue::Overdue),
    /// Print the report, as Markdown
    ///
    /// It ends with what `pdca lint` finds on the day of the report. A template in the repository's own folder templates/
    /// replaces the built-in one of that name, and so does each part of it, such as templates/_check.md.j2.
    #[command(after_help = "Example:
  pdca report kubernetes-cluster-3 --output pdca.md
  pdca report --template a3              # on one page
  pdca report --template review          # the team's own templates/review.md.j2")]
    Report(show::Report),
}

/// The properties of a PDCA's items that are days.
const DAYS: [&str; 3] = ["due", "done_on", "on"];

#[derive(Debug, clap::Args)]
struct Edit {
    /// Which PDCA: an id, a unique beginning or part of one
    pdca: Option<String>,
    /// Settle a contested value: keep it (ours), take the one that did not win (theirs; of several theirs:N), or another;
    /// without a value: list them
    #[arg(long, value_name = "PATH=ours|theirs|VALUE", num_args = 0..=1, conflicts_with = "file")]
    settle: Option<Vec<Settlement>>,
    /// Take the whole new record from FILE (`-`: from stdin), such as one that an earlier edit kept
    #[arg(long, value_name = "FILE")]
    file: Option<std::path::PathBuf>,
    #[command(flatten)]
    write: WriteOptions,
}

/// What `--format json` prints after a change.
#[derive(Debug, Serialize)]
struct Changed {
    pdca: String,
    /// The label or id that was minted.
    said: Option<String>,
    status: Status,
    commit: Option<String>,
    remarks: Vec<String>,
}

/// Runs one verb.
///
/// # Errors
/// A refused change, a label that is not there, a day that is none.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    match args.verb {
        Verb::New(new) => begin::run(new, session),
        Verb::Why(why) => why::run(why, session),
        Verb::Factor(factor) => factor::run(factor, session),
        Verb::Link(link) => link::run(link, session),
        Verb::Set(set) => plan::run_set(set, session),
        Verb::Countermeasure(args) => cure::run_countermeasure(args, session),
        Verb::Done(done) => cure::run_done(done, session),
        Verb::Check(check) => cure::run_check(check, session),
        Verb::Act(act) => act::run(act, session),
        Verb::Abandon(reasoned) => plan::run_abandon(reasoned, session),
        Verb::Resume(reasoned) => plan::run_resume(reasoned, session),
        Verb::Edit(edit) => run_edit(edit, session),
        Verb::Show(show) => show::run(show, session),
        Verb::List(list) => list::run(list, session),
        Verb::Board(board) => board::run(board, session),
        Verb::Acts(acts) => acts::run(acts, session),
        Verb::Recur(recur) => recur::run(recur, session),
        Verb::Lint(lint) => lint::run(lint, session),
        Verb::Overdue(overdue) => overdue::run(&overdue, session),
        Verb::Coach(coach) => coach::run(coach, session),
        Verb::Report(report) => show::run_report(report, session),
    }
}

/// Loads the PDCA that was named, or the only one that is not through.
/// What `show` prints of a PDCA.
pub(super) fn shown(pdca: &Pdca, view: &PdcaView) -> String {
    show::text_of(pdca, view)
}

fn load(given: Option<&str>, session: &Session) -> Result<Loaded<Pdca>> {
    let loaded = load_quietly(given, session)?;
    let (pdca, zone) = (&loaded.record, &session.settings()?.timezone);
    let edit = format!("pdca edit {}", pdca.id);
    contested::remarks(pdca, &pdca.contested, zone, &edit).iter().for_each(|line| say(line));
    Ok(loaded)
}

/// The PDCA that was named, or the only open one; without a word about what is contested.
pub(super) fn load_quietly(given: Option<&str>, session: &Session) -> Result<Loaded<Pdca>> {
    let store = session.store()?;
    if let Some(given) = given {
        return Ok(store.load(&store.find::<Pdca>(given)?)?);
    }
    let mut open = vec![];
    for loaded in store.all::<Pdca>()? {
        let loaded = loaded?;
        if !loaded.record.status().is_closed() {
            open.push(loaded);
        }
    }
    match open.len() {
        1 => {
            let loaded = open.remove(0);
            say(&format!("PDCA: {} (the only one that is not through)", loaded.record.id));
            Ok(loaded)
        }
        0 => Err(Failure::usage(
            "which PDCA? None is open: name one (`pdca list` shows them), or begin one with `pdca new`",
        )),
        _ => {
            let ids: String = open.iter().map(|one| format!("\n  {}", one.record.id)).collect();
            Err(Failure::usage(format!("which PDCA? Name one; open are:{ids}")))
        }
    }
}

/// Changes one PDCA: under the lock, one file and one commit; then answers with the label that was minted.
fn change(
    given: Option<&str>,
    options: &WriteOptions,
    session: &Session,
    decide: impl FnOnce(&Pdca) -> Result<Action>,
) -> Result<()> {
    change_file(&load(given, session)?.path, options, session, decide)
}

fn change_file(
    path: &std::path::Path,
    options: &WriteOptions,
    session: &Session,
    decide: impl FnOnce(&Pdca) -> Result<Action>,
) -> Result<()> {
    let writing = session.writing(options)?;
    let mut change = session.store()?.change(&writing, say)?;
    let loaded = session.store()?.load::<Pdca>(path)?;
    let action = decide(&loaded.record)?;
    let outcome = apply(&loaded.record, action, session)?;
    change.update(&loaded, &outcome.pdca)?;
    let saved = change.save(&outcome.subject)?;
    session.tell(&outcome.subject, &outcome.remarks, &saved);
    answer(outcome, saved, session)
}

fn apply(pdca: &Pdca, action: Action, session: &Session) -> Result<Outcome> {
    let zone = &session.settings()?.timezone;
    session.stamped(zone, |stamp| Ok(pdca.apply(action, stamp)?))
}

fn answer(outcome: Outcome, saved: Saved, session: &Session) -> Result<()> {
    let view = Changed {
        pdca: outcome.pdca.id.to_string(),
        status: outcome.pdca.status(),
        said: outcome.said,
        commit: saved.commit,
        remarks: outcome.remarks,
    };
    session.answer(&view, || view.said.clone().unwrap_or_default())
}

/// A bare word may be a text; what looks like an id and is one was meant as the PDCA.
fn refuse_id_as_text(pdca: Option<&str>, text: &str, session: &Session) -> Result<()> {
    if pdca.is_none() && text.contains('-') && session.store()?.find::<Pdca>(text).is_ok() {
        let text = clean_line(text);
        return Err(Failure::usage(format!("`{text}` names a PDCA: the text is missing")));
    }
    Ok(())
}

/// What is given and taken out by one command contradicts itself.
///
/// # Errors
/// The first such value, with both options.
fn refuse_both(
    given: &[(&str, bool)],
    cleared: impl IntoIterator<Item = impl std::fmt::Display>,
) -> Result<()> {
    for cleared in cleared {
        let cleared = cleared.to_string();
        if given.iter().any(|(name, is_given)| *is_given && *name == cleared) {
            return Err(Failure::usage(format!(
                "--{cleared} gives what --clear {cleared} takes out: give one of them"
            )));
        }
    }
    Ok(())
}

/// A name that is both added and taken out by one command.
///
/// # Errors
/// The first such name, with both options.
fn refuse_same(add: &str, added: &[impl std::fmt::Display], drop: &str, dropped: &[String]) -> Result<()> {
    let fold = |name: &dyn std::fmt::Display| name.to_string().trim().to_lowercase();
    match dropped.iter().find(|name| added.iter().any(|other| fold(other) == fold(name))) {
        None => Ok(()),
        Some(name) => {
            let name = clean_line(name);
            Err(Failure::usage(format!("`{name}` is given to both {add} and {drop}: give it to one of them")))
        }
    }
}

/// What people typed for a day.
fn day(option: &str, text: Option<&str>, session: &Session) -> Result<Option<NaiveDate>> {
    let Some(text) = text else { return Ok(None) };
    let day = understand_day(text, session.now()?, &session.settings()?.timezone);
    let day = day.map_err(|e| Failure::usage(format!("{option}: {e}")))?;
    if day.to_string() != text {
        say(&format!("{option}: understood as {day}"));
    }
    Ok(Some(day))
}

fn run_edit(edit: Edit, session: &Session) -> Result<()> {
    if let Some(settlements) = edit.settle {
        // What is contested needs no warning here: it is what the change is about.
        let loaded = load_quietly(edit.pdca.as_deref(), session)?;
        if settlements.is_empty() {
            return list_contested(loaded.record, session);
        }
        let settlements = with_days(settlements, session)?;
        return change_file(&loaded.path, &edit.write, session, |_| Ok(Action::Settle(settlements)));
    }
    let loaded = load(edit.pdca.as_deref(), session)?;
    let command = format!("pdca edit {}", loaded.record.id);
    let decide = |before: &Pdca, edited: Pdca| {
        let outcome = apply(before, Action::Replace(Box::new(edited)), session)?;
        Ok(editor::Taken { record: outcome.pdca, subject: outcome.subject, remarks: outcome.remarks })
    };
    let taken = editor::edit(session, &loaded, edit.file.as_deref(), &command, &edit.write, &decide)?;
    let outcome = Outcome { pdca: taken.record, subject: String::new(), said: None, remarks: taken.remarks };
    answer(outcome, taken.saved, session)
}

fn list_contested(pdca: Pdca, session: &Session) -> Result<()> {
    if pdca.contested.is_empty() {
        say(&format!("nothing is contested in {}", pdca.id));
    }
    let lines = contested::lines(&pdca, &pdca.contested, &session.settings()?.timezone);
    session.answer(&ContestedList { id: pdca.id.to_string(), contested: pdca.contested }, || lines.join("\n"))
}

/// A day of an item that was typed, as `in 3 weeks`, becomes the day that is meant, as with the verbs that set it.
fn with_days(mut settlements: Vec<Settlement>, session: &Session) -> Result<Vec<Settlement>> {
    for settlement in &mut settlements {
        let last = settlement.path.rsplit('.').next().unwrap_or_default();
        let is_day = settlement.path.starts_with("countermeasures[") && DAYS.contains(&last);
        let Choice::Typed(text) = &settlement.choice else { continue };
        if is_day {
            let option = format!("--settle {}", clean_line(&settlement.path));
            let day = day(&option, Some(text.trim()), session)?;
            settlement.choice = Choice::Typed(day.map(|day| day.to_string()).unwrap_or_default());
        }
    }
    Ok(settlements)
}
