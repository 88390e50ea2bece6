//! What the fuzz targets hold the reader and the editor of records to.
//!
//! The checks themselves are in [`reading`] and [`editing`], which the tests of `inc-store` run over the corpus too:
//! there `crate` is `inc-store`. Here stand the names that they use, and the second opinion, which only fuzzing asks.

pub mod change;
pub mod editing;
pub mod opinion;
pub mod reading;

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
