//! Whether others push to the same place at this time, as this clone last saw it: a file whose age tells.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::Repository;

impl Repository {
    fn crowd(&self) -> PathBuf {
        self.own_folder().join("outrun")
    }

    /// Notes that others have just pushed first. What cannot be noted is forgotten: it only makes a sync wait.
    pub fn note_outrun(&self) {
        let _ = fs::write(self.crowd(), "");
    }

    /// Whether others pushed first, in whatever sync of this clone, so short a time ago.
    pub fn was_outrun(&self, within: Duration) -> bool {
        let noted = fs::metadata(self.crowd()).and_then(|file| file.modified());
        noted.is_ok_and(|at| at.elapsed().is_ok_and(|age| age < within))
    }
}
