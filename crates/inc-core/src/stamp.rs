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
    /// A new id.
    pub fn uid(&mut self) -> Uid {
        (self.mint)()
    }
}
