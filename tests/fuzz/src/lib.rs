//! What the fuzz targets hold the reader and the editor of records to.
//!
//! The checks themselves are in [`reading`] and [`editing`], which the tests of `inc-store` run over the corpus too:
//! there `crate` is `inc-store`. Here stand the names that they use, and the second opinion, which only fuzzing asks.

pub mod change;
pub mod editing;
pub mod opinion;
pub mod reading;

use std::time::Duration;

pub use inc_store::{store, yaml};

/// The editor, and the judge that its own tests have; a release of `inc-store` holds no judge.
#[path = "../../../crates/inc-store/src/edit"]
pub mod edit {
    pub use inc_store::edit::*;

    #[allow(dead_code)]
    pub(crate) mod concern;
    #[allow(dead_code)]
    mod lines;
    #[allow(dead_code)]
    mod tree;
}

/// Runs a check, which must not take longer than this: on the processor, so that a busy machine does not count.
///
/// # Panics
/// It took longer.
pub fn within(limit: Duration, check: impl FnOnce()) {
    let before = on_processor();
    check();
    if let (Some(before), Some(after)) = (before, on_processor()) {
        let taken = after.saturating_sub(before);
        assert!(taken <= limit, "{taken:?} on the processor, {limit:?} at most");
    }
}

/// How long this thread has run, where Linux says so.
fn on_processor() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// What one input may take: the promise is a second, and the sanitizer makes all slower, the checks run everything twice.
pub const LIMIT: Duration = Duration::from_secs(2);
