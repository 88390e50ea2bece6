//! The programs of inc.
