//! Severities as people ask for them: one, or from one to another by their numbers.

use std::fmt;
use std::str::FromStr;

use crate::severity::Severity;
use crate::text::clean_line;

/// Severities from the worst to the mildest that are meant, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeverityRange {
    worst: Severity,
    mildest: Severity,
}

impl SeverityRange {
    /// Whether a severity is meant.
    pub fn holds(self, severity: Severity) -> bool {
        self.worst <= severity && severity <= self.mildest
    }
}

/// `SEV-2`; `SEV-1..SEV-3`; `..SEV-2`, SEV-2 and worse; `SEV-3..`, SEV-3 and milder.
///
/// `>=SEV-2` is refused: half of the people mean worse by "greater", half a greater number.
impl FromStr for SeverityRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim_start().starts_with(['<', '>', '=']) {
            return Err(format!(
                "`{}` can be read in two ways: write ..SEV-2 for SEV-2 and worse, SEV-2.. for SEV-2 and milder",
                clean_line(text)
            ));
        }
        let Some((worst, mildest)) = text.split_once("..") else {
            let one = text.parse()?;
            return Ok(Self { worst: one, mildest: one });
        };
        let end = |text: &str, open: Severity| if text.is_empty() { Ok(open) } else { text.parse() };
        let range = Self { worst: end(worst, Severity::Sev1)?, mildest: end(mildest, Severity::Sev4)? };
        if range.worst > range.mildest {
            return Err(format!("`{}` holds none: the worse one comes first", clean_line(text)));
        }
        Ok(range)
    }
}

impl fmt::Display for SeverityRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.worst == self.mildest {
            true => self.worst.fmt(f),
            false => write!(f, "{} to {}", self.worst, self.mildest),
        }
    }
}
