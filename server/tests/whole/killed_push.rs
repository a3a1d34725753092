//! `kill -9` of a server that records are pushed to: whatever it has answered for is there, once.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rstest::rstest;

use crate::cli::{Console, err, out};
use crate::house::Engine;
use crate::killed::{kills, lists, organisation, recounted, same_rows};
use crate::served::Server;

/// Records of one body.
const TOGETHER: usize = 20;
const CLIENTS: usize = 4;
/// A kill comes so many milliseconds after the first answer.
const MOMENTS: std::ops::Range<u64> = 5..400;
/// Of these a server pushes; their records carry times of their own.
const PUSHED: [&str; 2] = ["auditLogs.jsonl", "signInLogs.jsonl"];

/// Pushes what is left until nothing is, or the server is gone; whoever gets no answer leaves its body to be sent again.
fn push_all(server: &Server, token: &str, left: &Mutex<VecDeque<Vec<u8>>>, answered: &(dyn Fn() + Sync)) {
    std::thread::scope(|clients| {
        for _ in 0..CLIENTS {
            clients.spawn(|| {
                loop {
                    let Some(body) = left.lock().expect("not poisoned").pop_front() else { return };
                    match server.push(token, &body).map(|reply| reply.status) {
                        // 422: its last lines may be the unreadable ones.
                        Some(200 | 422) => answered(),
                        Some(429) => left.lock().expect("not poisoned").push_back(body),
                        None => {
                            left.lock().expect("not poisoned").push_front(body);
                            return;
                        }
                        Some(status) => panic!("{status} for a body of the generator"),
                    }
                }
            });
        }
    });
}

/// The lists that the files come to which are pushed.
pub fn imported(console: &Console, files: &Path) -> Vec<String> {
    let mut import = console.command(&["import"]);
    let imported = import.args(PUSHED.iter().map(|name| files.join(name))).output().expect("runs");
    assert_eq!(
        imported.status.code(),
        Some(3),
        "some records are refused, as they are meant to be: {}",
        err(&imported)
    );
    lists(console)
}

/// The same files as bodies of a few records.
pub fn bodies(files: &Path) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    for name in PUSHED {
        let text = std::fs::read(files.join(name)).expect("written");
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        bodies.extend(lines.chunks(TOGETHER).map(<[&[u8]]>::concat));
    }
    bodies
}

/// A new token that may do what is said.
pub fn token(console: &Console, may: &[&str]) -> String {
    let made = console.run(&[&["token", "create", "--name", may[1]], may].concat());
    assert!(made.status.success(), "{}", err(&made));
    out(&made).trim().to_owned()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_server_has_answered_for_is_there_once(#[case] engine: Engine) {
    let Some(whole) = Console::open(engine).await else { return };
    let files = whole.database.dir().join("files");
    organisation(100, 180 * kills() as u64, &files);
    let expected = imported(&whole, &files);
    let left = Mutex::new(VecDeque::from(bodies(&files)));

    let console = Console::open(engine).await.expect("as before");
    let token = token(&console, &["--scope", "ingest"]);
    let mut moments = ChaCha8Rng::seed_from_u64(17);
    let (mut killed, mut slowest) = (0, Duration::ZERO);
    while !left.lock().expect("not poisoned").is_empty() {
        let begin = Instant::now();
        let server = Server::start(&console);
        slowest = slowest.max(begin.elapsed());
        let (answered, answers) = channel();
        let (done, is_done) = channel::<()>();
        std::thread::scope(|scope| {
            let (pid, moment) = (server.id(), Duration::from_millis(moments.random_range(MOMENTS)));
            scope.spawn(move || {
                // Nothing has been answered: it ends with the last body.
                if answers.recv().is_err() {
                    return;
                }
                // The moment, or the end of all bodies.
                let _ = is_done.recv_timeout(moment);
                let kill = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
                assert!(kill.expect("kill runs").success());
            });
            let answered = Mutex::new(answered);
            push_all(&server, &token, &left, &|| _ = answered.lock().expect("not poisoned").send(()));
            drop((answered, done));
        });
        drop(server);
        killed += 1;
    }
    eprintln!("{engine:?}: {killed} kills, the slowest start took {slowest:?}");
    same_rows(&lists(&console), &expected, &format!("after {killed} kills"));
    recounted(&console);
}
