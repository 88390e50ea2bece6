//! What is found and in which order, whatever the records are read from.
