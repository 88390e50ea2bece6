//! Rows come back as they were, whatever they hold.
