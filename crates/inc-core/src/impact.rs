//! Impact: how many are touched, how badly, and what it costs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::answer::Answer;
use crate::text::{Line, clean_line};

/// The largest count, transaction number or amount accepted: above it, a typing error is likelier than the truth.
pub const MOST: u64 = 1_000_000_000_000;

/// Everything that the severity is computed from, and the words beside it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// How many customers are touched.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub customers: Answer<Count>,
    /// Which share of all customers that is.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub customers_percent: Answer<Percent>,
    /// Breadth: given, or read off `customers_percent`.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub customer_impact: Answer<Breadth>,
    /// Depth: how bad it is for one customer.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub single_customer_impact: Answer<Depth>,
    /// Money that may be lost.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub money_at_risk: Answer<Money>,
    /// Transactions that failed or hang.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub transactions: Answer<Count>,
    /// Features that do not work.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub features: Answer<Vec<Line>>,
    /// Countries where it is felt.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub countries: Answer<Vec<Line>>,
    /// Suppliers that are part of it.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub third_parties: Answer<Vec<Line>>,
}

impl Impact {
    /// No property has been asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Breadth: the share of customers touched. The order is that of the harm: `NONE` < `S` < … < `XL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Breadth {
    /// Nobody.
    #[serde(rename = "NONE")]
    None,
    /// Small.
    S,
    /// Medium.
    M,
    /// Large.
    L,
    /// Extra large: by the talk, over 15 % of customers.
    #[serde(rename = "XL")]
    Xl,
}

impl Breadth {
    /// Every band, mildest first.
    pub const ALL: [Self; 5] = [Self::None, Self::S, Self::M, Self::L, Self::Xl];

    /// The band's letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::S => "S",
            Self::M => "M",
            Self::L => "L",
            Self::Xl => "XL",
        }
    }
}

/// Depth: how bad it is for one customer. The order is that of the harm: `S` < … < `XL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Depth {
    /// By the talk: no or slight disturbance for the customer.
    S,
    /// Medium.
    M,
    /// Large.
    L,
    /// Extra large.
    #[serde(rename = "XL")]
    Xl,
}

impl Depth {
    /// Every band, mildest first.
    pub const ALL: [Self; 4] = [Self::S, Self::M, Self::L, Self::Xl];

    /// The band's letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::M => "M",
            Self::L => "L",
            Self::Xl => "XL",
        }
    }
}

impl fmt::Display for Breadth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Depth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Breadth {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let band = Self::ALL.into_iter().find(|band| band.name().eq_ignore_ascii_case(text.trim()));
        band.ok_or_else(|| {
            format!("`{}` is no band of customer impact: NONE, S, M, L or XL", clean_line(text))
        })
    }
}

impl FromStr for Depth {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let band = Self::ALL.into_iter().find(|band| band.name().eq_ignore_ascii_case(text.trim()));
        band.ok_or_else(|| {
            format!("`{}` is no band of single-customer impact: S, M, L or XL", clean_line(text))
        })
    }
}

/// A whole number from 0 to [`MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Count(u64);

impl Count {
    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Count {
    type Error = String;

    fn try_from(number: u64) -> Result<Self, String> {
        if number > MOST {
            return Err(format!("{number} is more than {MOST}, the most accepted here"));
        }
        Ok(Self(number))
    }
}

impl FromStr for Count {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{}` is not a count: a whole number from 0, such as 1200", clean_line(text));
        let digits = text.trim();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        digits.parse::<u64>().map_err(|_| wrong())?.try_into()
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

/// A share in percent, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Percent(f64);

impl Percent {
    /// The share in percent.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Percent {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, String> {
        // Also false for NaN, which no comparison accepts.
        if (0.0..=100.0).contains(&number) {
            // -0 would print as "-0".
            Ok(Self(number + 0.0))
        } else {
            Err(format!("{number} is not a share in percent: a number from 0 to 100"))
        }
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim().trim_end_matches('%').trim_end();
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        match digits.parse::<f64>() {
            Ok(number) if plain => number.try_into(),
            _ => Err(format!("`{}` is not a share in percent: a number from 0 to 100", clean_line(text))),
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

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
        match text.parse::<f64>() {
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

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 {
            // `5`, not `5.0`, as people write it.
            serializer.serialize_u64(self.0 as u64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_number(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Three capital letters, as ISO 4217 writes currencies; which letters is not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_numbers_are_refused() {
        for bad in ["-3", "1e9", "NaN", "", "1.5", "99999999999999999999", "+1", "inf", "0x10"] {
            assert!(bad.parse::<Count>().is_err(), "{bad}");
        }
        for bad in ["-0.1", "100.1", "NaN", "1e1", "", "."] {
            assert!(bad.parse::<Percent>().is_err(), "{bad}");
        }
        for bad in [
            "-1",
            "1e3",
            "NaN",
            "1.234",
            "12 euros",
            "",
            "EUR",
            "1,000",
            "1 000 EUR",
            "1e30",
            "é",
            "EUR 1 EUR",
        ] {
            assert!(Money::parse(bad, Currency::EUR).is_err(), "{bad}");
        }
    }

    #[test]
    fn money_reads_both_ways_round() {
        let chf: Currency = "CHF".parse().unwrap();
        for (text, expected) in
            [("0", "0 EUR"), ("12000.50", "12000.50 EUR"), ("12000CHF", "12000 CHF"), ("chf 0.1", "0.10 CHF")]
        {
            assert_eq!(Money::parse(text, Currency::EUR).unwrap().to_string(), expected, "{text}");
        }
        assert_eq!(Money::parse("3", chf).unwrap().currency, chf);
    }

    #[test]
    fn every_amount_of_hundredths_survives_writing() {
        for hundredths in (0..5_000_000).step_by(37).chain([100_000_000_000_000 - 1]) {
            let amount = Amount(hundredths);
            let value = serde_json::to_value(amount).unwrap();
            assert_eq!(serde_json::from_value::<Amount>(value).unwrap(), amount);
        }
    }
}
