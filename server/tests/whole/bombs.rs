//! Files that are made to harm whoever opens them, through every door that takes files: each is refused in a sentence, stores
//! nothing, and takes no more memory than any other.

use rstest::rstest;
use serde_json::Value;

use crate::cli::{Console, DETAILS, err};
use crate::house::Engine;
use crate::served::{Events, Server};

mod made;

/// What one of them may take at one door, beyond what the program has after ordinary files of ten megabytes, and others of
/// them. The allocator gives back after a while: how much of those before is still there differs from one time to the next.
const MOST_KIB: u64 = 64 << 10;
/// What may be left of all of them.
const LEFT_KIB: u64 = 2 * MOST_KIB;
const USERS: usize = 20_000;

/// Ten megabytes that nobody means any harm with.
fn ordinary() -> String {
    let first = DETAILS.lines().next().expect("a line");
    let user = |n| {
        first.replace("-000000000001\"", &format!("-{n:012}\"")).replace("ada@", &format!("ada{n}{}@", "a".repeat(150)))
    };
    (0..USERS).map(|n| user(n) + "\n").collect()
}

/// An import, once it has been read to its end.
fn finished(server: &Server, events: &mut Events, token: &str, id: &Value) -> Value {
    loop {
        let import = server.json(token, &format!("/api/v1/data/{id}"));
        if import["status"] != "running" {
            return import;
        }
        events.number();
    }
}

fn uploaded(server: &Server, events: &mut Events, token: &str, name: &str, bytes: &[u8]) -> Value {
    let reply = server.upload(token, name, bytes).unwrap_or_else(|| panic!("{name} was not answered"));
    assert_eq!(reply.status, 200, "{name}: {}", reply.body);
    let taken: Value = serde_json::from_str(&reply.body).expect("JSON");
    finished(server, events, token, &taken["imports"][0])
}

fn accepted(server: &Server, token: &str) -> Value {
    server.json(token, "/api/v1/data")["last_30_days"]["accepted"].clone()
}

/// Sends something through a door: it takes no more memory than [`MOST_KIB`].
fn within_bounds<T>(server: &Server, door: &str, what: &str, send: impl FnOnce() -> T) -> T {
    server.forget_peak();
    let (before, since) = (server.peak_memory(), std::time::Instant::now());
    let answer = send();
    let grown = server.peak_memory().saturating_sub(before);
    told(what, door, since, grown);
    assert!(grown <= MOST_KIB, "{door}: {what}: {grown} KiB");
    answer
}

/// Writes what it took where `KEYROLL_BOMBS=tell`, with the time that people count by hand.
fn told(what: &str, door: &str, since: std::time::Instant, grown: u64) {
    if std::env::var_os("KEYROLL_BOMBS").is_some() {
        eprintln!("{door}: {what}: {:?}, {} MiB more", since.elapsed(), grown >> 10);
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn bombs_are_refused_store_nothing_and_take_no_memory(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    let token = console.token("uploads", "security-administrator");
    let server = Server::start(&console);
    let mut events = server.events(&token);
    uploaded(&server, &mut events, &token, "details.jsonl", ordinary().as_bytes());
    server.push(&token, ordinary().as_bytes()).expect("an answer");
    assert_eq!(accepted(&server, &token), USERS);
    server.forget_peak();
    let at_first = server.peak_memory();
    for bomb in made::all() {
        let import = within_bounds(&server, "upload", bomb.what, || {
            uploaded(&server, &mut events, &token, bomb.name, &bomb.bytes)
        });
        assert!(import.to_string().contains(bomb.said), "{}: {import}", bomb.what);
        assert_eq!(import["counts"]["accepted"], 0, "{}", bomb.what);

        let reply = within_bounds(&server, "push", bomb.what, || server.push(&token, &bomb.bytes));
        let reply = reply.unwrap_or_else(|| panic!("{} was not answered", bomb.what));
        assert_eq!(reply.status, 422, "{}: {}", bomb.what, reply.body);
        let reasons: Value = serde_json::from_str(&reply.body).expect("a problem");
        let reasons = reasons["rejections"].as_array().expect("reasons");
        assert!(!reasons.is_empty() && reasons.len() <= 100, "{}: {}", bomb.what, reply.body);
    }
    server.forget_peak();
    let left = server.peak_memory().saturating_sub(at_first);
    assert!(left <= LEFT_KIB, "{left} KiB are left of them all");
    assert_eq!(accepted(&server, &token), USERS);
    assert_eq!(server.json(&token, "/api/v1/users")["total"], USERS, "and it still answers");
}

#[tokio::test]
async fn bombs_are_refused_at_the_console_too() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    for bomb in made::all() {
        let path = console.database.dir().join(bomb.name);
        std::fs::write(&path, &bomb.bytes).expect("written");
        let since = std::time::Instant::now();
        let output = console.run(&["import", bomb.name, "--json"]);
        assert_eq!(output.status.code(), Some(3), "{}: {}", bomb.what, err(&output));
        assert!(err(&output).contains(bomb.said), "{}: {}", bomb.what, err(&output));
        let sums: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(sums["accepted"], 0, "{}", bomb.what);
        told(bomb.what, "import", since, 0);
        std::fs::remove_file(path).expect("removed");
    }
    let services = console.run(&["export", "users", "--format", "jsonl"]);
    assert!(services.stdout.is_empty(), "nothing was stored");
}

/// Only the last part of a file's name is kept, and nothing is written where it leads.
#[tokio::test]
async fn names_of_files_lead_nowhere() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    let token = console.token("uploads", "security-administrator");
    let server = Server::start(&console);
    let mut events = server.events(&token);
    let listed = || {
        let entries = std::fs::read_dir(console.database.dir()).expect("a folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.retain(|name| !name.to_string_lossy().contains("keyroll.db"));
        names.sort();
        names
    };
    let before = listed();
    let out = console.database.dir().join("out.jsonl");
    let absolute = out.display().to_string();
    for (name, kept) in [
        ("../../out.jsonl", "out.jsonl"),
        ("..\\..\\out.jsonl", "out.jsonl"),
        (absolute.as_str(), "out.jsonl"),
        ("C:\\Windows\\System32\\out.jsonl", "out.jsonl"),
        ("....//....//out.jsonl", "out.jsonl"),
        ("%2e%2e%2fout.jsonl", "%2e%2e%2fout.jsonl"),
        ("/etc/cron.d/..", ".."),
    ] {
        let import = uploaded(&server, &mut events, &token, name, DETAILS.as_bytes());
        assert_eq!(import["file_name"], kept, "{name}");
    }
    assert_eq!(listed(), before, "nothing beside the database");
}
