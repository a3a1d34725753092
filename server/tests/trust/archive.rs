//! Backups, restoring and moving: what comes out is what went in, all of it or nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use domain::viewer::TenantId;
use rstest::rstest;
use server::archive::{back_up, check, restore};
use store::{Options, PostgresTls, Services, TableSum};

use crate::database::{Database, Engine, end, new_url, sums};

async fn backup_of(database: &Database) -> (PathBuf, Vec<TableSum>) {
    let path = database.folder.path().join("keyroll.backup");
    let sums = back_up(&database.services, &path, end()).await.expect("a backup");
    (path, sums)
}

async fn is_sound(services: &Services) {
    let found = services.checker(TenantId::ONLY).check().await.expect("it can be checked");
    assert_eq!(found.total, 0, "{:#?}", found.differences);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_backup_is_restored_into_either_engine(#[case] engine: Engine) {
    let Some(database) = Database::filled(engine).await else { return };
    let before = database.sums().await;
    let (path, written) = backup_of(&database).await;
    assert_eq!(written, before);
    for target in [Engine::Sqlite, Engine::Postgres] {
        let Some(url) = new_url(target, &database.folder).await else { continue };
        let content = restore(&path, &url, PostgresTls::Verified).await.expect("it is restored");
        assert_eq!(content.header.made_at, end());
        let restored = Services::open(&url, Options::default()).await.expect("it opens");
        assert_eq!(sums(&restored).await, before, "{engine:?} to {target:?}");
        is_sound(&restored).await;
        // What can be found by name is made again by each engine for itself.
        let (reader, ..) = restored.console(TenantId::ONLY);
        assert!(!reader.imports().await.expect("a list").is_empty());

        let error = restore(&path, &url, PostgresTls::Verified).await.expect_err("it is not empty any more");
        assert!(error.to_string().contains("the database is not empty: table apps has rows"), "{error}");
        assert_eq!(sums(&restored).await, before, "nothing of it changes");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_while_records_come_is_of_one_instant(#[case] engine: Engine) {
    let Some(database) = Database::filled(engine).await else { return };
    let before: u64 = database.sums().await.iter().map(|sum| sum.rows).sum();
    let more = database.write_organisation(6);
    let importing = async {
        for path in more {
            database.import(path).await;
        }
    };
    let backing_up = async {
        let mut sizes = Vec::new();
        for n in 0..4 {
            let path = database.folder.path().join(format!("{n}.backup"));
            let sums = back_up(&database.services, &path, end()).await.expect("a backup");
            sizes.push((path, sums));
        }
        sizes
    };
    let ((), backups) = tokio::join!(importing, backing_up);
    let after: u64 = database.sums().await.iter().map(|sum| sum.rows).sum();
    for (path, sums_then) in backups {
        let rows: u64 = sums_then.iter().map(|sum| sum.rows).sum();
        assert!((before..=after).contains(&rows), "{before}, {rows}, {after}");
        let url = new_url(Engine::Sqlite, &database.folder).await.expect("a file");
        restore(&path, &url, PostgresTls::Verified).await.expect("it is restored");
        is_sound(&Services::open(&url, Options::default()).await.expect("it opens")).await;
    }
}

#[tokio::test]
async fn a_file_that_was_cut_or_changed_is_refused_and_leaves_nothing() {
    let database = Database::filled(Engine::Sqlite).await.expect("SQLite is always there");
    let (path, _) = backup_of(&database).await;
    let whole = std::fs::read(&path).expect("the backup");
    check(&path).await.expect("it is whole");
    let damaged = database.folder.path().join("damaged.backup");
    let mut tried = 0;
    for part in 0..40 {
        let at = whole.len() * part / 40;
        let mut flipped = whole.clone();
        flipped[at] ^= 0x20;
        for bytes in [&whole[..at], &flipped] {
            std::fs::write(&damaged, bytes).expect("written");
            let url = database.folder.path().join("never.db");
            let error = restore(&damaged, &format!("sqlite:{}", url.display()), PostgresTls::Verified)
                .await
                .expect_err("it is damaged");
            let text = error.to_string();
            assert!(text.contains("is no backup of Keyroll") || text.contains("nothing was restored"), "{text}");
            assert!(!url.exists(), "a database was begun");
            tried += 1;
        }
    }
    assert_eq!(tried, 80);
    // What is whole, and says something else than it did.
    let lines = zstd::decode_all(&whole[..]).expect("zstd");
    let text = String::from_utf8(lines).expect("JSON");
    let changed = text.replacen("Azure Portal", "Azure Potral", 1);
    assert!(changed != text, "nothing to change");
    std::fs::write(&damaged, zstd::encode_all(changed.as_bytes(), 1).expect("zstd")).expect("written");
    let error = check(&damaged).await.expect_err("its hash is another");
    assert!(error.to_string().contains("its SHA-256 is another"), "{error}");
    let newer = text.replacen("\"version\":1", "\"version\":2", 1);
    std::fs::write(&damaged, zstd::encode_all(newer.as_bytes(), 1).expect("zstd")).expect("written");
    let error = check(&damaged).await.expect_err("it is of a later version");
    assert!(error.to_string().contains("was made by a newer Keyroll"), "{error}");
}

fn keyroll(folder: &Path, url: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyroll"));
    command.args(args).current_dir(folder).env("DATABASE_URL", url).env_remove("KEYROLL_CONFIG");
    command.stdin(Stdio::null()).output().expect("the binary runs")
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[rstest]
#[case(Engine::Sqlite, Engine::Postgres)]
#[case(Engine::Postgres, Engine::Sqlite)]
#[tokio::test]
async fn the_command_moves_everything_and_shows_that_it_did(#[case] from: Engine, #[case] to: Engine) {
    let Some(database) = Database::filled(from).await else { return };
    let Some(url) = new_url(to, &database.folder).await else { return };
    let folder = database.folder.path();
    let before = database.sums().await;
    let moved = out(&keyroll(folder, &database.url, &["move", "--to", &url]));
    for sum in before.iter().filter(|sum| sum.rows > 0) {
        let line = moved.lines().find(|line| line.split_whitespace().next() == Some(&sum.name)).expect(&sum.name);
        let rest: Vec<&str> = line.split_whitespace().skip(1).collect();
        assert_eq!(rest, [sum.rows.to_string(), sum.hash.clone()], "{line}");
    }
    assert!(moved.contains("rows are there as they are here"), "{moved}");
    assert_eq!(out(&keyroll(folder, &url, &["doctor"])), "no differences\n");
    let json: serde_json::Value =
        serde_json::from_str(&out(&keyroll(folder, &url, &["doctor", "--json"]))).expect("JSON");
    assert_eq!(json, serde_json::json!({ "total": 0, "differences": [], "repaired": 0 }));
    let again = keyroll(folder, &database.url, &["move", "--to", &url]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("the database is not empty"));
}

#[tokio::test]
async fn the_commands_back_up_restore_and_examine() {
    let database = Database::filled(Engine::Sqlite).await.expect("SQLite is always there");
    let folder = database.folder.path();
    let backup = out(&keyroll(folder, &database.url, &["backup", "now.backup"]));
    assert!(backup.ends_with("rows are in now.backup\n"), "{backup}");
    database.execute("UPDATE event_rollups SET n = n + 1 WHERE tier = 0 AND n > 0").await;
    let sick = keyroll(folder, &database.url, &["doctor"]);
    assert_eq!(sick.status.code(), Some(1));
    let text = String::from_utf8(sick.stdout).expect("UTF-8");
    assert!(text.lines().next().is_some_and(|line| line.starts_with("event_rollups: day 2026-")), "{text}");
    assert!(String::from_utf8_lossy(&sick.stderr).contains("doctor --repair"));
    assert!(out(&keyroll(folder, &database.url, &["doctor", "--repair"])).ends_with("Repairing …\nno differences\n"));
    let restored = out(&keyroll(folder, "sqlite:again.db", &["restore", "now.backup"]));
    assert!(restored.contains("rows, as they were at "), "{restored}");
    assert_eq!(out(&keyroll(folder, "sqlite:again.db", &["doctor"])), "no differences\n");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_an_earlier_version_wrote_is_taken_in_as_of_that_version(#[case] engine: Engine) {
    const EARLIER: i64 = 10;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(url) = new_url(engine, &folder).await else { return };
    let load =
        Services::receive_dump(&url, PostgresTls::Verified, EARLIER).await.expect("a database of the earlier schema");
    load.finish(&[]).await.expect("nothing is nothing");
    let services = Services::open(&url, Options::default()).await.expect("it is brought up to date");
    assert!(services.dump().await.expect("a snapshot").schema() > EARLIER);
    for (schema, why) in [(EARLIER, "of schema 10 and the database of schema"), (9_999, "the data is of schema 9999")] {
        let error =
            Services::receive_dump(&url, PostgresTls::Verified, schema).await.err().expect("neither is possible");
        assert!(error.to_string().contains(why), "{error}");
    }
}
