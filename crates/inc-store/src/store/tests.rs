//! The store over real repositories.
