//! Any bytes, read as each kind of file that inc reads.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz reader -- -max_total_time=3600 -timeout=60`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    inc_fuzz::within(inc_fuzz::LIMIT, || inc_fuzz::reading::check(data));
});
