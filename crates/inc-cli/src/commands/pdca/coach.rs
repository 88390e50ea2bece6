//! `pdca coach`: asks what a good PDCA asks, one question after the other, and writes each answer at once.
//!
//! Nothing is kept but the record: which question comes next is read off it by [`inc_core::pdca::coach`].

mod begin;
mod hints;
mod view;
mod voice;
mod write;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use inc_core::pdca::coach::{self, Question, Reading};
use inc_core::pdca::{Pdca, SourceKind, Status};
use inc_core::text::{Line, Title, clean};

use super::{explain, load};
use crate::failure::{Failure, say};
use crate::session::{Session, WriteOptions};
use hints::Hints;
use view::{QuestionView, SessionView};
use voice::{Asked, Heard, KEPT, Shown, Voice};
use write::Written;

#[derive(Debug, clap::Args)]
pub(super) struct Coach {
    /// Which PDCA: an id, a unique beginning or part of one
    pdca: Option<String>,
    /// Begin a PDCA: what it comes from is asked first, unless it is given
    #[arg(long, conflicts_with_all = ["pdca", "next"])]
    new: bool,
    /// With --new: the incident that it learns from
    #[arg(long, value_name = "INCIDENT", requires = "new", conflicts_with_all = ["pdca", "from", "reference"])]
    incident: Option<String>,
    /// With --new: another source than an incident: red-bin, qa-return or other
    #[arg(long, value_name = "SOURCE", requires = "new", conflicts_with = "pdca")]
    from: Option<SourceKind>,
    /// With --from: what that source calls itself, such as a ticket's number
    #[arg(long = "ref", value_name = "TEXT", requires = "from", conflicts_with = "pdca")]
    reference: Option<Line>,
    /// With --new: what it is called; by default as the incident
    #[arg(long, value_name = "TEXT", requires = "new", conflicts_with = "pdca")]
    title: Option<Title>,
    /// Print the next question and what it takes, and ask nothing
    // A requirement is waived where something given conflicts with what is required: so what goes with --new is named here
    // and below.
    #[arg(long, conflicts_with_all = ["incident", "from", "reference", "title"])]
    next: bool,
    /// Teach the rule of this code, with a bad and a good example; without a code, list the rules
    #[arg(
        long,
        value_name = "CODE",
        num_args = 0..=1,
        default_missing_value = "",
        conflicts_with_all = ["pdca", "new", "next", "incident", "from", "reference", "title"]
    )]
    explain: Option<String>,
    #[command(flatten)]
    write: WriteOptions,
}

/// A session with one PDCA.
struct Talk<'a> {
    path: &'a Path,
    write: &'a WriteOptions,
    hints: Hints,
    voice: Voice,
    tally: Tally,
}

/// What came of a session.
#[derive(Debug, Default)]
struct Tally {
    answered: usize,
    skipped: usize,
    /// The questions that were settled in this session, by their keys, and are not asked again.
    asked: BTreeSet<String>,
}

pub(super) fn run(args: Coach, session: &mut Session) -> Result<()> {
    if let Some(code) = args.explain {
        return explain::run(&code, session);
    }
    if args.next {
        return run_next(args.pdca.as_deref(), session);
    }
    // Whoever answers is known before anybody is asked.
    session.writing(&args.write)?;
    let mut voice = Voice::of(session);
    let path = match args.new || (args.pdca.is_none() && voice.is_person() && is_none_open(session)?) {
        true => begin::run(args.begun(), &args.write, &mut voice, session)?,
        false => load(args.pdca.as_deref(), session)?.path,
    };
    let hints = Hints::load(session)?;
    let pdca = session.store()?.load::<Pdca>(&path)?.record;
    say(&clean(&format!("{}: {}", pdca.status().label(), pdca.title)));
    hints.greet(&pdca, session.now()?);
    let mut talk = Talk { path: &path, write: &args.write, hints, voice, tally: Tally::default() };
    let ended = talk.converse(session);
    close(&path, &talk.tally, session, ended)
}

/// Whether there is no PDCA to go on with.
fn is_none_open(session: &Session) -> Result<bool> {
    for loaded in session.store()?.all::<Pdca>()? {
        if !loaded?.record.status().is_closed() {
            return Ok(false);
        }
    }
    say("no PDCA is open: let us begin one");
    Ok(true)
}

