//! How a figure stands to that of the period before.

/// With fewer values than this on either side, a change says nothing.
///
/// Not a theorem: of four values the middle one moves with each single incident. It is where inc warns.
pub const TOO_FEW: usize = 5;

/// A change against the period before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// By how much; `None` where one of the two is not known.
    pub by: Option<i64>,
    /// Either side rests on too few values to say anything.
    pub few: bool,
}

/// The change from one figure to the next; each with how many values it rests on.
pub fn change(before: (Option<i64>, usize), now: (Option<i64>, usize)) -> Change {
    let by = before.0.zip(now.0).map(|(before, now)| now - before);
    Change { by, few: before.1.min(now.1) < TOO_FEW }
}
