//! A team's own dimensions of harm: an input of the impact, and the floors that it sets.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::scale::{Scale, Type};
use super::{Floor, PolicyError};
use crate::impact::Currency;
use crate::nearest;
use crate::text::{Line, clean_line};

/// One more input that makes an incident at least so severe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Which property below `impact`.
    pub input: InputName,
    /// Its type; for a team's own input, and only there.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Type>,
    /// What people read for it; the input's name where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Line>,
    /// The values of a choice, mildest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Line>,
    /// The currency of the floors, for money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What one unit of another currency is worth in that one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rates: BTreeMap<Currency, f64>,
    /// Not asked counts as not there. `unknown` is still unknown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// The floors, rising.
    pub floors: Vec<Floor<Value>>,
}

/// A property of the impact that a dimension may measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputName {
    /// How many customers are touched.
    Customers,
    /// How many features do not work.
    Features,
    /// In how many countries it is felt.
    Countries,
    /// How many suppliers are part of it.
    ThirdParties,
    /// How long it lasted: given, or from the start to the end.
    Duration,
    /// How long a service could not be used.
    Downtime,
    /// How many of the four losses of data there are.
    DataLosses,
    /// Whether somebody got in.
    MaliciousAccess,
    /// What it cost.
    EconomicImpact,
    /// `custom.<key>`
    Custom(String),
}

const NAMED: [(&str, InputName); 9] = [
    ("customers", InputName::Customers),
    ("features", InputName::Features),
    ("countries", InputName::Countries),
    ("third_parties", InputName::ThirdParties),
    ("duration", InputName::Duration),
    ("downtime", InputName::Downtime),
    ("data_losses", InputName::DataLosses),
    ("malicious_access", InputName::MaliciousAccess),
    ("economic_impact", InputName::EconomicImpact),
];

impl fmt::Display for InputName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Custom(key) => write!(f, "custom.{key}"),
            named => f.pad(NAMED.iter().find(|(_, input)| input == named).map_or("", |(name, _)| name)),
        }
    }
}

impl FromStr for InputName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, input)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(input.clone());
        }
        if let Some(key) = text.strip_prefix("custom.").filter(|key| !key.is_empty() && key.trim() == *key) {
            return Ok(Self::Custom(key.to_owned()));
        }
        if ["money_at_risk", "transactions"].contains(&text) {
            return Err(format!("`{text}` has floors of its own: write them below `floors`"));
        }
        let known: Vec<&str> = NAMED.iter().map(|(name, _)| *name).chain(["custom.NAME"]).collect();
        Err(format!("`{}` is no input of a dimension; {}", clean_line(text), nearest::hint(text, &known)))
    }
}

impl Serialize for InputName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for InputName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Dimension {
    /// What people read for it.
    pub(crate) fn name(&self) -> String {
        match (&self.words, &self.input) {
            (Some(words), _) => words.to_string(),
            (None, InputName::Custom(key)) => clean_line(key).replace('_', " "),
            (None, named) => named.to_string().replace('_', " "),
        }
    }

    /// The type: the input's own, or the declared one.
    fn of_type(&self) -> Option<Type> {
        match self.input {
            InputName::Customers | InputName::Features | InputName::Countries => Some(Type::Count),
            InputName::ThirdParties | InputName::DataLosses => Some(Type::Count),
            InputName::Duration | InputName::Downtime => Some(Type::Duration),
            InputName::MaliciousAccess => Some(Type::Flag),
            InputName::EconomicImpact => Some(Type::Money),
            InputName::Custom(_) => self.kind,
        }
    }

    /// The scale on which its input is measured. A checked dimension has one.
    pub(crate) fn scale(&self) -> Scale<'_> {
        match self.of_type() {
            Some(Type::Percent) => Scale::Percent,
            Some(Type::Money) => {
                Scale::Money { currency: self.currency.unwrap_or(Currency::EUR), rates: &self.rates }
            }
            Some(Type::Duration) => Scale::Span,
            Some(Type::Choice) => Scale::Choice(&self.values),
            Some(Type::Flag) => Scale::Flag,
            Some(Type::Count) if !matches!(self.input, InputName::Customers | InputName::Custom(_)) => {
                Scale::Items
            }
            Some(Type::Count) | None => Scale::Count,
        }
    }

    /// Refuses what types cannot: what belongs to another type, or does not rise.
    pub(super) fn check(&self, path: &super::check::Path) -> Result<(), PolicyError> {
        let wrong = |key: &str, problem: String, help: &str| Err(path.key(key).error(problem, help));
        let is_own = matches!(self.input, InputName::Custom(_));
        if is_own && self.kind.is_none() {
            return wrong(
                "input",
                format!("{} is a team's own input and needs a `type`", self.input),
                "add `type: flag`, count, percent, money, duration or choice",
            );
        }
        if !is_own && self.kind.is_some() {
            return wrong("type", format!("{} has its type already", self.input), "remove `type`");
        }
        let of_type = self.of_type();
        if (of_type == Some(Type::Choice)) == self.values.is_empty() {
            return match self.values.is_empty() {
                true => wrong(
                    "type",
                    "a choice needs its `values`".to_owned(),
                    "add `values: [low, high]`, mildest first",
                ),
                false => wrong(
                    "values",
                    "only a choice has `values`".to_owned(),
                    "remove `values`, or write `type: choice`",
                ),
            };
        }
        if let Some(twice) = (1..self.values.len()).find(|n| self.values[..*n].contains(&self.values[*n])) {
            let place = path.key("values").index(twice);
            return Err(place
                .error(format!("the value `{}` stands twice", self.values[twice]), "keep one of the two"));
        }
        match (of_type == Some(Type::Money), self.currency) {
            (true, None) => {
                return wrong(
                    "input",
                    "money needs the `currency` of its floors".to_owned(),
                    "add `currency: EUR`",
                );
            }
            (false, Some(_)) => {
                return wrong("currency", "only money has a `currency`".to_owned(), "remove it");
            }
            _ => {}
        }
        if of_type != Some(Type::Money) && !self.rates.is_empty() {
            return wrong("rates", "only money has `rates`".to_owned(), "remove them");
        }
        super::check::rates(&self.rates, self.currency.unwrap_or(Currency::EUR), &path.key("rates"))?;
        let floors_at = path.key("floors");
        if self.floors.is_empty() {
            return Err(
                floors_at.error("a dimension needs a floor".to_owned(), "add `- {from: …, level: SEV-3}`")
            );
        }
        let mut read = vec![];
        for (n, floor) in self.floors.iter().enumerate() {
            let magnitude = self.scale().read(&floor.from);
            let magnitude = magnitude.map_err(|why| floors_at.index(n).key("from").error(why, ""))?;
            read.push(Floor { from: magnitude, level: floor.level });
        }
        super::check::floors(&read, &floors_at)
    }
}
