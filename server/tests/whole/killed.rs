//! `kill -9` at any moment: nothing is lost, nothing is doubled, and every list is what it would have been.
//!
//! 25 kills on each engine; `KEYROLL_KILLS=200` makes them as many as a release wants.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rstest::rstest;
use server::generate::{FILES, Faults, Settings, write_files};

use crate::cli::{Console, err, out};
use crate::house::Engine;

pub const LISTS: [&str; 8] = [
    "users",
    "events",
    "sign-ins",
    "usage/users",
    "usage/applications",
    "mfa/activity",
    "mfa/blocked-users",
    "lists/mfa-methods",
];
const AS_OF: &str = "2026-11-20T12:00:00Z";

pub fn kills() -> usize {
    std::env::var("KEYROLL_KILLS").map_or(25, |kills| kills.parse().expect("a number of kills"))
}

pub fn organisation(users: u32, sign_ins: u64, dir: &Path) {
    let end = AS_OF.parse().expect("an instant");
    let faults = Faults { duplicates: 3.0, late: 5.0, resent: 4.0, malformed: 1.0, future: 1.0 };
    let settings = Settings { users, sign_ins, days: 20, seed: 5, end, faults };
    write_files(&settings, dir).expect("the organisation can be written");
}

/// Imports every file of a folder, as people do after a machine has stopped: all of them again.
pub fn import(mut keyroll: Command, files: &Path) -> Command {
    keyroll.args(["import", "--observed-at", "2026-10-31T12:00:00Z"]);
    keyroll.args(FILES.iter().map(|name| files.join(name))).stdout(Stdio::null()).stderr(Stdio::null());
    keyroll
}

/// The end of a process, so that it can be waited for until a moment.
fn end_of(mut child: Child) -> (u32, Receiver<Option<i32>>) {
    let id = child.id();
    let (ended, end) = channel();
    std::thread::spawn(move || ended.send(child.wait().expect("it ends").code()));
    (id, end)
}

fn kill(id: u32) {
    let status = Command::new("kill").args(["-9", &id.to_string()]).stderr(Stdio::null()).status();
    // Where it has just ended by itself there is nothing to kill.
    status.expect("kill runs");
}

pub fn lists(console: &Console) -> Vec<String> {
    let export = |list: &&str| {
        let exported = console.run(&["export", list, "--format", "jsonl", "--as-of", AS_OF, "--range", "90d"]);
        assert!(exported.status.success(), "{list}: {}", err(&exported));
        out(&exported)
    };
    LISTS.iter().map(export).collect()
}

/// Every figure is what its rows add up to.
pub fn recounted(console: &Console) {
    let counted = console.run(&["doctor"]);
    assert!(counted.status.success(), "{}{}", out(&counted), err(&counted));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_killed_is_completed_by_importing_again(#[case] engine: Engine) {
    let Some(whole) = Console::open(engine).await else { return };
    let files = whole.database.dir().join("files");
    organisation(150, 2_500, &files);
    let begin = Instant::now();
    // 3: some records are refused, as they are meant to be.
    assert_eq!(import(whole.command(&[]), &files).status().expect("runs").code(), Some(3));
    let length = begin.elapsed();
    let expected = lists(&whole);

    let mut moments = ChaCha8Rng::seed_from_u64(9);
    let mut killed = 0;
    while killed < kills() {
        let console = Console::open(engine).await.expect("as before");
        loop {
            let (id, end) = end_of(import(console.command(&[]), &files).spawn().expect("runs"));
            let moment = length.mul_f64(moments.random_range(0.0..1.1));
            match end.recv_timeout(moment.max(Duration::from_millis(1))) {
                Ok(code) => {
                    assert_eq!(code, Some(3), "an import after a kill ends as any other");
                    break;
                }
                Err(RecvTimeoutError::Timeout) => kill(id),
                Err(RecvTimeoutError::Disconnected) => panic!("nobody waits for the import"),
            }
            // It may have been quicker than the signal.
            if end.recv().expect("it ends").is_none() {
                killed += 1;
            }
        }
        for (list, (now, before)) in LISTS.iter().zip(lists(&console).iter().zip(&expected)) {
            assert!(now == before, "{list} differs after {killed} kills");
        }
        recounted(&console);
    }
}
