//! Two servers on one Postgres: whichever of them records are pushed to, they are there once, both show them, and
//! whoever has a page of the other open is told.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::cli::Console;
use crate::house::Engine;
use crate::killed::{lists, organisation, recounted, same_rows};
use crate::killed_push::{bodies, imported, token};
use crate::served::Server;

/// Senders of each server.
const CLIENTS: usize = 2;
/// The generated organisation's last day, and what is shown of it.
const SHOWN: [&str; 5] = [
    "/api/v1/overview?as_of=2026-11-20T12:00:00Z&range=30d",
    "/api/v1/usage?as_of=2026-11-20T12:00:00Z&range=30d",
    "/api/v1/users?as_of=2026-11-20T12:00:00Z&population=everyone",
    "/api/v1/events?as_of=2026-11-20T12:00:00Z&range=30d",
    "/api/v1/sign-ins?as_of=2026-11-20T12:00:00Z&range=30d",
];

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_of_one_database_are_as_one() {
    let Some(whole) = Console::open(Engine::Postgres).await else { return };
    let files = whole.database.dir().join("files");
    organisation(80, 1_500, &files);
    let expected = imported(&whole, &files);

    let console = Console::open(Engine::Postgres).await.expect("as before");
    let sender = token(&console, &["--scope", "ingest"]);
    let reader = token(&console, &["--role", "reports-reader"]);
    let servers = [Server::start(&console), Server::start(&console)];
    let left = Mutex::new(VecDeque::from(bodies(&files)));

    let mut listening = servers.each_ref().map(|server| server.events(&reader));
    let mut told = listening.each_mut().map(|events| events.number());
    // One body to each: both pages are told of both.
    for server in &servers {
        let body = left.lock().expect("not poisoned").pop_front().expect("a body");
        assert_eq!(server.push(&sender, &body).expect("an answer").status, 200);
        let data = server.json(&reader, "/api/v1/data");
        assert_eq!(data["imports"].as_array().map(Vec::len), Some(1), "one sender, one hour, one import");
        for (events, told) in listening.iter_mut().zip(&mut told) {
            let number = events.number();
            assert!(number > *told, "{number} after {told}");
            *told = number;
        }
    }

    std::thread::scope(|clients| {
        for server in servers.iter().cycle().take(CLIENTS * servers.len()) {
            clients.spawn(|| {
                loop {
                    let Some(body) = left.lock().expect("not poisoned").pop_front() else { return };
                    let reply = server.push(&sender, &body).expect("an answer");
                    // 422: its last lines may be the unreadable ones.
                    assert!([200, 422].contains(&reply.status), "{reply:?}");
                }
            });
        }
    });
    for path in SHOWN {
        let [one, other] = servers.each_ref().map(|server| server.json(&reader, path));
        assert_eq!(one, other, "{path}");
    }
    drop(servers);
    same_rows(&lists(&console), &expected, "after two servers");
    recounted(&console);
}
