//! What can be wrong after a fault, by kind.

use crate::state::Split;

/// What can be wrong: a row of the figures each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A record is neither old nor new, or one of two records of a change is old and the other new.
    Half,
    /// An earlier commit or entry is gone, or another record is not what it was.
    Lost,
    /// The next command, or the same verb once more, is refused or does not end.
    Blocked,
    /// HEAD and work tree hold a record that the index does not: the user's next commit undoes the change.
    Phantom,
    /// HEAD and work tree disagree about a record: it is changed, but not committed, or the other way round.
    Split,
    /// What the user had staged, edited or lying about is not as it was.
    Staged,
    /// Exit 0, and the change is not there.
    Absent,
    /// The same, where a call had failed and nobody was killed.
    Swallowed,
    /// Exit not 0 and the change is there, and not a word of it.
    Unsaid,
    /// A lock, a journal, a temporary or an unknown file outlives the next command.
    Left,
    /// A lock, a temporary or a half checkout of a git that was killed is left, as plain git would leave it; where it is
    /// in the way, the words name it. No failure.
    GitsOwn,
    /// A git that died, or whose driver did, left a series of picks under way: git's own `--continue` goes on behind the
    /// one that failed. `--abort` gives all back. Plain git does so too; no failure of ours.
    GitsSkip,
    /// `git fsck` complains, or the repository cannot be read.
    Broken,
    /// The bed's own fault: the point was never hit.
    Missed,
}

/// With the words of the table, in its order.
pub const KINDS: [(Kind, &str); 14] = [
    (Kind::Half, "half records"),
    (Kind::Lost, "lost earlier changes"),
    (Kind::Blocked, "blocked next commands"),
    (Kind::Phantom, "phantom reverts"),
    (Kind::Split, "changed but not committed"),
    (Kind::Staged, "changes to staged"),
    (Kind::Absent, "acknowledged but absent"),
    (Kind::Swallowed, "errors swallowed"),
    (Kind::Unsaid, "there but not said"),
    (Kind::Left, "locks, journals, temporaries left"),
    (Kind::GitsOwn, "git's own lock or half checkout"),
    (Kind::GitsSkip, "git's own --continue skips a pick"),
    (Kind::Broken, "git fsck complains"),
    (Kind::Missed, "points not hit"),
];

/// Something wrong, with what was seen.
pub type Finding = (Kind, String);

impl Kind {
    pub fn is_failure(self) -> bool {
        !matches!(self, Self::GitsOwn | Self::GitsSkip)
    }
}

impl Split {
    pub fn kind(self) -> Kind {
        if self.by_work { Kind::Split } else { Kind::Phantom }
    }

    pub fn words(self) -> &'static str {
        match (self.by_index, self.by_work) {
            (_, false) => "the index alone differs: the next commit undoes the change",
            (false, _) => "the work tree differs from HEAD and index",
            (true, _) => "HEAD and work tree differ, and HEAD and index",
        }
    }
}
