//! `inc`: the front door to the suite.
fn main() {}
