//! Who brought a contested value in, and when: the record's file in the commits of all branches.

use std::fmt;

use inc_core::incident::Contested;
use inc_core::instant::Instant;
use inc_core::merge::{Edit, attribute};

use crate::store::Record;
use crate::store::write::read_back;

/// One commit of a record's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The text before; `None` where there was none, or more than one.
    pub before: Option<String>,
    /// The text after.
    pub after: String,
    /// Whether two histories come together here: then nobody brought anything in.
    pub is_merge: bool,
    /// The author.
    pub by: String,
    /// When the author made it.
    pub at: Instant,
}

/// Asks for the commits of a record's file, each before those that it is made from; only when something is contested.
#[derive(Clone, Copy)]
pub struct Past<'p>(pub Option<&'p dyn Fn() -> Vec<Revision>>);

impl fmt::Debug for Past<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Past").field(&self.0.is_some()).finish()
    }
}

impl Past<'_> {
    /// Says of what is contested since the base who brought it in.
    pub(super) fn attribute<R: Record>(self, contested: &mut [Contested], known: &[Contested], base: &str) {
        let is_new = |contested: &Contested| !known.contains(contested);
        let (Some(ask), true) = (self.0, contested.iter().any(is_new)) else { return };
        let all = ask();
        let newest = all.iter().position(|revision| revision.after == base);
        let oldest = all.iter().rposition(|revision| revision.after == base);
        // A side that went back to the base's text ends the newest part before the other side's commits: what that does
        // not tell, the rest does.
        for end in [oldest, newest] {
            let since = &all[..end.unwrap_or(all.len())];
            let edits = since.iter().filter(|one| !one.is_merge).filter_map(edit::<R>);
            attribute(contested, known, &edits.collect::<Vec<Edit>>());
        }
    }
}

fn edit<R: Record>(revision: &Revision) -> Option<Edit> {
    let value = |text: &str| read_back::<R>(text).ok();
    Some(Edit {
        before: revision.before.as_deref().and_then(value),
        after: value(&revision.after)?,
        by: revision.by.parse().ok(),
        at: revision.at,
    })
}
