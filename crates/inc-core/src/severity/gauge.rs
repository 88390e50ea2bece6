//! A gauge: one input with floors, read off a case and compared. Money, transactions and a team's dimensions are alike here.

use std::collections::BTreeSet;

use super::case::Case;
use super::input::{Doubt, Input};
use super::policy::scale::{Scale, of_span, span_of};
use super::policy::{Dimension, Floor, InputName, Policy};
use super::{Rule, Severity, Unjudgeable};
use crate::answer::Answer;
use crate::impact::{Amount, Count, DataLoss, Flag, Impact, Money};
use crate::text::{Line, clean_line};

/// One input with its floors.
pub(super) struct Gauge<'a> {
    /// What people read for it.
    pub name: String,
    /// Its scale.
    pub scale: Scale<'a>,
    /// Its floors, rising.
    pub floors: Vec<Floor<f64>>,
    optional: bool,
    source: Source<'a>,
}

enum Source<'a> {
    Money,
    Transactions,
    Dimension(&'a Dimension),
}

/// What a gauge shows: a magnitude, nothing (`none`, `n/a`), or an open input.
pub(super) type Shown = Input<Option<f64>>;

impl Policy {
    /// Every gauge: money, transactions, then the dimensions in their order.
    pub(super) fn gauges(&self) -> Vec<Gauge<'_>> {
        let money = &self.floors.money_at_risk;
        let hundredths =
            |floor: &Floor<Amount>| Floor { from: floor.from.hundredths() as f64, level: floor.level };
        let count = |floor: &Floor<u64>| Floor { from: floor.from as f64, level: floor.level };
        let mut gauges = vec![
            Gauge {
                name: "money at risk".to_owned(),
                scale: Scale::Money { currency: money.currency, rates: &money.rates },
                floors: money.from.iter().map(hundredths).collect(),
                optional: false,
                source: Source::Money,
            },
            Gauge {
                name: "transactions".to_owned(),
                scale: Scale::Count,
                floors: self.floors.transactions.iter().map(count).collect(),
                optional: false,
                source: Source::Transactions,
            },
        ];
        gauges.extend(self.dimensions.iter().map(|dimension| {
            let scale = dimension.scale();
            // A checked policy has only floors on the scale.
            let read =
                |floor: &Floor<_>| Some(Floor { from: scale.read(&floor.from).ok()?, level: floor.level });
            Gauge {
                name: dimension.name(),
                floors: dimension.floors.iter().filter_map(read).collect(),
                scale,
                optional: dimension.optional,
                source: Source::Dimension(dimension),
            }
        }));
        gauges
    }
}

/// One floor for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorLine {
    /// The input: `money at risk`.
    pub input: String,
    /// Where it begins: `10000 EUR`.
    pub from: String,
    /// The severity.
    pub level: Severity,
    /// Not asked counts as not there.
    pub optional: bool,
}

impl Policy {
    /// Every floor of every input, in the policy's order.
    pub fn floor_lines(&self) -> Vec<FloorLine> {
        let mut lines = vec![];
        for gauge in self.gauges() {
            lines.extend(gauge.floors.iter().map(|floor| FloorLine {
                input: gauge.name.clone(),
                from: gauge.scale.show(floor.from),
                level: floor.level,
                optional: gauge.optional,
            }));
        }
        lines
    }
}

