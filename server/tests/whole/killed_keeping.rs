//! `kill -9` while data goes, by a rule or because an import is taken back: whoever begins again goes on, and in the end
//! every list is what it would have been.

use std::time::Instant;

use domain::instant::DAY_MS;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use rstest::rstest;
use server::generate::{FILES, Faults, Settings, write_files};

use crate::cli::{Console, err};
use crate::house::Engine;
use crate::killed::{LISTS, few_kills, import, lists, lists_as_of, organisation, recounted, run_killed};
use crate::sync::now;

async fn copy_of(console: &Console) -> Console {
    Console { database: console.database.copy().await }
}

fn done(console: &Console, args: &[&str]) {
    let output = console.run(args);
    assert!(output.status.success(), "{args:?}: {}", err(&output));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn days_that_a_killed_program_lets_go_go_in_the_end(#[case] engine: Engine) {
    let Some(full) = Console::open(engine).await else { return };
    let files = full.database.dir().join("files");
    // Half of the days are older than a rule may keep.
    let end = now();
    let settings = Settings { users: 60, sign_ins: 1_200, days: 60, seed: 6, end, faults: Faults::default() };
    write_files(&settings, &files).expect("the organisation can be written");
    done(&full, &["import", &files.display().to_string()]);
    for kept in ["sign_ins", "events", "activity", "history", "rejected"] {
        done(&full, &["retention", "set", kept, "--days", "30"]);
    }
    let as_of = end.plus_millis(DAY_MS).to_string();
    let before = lists_as_of(&full, &as_of);

    let whole = copy_of(&full).await;
    let begin = Instant::now();
    done(&whole, &["retention", "run"]);
    let length = begin.elapsed();

    let mut moments = ChaCha8Rng::seed_from_u64(21);
    let mut left = few_kills();
    while left > 0 {
        let console = copy_of(&full).await;
        let ended = run_killed(&mut left, length, &mut moments, || console.command(&["retention", "run"]));
        assert!(ended.status.success(), "{}", err(&ended));
        // Nothing, unless another day has begun meanwhile.
        for console in [&whole, &console] {
            done(console, &["retention", "run"]);
        }
        let expected = lists_as_of(&whole, &as_of);
        assert!(expected != before, "nothing has gone");
        for (list, (now, expected)) in LISTS.iter().zip(lists_as_of(&console, &as_of).iter().zip(&expected)) {
            assert!(now == expected, "{list} differs, {left} kills before the last");
        }
        recounted(&console);
    }
}

/// The number that a file's import has: the files come one after the other.
fn number_of(name: &str) -> String {
    let place = FILES.iter().position(|file| *file == name).expect("a file of the generator");
    (place + 1).to_string()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_a_killed_program_takes_back_is_taken_back_in_the_end(#[case] engine: Engine) {
    let Some(full) = Console::open(engine).await else { return };
    let files = full.database.dir().join("files");
    organisation(60, 1_000, &files);
    assert_eq!(import(full.command(&[]), &files).status().expect("runs").code(), Some(3));
    let before = lists(&full);
    let wrong = ["signInLogs.jsonl", "userRegistrationDetails.jsonl", "auditLogs.jsonl"];
    let wrong = wrong.map(number_of);

    let whole = copy_of(&full).await;
    let lengths = wrong.each_ref().map(|number| {
        let begin = Instant::now();
        done(&whole, &["import", "--undo", number]);
        begin.elapsed()
    });
    let expected = lists(&whole);
    assert!(expected != before, "nothing was taken back");

    let mut moments = ChaCha8Rng::seed_from_u64(22);
    let mut left = few_kills();
    while left > 0 {
        let console = copy_of(&full).await;
        for (number, length) in wrong.iter().zip(lengths) {
            let undo = || console.command(&["import", "--undo", number]);
            let ended = run_killed(&mut left, length, &mut moments, undo);
            // It may have been killed when all was done, but for saying so.
            let is_done = ended.status.success() || err(&ended).contains("taken back already");
            assert!(is_done, "{}", err(&ended));
        }
        for (list, (now, expected)) in LISTS.iter().zip(lists(&console).iter().zip(&expected)) {
            assert!(now == expected, "{list} differs, {left} kills before the last");
        }
        recounted(&console);
    }
}
