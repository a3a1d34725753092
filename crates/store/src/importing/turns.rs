//! Turns of writers of one SQLite database. An importer writes a batch after the other, and begins the next one as soon as
//! one is done; SQLite lets whoever else waits look now and then whether it is free. Whoever must not wait long says so.

use std::fs::File;
use std::time::Duration;

use super::presence::lock_file;
use crate::db::Db;

/// After the database file's name.
const WAITING: &str = "-waiting";
/// SQLite looks every tenth of a second, when it has waited for a while.
const TURN: Duration = Duration::from_millis(120);
/// An importer goes on in the end, however many wait.
const MOST_TURNS: usize = 4;

/// Says that somebody waits, until it is dropped.
#[derive(Debug)]
pub(crate) struct Waiting {
    _file: Option<File>,
}

impl Waiting {
    /// Whoever cannot say so waits all the same.
    pub fn on(db: &Db) -> Self {
        let Db::Sqlite { .. } = db else { return Self { _file: None } };
        Self { _file: lock_file(db, WAITING).ok().filter(|file| file.lock_shared().is_ok()) }
    }
}

/// Between two batches: lets those have their turn who wait.
pub(crate) async fn let_others(db: &Db) {
    let Db::Sqlite { .. } = db else { return };
    let is_awaited = || lock_file(db, WAITING).is_ok_and(|file| file.try_lock().is_err());
    for _ in 0..MOST_TURNS {
        if !is_awaited() {
            return;
        }
        tokio::time::sleep(TURN).await;
    }
}
