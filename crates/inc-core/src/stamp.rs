//! What a change is stamped with: when it is made, by whom, and a source of new ids.

use crate::id::Uid;
use crate::instant::Instant;
use crate::text::Line;

/// Time, author and fresh ids for one change, brought by the caller because the core has none of them.
pub struct Stamp<'a> {
    /// When the change is made.
    pub at: Instant,
    /// Who makes it.
    pub by: Line,
    /// Mints an id that no clone has used.
    pub mint: &'a mut dyn FnMut() -> Uid,
}

impl Stamp<'_> {
    /// Does `work` with the same stamp, whose ids come behind these as far as they were made in the same moments.
    pub(crate) fn behind<T>(&mut self, ids: Vec<Uid>, work: impl FnOnce(&mut Stamp<'_>) -> T) -> T {
        let mut ids = ids;
        let mint = &mut *self.mint;
        let mut ordered = || {
            let id = mint().behind(ids.iter().copied());
            ids.push(id);
            id
        };
        work(&mut Stamp { at: self.at, by: self.by.clone(), mint: &mut ordered })
    }

    /// A new id.
    pub fn uid(&mut self) -> Uid {
        (self.mint)()
    }
}
