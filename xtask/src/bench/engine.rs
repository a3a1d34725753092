//! One engine: how fast it takes records in, and how fast it answers.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;

use super::latency::latencies;
use super::lists;
use super::weight::{Page, weigh};
use super::{END, Server, keyroll_on};

/// What was measured on one engine.
pub struct Measured {
    pub rows: Vec<(String, String)>,
    pub pages: Vec<Page>,
}

/// Imports everything, serves it, and asks.
pub fn measure(data: &Path, database: &str) -> anyhow::Result<Measured> {
    let mut rows = Vec::new();
    keyroll_on(database, &["migrate"], None)?;
    for (what, file) in [
        ("import of the directory, records/s", "users.jsonl"),
        ("import of registration details, records/s", "userRegistrationDetails.jsonl"),
        ("import of the audit log, records/s", "auditLogs.jsonl"),
        ("the same audit log again, records/s", "auditLogs.jsonl"),
    ] {
        let begun = Instant::now();
        let summary = keyroll_on(database, &["import", "--json"], Some(&data.join(file)))?;
        let seconds = begun.elapsed().as_secs_f64();
        let summary: serde_json::Value = serde_json::from_str(&summary).context("the summary is not JSON")?;
        let records = summary["records"].as_f64().context("the summary counts no records")?;
        rows.push((what.to_owned(), format!("{:.0}", records / seconds)));
    }
    let token = ["token", "create", "--role", "reports-reader", "--name", "bench"];
    let token = keyroll_on(database, &token, None)?;
    let server = Server::start(database)?;
    for (what, path) in [
        ("overview, 24 h", format!("/api/v1/overview?range=24h&as_of={END}")),
        ("overview, 30 d", format!("/api/v1/overview?range=30d&as_of={END}")),
        ("overview, 30 d, a month ago", "/api/v1/overview?range=30d&as_of=2026-10-20T12:00:00Z".to_owned()),
        ("users, first page", format!("/api/v1/users?as_of={END}")),
        ("users, search for five letters", format!("/api/v1/users?as_of={END}&q=ander")),
        ("users, search for three letters", format!("/api/v1/users?as_of={END}&q=ber")),
        ("users, search for one letter", format!("/api/v1/users?as_of={END}&q=q")),
        ("users, search for nobody", format!("/api/v1/users?as_of={END}&q=xyzzy")),
        ("SMS and voice", format!("/api/v1/sms-and-voice?as_of={END}")),
        ("users, a month ago", "/api/v1/users?as_of=2026-10-20T12:00:00Z".to_owned()),
        ("events, first page", format!("/api/v1/events?range=30d&as_of={END}")),
    ] {
        let found = latencies(server.address, &path, &token)?;
        rows.push((format!("{what}: p50 / p95 / p99, ms"), found.to_string()));
    }
    for slowest in lists::measure(server.address, &token)? {
        rows.push((
            format!("{}: the slowest of {}, p50 / p95 / p99, ms", slowest.name, slowest.lists),
            format!("{} `{}`", slowest.latencies, slowest.path),
        ));
    }
    let pages = weigh(&server, database)?;
    Ok(Measured { rows, pages })
}
