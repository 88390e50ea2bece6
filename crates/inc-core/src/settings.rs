//! A team's settings, as `inc.yaml` holds them. Every one has a default, so that the file may be absent.

mod business;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::impact::{Count, Currency};
use crate::instant::Zone;
use crate::status::Steps;
use crate::text::{Line, Prose};

pub use business::{BusinessHours, Clock, Day};

/// The settings of a repository.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The zone in which times are typed and shown, and days begin.
    pub timezone: Zone,
    /// The currency of an amount that names none.
    pub currency: Currency,
    /// How many customers there are in all, by which a number of customers becomes a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_base: Option<Count>,
    /// What each status requires.
    pub steps: Steps,
    /// How incidents are noticed: the word in records, and what reports say.
    pub detected_via: BTreeMap<String, Line>,
    /// When people work, in the zone: what durations in business hours count.
    pub business_hours: BusinessHours,
    /// Whom to call for what.
    pub contacts: Vec<Contact>,
}

/// One need of a response, and who meets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// `Need to contact a provider`, `Comms to clients`, …
    pub need: Line,
    /// Who meets it.
    pub who: Line,
    /// How to reach them.
    pub how: Prose,
}

impl Default for Settings {
    fn default() -> Self {
        let line = |text: &str| text.parse().unwrap_or_else(|_| unreachable!("a constant line"));
        let ways = [
            ("automatic-alert", "Automatic alert (OpsGenie or other tools)"),
            ("customer-report", "A customer told us"),
            ("employee-report", "A colleague told us"),
            ("partner-report", "A partner or provider told us"),
            ("manual-check", "Somebody looked"),
        ];
        Self {
            timezone: Zone::utc(),
            currency: Currency::EUR,
            customer_base: None,
            steps: Steps::default(),
            detected_via: ways.into_iter().map(|(word, text)| (word.to_owned(), line(text))).collect(),
            business_hours: BusinessHours::default(),
            contacts: vec![],
        }
    }
}

impl Settings {
    /// What reports say of a way of detection: the team's words, else the word itself.
    pub fn detection_words<'a>(&'a self, word: &'a Line) -> &'a str {
        self.detected_via.get(word.as_str()).unwrap_or(word).as_str()
    }
}
