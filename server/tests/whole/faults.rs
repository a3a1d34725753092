//! Disks that fail: errors, interruptions and the end of the program at one write after the other of an import. What was
//! said to be stored is there, and importing again completes the rest.
//!
//! `strace` makes the faults, from outside of the program. Some positions of each; `KEYROLL_FAULTS=100` makes them more,
//! and `KEYROLL_FAULTS=every` takes every write and every wait for the disk, one after the other, to the end of the import.

use std::path::Path;
use std::process::Command;

use crate::cli::Console;
use crate::house::Engine;
use crate::killed::{LISTS, import, lists, organisation, recounted};

/// What happens at the Nth call: to the writes of SQLite's files, and where it waits for the disk.
const FAULTS: [&str; 6] = [
    "pwrite64:signal=SIGKILL",
    "fsync:signal=SIGKILL",
    "pwrite64:error=EIO",
    "pwrite64:error=ENOSPC",
    "fsync:error=EIO",
    "pwrite64:error=EINTR",
];

/// At which calls: the first ones one by one, the later ones further apart, unless every one is asked for.
fn positions() -> Box<dyn Iterator<Item = u32>> {
    let positions = std::env::var("KEYROLL_FAULTS").unwrap_or_else(|_| "6".into());
    if positions == "every" {
        return Box::new(1..);
    }
    let positions = positions.parse().expect("a number of positions, or every");
    Box::new(std::iter::successors(Some(1), |when| Some(when + 1 + when / 2)).take(positions))
}

/// The program with one fault; what happened to it is written to `log`.
fn failing(console: &Console, fault: &str, when: u32, log: &Path) -> Command {
    let plain = console.command(&[]);
    let mut strace = Command::new("strace");
    let call = fault.split(':').next().expect("a call");
    strace.args(["-f", "-qq", "-e", &format!("trace={call}"), "-e", "signal=none"]);
    strace.args(["-e", &format!("inject={fault}:when={when}"), "-o"]).arg(log).arg(plain.get_program());
    strace.current_dir(console.database.dir());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => strace.env(name, value),
            None => strace.env_remove(name),
        };
    }
    strace
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_write_fails_nothing_is_lost() {
    if Command::new("strace").arg("-V").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "strace must be installed in CI");
        eprintln!("skipped: strace is not installed");
        return;
    }
    let whole = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    let files = whole.database.dir().join("files");
    organisation(30, 200, &files);
    // 3: some records are refused, as they are meant to be.
    assert_eq!(import(whole.command(&[]), &files).status().expect("runs").code(), Some(3));
    let expected = lists(&whole);

    for fault in FAULTS {
        for when in positions() {
            let console = Console::open(Engine::Sqlite).await.expect("as before");
            let log = console.database.dir().join("strace.log");
            let ended = import(failing(&console, fault, when, &log), &files).status().expect("strace runs").code();
            let log = std::fs::read_to_string(&log).expect("what strace wrote");
            // A program that is killed ends without a code.
            if ended.is_some() && !log.contains("INJECTED") {
                assert_eq!(ended, Some(3), "without a fault");
                assert_ne!(when, 1, "{fault} never came");
                eprintln!("{fault}: there is no call {when}");
                break;
            }
            // It may have gone on: an error while SQLite tidies up changes nothing that is stored.
            if ended != Some(3) {
                assert_ne!(ended, Some(0), "{fault} at {when}");
                let again = import(console.command(&[]), &files).status().expect("runs").code();
                assert_eq!(again, Some(3), "an import after {fault} at {when} ends as any other");
            }
            for (list, (now, before)) in LISTS.iter().zip(lists(&console).iter().zip(&expected)) {
                assert!(now == before, "{list} differs after {fault} at {when}");
            }
            recounted(&console);
        }
    }
}
