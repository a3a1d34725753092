//! An export whose server is killed: the next one finishes it, whole, and pages that are open are told.

use rstest::rstest;
use serde_json::{Value, json};

use crate::cli::{Console, out};
use crate::house::Engine;
use crate::killed::organisation;
use crate::killed_push::{imported, token};
use crate::served::Server;

/// Sign-ins of the generated organisation.
const LIST: &str = "range=30d&as_of=2026-11-20T12:00:00Z&sort=-at";

/// The export as it is when it is over.
fn over(server: &Server, token: &str, location: &str) -> Value {
    let mut events = server.events_at("/live/exports", token);
    loop {
        let export = server.json(token, location);
        if export["state"] != "queued" && export["state"] != "running" {
            return export;
        }
        // What has happened since the last number is told too.
        events.number();
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_export_outlives_its_server(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    let files = console.database.dir().join("files");
    organisation(80, 1_500, &files);
    imported(&console, &files);
    let reader = token(&console, &["--role", "security-reader"]);
    let flags = ["--range", "30d", "--as-of", "2026-11-20T12:00:00Z", "--sort=-at"];
    let direct = out(&console.run(&[&["export", "sign-ins", "--format", "csv"], &flags[..]].concat()));
    let wanted = json!({"list": "sign-ins", "query": LIST, "format": "csv"});
    for _ in 0..2 {
        let dying = Server::start(&console);
        let asked = dying.post(&reader, "/api/v1/exports", &wanted);
        assert_eq!(asked.status, 202, "{}", asked.body);
        let location = asked.header("location").expect("where it is").to_owned();
        drop(dying);
        let server = Server::start(&console);
        let total = server.json(&reader, &format!("/api/v1/sign-ins?{LIST}"))["total"].clone();
        assert!(total.as_i64().is_some_and(|total| total > 1_000), "more than a page: {total}");
        let export = over(&server, &reader, &location);
        assert_eq!((&export["state"], &export["rows"]), (&json!("done"), &total), "{export}");
        let file = server.get(&reader, &format!("{location}/file"));
        assert!(file.body == direct, "{} bytes for {}", file.body.len(), direct.len());
    }
}
