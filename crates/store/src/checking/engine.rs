//! What SQLite keeps by itself and can say of itself: the file, its indexes, the trigrams that names are found by.

use super::findings::{Findings, Place};
use super::{Checker, Difference};
use crate::StoreError;
use crate::db::{Conn, Db};
use crate::search::FULL_TEXT;

impl Checker {
    /// Postgres checks its pages when it reads them, and has tools of its own.
    pub(super) async fn check_engine(&self, findings: &mut Findings) -> Result<(), StoreError> {
        let Db::Sqlite { .. } = self.db else { return Ok(()) };
        let mut conn = self.db.snapshot().await?;
        // A full-text table remembers of earlier what its pages were. A search makes it look again; the check alone
        // does not, and calls what others have written since damaged.
        for table in FULL_TEXT {
            let look = format!("SELECT rowid FROM {table} WHERE {table} MATCH '\"aaa\"' LIMIT 1");
            conn.rows::<(i64,)>(&look, Vec::new()).await?;
        }
        let said: Vec<(String,)> = conn.rows("PRAGMA integrity_check(100)", Vec::new()).await?;
        drop(conn);
        for (what,) in said.into_iter().filter(|(what,)| what != "ok") {
            let place = what.contains("index").then_some(&Place::Indexes);
            let key = "PRAGMA integrity_check".to_owned();
            findings.add(place, Difference { table: "the file", key, stored: Some(what), recounted: None });
        }
        self.check_trigrams(findings).await
    }

    async fn check_trigrams(&self, findings: &mut Findings) -> Result<(), StoreError> {
        let put_off: Option<(String,)> = self.db.row("SELECT name FROM deferred_indexes LIMIT 1", Vec::new()).await?;
        if put_off.is_some() {
            return Ok(());
        }
        for table in FULL_TEXT {
            // It reads, and is spelt as a statement that writes. Nothing of it stays.
            let mut conn = self.db.begin().await?;
            let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)");
            match conn.run(&sql, Vec::new()).await {
                Ok(_) => {}
                Err(StoreError::Database(sqlx::Error::Database(error))) => findings.add(
                    Some(&Place::Trigrams),
                    Difference {
                        table,
                        key: "all names".to_owned(),
                        stored: Some(error.to_string()),
                        recounted: Some("the trigrams of the names".to_owned()),
                    },
                ),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

pub(super) async fn rebuild_trigrams(conn: &mut Conn) -> Result<(), StoreError> {
    if let Conn::Sqlite(_) = conn {
        for table in FULL_TEXT {
            conn.run(&format!("INSERT INTO {table} ({table}) VALUES ('rebuild')"), Vec::new()).await?;
        }
    }
    Ok(())
}

pub(super) async fn rebuild_indexes(conn: &mut Conn) -> Result<(), StoreError> {
    if let Conn::Sqlite(_) = conn {
        conn.run("REINDEX", Vec::new()).await?;
    }
    Ok(())
}
