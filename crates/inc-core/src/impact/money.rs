//! Money: an amount to the hundredth, and its currency.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MOST;
use crate::text::clean_line;

/// An amount of one currency, to the hundredth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// `12000`, `12000.50`, `12000 EUR`, `EUR 12000`: an amount, in `default` where it names no currency.
    ///
    /// # Errors
    /// A number that is negative, too large or finer than a hundredth; a currency that is not three letters.
    pub fn parse(text: &str, default: Currency) -> Result<Self, String> {
        let text = text.trim();
        let is_letter = |c: char| c.is_alphabetic();
        let before = &text[..text.len() - text.trim_start_matches(is_letter).len()];
        let after = &text[text.trim_end_matches(is_letter).len()..];
        // A number first: of `1,000 EUR` the number is wrong, not the currency.
        let (amount, currency) = match (before.len(), after.len()) {
            (0, 0) => (text, ""),
            (0, tail) => (&text[..text.len() - tail], after),
            (head, _) => (&text[head..], before),
        };
        let amount = amount.trim();
        let amount = if is_plain(amount) { amount.parse()? } else { return Err(not_an_amount(text)) };
        let currency = match currency {
            "" => default,
            given => given.to_uppercase().parse().map_err(|_| not_an_amount(text))?,
        };
        Ok(Self { amount, currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

/// A sum from 0 to [`MOST`], kept in hundredths so that it adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(u64);

impl Amount {
    /// A whole sum.
    pub const fn whole(units: u64) -> Self {
        Self(units * 100)
    }

    /// The sum in hundredths.
    pub fn hundredths(self) -> u64 {
        self.0
    }

    /// The nearest sum to so many hundredths.
    pub(crate) fn of_hundredths(hundredths: f64) -> Self {
        Self(hundredths.round() as u64)
    }

    fn from_number(number: f64) -> Result<Self, String> {
        let hundredths = (number * 100.0).round();
        let fine = (number * 100.0 - hundredths).abs() > 1e-6 * number.abs().max(1.0);
        // NaN fails the range.
        if !(0.0..=MOST as f64).contains(&number) || fine {
            return Err(format!("{number} is not an amount: a number from 0 to {MOST}, to the hundredth"));
        }
        Ok(Self(hundredths as u64))
    }
}

fn is_plain(amount: &str) -> bool {
    !amount.is_empty() && amount.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn not_an_amount(text: &str) -> String {
    format!(
        "`{}` is not an amount: digits, with a point where needed and nothing else between them, such as 12000, 99.95 or 12000 EUR",
        clean_line(text)
    )
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.trim_end_matches('0').len());
        match text.parse::<f64>() {
            Ok(_) if is_plain(text) && decimals > 2 => Err(format!(
                "{} is finer than a hundredth: an amount goes to the hundredth",
                clean_line(text)
            )),
            Ok(number) if is_plain(text) => Self::from_number(number),
            _ => Err(not_an_amount(text)),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 100 {
            0 => write!(f, "{}", self.0 / 100),
            cents => write!(f, "{}.{cents:02}", self.0 / 100),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % 100 {
            0 => serializer.serialize_u64(self.0 / 100),
            _ => serializer.serialize_f64(self.0 as f64 / 100.0),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_number(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Three capital letters, as ISO 4217 writes currencies; which letters is not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro, the talk's currency and the default.
    pub const EUR: Self = Self(*b"EUR");

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl FromStr for Currency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match <[u8; 3]>::try_from(text.trim().as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Self(letters)),
            _ => Err(format!("`{}` is not a currency: three capital letters, such as EUR", clean_line(text))),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
