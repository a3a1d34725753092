//! Any text is masked once and for all, folded, sorted and told apart.
#![no_main]

use domain::fold::fold;
use ingest::scrub;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let once = scrub(text);
    assert_eq!(scrub(&once), once, "what is masked stays as it is");
    let folded = fold(text);
    assert_eq!(fold(&folded), folded, "what is folded stays as it is");
});
