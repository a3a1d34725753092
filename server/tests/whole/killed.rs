//! `kill -9` at any moment: nothing is lost, nothing is doubled, and every list is what it would have been.
//!
//! 25 kills on each engine; `KEYROLL_KILLS=200` makes them as many as a release wants.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
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

/// Kills of one series of a test that has several.
pub fn few_kills() -> usize {
    kills().div_ceil(5)
}

pub fn organisation(users: u32, sign_ins: u64, dir: &Path) {
    let faults = Faults { duplicates: 3.0, late: 5.0, resent: 4.0, malformed: 1.0, future: 1.0 };
    let end = AS_OF.parse().expect("an instant");
    let settings = Settings { users, sign_ins, days: 20, seed: 5, end, faults };
    write_files(&settings, dir).expect("the organisation can be written");
}

/// Imports every file of a folder, as people do after a machine has stopped: all of them again.
pub fn import(mut keyroll: Command, files: &Path) -> Command {
    keyroll.args(["import", "--observed-at", "2026-10-31T12:00:00Z"]);
    keyroll.args(FILES.iter().map(|name| files.join(name))).stdout(Stdio::null()).stderr(Stdio::null());
    keyroll
}

/// Runs a command, and kills it at a moment; `None` where that was before its end.
pub fn run_until(moment: Duration, mut command: Command) -> Option<Output> {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let id = child.id();
    let (ended, end) = channel();
    std::thread::spawn(move || ended.send(child.wait_with_output().expect("it ends")));
    let output = match end.recv_timeout(moment.max(Duration::from_millis(1))) {
        Ok(output) => output,
        Err(RecvTimeoutError::Timeout) => {
            let kill = Command::new("kill").args(["-9", &id.to_string()]).stderr(Stdio::null()).status();
            // Where it has just ended by itself there is nothing to kill.
            kill.expect("kill runs");
            end.recv().expect("it ends")
        }
        Err(RecvTimeoutError::Disconnected) => panic!("nobody waits for it"),
    };
    output.status.code().is_some().then_some(output)
}

/// Kills a command that takes about `length` again and again, until it has ended by itself or has been killed often
/// enough: then it may end. `kills` is how often it may still be killed.
pub fn run_killed(
    kills: &mut usize,
    length: Duration,
    moments: &mut ChaCha8Rng,
    command: impl Fn() -> Command,
) -> Output {
    while *kills > 0 {
        let moment = length.mul_f64(moments.random_range(0.0..1.1));
        match run_until(moment, command()) {
            Some(output) => return output,
            None => *kills -= 1,
        }
    }
    run_until(Duration::MAX, command()).expect("nobody kills it")
}

pub fn lists(console: &Console) -> Vec<String> {
    lists_as_of(console, AS_OF)
}

pub fn lists_as_of(console: &Console, as_of: &str) -> Vec<String> {
    let export = |list: &&str| {
        let exported = console.run(&["export", list, "--format", "jsonl", "--as-of", as_of, "--range", "90d"]);
        assert!(exported.status.success(), "{list}: {}", err(&exported));
        out(&exported)
    };
    LISTS.iter().map(export).collect()
}

/// Nothing is missing, nothing is there twice. Rows of one millisecond follow one another as they came in: where records
/// came in another order, lists are compared without theirs.
pub fn same_rows(now: &[String], before: &[String], what: &str) {
    for (list, (now, before)) in LISTS.iter().zip(now.iter().zip(before)) {
        let [now, before] = [now, before].map(|rows| {
            let mut rows: Vec<&str> = rows.lines().collect();
            rows.sort_unstable();
            rows
        });
        assert!(now == before, "{list} differs {what}: {} rows, and not {}", now.len(), before.len());
    }
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
    let mut left = kills();
    while left > 0 {
        let console = Console::open(engine).await.expect("as before");
        let ended = run_killed(&mut left, length, &mut moments, || import(console.command(&[]), &files));
        assert_eq!(ended.status.code(), Some(3), "an import after a kill ends as any other: {}", err(&ended));
        for (list, (now, before)) in LISTS.iter().zip(lists(&console).iter().zip(&expected)) {
            assert!(now == before, "{list} differs, {left} kills before the last");
        }
        recounted(&console);
    }
}
