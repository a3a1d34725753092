//! `kill -9` of a server that records are pushed to: whatever it has answered for is there, once.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rstest::rstest;

use crate::cli::{Console, out};
use crate::house::Engine;
use crate::killed::{LISTS, kills, lists, organisation, recounted};

/// Records of one body.
const TOGETHER: usize = 20;
const CLIENTS: usize = 4;
/// A kill comes so many milliseconds after the first answer.
const MOMENTS: std::ops::Range<u64> = 5..400;
/// Of these a server pushes; their records carry times of their own.
const PUSHED: [&str; 2] = ["auditLogs.jsonl", "signInLogs.jsonl"];

/// A server of its own process, on a port of its own.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(console: &Console) -> Self {
        let mut command = console.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let address = loop {
            let line = lines.next().expect("it says where it is").expect("text");
            if let Some(address) = line.strip_prefix("Keyroll is at http://") {
                break address.trim_end_matches('/').to_owned();
            }
        };
        Self { child, address }
    }

    /// The status of an answer; `None` where there is none.
    fn push(&self, token: &str, body: &[u8]) -> Option<u16> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let head = format!(
            "POST /api/v1/ingest HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split(' ').nth(1)?.parse().ok()
    }
}

/// Pushes what is left until nothing is, or the server is gone; whoever gets no answer leaves its body to be sent again.
fn push_all(server: &Server, token: &str, left: &Mutex<VecDeque<Vec<u8>>>, answered: &(dyn Fn() + Sync)) {
    std::thread::scope(|clients| {
        for _ in 0..CLIENTS {
            clients.spawn(|| {
                loop {
                    let Some(body) = left.lock().expect("not poisoned").pop_front() else { return };
                    match server.push(token, &body) {
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

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_server_has_answered_for_is_there_once(#[case] engine: Engine) {
    let Some(whole) = Console::open(engine).await else { return };
    let files = whole.database.dir().join("files");
    organisation(100, 180 * kills() as u64, &files);
    let paths: Vec<String> = PUSHED.iter().map(|name| files.join(name).display().to_string()).collect();
    let imported = whole.run(&[&["import"], &paths.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat());
    assert_eq!(imported.status.code(), Some(3), "some records are refused, as they are meant to be");
    let expected = lists(&whole);

    let mut bodies = VecDeque::new();
    for path in &paths {
        let text = std::fs::read(path).expect("written");
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        bodies.extend(lines.chunks(TOGETHER).map(<[&[u8]]>::concat));
    }
    let left = Mutex::new(bodies);

    let console = Console::open(engine).await.expect("as before");
    let token = console.run(&["token", "create", "--scope", "ingest", "--name", "shipper"]);
    let token = out(&token).trim().to_owned();
    let mut moments = ChaCha8Rng::seed_from_u64(17);
    let (mut killed, mut slowest) = (0, Duration::ZERO);
    while !left.lock().expect("not poisoned").is_empty() {
        let begin = Instant::now();
        let server = Server::start(&console);
        slowest = slowest.max(begin.elapsed());
        let (answered, answers) = channel();
        let (done, is_done) = channel::<()>();
        std::thread::scope(|scope| {
            let (pid, moment) = (server.child.id(), Duration::from_millis(moments.random_range(MOMENTS)));
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
        let Server { mut child, .. } = server;
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        killed += 1;
    }
    eprintln!("{engine:?}: {killed} kills, the slowest start took {slowest:?}");
    for (list, (now, before)) in LISTS.iter().zip(lists(&console).iter().zip(&expected)) {
        // Rows of one millisecond follow one another as they came in.
        let [now, before] = [now, before].map(|rows| {
            let mut rows: Vec<&str> = rows.lines().collect();
            rows.sort_unstable();
            rows
        });
        assert!(now == before, "{list} differs after {killed} kills");
    }
    recounted(&console);
}
