//! The scales on which inputs are measured: each maps a value to a magnitude, and a magnitude to words.
//!
//! A magnitude is an `f64` that grows with the harm: counts, hundredths of money and seconds stay exact in it, as
//! none is above 10^14.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::impact::{Amount, Count, Currency, Money, Percent};
use crate::nearest;
use crate::span::Span;
use crate::text::{Line, clean_line};

/// What sort of value a team's own input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// `true` or `false`.
    Flag,
    /// A whole number from 0.
    Count,
    /// A number from 0 to 100.
    Percent,
    /// An amount of money.
    Money,
    /// How long: `2h 30min`.
    Duration,
    /// One of the words in `values`, mildest first.
    Choice,
}

/// A type with what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scale<'a> {
    Flag,
    Count,
    Percent,
    Money {
        currency: Currency,
        rates: &'a BTreeMap<Currency, f64>,
    },
    Span,
    Choice(&'a [Line]),
    /// How many items a list has.
    Items,
}

impl Scale<'_> {
    /// The magnitude of a value, as a policy or a record's `impact.custom` holds it.
    pub(crate) fn read(&self, value: &Value) -> Result<f64, String> {
        let parsed = match self {
            Self::Flag => value.as_bool().map(|is| f64::from(u8::from(is))),
            Self::Count => from_json::<Count>(value).map(|count| count.get() as f64),
            Self::Items => match value {
                Value::Array(items) => Some(items.len() as f64),
                number => from_json::<Count>(number).map(|count| count.get() as f64),
            },
            Self::Percent => from_json::<Percent>(value).map(Percent::get),
            Self::Money { currency, .. } => match value {
                Value::Object(_) => match from_json::<Money>(value) {
                    Some(money) => return self.of_money(&money),
                    None => None,
                },
                Value::String(text) => match Money::parse(text, *currency) {
                    Ok(money) => return self.of_money(&money),
                    Err(_) => None,
                },
                number => from_json::<Amount>(number).map(|amount| amount.hundredths() as f64),
            },
            Self::Span => value.as_str().and_then(|text| text.parse::<Span>().ok()).map(of_span),
            Self::Choice(values) => {
                let found =
                    value.as_str().and_then(|text| values.iter().position(|one| one.as_str() == text));
                found.map(|index| index as f64)
            }
        };
        parsed.ok_or_else(|| self.mismatch(value))
    }

    fn mismatch(&self, value: &Value) -> String {
        let found = match value {
            Value::String(text) => clean_line(text),
            other => clean_line(&other.to_string()),
        };
        let wanted = match self {
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Count | Self::Items => "a whole number from 0".to_owned(),
            Self::Percent => "a number from 0 to 100".to_owned(),
            Self::Money { .. } => "an amount such as 12000 or 99.95".to_owned(),
            Self::Span => "a length of time such as 45min or \"2h 30min\"".to_owned(),
            Self::Choice(values) => {
                let known: Vec<&str> = values.iter().map(Line::as_str).collect();
                return format!("`{found}` is none of its values; {}", nearest::hint(&found, &known));
            }
        };
        format!("expected {wanted}, found `{found}`")
    }

    /// The magnitude of an amount, converted where the policy has a rate.
    pub(crate) fn of_money(&self, money: &Money) -> Result<f64, String> {
        let Self::Money { currency, rates } = self else { unreachable!("only money has amounts") };
        let hundredths = money.amount.hundredths() as f64;
        if money.currency == *currency || hundredths == 0.0 {
            return Ok(hundredths);
        }
        match rates.get(&money.currency) {
            // Not rounded to a hundredth: what lies below a floor stays there. The noise of the arithmetic goes.
            Some(rate) => Ok((hundredths * rate * 1e4).round() / 1e4),
            None => Err(format!(
                "{money} is not in {currency}, the policy's currency, and the policy has no rate for it: give the amount in \
                 {currency}, or add `rates: {{{}: …}}` (how many {currency} one is worth) below the policy's `currency`",
                money.currency
            )),
        }
    }

    /// The words of a magnitude: `12000 EUR`, `2h 30min`, `yes`, `3`.
    pub(crate) fn show(&self, magnitude: f64) -> String {
        match self {
            Self::Flag => if magnitude > 0.0 { "yes" } else { "no" }.to_owned(),
            Self::Count | Self::Items => magnitude.to_string(),
            Self::Percent => format!("{magnitude} %"),
            Self::Money { currency, .. } => {
                format!("{} {currency}", Amount::of_hundredths(magnitude.floor()))
            }
            Self::Span => span_of(magnitude).to_string(),
            Self::Choice(values) => {
                values.get(magnitude as usize).map(ToString::to_string).unwrap_or_default()
            }
        }
    }

    /// The value that `impact.custom` holds for a magnitude.
    pub(crate) fn value(&self, magnitude: f64) -> Value {
        match self {
            Self::Flag => Value::Bool(magnitude > 0.0),
            Self::Count | Self::Items => Value::from(magnitude as u64),
            Self::Percent => Value::from(magnitude),
            Self::Money { .. } | Self::Span | Self::Choice(_) => Value::String(self.show(magnitude)),
        }
    }
}

pub(crate) fn of_span(span: Span) -> f64 {
    span.seconds() as f64
}

pub(crate) fn span_of(magnitude: f64) -> Span {
    Span::try_from(magnitude as u64).unwrap_or_default()
}

fn from_json<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}
