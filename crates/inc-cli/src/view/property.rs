//! A property as a report shows it: a label, and a value or which of the four kinds of nothing stands there.

use inc_core::answer::Answer;
use inc_core::timeline::Link;
use serde::Serialize;

/// What a report says where nobody was asked yet.
pub const NOT_ASKED: &str = "not asked yet";

/// One line of a report's table of properties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Property {
    /// The word for templates, `time_to_resolve`.
    pub key: String,
    /// The words for people, `Time to resolve`.
    pub label: String,
    /// Whether there is a value, or which kind of nothing.
    pub state: State,
    /// The value in words, or the words for nothing.
    pub value: String,
    /// The parts of the value; none unless `state` is `known`.
    pub items: Vec<Item>,
    /// What must be known beside the value: a doubt, a reason.
    pub note: Option<String>,
}

/// One part of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its words.
    pub text: String,
    /// Where it leads, if anywhere.
    pub url: Option<String>,
}

/// Whether a property has a value, or which kind of nothing stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A value; zero is one.
    Known,
    /// Nobody was asked yet.
    NotAsked,
    /// Asked, and nobody knows.
    Unknown,
    /// Asked: there is none.
    None,
    /// Asked: does not apply.
    NotApplicable,
}

impl State {
    /// What a report says for nothing; nothing for a value.
    fn words(self) -> &'static str {
        match self {
            Self::Known => "",
            Self::NotAsked => NOT_ASKED,
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::NotApplicable => "does not apply",
        }
    }
}

impl Property {
    /// A value.
    pub fn known(key: &str, label: &str, value: impl Into<String>) -> Self {
        Self::of_items(key, label, vec![Item { text: value.into(), url: None }])
    }

    /// A value of several parts; without one, nobody was asked yet.
    pub fn of_items(key: &str, label: &str, items: Vec<Item>) -> Self {
        if items.is_empty() {
            return Self::nothing(key, label, State::NotAsked);
        }
        let value = items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join(", ");
        Self { items, value, ..Self::nothing(key, label, State::Known) }
    }

    /// Texts, each a part of the value; without one, nobody was asked yet.
    pub fn of_texts<T: ToString>(key: &str, label: &str, texts: &[T]) -> Self {
        let item = |text: &T| Item { text: text.to_string(), url: None };
        Self::of_items(key, label, texts.iter().map(item).collect())
    }

    /// A link, by its address.
    pub fn of_link(key: &str, label: &str, link: Option<&Link>) -> Self {
        let item = |link: &Link| {
            let url = link.url.as_str().to_owned();
            Item { text: url.clone(), url: Some(url) }
        };
        Self::of_items(key, label, link.map(item).into_iter().collect())
    }

    /// A value, or that nobody was asked yet.
    pub fn of_option<T: ToString>(key: &str, label: &str, value: Option<&T>) -> Self {
        Self::of_texts(key, label, value.map(ToString::to_string).as_slice())
    }

    /// An answer, with the words for its value.
    pub fn of_answer<T>(key: &str, label: &str, answer: &Answer<T>, words: impl Fn(&T) -> String) -> Self {
        match answer {
            Answer::Known(value) => Self::known(key, label, words(value)),
            Answer::Missing => Self::nothing(key, label, State::NotAsked),
            Answer::Unknown => Self::nothing(key, label, State::Unknown),
            Answer::None => Self::nothing(key, label, State::None),
            Answer::NotApplicable => Self::nothing(key, label, State::NotApplicable),
        }
    }

    /// An answer of several parts; the empty list says that there is none.
    pub fn of_list<T: ToString>(key: &str, label: &str, answer: &Answer<Vec<T>>) -> Self {
        match answer {
            Answer::Known(texts) if texts.is_empty() => Self::nothing(key, label, State::None),
            Answer::Known(texts) => Self::of_texts(key, label, texts),
            nothing => Self::of_answer(key, label, nothing, |_| String::new()),
        }
    }

    /// One of the four kinds of nothing.
    fn nothing(key: &str, label: &str, state: State) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            state,
            value: state.words().to_owned(),
            items: vec![],
            note: None,
        }
    }

    /// The same with a note.
    pub fn noted(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }
}

/// A word of a file as people read it: `failure-of-it-systems` becomes `Failure of IT systems`.
///
/// Only words in the files' own manner are touched (lower case, digits, `-` and `_`); others stay as they are.
pub fn humanised(word: &str) -> String {
    const ACRONYMS: [&str; 8] = ["api", "cpu", "db", "dns", "io", "it", "sla", "tls"];
    if !word.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_')) {
        return word.to_owned();
    }
    let words = word.split(['-', '_']).filter(|word| !word.is_empty()).enumerate().map(|(index, word)| {
        let mut letters = word.chars();
        match letters.next() {
            _ if ACRONYMS.contains(&word) => word.to_uppercase(),
            Some(first) if index == 0 => first.to_uppercase().chain(letters).collect(),
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<String>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_kinds_of_nothing_and_zero_read_differently() {
        let answers =
            [Answer::Known(0), Answer::Missing, Answer::Unknown, Answer::None, Answer::NotApplicable];
        let shown = answers.map(|answer| Property::of_answer("k", "K", &answer, i32::to_string).value);
        assert_eq!(shown, ["0", "not asked yet", "unknown", "none", "does not apply"]);
        let empty = Property::of_list::<String>("k", "K", &Answer::Known(vec![]));
        assert_eq!((empty.state, empty.value.as_str()), (State::None, "none"));
    }

    #[test]
    fn words_of_files_read_as_words() {
        for (word, expected) in [
            ("failure-of-it-systems-in-production", "Failure of IT systems in production"),
            ("internal", "Internal"),
            ("dns", "DNS"),
            ("Human Error - x", "Human Error - x"),
            ("tech_lead", "Tech lead"),
        ] {
            assert_eq!(humanised(word), expected);
        }
    }
}
