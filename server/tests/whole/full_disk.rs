//! A disk that is full: it is said so, nothing is half there, everything can be read, and when there is room again
//! importing again completes the rest.
//!
//! The disk is a small one in memory, and mounting it is for root: where that is refused the test says so. Of Postgres the
//! tables are there and its log is not: where a log is full, Postgres stops, which is what `outages.rs` is about.

use std::path::PathBuf;
use std::process::Command;

use crate::cli::{Console, err, out};
use crate::house::{Database, Engine};
use crate::killed::{import, lists, organisation, recounted, same_rows};
use crate::killed_push::{bodies, token};
use crate::outages::says_when_to_come_again;
use crate::own_postgres::Postgres;
use crate::served::Server;

const LARGE: &str = "size=200m";
/// What is left of it, in KiB, when a database of nothing is there: too little for the organisation below.
const ROOM: u64 = 2_048;

/// Unmounted when it is dropped.
struct Disk {
    path: PathBuf,
}

impl Disk {
    fn mount(path: PathBuf) -> Option<Self> {
        std::fs::create_dir(&path).expect("a directory");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", LARGE, "keyroll"]).arg(&path).output();
        match mount {
            Ok(mounted) if mounted.status.success() => Some(Self { path }),
            Ok(refused) => {
                eprintln!("skipped: {}", err(&refused).trim());
                None
            }
            Err(error) => {
                eprintln!("skipped: mount: {error}");
                None
            }
        }
    }

    /// Leaves [`ROOM`].
    fn fill(&self) {
        let told = Command::new("df").args(["-k", "--output=used"]).arg(&self.path).output().expect("df runs");
        let used = out(&told).lines().last().and_then(|used| used.trim().parse::<u64>().ok()).expect("a number");
        self.resize(&format!("size={}k", used + ROOM));
    }

    fn make_room(&self) {
        self.resize(LARGE);
    }

    fn resize(&self, size: &str) {
        let remount = Command::new("mount").args(["-o", &format!("remount,{size}")]).arg(&self.path).status();
        assert!(remount.expect("mount runs").success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Once nobody has a file of it open: a Postgres that still runs does.
        let unmounted = Command::new("umount").arg("--lazy").arg(&self.path).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            eprintln!("a test's disk was left behind");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_fills_the_disk_of_sqlite_is_completed_when_there_is_room() {
    let folder = tempfile::tempdir().expect("a directory");
    let Some(disk) = Disk::mount(folder.path().join("disk")) else { return };
    let database = Database::at(format!("sqlite:{}", disk.path.join("keyroll.db").display()));
    is_completed_when_there_is_room(&Console { database }, &disk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_fills_the_disk_of_postgres_is_completed_when_there_is_room() {
    let Some(postgres) = Postgres::start() else { return };
    let Some(disk) = Disk::mount(postgres.folder().join("disk")) else { return };
    let database = Database::at(postgres.with_tables_in(&disk.path).await);
    is_completed_when_there_is_room(&Console { database }, &disk).await;
}

async fn is_completed_when_there_is_room(console: &Console, disk: &Disk) {
    let whole = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    let files = whole.database.dir().join("files");
    organisation(100, 3_000, &files);
    // 3: some records are refused, as they are meant to be.
    assert_eq!(import(whole.command(&[]), &files).status().expect("runs").code(), Some(3));
    let expected = lists(&whole);

    let reader = token(console, &["--role", "reports-reader"]);
    let sender = token(console, &["--scope", "ingest"]);
    let server = Server::start(console);
    disk.fill();

    let mut refused = import(console.command(&[]), &files);
    let refused = refused.stderr(std::process::Stdio::piped()).output().expect("runs");
    assert_eq!(refused.status.code(), Some(1), "{}", err(&refused));
    assert!(err(&refused).contains("the disk that the database is on is full"), "{}", err(&refused));
    // A smaller transaction may have room, until none has.
    let push = |body: &[u8]| server.push(&sender, body).expect("an answer");
    let is_stored = |status: u16| [200, 422].contains(&status);
    let pushed = bodies(&files);
    let (body, reply) = pushed
        .iter()
        .map(|body| (body, push(body)))
        .find(|(_, reply)| !is_stored(reply.status))
        .expect("the disk takes everything");
    says_when_to_come_again(&reply);
    // What runs goes on, and what begins now can read too.
    let total = server.json(&reader, "/api/v1/users?population=everyone")["total"].as_i64();
    assert!(total > Some(0), "{total:?} users were imported before");
    let partly = lists(console);
    assert!(partly != expected, "all of it fitted");
    recounted(console);

    disk.make_room();
    assert!(is_stored(push(body).status), "the server goes on by itself");
    let completed = import(console.command(&[]), &files).status().expect("runs").code();
    assert_eq!(completed, Some(3), "an import after a full disk ends as any other");
    drop(server);
    same_rows(&lists(console), &expected, "after a full disk");
    recounted(console);
}
