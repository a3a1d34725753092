//! `cargo xtask run`: a demo organisation on this machine.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::Context as _;

use crate::build;
use crate::command::{keyroll, root};

const LISTEN: &str = "127.0.0.1:3000";

/// Builds and serves; does not come back while the server runs.
pub fn run(flags: &[String]) -> anyhow::Result<()> {
    build::build()?;
    let folder = root().join("target").join("demo");
    fs::create_dir_all(&folder)?;
    let mut server = Command::new(keyroll());
    server.args(["serve", "--demo"]);
    if !flags.iter().any(|flag| flag.starts_with("--listen")) {
        server.args(["--listen", LISTEN]);
    }
    server.args(flags);
    if std::env::var_os("DATABASE_URL").is_none() {
        server.env("DATABASE_URL", format!("sqlite:{}", folder.join("keyroll.db").display()));
    }
    eprintln!("\n== Keyroll with a demo organisation on http://{LISTEN} (Ctrl-C stops it)");
    // Takes this process's place, so that signals reach the server itself.
    let error = server.exec();
    Err(error).with_context(|| format!("cannot start {}", keyroll().display()))
}
