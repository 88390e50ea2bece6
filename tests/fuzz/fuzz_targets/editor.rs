//! A record's text, a NUL, and the bytes that choose changes to it.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz editor -- -max_total_time=3600 -timeout=60`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    inc_fuzz::within(inc_fuzz::LIMIT, || inc_fuzz::editing::check(data, &inc_fuzz::opinion::of));
});
