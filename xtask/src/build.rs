//! `cargo xtask build`: the browser's part, the site's files, then the one program that holds them.

use std::path::PathBuf;

use anyhow::Context as _;
use wasm_bindgen_cli_support::Bindgen;

use crate::command::{cargo, output, program, root, run, stage, target_dir};
use crate::site;

pub const WASM: &str = "wasm32-unknown-unknown";
pub const WASM_PROFILE: &str = "release-wasm";
/// Must be the name that the server gives leptos.
const OUTPUT_NAME: &str = "keyroll";

/// Builds `target/release/keyroll`.
pub fn build() -> anyhow::Result<()> {
    site()?;
    stage("program", || run(cargo().args(["build", "--release", "--locked", "--package", "server"])))
}

/// What browsers load, which the program takes in when it is compiled.
pub fn site() -> anyhow::Result<()> {
    stage("browser part", browser)?;
    stage("site files", site::collect)
}

/// Compiles the islands to WebAssembly, and makes the JavaScript that loads them.
fn browser() -> anyhow::Result<()> {
    ensure_wasm_target()?;
    run(cargo().args(["build", "--locked", "--package", "frontend", "--target", WASM, "--profile", WASM_PROFILE]))?;
    let wasm = target_dir().join(WASM).join(WASM_PROFILE).join("frontend.wasm");
    let package = site::folder().join("pkg");
    // Names of functions are a fifth of the file and of no use to a browser.
    Bindgen::new()
        .input_path(&wasm)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name(OUTPUT_NAME)
        .generate(&package)
        .with_context(|| format!("cannot bind {}", wasm.display()))
}

/// rustup does not install a target by itself where it may not install toolchains.
fn ensure_wasm_target() -> anyhow::Result<()> {
    let rustc = || program("rustc");
    let library = output(rustc().args(["--print", "target-libdir", "--target", WASM]))?;
    if PathBuf::from(library).is_dir() {
        return Ok(());
    }
    run(program("rustup").args(["target", "add", WASM])).with_context(|| {
        format!("the standard library for {WASM} is missing in {}; install it with your toolchain", root().display())
    })
}
