//! An input as a policy sees it: a known value, or an open one and why.

use crate::answer::Answer;

/// A known value, or an open one.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Input<T> {
    Known(T),
    /// Missing or unknown, and why.
    Open(String),
    /// Not asked, where the policy says that this counts as not there.
    Unasked,
}

impl<T> Input<T> {
    /// `none` and `n/a` say that nothing is touched, which is the mildest value.
    pub(super) fn of(answer: &Answer<T>, mildest: T) -> Self
    where
        T: Copy,
    {
        match answer {
            Answer::Known(value) => Self::Known(*value),
            Answer::None | Answer::NotApplicable => Self::Known(mildest),
            Answer::Unknown => Self::Open("unknown".to_owned()),
            Answer::Missing => Self::Open("not asked".to_owned()),
        }
    }

    pub(super) fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Open(_) | Self::Unasked => None,
        }
    }

    pub(super) fn why_open(&self) -> Option<&str> {
        match self {
            Self::Known(_) | Self::Unasked => None,
            Self::Open(why) => Some(why),
        }
    }
}

/// How open inputs are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// As bad as they may turn out.
    Worst,
    /// As harmless as they may turn out.
    Mildest,
    /// Bands as the mildest; floors and conditions do not count.
    Ignore,
}
