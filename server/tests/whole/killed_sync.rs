//! `kill -9` during `keyroll sync`: the next one goes on where the last mark stands, and in the end everything that
//! Graph has is there once.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use domain::instant::{DAY_MS, HOUR_MS, Instant as At};
use graph_server::{Event, Kind, SECRET, World};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use rstest::rstest;
use serde_json::Value;
use server::generate::{Faults, Settings, write_files};
use store::ConnectionSecret;

use crate::cli::err;
use crate::house::Engine;
use crate::killed::{few_kills, lists_as_of, recounted, run_killed, same_rows};
use crate::sync::{Tenant, now};

/// Logs and reports are one page each: more than five would have to wait. The directory is several.
const PAGE: usize = 180;

fn lines(dir: &Path, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(dir.join(name)).expect("written");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// A day of an organisation, as Graph has it.
fn world(end: At) -> World {
    let dir = tempfile::tempdir().expect("a directory");
    let faults = Faults { duplicates: 0.0, late: 0.0, resent: 0.0, malformed: 0.0, future: 0.0 };
    let settings = Settings { users: 500, sign_ins: 170, days: 1, seed: 7, end, faults };
    write_files(&settings, dir.path()).expect("the organisation can be written");
    // A line is what a log is streamed as; its properties are what Graph answers.
    let logged = |name: &str, time: &str| -> Vec<Event> {
        let event = |mut line: Value| {
            let kind = match line["category"].as_str()? {
                "AuditLogs" => Kind::Audit,
                "SignInLogs" => Kind::SignIn,
                "NonInteractiveUserSignInLogs" => Kind::NonInteractiveSignIn,
                // AD FS has a log of its own, which Graph does not have.
                _ => return None,
            };
            let value = line["properties"].take();
            let at = value[time].as_str().expect("a time").parse().expect("an instant");
            Some(Event { kind, at, versions: vec![(at, value)] })
        };
        let mut events: Vec<Event> = lines(dir.path(), name).into_iter().filter_map(event).collect();
        // Nothing leaves the day while it is read.
        events.retain(|event| (end.plus_millis(-23 * HOUR_MS)..end).contains(&event.at));
        events
    };
    let mut events = logged("auditLogs.jsonl", "activityDateTime");
    events.extend(logged("signInLogs.jsonl", "createdDateTime"));
    for kind in [Kind::Audit, Kind::SignIn, Kind::NonInteractiveSignIn] {
        let n = events.iter().filter(|event| event.kind == kind).count();
        assert!((1..=PAGE).contains(&n), "{n} of {kind:?}");
    }
    let details = lines(dir.path(), "userRegistrationDetails.jsonl");
    let latest: BTreeMap<String, Value> =
        details.into_iter().map(|one| (one["id"].as_str().expect("an id").to_owned(), one)).collect();
    World {
        users: lines(dir.path(), "users.jsonl"),
        registration: latest.into_values().take(PAGE).collect(),
        events,
        page_size: PAGE,
        latency_ms: 5,
        counts_requests: false,
        ..World::default()
    }
}

/// Lists without when something was seen: that is when it was asked for.
fn seen_at_any_time(tenant: &Tenant, as_of: &str) -> Vec<String> {
    let without = |list: String| {
        let row = |line: &str| {
            let mut row: Value = serde_json::from_str(line).expect("JSON");
            row.as_object_mut().expect("a row").remove("updated_at");
            format!("{row}\n")
        };
        list.lines().map(row).collect()
    };
    lists_as_of(&tenant.console, as_of).into_iter().map(without).collect()
}

async fn connected(engine: Engine, world: &World) -> Option<Tenant> {
    let tenant = Tenant::open_with(engine, world.clone()).await?;
    tenant.console.write("secret", SECRET);
    tenant.connect(ConnectionSecret::File("secret".into())).await;
    Some(tenant)
}

/// Nobody else pulls for longer than it takes Postgres to see that a killed program is gone.
fn pulled(mut sync: impl FnMut() -> Output) {
    let begin = Instant::now();
    loop {
        let output = sync();
        if output.status.success() {
            return;
        }
        assert!(err(&output).contains("another sync is going on"), "{}", err(&output));
        assert!(begin.elapsed() < Duration::from_secs(60), "the lock of a killed program is still held");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pull_that_is_killed_is_completed_by_the_next(#[case] engine: Engine) {
    let end = now();
    let world = world(end);
    let Some(whole) = connected(engine, &world).await else { return };
    let begin = Instant::now();
    pulled(|| whole.command().output().expect("it runs"));
    let length = begin.elapsed();
    let as_of = end.plus_millis(DAY_MS).to_string();
    let expected = seen_at_any_time(&whole, &as_of);
    let rows = |list: usize| expected[list].lines().count();
    assert!(rows(0) > PAGE && rows(2) > PAGE / 2, "{} users and {} sign-ins", rows(0), rows(2));

    let mut moments = ChaCha8Rng::seed_from_u64(24);
    let mut left = few_kills();
    while left > 0 {
        let tenant = connected(engine, &world).await.expect("as before");
        pulled(|| run_killed(&mut left, length, &mut moments, || tenant.command()));
        same_rows(&seen_at_any_time(&tenant, &as_of), &expected, &format!("{left} kills before the last"));
        recounted(&tenant.console);
    }
}
