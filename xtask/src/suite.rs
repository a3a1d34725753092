//! `cargo xtask test`: every test there is, with everything it needs.

use std::process::Command;

use anyhow::Context as _;

use crate::build;
use crate::clients;
use crate::command::{cargo, find, keyroll, program, root, run, stage};
use crate::install;
use crate::instructions;
use crate::postgres::Postgres;

/// Everything that runs on this machine, in the profile of the finished program: everything below it is compiled once,
/// the tests run on what people run, and they build the program itself, which the later stages use. The browser part is
/// left out, for built together leptos would get the features of both halves at once; and so is xtask, which runs already.
pub const HOST: [&str; 6] = ["--release", "--workspace", "--exclude", "frontend", "--exclude", "xtask"];
const XTASK: [&str; 2] = ["--package", "xtask"];

/// Cheap checks first; the first stage that fails ends the run.
pub fn test() -> anyhow::Result<()> {
    stage("set up", install::ensure)?;
    stage("format", || run(cargo().args(["fmt", "--all", "--check"])))?;
    // The browser's files are in the program: they come before it.
    build::site()?;
    stage("clippy", || {
        clippy(&[&HOST[..], &["--all-targets"]].concat())?;
        clippy(&[&XTASK[..], &["--all-targets"]].concat())
    })?;
    stage("clippy of the browser part", || {
        clippy(&["--package", "frontend", "--profile", build::WASM_PROFILE, "--target", build::WASM])
    })?;
    if find(&["cargo-deny"]).is_some() {
        // Advisories need a database from the network; licences, bans and sources do not.
        stage("licences", || run(cargo().args(["deny", "--offline", "check", "licenses", "bans", "sources"])))?;
    }
    stage("Rust tests", rust_tests)?;
    stage("clients of Microsoft Graph", || {
        npm_ready()?;
        clients::python_sdk()?;
        npm_script("client")
    })?;
    stage("the API against its document", clients::contract)?;
    stage("instructions", || instructions::instructions(false))?;
    stage("browser tests", || npm_script("test"))?;
    // Kept in end2end/screenshots, for people to look at.
    stage("pictures of every page", || npm_script("screenshots"))?;
    eprintln!("\n== every stage passed");
    Ok(())
}

fn clippy(of: &[&str]) -> anyhow::Result<()> {
    run(cargo().args(["clippy", "--locked"]).args(of).args(["--", "-D", "warnings"]))
}

/// Every test of the workspace, against SQLite and a Postgres of its own.
fn rust_tests() -> anyhow::Result<()> {
    let postgres = Postgres::start()?;
    // Many tests wait for programs that they have started: twice as many at once as there are cores.
    let threads = 2 * std::thread::available_parallelism()?.get();
    let tests = |of: &[&str]| {
        let mut tests = cargo();
        tests.args(["test", "--locked", "--no-fail-fast"]).args(of).env("RUST_TEST_THREADS", threads.to_string());
        run(tests.env("TEST_DATABASE_URL", &postgres.url).env("CI", "true"))
    };
    tests(&HOST)?;
    tests(&XTASK)
}

fn npm(args: &[&str]) -> Command {
    let mut npm = program("npm");
    npm.current_dir(root().join("end2end")).args(args).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    npm
}

fn npm_ready() -> anyhow::Result<()> {
    run(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    run(&mut npm(&["run", "--silent", "check"]))
}

/// A script of `end2end/package.json`, with the finished program.
fn npm_script(name: &str) -> anyhow::Result<()> {
    let chromium = install::chromium().context("Chromium is not installed")?;
    run(npm(&["run", "--silent", name]).env("KEYROLL", keyroll()).env("CHROMIUM", chromium).env("CI", "true"))
}
