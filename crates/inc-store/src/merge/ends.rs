//! Line ends: which ones the merged text has, three ways like any value, and how it gets them.

use std::borrow::Cow;

use super::Texts;

/// How the lines of a text end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Lf,
    Crlf,
    /// Some so, some so: each line as it is.
    Mixed,
}

impl Ends {
    fn of(text: &str) -> Self {
        let crlf = text.matches("\r\n").count();
        match text.matches('\n').count() {
            _ if crlf == 0 => Self::Lf,
            all if all == crlf => Self::Crlf,
            _ => Self::Mixed,
        }
    }

    /// Those of the merged text: of two sides the one that turned them; of two that both added the file, ours if they
    /// agree, else plain ones.
    pub(super) fn wanted(texts: Texts<'_>) -> Self {
        let [base, ours, theirs] = [texts.base, texts.ours, texts.theirs].map(Self::of);
        match (base == ours, base == theirs) {
            _ if ours == theirs => ours,
            _ if texts.base.trim().is_empty() => Self::Lf,
            (true, _) => theirs,
            (_, true) => ours,
            // One turned a mixed text one way, and the other the other way.
            _ => Self::Lf,
        }
    }

    /// The text as it is merged: with plain ends, unless each line keeps its own.
    pub(super) fn plain(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Mixed => text.into(),
            _ if text.contains("\r\n") => text.replace("\r\n", "\n").into(),
            _ => text.into(),
        }
    }

    /// The merged text with its ends.
    pub(super) fn put(self, text: String) -> String {
        match self {
            Self::Crlf => text.replace("\r\n", "\n").replace('\n', "\r\n"),
            _ => text,
        }
    }
}
