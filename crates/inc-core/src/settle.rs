//! Settling what a merge left contested: which of the values stands from now on.
//!
//! Here is what is common to both records: what people ask for ([`Settlement`]), which value that is, and where it goes
//! in a record seen as plain data (`place`). What follows from it is up to each record's action.

mod by_hand;
mod place;
mod shown;

use std::collections::BTreeSet;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

use crate::incident::Contested;
use crate::nearest;
use crate::text::{brief, clean_line, shell_arg};

pub(crate) use by_hand::{by_hand, drop_settled};
pub use shown::shown;

/// The value at a path as `contested` names it.
pub(crate) fn value_at<'v>(record: &'v Value, path: &str) -> Option<&'v Value> {
    place::get(record, path)
}

/// The value that stands at a contested path: what the record has there now, and where the path leads nowhere, what stood
/// when it was contested.
pub fn standing<R: Serialize>(record: &R, one: &Contested) -> Value {
    value_at(&plain(record), one.path.as_str()).cloned().unwrap_or_else(|| one.ours.clone())
}

/// What shall become of one contested value: `PATH=ours`, `PATH=theirs`, `PATH=theirs:2` or `PATH=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Which property, as `contested` names it.
    pub path: String,
    /// Which value.
    pub choice: Choice,
}

/// Which value shall stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The one that stands.
    Ours,
    /// The one that did not win; of several, the one of that number, from 1.
    Theirs(Option<usize>),
    /// Another one, as typed.
    Typed(String),
}

/// Why nothing was settled. The record stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsettled {
    /// There is nothing to settle.
    #[error("nothing is contested in {0}")]
    Nothing(String),
    /// That property is not contested.
    #[error("`{path}` is not contested; {hint}")]
    NotContested {
        /// What was given.
        path: String,
        /// The nearest contested path, or all of them.
        hint: String,
    },
    /// Several values did not win, and none was named.
    #[error("{path} has several values that did not win; name one:{}", lines(.candidates))]
    Several {
        /// The property.
        path: String,
        /// What to write for each, and its value.
        candidates: Vec<String>,
    },
    /// A number was given, and there is one value only.
    #[error("{path} has one value that did not win: `{path}=theirs` takes it  {value}")]
    One {
        /// The property.
        path: String,
        /// That value.
        value: String,
    },
    /// A property that is settled in two ways.
    #[error("`{0}` is settled twice: keep one of the two")]
    Twice(String),
    /// The property follows from what another command tells.
    #[error(
        "{path} follows from what `{command}` tells: run that, and it is settled; or keep what stands with {path}=ours"
    )]
    Follows {
        /// The property.
        path: String,
        /// What to type.
        command: String,
    },
    /// The record no longer has such a place, or more than one.
    #[error("the record has no single {path} any more: settle it in the file, with `{command}`")]
    NoPlace {
        /// The property.
        path: String,
        /// What to type.
        command: String,
    },
    /// The value is none of this property.
    #[error("{path} cannot be {value}: {why}; {}", choices(.path, *.is_typed))]
    NoValue {
        /// The property.
        path: String,
        /// What was to stand.
        value: String,
        /// What is wrong.
        why: String,
        /// Whether it is neither of the two that are contested.
        is_typed: bool,
    },
    /// The value and the rest of the record contradict each other.
    #[error(
        "settled so, the record contradicts itself:{}\nkeep what stands with `--settle {ours}`, or change that first",
        lines(.faults)
    )]
    Contradicts {
        /// Where it does.
        faults: Vec<String>,
        /// What keeps the values that stand, as a shell takes it.
        ours: String,
    },
}

fn choices(path: &str, is_typed: bool) -> String {
    let ours = format!("{path}=ours keeps what stands");
    if is_typed {
        format!("{ours}, {path}=theirs takes the other value, of several {path}=theirs:1")
    } else {
        ours
    }
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  {line}")).collect()
}

impl FromStr for Settlement {
    type Err = String;

