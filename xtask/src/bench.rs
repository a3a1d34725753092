//! `cargo xtask bench`: import rate, latency and page weight, as a Markdown table.
//!
//! Everything runs on this machine beside the server it measures, so the figures are an upper bound for the server
//! and a lower one for the machine.

mod engine;
mod latency;
mod lists;
mod weight;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{net::SocketAddr, thread};

use anyhow::{Context as _, bail};

use crate::command::{keyroll, output, run};
use crate::http::Client;
use crate::postgres::{Postgres, free_port};
use crate::{build, install};

const END: &str = "2026-11-20T12:00:00Z";
const START_LIMIT: Duration = Duration::from_secs(30);

/// Builds, generates, imports into both engines, asks, and prints what it found.
pub fn bench(users: u32, days: u32) -> anyhow::Result<()> {
    build::build()?;
    let folder = Folder::new()?;
    let data = folder.0.join("data");
    let begun = Instant::now();
    run(Command::new(keyroll())
        .args(["generate", "--users", &users.to_string(), "--days", &days.to_string(), "--sign-ins", "1000"])
        .args(["--seed", "1", "--end", END, "--out"])
        .arg(&data))?;
    let mut table = vec![
        format!("{users} users, {days} days of events, generated in {:.1} s.", begun.elapsed().as_secs_f64()),
        String::new(),
        "| What | SQLite | Postgres |".to_owned(),
        "|---|--:|--:|".to_owned(),
    ];
    let sqlite = engine::measure(&data, &format!("sqlite:{}", folder.0.join("bench.db").display()))?;
    let postgres = match install::postgres_folder() {
        None => None,
        Some(_) => {
            let server = Postgres::start()?;
            Some(engine::measure(&data, &server.url)?)
        }
    };
    for (row, (name, value)) in sqlite.rows.iter().enumerate() {
        let other = postgres.as_ref().map_or("not installed", |measured| measured.rows[row].1.as_str());
        table.push(format!("| {name} | {value} | {other} |"));
    }
    table.extend([String::new(), "| Page | Requests | Bytes over the wire |".to_owned(), "|---|--:|--:|".to_owned()]);
    table.extend(sqlite.pages.iter().map(|page| format!("| {} | {} | {} |", page.path, page.requests, page.bytes)));
    println!("{}", table.join("\n"));
    Ok(())
}

/// A temporary folder that goes away.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("keyroll-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running `keyroll serve`; dropping it stops it.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(database: &str) -> anyhow::Result<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let process = Command::new(keyroll())
            .args(["serve", "--listen", &address.to_string()])
            .env("DATABASE_URL", database)
            .env("KEYROLL_READS_PER_MINUTE", u32::MAX.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let server = Self { process, address };
        let begun = Instant::now();
        loop {
            let ready = Client::connect(address).and_then(|mut client| client.get("/readyz", &[]));
            if ready.is_ok_and(|answer| answer.status == 200) {
                return Ok(server);
            }
            if begun.elapsed() > START_LIMIT {
                bail!("`keyroll serve` was not ready within {} s", START_LIMIT.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = run(Command::new("kill").args(["-TERM", &self.process.id().to_string()]));
        let _ = self.process.wait();
    }
}

/// Runs `keyroll` on a database and gives what it printed.
fn keyroll_on(database: &str, arguments: &[&str], file: Option<&Path>) -> anyhow::Result<String> {
    let mut command = Command::new(keyroll());
    command.args(arguments).args(file).env("DATABASE_URL", database);
    output(&mut command).with_context(|| format!("keyroll {}", arguments.join(" ")))
}
