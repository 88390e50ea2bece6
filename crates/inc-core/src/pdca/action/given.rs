//! What the actions bring: new items as somebody tells them, edits of those that are there, settings.

use chrono::NaiveDate;

use crate::incident::Team;
use crate::pdca::{CheckResult, CountermeasureKind, Escalation, Source};
use crate::span::Span;
use crate::text::{Line, Prose, Title};
use crate::timeline::Link;

/// An answer to "why?" that somebody adds.
#[derive(Debug, Clone)]
pub struct NewWhy {
    /// Where it goes.
    pub parent: WhyParent,
    /// The answer.
    pub why: Prose,
    /// Its label, where it is a root cause.
    pub root_cause: Option<Tag>,
    /// How it ends its branch, where it is none.
    pub end: Option<End>,
    /// Evidence, fixes.
    pub links: Vec<Link>,
}

/// What changes about a why; what is `None` or empty stays.
#[derive(Debug, Clone, Default)]
pub struct WhyEdit {
    /// The new words.
    pub text: Option<Prose>,
    /// Its label as a root cause; countermeasures that name an old one go along.
    pub root_cause: Option<Tag>,
    /// It is no root cause, and no other end of its branch.
    pub untag: bool,
    /// Where it goes, with all below it.
    pub parent: Option<WhyParent>,
    /// Evidence to add.
    pub more_links: Vec<Link>,
    /// Evidence to take out, by name.
    pub fewer_links: Vec<String>,
}

/// How a branch ends where there is no root cause to cure, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Nobody of us can act on it.
    OutOfControl(Prose),
    /// It cannot be found out.
    Unknown(Prose),
}

/// What a new why answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyParent {
    /// Why did the problem occur?
    Occurrence,
    /// Why didn't we detect it sooner?
    NonDetection,
    /// Why is that why so? By its label.
    Under(String),
}

/// How a root cause gets its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// The number after the highest one.
    NextFree,
    /// The user's own: `RC2`, in any order.
    Named(String),
}

impl From<Option<String>> for Tag {
    /// `None` is an option without a value.
    fn from(label: Option<String>) -> Self {
        label.map_or(Self::NextFree, Self::Named)
    }
}

/// A countermeasure that somebody adds.
#[derive(Debug, Clone)]
pub struct NewCountermeasure {
    /// What is done.
    pub title: Line,
    /// The root causes that it answers, one at least.
    pub root_causes: Vec<String>,
    /// What it does against the cause.
    pub kind: Option<CountermeasureKind>,
    /// Who does it.
    pub owner: Option<Line>,
    /// Whose system it is.
    pub team: Team,
    /// How long it may take.
    pub timebox: Option<Span>,
    /// By when it shall be done.
    pub due: Option<NaiveDate>,
    /// How it will be checked.
    pub check_how: Option<Prose>,
    /// On which day it will be checked, or was.
    pub check_on: Option<NaiveDate>,
}

/// What changes about a countermeasure; what is `None` or empty stays.
#[derive(Debug, Clone, Default)]
pub struct CountermeasureEdit {
    /// The new title.
    pub title: Option<Line>,
    /// Root causes to add.
    pub more_root_causes: Vec<String>,
    /// Root causes that it does not answer after all.
    pub fewer_root_causes: Vec<String>,
    /// What it does against the cause.
    pub kind: Option<CountermeasureKind>,
    /// The new owner.
    pub owner: Option<Line>,
    /// The new team.
    pub team: Option<Team>,
    /// How long it may take.
    pub timebox: Option<Span>,
    /// The new due day.
    pub due: Option<NaiveDate>,
    /// How it will be checked from now on.
    pub check_how: Option<Prose>,
    /// The day of the check.
    pub check_on: Option<NaiveDate>,
    /// What is taken out.
    pub clear: Vec<CountermeasureProperty>,
}

/// What a countermeasure may lack again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountermeasureProperty {
    /// What it does against the cause.
    Type,
    /// Who does it.
    Owner,
    /// How long it may take.
    Timebox,
    /// By when it shall be done.
    Due,
    /// Why nothing is to be rolled out.
    NoAct,
}

/// What an act may lack again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActProperty {
    /// Who does it.
    Owner,
    /// By when.
    Due,
}

/// What came out of a check.
#[derive(Debug, Clone)]
pub struct NewCheck {
    /// The countermeasure's label.
    pub countermeasure: String,
    /// OK or KO.
    pub result: CheckResult,
    /// On which day; else the planned one unless it is yet to come, else today.
    pub on: Option<NaiveDate>,
    /// What shows it.
    pub evidence: Option<Prose>,
    /// Who checked; the author, where absent.
    pub by: Option<Line>,
    /// How it was checked; as planned, where absent.
    pub how: Option<Prose>,
    /// It puts right what was mistyped, rather than telling of another check.
    pub correct: bool,
}

/// An act that somebody adds.
#[derive(Debug, Clone)]
pub struct NewAct {
    /// The label of the countermeasure that it applies.
    pub countermeasure: String,
    /// What is applied.
    pub title: Line,
    /// Who does it.
    pub owner: Option<Line>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// Where.
    pub targets: Vec<Line>,
}

/// What changes about an act; what is `None` or empty stays.
#[derive(Debug, Clone, Default)]
pub struct ActEdit {
    /// The new title.
    pub title: Option<Line>,
    /// The new owner.
    pub owner: Option<Line>,
    /// The new due day.
    pub due: Option<NaiveDate>,
    /// Targets to add.
    pub more_targets: Vec<Line>,
    /// Targets to take out.
    pub fewer_targets: Vec<String>,
    /// What is taken out.
    pub clear: Vec<ActProperty>,
}

/// A property of the PDCA itself and its new value; `None` takes it out.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// What it is called.
    Title(Title),
    /// Who drives it.
    Owner(Option<Line>),
    /// Who takes part, all of them.
    Participants(Vec<Line>),
    /// Who takes part as well.
    MoreParticipants(Vec<Line>),
    /// Who takes part no more.
    FewerParticipants(Vec<String>),
    /// The cross-functional team.
    Cft(Option<Line>),
    /// The problem, framed.
    ProblemStatement(Option<Prose>),
    /// What happened, where no incident's timeline tells it.
    Context(Option<Prose>),
    /// Where a problem too deep for a PDCA goes.
    Escalation(Option<Escalation>),
    /// What it comes from.
    Source(Source),
}

impl Setting {
    /// The key in the file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::Owner(_) => "owner",
            Self::Participants(_) | Self::MoreParticipants(_) | Self::FewerParticipants(_) => "participants",
            Self::Cft(_) => "cft",
            Self::ProblemStatement(_) => "problem_statement",
            Self::Context(_) => "context",
            Self::Escalation(_) => "escalation",
            Self::Source(_) => "source",
        }
    }
}