    /// Splits at the first `=` that is not in the name of an item, as in `acts[a=b].due=2023-04-01`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut depth = 0_usize;
        let split = text.char_indices().find(|(_, c)| {
            depth = match c {
                '[' => depth + 1,
                ']' => depth.saturating_sub(1),
                _ => depth,
            };
            *c == '=' && depth == 0
        });
        let (path, choice) = match split {
            Some((at, _)) if at > 0 => (&text[..at], &text[at + 1..]),
            _ => return Err("write PATH=ours, PATH=theirs or PATH=VALUE, such as title=theirs; --settle at the end, alone, lists what is \
                     contested"
                    .to_owned()),
        };
        let number = |word: &str| word.strip_prefix("theirs:").and_then(|number| number.parse().ok());
        let choice = match choice.trim() {
            "ours" => Choice::Ours,
            "theirs" => Choice::Theirs(None),
            word if number(word).is_none() && is_near(word) => {
                return Err(format!(
                    "`{}` is neither ours, theirs nor theirs:NUMBER; a value that reads so goes in with --set",
                    clean_line(word)
                ));
            }
            word => number(word)
                .map_or_else(|| Choice::Typed(choice.to_owned()), |number| Choice::Theirs(Some(number))),
        };
        Ok(Self { path: path.trim().to_owned(), choice })
    }
}

/// Whether a word was meant as `ours` or `theirs`: a slip must not become a title.
fn is_near(word: &str) -> bool {
    let folded = word.to_lowercase();
    let name = folded.split(':').next().unwrap_or_default().trim();
    matches!(name, "ours" | "theirs" | "their" | "our")
}

/// What to give `--settle`, as a shell takes it, to keep the value that stands and to take that of `contested[at]`.
pub fn words(contested: &[Contested], at: usize) -> [String; 2] {
    let path = contested[at].path.as_str();
    let candidates = candidates(contested, path);
    let theirs = match candidates.iter().position(|value| **value == contested[at].theirs) {
        Some(number) if candidates.len() > 1 => format!("{path}=theirs:{}", number + 1),
        _ => format!("{path}=theirs"),
    };
    [shell_arg(&format!("{path}=ours")), shell_arg(&theirs)]
}

/// The values of a path that did not win, each once, in the record's order.
pub fn candidates<'c>(contested: &'c [Contested], path: &str) -> Vec<&'c Value> {
    let mut values: Vec<&Value> = vec![];
    for one in contested.iter().filter(|one| one.path.as_str() == path) {
        if !values.contains(&&one.theirs) {
            values.push(&one.theirs);
        }
    }
    values
}

/// What shall stand at a contested path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decided {
    pub(crate) path: String,
    pub(crate) value: Wanted,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wanted {
    /// What stands there.
    Standing,
    /// This one; null for its absence.
    Value(Value),
    /// What somebody typed; with whether it is likely to be a number or a flag.
    Typed(String, bool),
}

impl Wanted {
    /// The value as one word for a command line.
    pub(crate) fn as_word(&self) -> Option<String> {
        match self {
            Self::Value(Value::String(text)) | Self::Typed(text, _) => Some(text.clone()),
            _ => None,
        }
    }
}

/// Which values were meant, all of them or none.
pub(crate) fn decided(
    id: &str,
    contested: &[Contested],
    settlements: Vec<Settlement>,
) -> Result<Vec<Decided>, Unsettled> {
    if contested.is_empty() {
        return Err(Unsettled::Nothing(id.to_owned()));
    }
    let mut seen = BTreeSet::new();
    let mut all = vec![];
    for Settlement { path, choice } in settlements {
        let items = candidates(contested, &path);
        if items.is_empty() {
            return Err(not_contested(contested, &path));
        }
        if !seen.insert(path.clone()) {
            return Err(Unsettled::Twice(path));
        }
        let value = match choice {
            Choice::Ours => Wanted::Standing,
            Choice::Theirs(None) if items.len() == 1 => Wanted::Value(items[0].clone()),
            Choice::Theirs(number) => match number.and_then(|number| items.get(number.checked_sub(1)?)) {
                Some(value) => Wanted::Value((*value).clone()),
                None => return Err(several(&path, &items)),
            },
            Choice::Typed(text) => {
                let known = contested.iter().filter(|one| one.path.as_str() == path);
                let mut values = known.flat_map(|one| [&one.ours, &one.theirs]);
                Wanted::Typed(text, values.any(|value| value.is_number() || value.is_boolean()))
            }
        };
        all.push(Decided { path, value });
    }
    Ok(all)
}

