//! An answer, read: what it makes happen to the record, or what would be right instead.

use chrono::NaiveDate;

use super::{ActPart, CurePart, Part, Question, frame};
use crate::instant::{Instant, Zone, understand_day};
use crate::pdca::action::{
    ActEdit, Action, CountermeasureEdit, End, NewAct, NewCheck, NewCountermeasure, NewWhy, Setting, Tag,
    WhyParent,
};
use crate::pdca::{Branch, CheckResult, Countermeasure, Pdca, label};
use crate::text::Prose;

/// What days are read with.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The present.
    pub now: Instant,
    /// The repository's zone.
    pub zone: &'a Zone,
}

impl Reading<'_> {
    /// The present day.
    pub fn today(&self) -> NaiveDate {
        self.zone.local(self.now).date
    }
}

/// An answer that makes sense.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What it makes happen.
    pub action: Action,
    /// The day that was typed otherwise than `2023-04-14`, as it was understood.
    pub understood: Option<NaiveDate>,
}

impl From<Action> for Answer {
    fn from(action: Action) -> Self {
        Self { action, understood: None }
    }
}

type Read = Result<Answer, String>;

impl Question {
    /// Whether an answer leaves the question open: nothing, or "no" where that says "not yet" or "no other".
    pub fn is_skipped_by(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        let takes_no = self.takes_yes_or_no() && !matches!(self, Self::GoOn { .. });
        text.is_empty() || (takes_no && matches!(text.as_str(), "no" | "n" | "not yet"))
    }

    fn takes_yes_or_no(&self) -> bool {
        matches!(
            self,
            Self::GoOn { .. }
                | Self::Another { .. }
                | Self::Below { .. }
                | Self::Done { .. }
                | Self::ActDone { .. }
                | Self::Target { .. }
        )
    }

    /// What an answer makes happen to the record.
    ///
    /// # Errors
    /// What would be right, where the answer makes no sense; the record may refuse it all the same.
    pub fn read(&self, text: &str, pdca: &Pdca, reading: &Reading<'_>) -> Read {
        let text = text.trim();
        if is_bare(text) && !self.takes_yes_or_no() {
            return Err("yes or no is no answer to this".to_owned());
        }
        match self {
            Self::Owner => Ok(Action::Set(vec![Setting::Owner(Some(parsed(text)?))]).into()),
            Self::Context => Ok(Action::Set(vec![Setting::Context(Some(parsed(text)?))]).into()),
            Self::Frame(part) => framed(*part, text, pdca),
            Self::FirstWhy(branch) => first_why(*branch, text),
            Self::GoOn { why, .. } => go_on(why, text, pdca),
            Self::Another { branch, .. } => another(*branch, text, pdca),
            Self::Below { .. } if is_bare(text) => Err("type it: what is the deeper why?".to_owned()),
            Self::Below { why, .. } => hung(WhyParent::Under(why.clone()), text),
            Self::Cure { root_cause, .. } => cure(root_cause, text, pdca),
            Self::Plan { countermeasure, lacks } => plan(countermeasure, *lacks, text, reading),
            Self::Done { countermeasure } => {
                let countermeasure = countermeasure.clone();
                done(text, reading, |on| Action::Done { countermeasure, on })
            }
            Self::Result { countermeasure } => result(countermeasure, text),
            Self::Evidence { countermeasure } => evidence(countermeasure, text, pdca),
            Self::Rollout { countermeasure } => rollout(countermeasure, text),
            Self::Act { act, lacks } => act_part(act, *lacks, text, reading),
            Self::ActDone { act } => {
                let act = act.clone();
                done(text, reading, |on| Action::DoneAct { act, target: None, on })
            }
            Self::Target { act, target } => {
                let (act, target) = (act.clone(), Some(target.clone()));
                done(text, reading, |on| Action::DoneAct { act, target, on })
            }
        }
    }
}

/// Nobody has meant it as a text.
fn is_bare(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "y" | "yes" | "n" | "no")
}

fn parsed<T: std::str::FromStr<Err: ToString>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// What follows one of the words and a colon; `Some("")` where nothing does. A word within a sentence is none.
fn after<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    let (head, rest) = text.split_once(':').unwrap_or((text, ""));
    let head = head.trim().to_lowercase();
    words.contains(&head.as_str()).then(|| rest.trim())
}

