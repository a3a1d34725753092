//! The binary carries the browser's files: a new one among them must rebuild it.

use std::path::Path;

/// What `cargo xtask build` fills; `web/assets.rs` embeds it.
const SITE: &str = "../target/site";

fn main() {
    // A path that is not there would make cargo build this crate anew every time.
    if !Path::new(SITE).exists()
        && let Err(error) = std::fs::create_dir_all(SITE)
    {
        println!("cargo::warning=target/site cannot be made ({error}); the pages will have no styles");
    }
    println!("cargo::rerun-if-changed={SITE}");
}
