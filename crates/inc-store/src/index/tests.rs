//! The index against full reads.