fn reason(text: &str, example: &str) -> Result<Prose, String> {
    match text.is_empty() {
        true => Err(format!("the reason is missing: {example}")),
        false => parsed(text),
    }
}

fn framed(part: Part, text: &str, pdca: &Pdca) -> Read {
    let statement = frame::with(pdca, part, &parsed(text)?).map_err(|error| error.to_string())?;
    Ok(Action::Set(vec![Setting::ProblemStatement(Some(statement))]).into())
}

/// The words that say of a question that it does not apply.
const NOT_APPLICABLE: &[&str] = &["n/a", "na", "not applicable"];

fn first_why(branch: Branch, text: &str) -> Read {
    if let Some(rest) = after(text, NOT_APPLICABLE) {
        let reason = reason(rest, "n/a: the alert fired at once")?;
        return Ok(Action::NotApplicable { branch, reason }.into());
    }
    let parent = match branch {
        Branch::Occurrence => WhyParent::Occurrence,
        Branch::NonDetection => WhyParent::NonDetection,
    };
    hung(parent, text)
}

fn hung(parent: WhyParent, text: &str) -> Read {
    let new = NewWhy { parent, why: parsed(text)?, root_cause: None, end: None, links: vec![] };
    Ok(Action::AddWhy(new).into())
}

fn go_on(why: &str, text: &str, pdca: &Pdca) -> Read {
    let end = |end| Ok(Action::EndWhy { why: why.to_owned(), end }.into());
    if let Some(rest) = after(text, &["out of control", "out-of-control"]) {
        return end(End::OutOfControl(reason(rest, "out of control: the provider's own hardware")?));
    }
    if let Some(rest) = after(text, &["unknown"]) {
        return end(End::Unknown(reason(rest, "unknown: the logs of that day are gone")?));
    }
    if after(text, NOT_APPLICABLE).is_some() {
        return Err(
            "n/a is said of a whole question; of this why: out of control: REASON, or unknown: REASON"
                .to_owned(),
        );
    }
    let named = label::spell_root_cause(text).filter(|_| text.to_lowercase().starts_with(['r', '[']));
    let is_root = matches!(text.to_lowercase().as_str(), "root" | "root cause" | "rc" | "yes" | "y");
    if let Some(root_cause) = named.map(Tag::Named).or(is_root.then_some(Tag::NextFree)) {
        return Ok(tag(why, root_cause, pdca).into());
    }
    if matches!(text.to_lowercase().as_str(), "n" | "no" | "deeper") {
        return Err(format!("then type the next why: why is {why} so?"));
    }
    hung(WhyParent::Under(why.to_owned()), text)
}

/// Below a root cause whose cures failed, the cause itself is found: its label moves.
fn tag(why: &str, root_cause: Tag, pdca: &Pdca) -> Action {
    let failed = match root_cause {
        Tag::NextFree => pdca.uncured_above(why).map(str::to_owned),
        Tag::Named(_) => None,
    };
    let moving = failed.is_some();
    Action::TagRootCause { why: why.to_owned(), root_cause: failed.map_or(root_cause, Tag::Named), moving }
}

/// The text alone answers the tree's question; a label before it hangs it under that why.
fn another(branch: Branch, text: &str, pdca: &Pdca) -> Read {
    if is_bare(text) {
        return Err("type it: what is the other reason?".to_owned());
    }
    let under = text.split_once(':').and_then(|(label, rest)| {
        let why = pdca.find_why(label)?;
        Some((why.id.to_string(), rest.trim()))
    });
    match under {
        Some((why, rest)) => hung(WhyParent::Under(why), rest),
        None => first_why(branch, text),
    }
}

