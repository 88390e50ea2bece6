//! Values of the policy that refuse what cannot be meant: nothing at all, too few, too many.

use serde::{Deserialize, Deserializer, Serialize};

use crate::impact::{Count, Money};
use crate::span::Span;

/// A value that may be nothing.
pub trait Zero {
    /// Whether it is.
    fn is_zero(&self) -> bool;
}

impl Zero for Span {
    fn is_zero(&self) -> bool {
        self.seconds() == 0
    }
}

impl Zero for Count {
    fn is_zero(&self) -> bool {
        self.get() == 0
    }
}

impl Zero for Money {
    fn is_zero(&self) -> bool {
        self.amount.hundredths() == 0
    }
}

/// A value that is more than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Positive<T>(T);

impl<T: Copy> Positive<T> {
    /// A constant of ours.
    pub(crate) const fn of(value: T) -> Self {
        Self(value)
    }

    /// The value.
    pub fn get(&self) -> T {
        self.0
    }
}

impl<'de, T: Zero + Deserialize<'de>> Deserialize<'de> for Positive<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = T::deserialize(deserializer)?;
        match value.is_zero() {
            true => Err(serde::de::Error::custom("zero makes no sense here")),
            false => Ok(Self(value)),
        }
    }
}

/// A whole number from `LEAST` to `MOST`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Number<const LEAST: u32, const MOST: u32>(u32);

impl<const LEAST: u32, const MOST: u32> Number<LEAST, MOST> {
    /// A constant of ours.
    pub(crate) const fn constant(number: u32) -> Self {
        assert!(LEAST <= number && number <= MOST);
        Self(number)
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<'de, const LEAST: u32, const MOST: u32> Deserialize<'de> for Number<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            number if (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            number => Err(serde::de::Error::custom(format!("{number} is not from {LEAST} to {MOST}"))),
        }
    }
}

/// What one unit of a currency is worth in another: more than nothing, less than a million.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Rate(f64);

impl Rate {
    /// The rate.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rate = f64::deserialize(deserializer)?;
        // NaN and the infinite fail the range.
        match rate > 0.0 && rate < 1e6 {
            true => Ok(Self(rate)),
            false => {
                Err(serde::de::Error::custom(format!("{rate} is not a rate: more than 0, such as 0.92")))
            }
        }
    }
}
