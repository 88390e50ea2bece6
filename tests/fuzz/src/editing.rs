//! The editor's promises, held against any text that the reader takes and any change of its data.
//!
//! An edit is refused, or exact: the new text reads as just the new data, to our reader and to whoever read the old text
//! as we did; comments, line ends and lines that the change does not concern stay. Which those are says
//! [`concern`](crate::edit::concern), which knows nothing of how edits are planned.

use std::mem::discriminant;

use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::change::{Choices, change};
use crate::edit::{self, concern};
use crate::yaml;

/// As what a text is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// An incident.
    Incident,
    /// A PDCA.
    Pdca,
    /// Data of any shape, such as a team's own keys.
    Any,
}

/// Another reader: the data of a text, where it takes it.
pub type Opinion<'a> = &'a dyn Fn(Kind, &str) -> Option<Value>;

/// How many changes are made in a row at most.
const ROUNDS: usize = 3;

/// How many bytes of JSON a change may add: copies of copies would only take time.
const MOST_GROWTH: usize = 4096;

/// Changes the text before the first NUL as the bytes after it say.
///
/// # Panics
/// A promise is broken.
pub fn check(data: &[u8], opinion: Opinion<'_>) {
    let nul = data.iter().position(|byte| *byte == 0);
    let (text, bytes) = nul.map_or((data, &[][..]), |nul| (&data[..nul], &data[nul + 1..]));
    let text = String::from_utf8_lossy(text);
    for kind in [Kind::Incident, Kind::Pdca, Kind::Any] {
        if let Ok(value) = kind.read(&text) {
            return changes(&text, kind, value, &mut Choices::new(bytes), opinion);
        }
    }
}

fn changes(text: &str, kind: Kind, value: Value, choices: &mut Choices<'_>, opinion: Opinion<'_>) {
    let model = kind.model();
    let (mut text, mut before) = (text.to_owned(), value);
    for _ in 0..ROUNDS {
        let (mut after, mut adds) = (before.clone(), 0);
        for _ in 0..=choices.roll(4) / 2 {
            let mut tried = after.clone();
            let done = change(&mut tried, model.as_ref(), choices);
            let _ = edit::locate(&text, &done.path);
            // A file goes on being a map, or a list, or a text.
            if let Some(fits) = kind.fitting(tried)
                && discriminant(&fits) == discriminant(&after)
                && fits.to_string().len() <= before.to_string().len() + MOST_GROWTH
            {
                adds = if done.adds && adds != usize::MAX { adds + 1 } else { usize::MAX };
                after = fits;
            }
        }
        let new = edited(&text, kind, &before, &after, opinion);
        if let Some(new) = &new
            && adds < usize::MAX
        {
            only_adds(&text, new, adds);
        }
        if let Some(new) = new {
            // And back again.
            edited(&new, kind, &after, &before, opinion);
            (text, before) = (new, after);
        }
        if choices.is_spent() {
            break;
        }
    }
}

/// The text as the editor changed it, looked at from all sides; `None` where it refused.
fn edited(text: &str, kind: Kind, before: &Value, after: &Value, opinion: Opinion<'_>) -> Option<String> {
    let read = |text: &str| kind.read(text);
    let new = match edit::rewrite(text, before, after, &read) {
        Ok(new) => new,
        Err(refused) => {
            assert!(!refused.to_string().is_empty());
            return None;
        }
    };
    let shown =
        || format!("\n--- {text:?}\n+++ {new:?}\n{text}\n---\n{new}\n--- {kind:?} {before}\n+++ {after}");
    match kind.read(&new) {
        Ok(value) => assert_eq!(value, *after, "read otherwise: {}", shown()),
        Err(error) => panic!("{error}: {}", shown()),
    }
    // Who does not read the old text as we do has nothing to say about the new one; nor has libyaml where a blank line or
    // a comment begins with a tab, which it takes behind plain text only, and against the standard not behind quotes.
    if !text.lines().any(begins_with_tab) && opinion(kind, text).as_ref() == Some(before) {
        assert_eq!(opinion(kind, &new).as_ref(), Some(after), "another reader reads otherwise: {}", shown());
    }
    // The judge goes by lines as git does.
    let lone_return = |text: &str| text.replace("\r\n", "\n").contains('\r');
    if !lone_return(text)
        && let Err(why) = concern::check(text, &new, before, after)
    {
        panic!("{why}: {}", shown());
    }
    Some(new)
}

/// Whether a blank line or a line of comment has a tab at its beginning.
fn begins_with_tab(line: &str) -> bool {
    // A lone return breaks lines too.
    line.split('\r').any(|line| {
        let rest = line.trim_start_matches([' ', '\t']);
        line[..line.len() - rest.len()].contains('\t') && (rest.is_empty() || rest.starts_with('#'))
    })
}

/// Where things were only added, all old lines but a few must be there as they were, in order.
///
/// Two lines an addition may change: that of the place, and one that a bracket or comma stands on.
fn only_adds(old: &str, new: &str, additions: usize) {
    let mut left = new.split('\n');
    let mut changed = 0;
    for line in old.split('\n') {
        let mut ahead = left.clone();
        match ahead.by_ref().any(|other| other == line) {
            true => left = ahead,
            false => changed += 1,
        }
    }
    // With aliases in it, what was shared may be written out.
    let shares = old.contains('*');
    assert!(shares || changed <= 2 * additions, "{changed} lines changed:\n--- {old:?}\n+++ {new:?}");
}

impl Kind {
    fn read(self, text: &str) -> Result<Value, String> {
        match self {
            Self::Incident => typed::<Incident>(text),
            Self::Pdca => typed::<Pdca>(text),
            Self::Any => yaml::read_unversioned(text).map_err(|error| error.to_string()),
        }
    }

    /// The data as a record of this kind holds it, if it can.
    fn fitting(self, value: Value) -> Option<Value> {
        match self {
            Self::Incident => serde_json::to_value(serde_json::from_value::<Incident>(value).ok()?).ok(),
            Self::Pdca => serde_json::to_value(serde_json::from_value::<Pdca>(value).ok()?).ok(),
            Self::Any => Some(value),
        }
    }

    /// A record that has every property.
    fn model(self) -> Option<Value> {
        let text = match self {
            Self::Incident => include_str!("whole/incident.yaml"),
            Self::Pdca => include_str!("whole/pdca.yaml"),
            Self::Any => return None,
        };
        Some(self.read(text).unwrap_or_else(|error| panic!("{error}")))
    }
}

fn typed<T: Serialize + DeserializeOwned>(text: &str) -> Result<Value, String> {
    let record: T = yaml::read(text, inc_core::SCHEMA).map_err(|error| error.to_string())?;
    serde_json::to_value(record).map_err(|error| error.to_string())
}
