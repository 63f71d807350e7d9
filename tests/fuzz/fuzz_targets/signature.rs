#![no_main]

#[path = "../../support/small.rs"]
mod small;
#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::run("signature", bytes));