/// A new countermeasure, or one that is there and answers this cause as well.
fn cure(root_cause: &str, text: &str, pdca: &Pdca) -> Read {
    let root_causes = vec![root_cause.to_owned()];
    let Some(it) = pdca.find_countermeasure(text) else {
        let new = NewCountermeasure {
            title: parsed(text)?,
            root_causes,
            kind: None,
            owner: None,
            team: Default::default(),
            timebox: None,
            due: None,
            check_how: None,
            check_on: None,
        };
        return Ok(Action::AddCountermeasure(new).into());
    };
    if !it.is_live() {
        return Err(format!("{} was checked KO: what else is done?", it.id));
    }
    let edit = CountermeasureEdit { more_root_causes: root_causes, ..Default::default() };
    Ok(Action::Amend { countermeasure: it.id.to_string(), edit: Box::new(edit) }.into())
}

fn plan(countermeasure: &str, part: CurePart, text: &str, reading: &Reading<'_>) -> Read {
    let mut edit = CountermeasureEdit::default();
    let mut understood = None;
    match part {
        CurePart::Owner => edit.owner = Some(parsed(text)?),
        CurePart::Kind => edit.kind = Some(parsed(&text.to_lowercase())?),
        CurePart::Timebox => edit.timebox = Some(parsed(text)?),
        CurePart::How => edit.check_how = Some(parsed(text)?),
        CurePart::Due => (edit.due, understood) = day(text, reading)?,
        CurePart::On => (edit.check_on, understood) = day(text, reading)?,
    }
    let action = Action::Amend { countermeasure: countermeasure.to_owned(), edit: Box::new(edit) };
    Ok(Answer { action, understood })
}

/// The day, and how it was understood where it was typed otherwise.
fn day(text: &str, reading: &Reading<'_>) -> Result<(Option<NaiveDate>, Option<NaiveDate>), String> {
    let day = understand_day(text, reading.now, reading.zone).map_err(|error| error.to_string())?;
    Ok((Some(day), (day.to_string() != text).then_some(day)))
}

fn done(text: &str, reading: &Reading<'_>, act: impl FnOnce(Option<NaiveDate>) -> Action) -> Read {
    if matches!(text.to_lowercase().as_str(), "y" | "yes" | "done") {
        return Ok(act(None).into());
    }
    let (on, understood) = day(text, reading)?;
    Ok(Answer { action: act(on), understood })
}

fn result(countermeasure: &str, text: &str) -> Read {
    let (word, rest) = text.split_once(':').unwrap_or((text, ""));
    let evidence = Some(rest.trim()).filter(|rest| !rest.is_empty());
    Ok(Action::Check(NewCheck {
        countermeasure: countermeasure.to_owned(),
        result: parsed::<CheckResult>(&word.trim().to_lowercase())?,
        on: None,
        evidence: evidence.map(parsed).transpose()?,
        by: None,
        how: None,
        correct: false,
    })
    .into())
}

/// The same result once more, with what shows it.
fn evidence(countermeasure: &str, text: &str, pdca: &Pdca) -> Read {
    let result = pdca.find_countermeasure(countermeasure).and_then(Countermeasure::result);
    Ok(Action::Check(NewCheck {
        countermeasure: countermeasure.to_owned(),
        result: result.ok_or_else(|| format!("{countermeasure} has no result yet"))?,
        on: None,
        evidence: Some(parsed(text)?),
        by: None,
        how: None,
        correct: false,
    })
    .into())
}

fn rollout(countermeasure: &str, text: &str) -> Read {
    let countermeasure = countermeasure.to_owned();
    if let Some(rest) = after(text, &["none", "nothing", "nowhere"]) {
        let reason = reason(rest, "none: no other system has it")?;
        return Ok(Action::NoAct { countermeasure, reason }.into());
    }
    let new = NewAct { countermeasure, title: parsed(text)?, owner: None, due: None, targets: vec![] };
    Ok(Action::AddAct(new).into())
}

fn act_part(act: &str, part: ActPart, text: &str, reading: &Reading<'_>) -> Read {
    let mut edit = ActEdit::default();
    let mut understood = None;
    match part {
        ActPart::Owner => edit.owner = Some(parsed(text)?),
        ActPart::Due => (edit.due, understood) = day(text, reading)?,
        ActPart::Targets => {
            let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
            edit.more_targets = names.map(parsed).collect::<Result<_, String>>()?;
            if edit.more_targets.is_empty() {
                return Err("name one target at least".to_owned());
            }
        }
    }
    Ok(Answer { action: Action::AmendAct { act: act.to_owned(), edit }, understood })
}