impl Gauge<'_> {
    /// The path of the input: `impact.transactions`.
    pub(super) fn path(&self) -> String {
        match &self.source {
            Source::Money => "impact.money_at_risk".to_owned(),
            Source::Transactions => "impact.transactions".to_owned(),
            Source::Dimension(dimension) => format!("impact.{}", clean_line(&dimension.input.to_string())),
        }
    }

    /// What the case says of it.
    ///
    /// # Errors
    /// A value that is none of this scale: money without a rate, a flag that is a number.
    pub(super) fn read(&self, case: &Case<'_>) -> Result<Shown, Unjudgeable> {
        let answer = self.answer(case).map_err(|why| Unjudgeable { path: self.path(), why })?;
        Ok(match answer {
            Answer::Missing if self.is_optional(case) => Input::Unasked,
            Answer::Known(magnitude) => Input::Known(Some(magnitude)),
            nothing => Input::of(&nothing.map(|_| None), None),
        })
    }

    /// Whether not asked counts as not there.
    fn is_optional(&self, case: &Case<'_>) -> bool {
        self.optional || (case.is_example && matches!(self.source, Source::Dimension(_)))
    }

    fn answer(&self, case: &Case<'_>) -> Result<Answer<f64>, String> {
        let impact = case.impact;
        let count = |count: &Count| count.get() as f64;
        // What is named twice is touched once.
        let items = |items: &Vec<Line>| {
            let names: BTreeSet<String> = items.iter().map(|item| item.as_str().to_lowercase()).collect();
            names.len() as f64
        };
        let money = |answer: &Answer<Money>| match answer {
            Answer::Known(money) => self.scale.of_money(money).map(Answer::Known),
            nothing => Ok(nothing.map(|_| 0.0)),
        };
        let dimension = match &self.source {
            Source::Money => return money(&impact.money_at_risk),
            Source::Transactions => return Ok(impact.transactions.map(count)),
            Source::Dimension(dimension) => dimension,
        };
        Ok(match &dimension.input {
            InputName::Customers => impact.customers.map(count),
            InputName::Features => impact.features.map(items),
            InputName::Countries => impact.countries.map(items),
            InputName::ThirdParties => impact.third_parties.map(items),
            InputName::Duration => match (&impact.duration, case.elapsed) {
                (Answer::Missing, Some(elapsed)) => Answer::Known(of_span(elapsed)),
                (given, _) => given.map(|span| of_span(*span)),
            },
            InputName::Downtime => impact.downtime.map(|span| of_span(*span)),
            InputName::DataLosses => {
                impact.data_losses.map(|losses| losses.iter().collect::<BTreeSet<_>>().len() as f64)
            }
            InputName::MaliciousAccess => impact.malicious_access.map(|flag| f64::from(u8::from(flag.0))),
            InputName::EconomicImpact => return money(&impact.economic_impact),
            InputName::Custom(key) => match impact.custom.get(key) {
                None | Some(serde_json::Value::Null) => Answer::Missing,
                Some(serde_json::Value::String(word)) if word == "unknown" => Answer::Unknown,
                Some(serde_json::Value::String(word)) if word == "none" => Answer::None,
                Some(serde_json::Value::String(word)) if word == "n/a" => Answer::NotApplicable,
                Some(value) => Answer::Known(self.scale.read(value)?),
            },
        })
    }

    /// The same impact with another magnitude of this input.
    pub(super) fn set(&self, impact: &Impact, magnitude: f64) -> Impact {
        let mut impact = impact.clone();
        let count = || Count::try_from(magnitude as u64).map_or(Answer::Missing, Answer::Known);
        let items = || {
            let item = |n: usize| format!("item {n}").parse::<Line>().ok();
            Answer::Known((0..magnitude as usize).filter_map(item).collect())
        };
        let money = || match &self.scale {
            Scale::Money { currency, .. } => {
                Answer::Known(Money { amount: Amount::of_hundredths(magnitude), currency: *currency })
            }
            _ => Answer::Missing,
        };
        let dimension = match &self.source {
            Source::Money => return Impact { money_at_risk: money(), ..impact },
            Source::Transactions => return Impact { transactions: count(), ..impact },
            Source::Dimension(dimension) => dimension,
        };
        match &dimension.input {
            InputName::Customers => impact.customers = count(),
            InputName::Features => impact.features = items(),
            InputName::Countries => impact.countries = items(),
            InputName::ThirdParties => impact.third_parties = items(),
            InputName::Duration => impact.duration = Answer::Known(span_of(magnitude)),
            InputName::Downtime => impact.downtime = Answer::Known(span_of(magnitude)),
            InputName::DataLosses => {
                let some = DataLoss::ALL.into_iter().take(magnitude as usize);
                impact.data_losses = Answer::Known(some.collect());
            }
            InputName::MaliciousAccess => impact.malicious_access = Answer::Known(Flag(magnitude > 0.0)),
            InputName::EconomicImpact => impact.economic_impact = money(),
            InputName::Custom(key) => _ = impact.custom.insert(key.clone(), self.scale.value(magnitude)),
        }
        impact
    }

    /// The floor that a magnitude reaches.
    fn reached(&self, magnitude: f64) -> Option<&Floor<f64>> {
        self.floors.iter().rev().find(|floor| magnitude >= floor.from)
    }

    /// The worst floor.
    fn worst(&self) -> Option<Severity> {
        self.floors.last().map(|floor| floor.level)
    }

    /// The floor applied to what the gauge shows.
    pub(super) fn rule(&self, shown: &Shown, doubt: Doubt) -> Rule {
        let name = &self.name;
        let (words, severity) = match shown {
            Input::Known(None) => (format!("{name}: none"), None),
            Input::Unasked => (format!("{name}: not asked"), None),
            Input::Known(Some(magnitude)) => {
                let value = self.scale.show(*magnitude);
                match (self.reached(*magnitude), &self.scale) {
                    (Some(floor), Scale::Flag) => {
                        (format!("{name}: {value} ({})", floor.level), Some(floor.level))
                    }
                    (None, Scale::Flag) => (format!("{name}: {value}"), None),
                    (Some(floor), _) => {
                        let from = self.scale.show(floor.from);
                        (format!("{name} {value} (from {from} on: {})", floor.level), Some(floor.level))
                    }
                    (None, _) => (format!("{name} {value}"), None),
                }
            }
            Input::Open(why) => match self.worst().filter(|_| doubt == Doubt::Worst) {
                Some(level) => (format!("{name} ({why}: worst case {level})"), Some(level)),
                None => (format!("{name} ({why}: left out)"), None),
            },
        };
        Rule { words, severity, decided: false }
    }

    /// `from 1000 transactions on`, `from 2h of downtime on`, `with malicious access`.
    pub(super) fn words_from(&self, from: f64) -> String {
        let (name, value) = (&self.name, self.scale.show(from));
        match (&self.scale, &self.source) {
            (Scale::Flag, _) => format!("with {name}"),
            (_, Source::Money) => format!("from {value} at risk on"),
            (_, Source::Transactions) | (Scale::Items, _) => format!("from {value} {name} on"),
            _ => format!("from {name} {value} on"),
        }
    }

    /// `below 1000 transactions`, `without malicious access`.
    pub(super) fn words_below(&self, from: f64) -> String {
        let (name, value) = (&self.name, self.scale.show(from));
        match (&self.scale, &self.source) {
            (Scale::Flag, _) => format!("without {name}"),
            (_, Source::Money) => format!("below {value} at risk"),
            (_, Source::Transactions) | (Scale::Items, _) => format!("below {value} {name}"),
            _ => format!("below {name} {value}"),
        }
    }
}