fn run_next(given: Option<&str>, session: &Session) -> Result<()> {
    let pdca = load(given, session)?.record;
    refuse_abandoned(&pdca)?;
    let view = SessionView::of(&pdca, &Tally::default(), reading(session)?);
    if view.next.is_none() {
        say(&nothing_left(&pdca));
    }
    session.answer(&view, || view.next.as_ref().map(QuestionView::text).unwrap_or_default())
}

fn reading(session: &Session) -> Result<Reading<'_>> {
    Ok(Reading { now: session.now()?, zone: &session.settings()?.timezone })
}

/// What was given up is taken up again by a person's word, not by a question.
fn refuse_abandoned(pdca: &Pdca) -> Result<()> {
    match pdca.status() {
        Status::Abandoned => Err(Failure::refused(format!(
            "the PDCA is abandoned: take it up again with `pdca resume {} --reason TEXT`",
            pdca.id
        ))),
        _ => Ok(()),
    }
}

impl Talk<'_> {
    /// Asks until there is nothing left to ask, or whoever answers has had enough.
    fn converse(&mut self, session: &mut Session) -> Result<()> {
        let mut shown = Shown::default();
        loop {
            session.tick();
            let pdca = session.store()?.load::<Pdca>(self.path)?.record;
            refuse_abandoned(&pdca)?;
            let Some(question) = coach::next(&pdca, reading(session)?.today(), &self.tally.asked) else {
                return self.voice.leftover();
            };
            let asked = shown.then(&question, &pdca);
            let text = match self.voice.ask(&asked)? {
                Heard::Ended => return Ok(()),
                Heard::Text(text) => text,
            };
            // A person may have thought for hours.
            session.tick();
            if text.trim() == "?" {
                say(&format!("\n{}\n", explain::lesson(question.rule())?));
            } else if question.is_skipped_by(&text) {
                self.tally.asked.insert(question.key());
                self.tally.skipped += 1;
            } else {
                self.settle(&question, &asked, &text, session)?;
            }
        }
    }

    /// Writes one answer, or says what is wrong with it: then a person is asked again.
    fn settle(&mut self, question: &Question, asked: &Asked, text: &str, session: &Session) -> Result<()> {
        match write::write(self.path, self.write, session, question, text)? {
            Written::Wrong(why) => return self.voice.wrong(asked, &why, KEPT),
            Written::Settled => say("somebody else has settled that meanwhile: the answer was not written"),
            Written::Done { before, after } => {
                self.tally.answered += 1;
                self.hints.tell(question, &before, &after, session.now()?);
            }
        }
        self.tally.asked.insert(question.key());
        Ok(())
    }
}

/// Says where it stands and how to go on; the answer is the id, whatever ended the session.
fn close(path: &Path, tally: &Tally, session: &Session, ended: Result<()>) -> Result<()> {
    let Ok(loaded) = session.store()?.load::<Pdca>(path) else { return ended };
    let pdca = loaded.record;
    let view = SessionView::of(&pdca, tally, reading(session)?);
    let standing = pdca.standing();
    let stands = format!("{}: {}", standing.status.label(), standing.why);
    say(&clean(&format!("\n{}", explain::wrapped(&stands))));
    match view.next.is_some() {
        true => say(&format!("go on with: pdca coach {}", pdca.id)),
        false => say(&nothing_left(&pdca)),
    }
    ended?;
    session.answer(&view, || view.pdca.clone())
}

/// Why nothing is asked: it is through, or what is next is not for today.
fn nothing_left(pdca: &Pdca) -> String {
    let standing = pdca.standing();
    if standing.status.is_closed() {
        return format!("nothing is left to ask of {}: {}", pdca.id, standing.status.label());
    }
    let next = standing.open.iter().filter(|open| open.blocks).map(|open| open.what.as_str());
    let next: Vec<&str> = next.collect();
    let days = view::check_days(pdca);
    let when = if days.is_empty() { String::new() } else { format!(" ({days})") };
    clean(&format!("nothing is left to ask today; open: {}{when}", next.join("; ")))
}

impl Coach {
    fn begun(&self) -> begin::Given {
        begin::Given {
            incident: self.incident.clone(),
            from: self.from,
            reference: self.reference.clone(),
            title: self.title.clone(),
        }
    }
}