fn not_contested(contested: &[Contested], path: &str) -> Unsettled {
    let mut known: Vec<&str> = contested.iter().map(|one| one.path.as_str()).collect();
    known.dedup();
    let all = format!("contested are: {}", known.join(", "));
    let hint = match nearest::nearest(path, known.iter().copied()) {
        Some(word) => format!("did you mean `{word}`? {all}"),
        None => all,
    };
    Unsettled::NotContested { path: clean_line(path), hint }
}

fn several(path: &str, items: &[&Value]) -> Unsettled {
    if let [only] = items {
        return Unsettled::One { path: path.to_owned(), value: shown(only) };
    }
    let items = items.iter().enumerate();
    let candidates = items.map(|(at, value)| format!("{path}=theirs:{}  {}", at + 1, shown(value)));
    Unsettled::Several { path: path.to_owned(), candidates: candidates.collect() }
}

/// The record with that value at that path.
pub(crate) fn put<R: Clone + Serialize + DeserializeOwned>(
    record: &R,
    one: &Decided,
    command: &str,
) -> Result<R, Unsettled> {
    let whole = plain(record);
    let with = |value: Value| {
        let mut plain = whole.clone();
        let words = match &value {
            Value::String(text) if text.trim().is_empty() => "an empty text".to_owned(),
            value => shown(value),
        };
        let is_typed = matches!(one.value, Wanted::Typed(..));
        let path = clean_line(&one.path);
        place::put(&mut plain, &one.path, value)
            .ok_or_else(|| Unsettled::NoPlace { path: path.clone(), command: command.to_owned() })?;
        let read = serde_json::from_value(plain);
        let why = |error: serde_json::Error| clean_line(&error.to_string());
        read.map_err(|error| Unsettled::NoValue { path, value: words, why: why(error), is_typed })
    };
    match &one.value {
        Wanted::Standing => Ok(record.clone()),
        Wanted::Value(value) => with(value.clone()),
        Wanted::Typed(text, is_plain) => {
            let words = Value::String(text.clone());
            let plain: Option<Value> = serde_json::from_str(text.trim()).ok();
            let plain = plain.filter(|value| value.is_number() || value.is_boolean());
            match (plain, is_plain) {
                (Some(plain), true) => with(plain).or_else(|_| with(words)),
                (Some(plain), false) => with(words).or_else(|_| with(plain)),
                (None, _) => with(words),
            }
        }
    }
}

/// What is said of it in the first line of a commit, read off the record as it is now.
pub(crate) fn subject<R: Serialize>(record: &R, all: &[Decided]) -> String {
    let plain = plain(record);
    let words = all.iter().map(|one| {
        let path = brief(&one.path);
        match (&one.value, place::get(&plain, &one.path)) {
            (Wanted::Standing, None) => format!("{path} stays out"),
            (Wanted::Standing, Some(value)) => format!("{path} stays {}", shown(value)),
            (_, None) => format!("{path} is out"),
            (_, Some(value)) => format!("{path} is now {}", shown(value)),
        }
    });
    format!("settle: {}", words.collect::<Vec<_>>().join("; "))
}

fn plain<R: Serialize>(record: &R) -> Value {
    serde_json::to_value(record).unwrap_or_else(|_| unreachable!("a record is plain data with text keys"))
}

/// Takes what is settled off the list.
pub(crate) fn take_out(contested: &mut Vec<Contested>, all: &[Decided]) {
    contested.retain(|one| !all.iter().any(|decided| decided.path == one.path.as_str()));
}

#[cfg(test)]
mod tests;
