//! `cargo xtask test`: every test there is, with everything it needs.

use std::process::Command;

use anyhow::Context as _;

use crate::build;
use crate::clients;
use crate::command::{cargo, find, keyroll, program, root, run, stage};
use crate::install;
use crate::instructions;
use crate::postgres::Postgres;

/// Everything that runs on this machine. The browser part is left out: built together, leptos would get the features
/// of both halves at once.
const HOST: [&str; 3] = ["--workspace", "--exclude", "frontend"];

/// Cheap checks first; the first stage that fails ends the run.
pub fn test() -> anyhow::Result<()> {
    stage("set up", install::ensure)?;
    stage("format", || run(cargo().args(["fmt", "--all", "--check"])))?;
    stage("clippy", || {
        run(cargo().args(["clippy", "--locked"]).args(HOST).args(["--all-targets", "--", "-D", "warnings"]))
    })?;
    stage("clippy of the browser part", || {
        build::ensure_wasm_target()?;
        let browser = ["clippy", "--locked", "--package", "frontend", "--target", build::WASM, "--", "-D", "warnings"];
        run(cargo().args(browser))
    })?;
    if find(&["cargo-deny"]).is_some() {
        // Advisories need a database from the network; licences, bans and sources do not.
        stage("licences", || run(cargo().args(["deny", "--offline", "check", "licenses", "bans", "sources"])))?;
    }
    stage("Rust tests", rust_tests)?;
    build::build()?;
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

/// Every test of the workspace, against SQLite and a Postgres of its own.
fn rust_tests() -> anyhow::Result<()> {
    let postgres = Postgres::start()?;
    let mut tests = cargo();
    tests.args(["test", "--locked", "--no-fail-fast"]).args(HOST);
    run(tests.env("TEST_DATABASE_URL", &postgres.url).env("CI", "true"))
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
