//! A Postgres that crashes again and again, and one that stays away for a while, under a server that records are pushed
//! to: what was answered for is there once, what was not is said so, and the server goes on by itself.
//!
//! 4 crashes and an outage of 5 seconds; `KEYROLL_CRASHES=60` and `KEYROLL_OUTAGE=30` make them what a release wants.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::cli::Console;
use crate::house::{Database, Engine};
use crate::killed::{lists, organisation, recounted, same_rows};
use crate::killed_push::{bodies, imported, token};
use crate::own_postgres::Postgres;
use crate::served::{Reply, Server};

const CLIENTS: usize = 4;
/// So many bodies are answered for between two crashes.
const BETWEEN: std::ops::Range<usize> = 3..40;
/// Somebody is answered in this time, or the server has not recovered.
const RECOVERED_WITHIN: Duration = Duration::from_secs(120);

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().expect("a number"))
}

/// Pushes bodies again and again, each until it is answered for.
struct Load<'a> {
    server: &'a Server,
    token: &'a str,
    bodies: &'a [Vec<u8>],
    next: AtomicUsize,
    is_over: AtomicBool,
    refused: AtomicUsize,
    has_failed: AtomicBool,
}

/// Ends the load where the test fails: nothing would be answered any more.
struct Watched<'a>(&'a Load<'a>);

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        self.0.has_failed.fetch_or(std::thread::panicking(), Ordering::SeqCst);
    }
}

impl Load<'_> {
    fn push_on_and_on(&self, answered: &Sender<()>) {
        loop {
            let next = self.next.fetch_add(1, Ordering::SeqCst);
            // All of them at least once.
            if next >= self.bodies.len() && self.is_over.load(Ordering::SeqCst) {
                return;
            }
            let body = &self.bodies[next % self.bodies.len()];
            while !self.has_failed.load(Ordering::SeqCst) {
                let reply = self.server.push(self.token, body).expect("the server is always there");
                // 422: its last lines may be the unreadable ones.
                if [200, 422].contains(&reply.status) {
                    break;
                }
                says_when_to_come_again(&reply);
                self.refused.fetch_add(1, Ordering::SeqCst);
            }
            if self.has_failed.load(Ordering::SeqCst) {
                return;
            }
            answered.send(()).expect("somebody waits for answers");
        }
    }
}

pub fn says_when_to_come_again(reply: &Reply) {
    assert_eq!(reply.status, 503, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{reply:?}");
    let seconds: u64 = reply.header("retry-after").unwrap_or_default().parse().expect("seconds");
    assert!(seconds > 0, "{reply:?}");
    let problem: Value = serde_json::from_str(&reply.body).expect("JSON");
    assert_eq!(problem["status"], 503, "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
}

fn wait_for(answers: &Receiver<()>, bodies: usize) {
    for _ in 0..bodies {
        answers.recv_timeout(RECOVERED_WITHIN).expect("the server recovers by itself");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_for_is_there_once_however_often_postgres_goes_away() {
    let Some(whole) = Console::open(Engine::Postgres).await else { return };
    let Some(mut postgres) = Postgres::start() else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "Postgres must be installed in CI");
        eprintln!("skipped: Postgres is not installed here");
        return;
    };
    let files = whole.database.dir().join("files");
    organisation(80, 1_500, &files);
    let expected = imported(&whole, &files);

    let console = Console { database: Database::at(postgres.url()) };
    let sender = token(&console, &["--scope", "ingest"]);
    let reader = token(&console, &["--role", "reports-reader"]);
    let server = Server::start(&console);
    let bodies = bodies(&files);
    let load = Load {
        server: &server,
        token: &sender,
        bodies: &bodies,
        next: AtomicUsize::new(0),
        is_over: AtomicBool::new(false),
        refused: AtomicUsize::new(0),
        has_failed: AtomicBool::new(false),
    };
    let (answered, answers) = channel();
    let mut moments = ChaCha8Rng::seed_from_u64(25);
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            let (load, answered) = (&load, answered.clone());
            scope.spawn(move || load.push_on_and_on(&answered));
        }
        let _watched = Watched(&load);
        for _ in 0..from_environment("KEYROLL_CRASHES", 4) {
            wait_for(&answers, moments.random_range(BETWEEN));
            postgres.crash();
            postgres.begin();
        }
        wait_for(&answers, CLIENTS);
        postgres.crash();
        let begin = Instant::now();
        let outage = Duration::from_secs(from_environment("KEYROLL_OUTAGE", 5));
        while begin.elapsed() < outage {
            std::thread::scope(|asking| {
                asking.spawn(|| assert_eq!(server.get("", "/readyz").status, 503, "it says that it cannot answer"));
                asking.spawn(|| says_when_to_come_again(&server.get(&reader, "/api/v1/overview")));
                assert_eq!(server.get("", "/livez").status, 200, "the program itself is well");
            });
        }
        postgres.begin();
        // Whatever was answered before it stopped.
        while answers.try_recv().is_ok() {}
        wait_for(&answers, 2 * CLIENTS);
        assert_eq!(server.get("", "/readyz").status, 200);
        load.is_over.store(true, Ordering::SeqCst);
    });
    let refused = load.refused.load(Ordering::SeqCst);
    eprintln!("{} bodies answered for, {refused} refused", load.next.load(Ordering::SeqCst) - CLIENTS);
    assert!(refused > 0, "nobody noticed");
    drop(server);
    same_rows(&lists(&console), &expected, "after Postgres went away");
    recounted(&console);
}
