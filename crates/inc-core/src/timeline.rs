//! The timeline: what happened, when, and who says so.

use serde::{Deserialize, Serialize};

use crate::id::Uid;
use crate::instant::Instant;
use crate::text::{Line, Prose, clean_line};

/// One entry of a timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When it happened (not when it was written down).
    pub at: Instant,
    /// What sort of entry it is.
    #[serde(default)]
    pub kind: EntryKind,
    /// Who tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Line>,
    /// What happened.
    pub text: Prose,
    /// What a status, severity or role entry changed, for programs to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// Points nested below the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Prose>,
    /// Evidence: logs, graphs, screenshots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// What merges go by; an entry typed by hand lacks it until a command next writes the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uid>,
}

/// What sort of entry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// Something seen or learned.
    #[default]
    Note,
    /// The incident was declared.
    Declared,
    /// The status changed.
    Status,
    /// The severity changed.
    Severity,
    /// Somebody took or left a role.
    Role,
    /// Something was decided.
    Decision,
    /// Something was done.
    Action,
    /// Somebody outside the response was told.
    Communication,
}

impl EntryKind {
    /// The kinds that people add by hand; the others are written by the change that they tell of.
    pub const BY_HAND: [Self; 4] = [Self::Note, Self::Decision, Self::Action, Self::Communication];

    /// The kind's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Declared => "declared",
            Self::Status => "status",
            Self::Severity => "severity",
            Self::Role => "role",
            Self::Decision => "decision",
            Self::Action => "action",
            Self::Communication => "communication",
        }
    }

    /// Written by a command as the trace of a change, and not to be rewritten by hand-like commands.
    pub fn is_trace(self) -> bool {
        !Self::BY_HAND.contains(&self)
    }
}

/// What an entry changed: the old and the new value of one property, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// `status`, `severity`, or the role.
    pub of: Line,
    /// What held before; absent where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Line>,
    /// What holds from then on; absent where nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Line>,
    /// Of a severity: whether the policy or a person changed it; absent where the entry was typed by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<How>,
    /// Why, where a reason was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Prose>,
}

/// Who changed a severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The policy, judging the impact.
    Policy,
    /// A person, against or without the policy.
    Override,
    /// A person, who let the policy's answer hold again.
    OverrideCleared,
}

impl How {
    /// As tables say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Override => "override",
            Self::OverrideCleared => "override cleared",
        }
    }
}

/// A named address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What it leads to: `channel`, `dashboard`, …
    pub name: Line,
    /// Where it leads.
    pub url: Url,
}

impl std::str::FromStr for Link {
    type Err = String;

    /// `name=url`, or a url alone, which is then its own name.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, url) = match text.split_once('=') {
            Some((name, url)) if !name.contains(':') => (name, url),
            _ => (text, text),
        };
        let name = name.parse::<Line>().map_err(|e| e.to_string())?;
        Ok(Self { name, url: url.parse()? })
    }
}

/// An absolute address that is safe to make a link of: `http`, `https`, `mailto`, `slack` and other harmless schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url(String);

/// Schemes that run code or hold content where a link is followed.
const UNSAFE_SCHEMES: [&str; 4] = ["javascript", "data", "vbscript", "file"];

impl Url {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = |why: &str| format!("`{}` is not an address: {why}", clean_line(text));
        let (scheme, rest) =
            text.split_once(':').ok_or_else(|| wrong("write it whole, such as https://example.com/graph"))?;
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if !is_scheme || rest.is_empty() {
            return Err(wrong("write it whole, such as https://example.com/graph"));
        }
        if UNSAFE_SCHEMES.contains(&scheme.to_lowercase().as_str()) {
            return Err(wrong("its scheme is not safe to follow"));
        }
        let odd = |c: char| c.is_whitespace() || crate::text::is_control(c) || "<>\"`{}|\\^".contains(c);
        if text.contains(odd) {
            return Err(wrong("percent-encode its spaces and special characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Serialize for Url {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Url {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Puts an entry where it belongs by time: after the last one that is not later.
///
/// A file that people sorted otherwise stays as it is; only the new entry finds its place.
pub fn insert(entries: &mut Vec<Entry>, entry: Entry) {
    let after = entries.iter().rposition(|other| other.at.unix_millis() <= entry.at.unix_millis());
    entries.insert(after.map_or(0, |at| at + 1), entry);
}

/// The entries as a story: by time, those of one moment in the file's order.
pub fn in_order(entries: &[Entry]) -> Vec<&Entry> {
    let mut ordered: Vec<&Entry> = entries.iter().collect();
    ordered.sort_by_key(|entry| entry.at.unix_millis());
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_an_address_that_is_safe_to_follow() {
        for (text, expected) in [
            ("dashboard=https://graphs.example/d?x=1", Some(("dashboard", "https://graphs.example/d?x=1"))),
            (
                "https://graphs.example/d?x=1",
                Some(("https://graphs.example/d?x=1", "https://graphs.example/d?x=1")),
            ),
            ("x=javascript:alert(1)", None),
            ("x=JavaScript:alert(1)", None),
            ("x=https://a b", None),
            ("x=https://a\u{7}", None),
            ("x=/etc/passwd", None),
            ("x=", None),
        ] {
            let link = text.parse::<Link>().ok();
            let got = link.as_ref().map(|link| (link.name.as_str(), link.url.as_str()));
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn an_entry_finds_its_place_by_time() {
        let entry = |at: &str, text: &str| Entry {
            at: Instant::parse(at).unwrap(),
            kind: EntryKind::Note,
            by: None,
            text: text.parse().unwrap(),
            change: None,
            details: vec![],
            links: vec![],
            id: None,
        };
        let mut entries =
            vec![entry("2023-03-27T12:59:00+02:00", "a"), entry("2023-03-27T13:10:00+02:00", "c")];
        insert(&mut entries, entry("2023-03-27T10:59:00+00:00", "b"));
        insert(&mut entries, entry("2023-03-27T12:00:00+02:00", "first"));
        let texts: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
        assert_eq!(texts, ["first", "a", "b", "c"]);
    }
}
