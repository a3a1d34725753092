//! A first import into an empty database goes without the indexes that only readers need, and makes them at its end:
//! sorting once costs a fraction of finding the place of every single row.
//!
//! What was put off stands in the database, written in the transaction that drops it: whatever happens to the import,
//! the next program that opens the database makes the indexes again. Until then lists are right, and slow.

use super::Operator;
use super::presence::{IMPORTING, alone};
use crate::StoreError;
use crate::db::{Conn, Db, args};
use crate::search::FULL_TEXT;
use async_recursion::async_recursion as boxed;

/// An index of these tables is put off…
const TABLES: [&str; 7] =
    ["user_states", "user_search", "events", "audit_records", "sign_ins", "user_labels", "mfa_activity"];
/// … unless importing itself looks rows up by it.
const NEEDED: [&str; 10] = [
    "events_origin_idx",
    "events_user_id_idx",
    "audit_records_user_id_idx",
    "audit_records_correlation_id_idx",
    "sign_ins_record_idx",
    "sign_ins_attempt_idx",
    "sign_ins_unmet_idx",
    "sign_ins_user_idx",
    "user_labels_subject_idx",
    "mfa_activity_user_id_idx",
];

impl Operator {
    /// Puts indexes off if the database has no users yet. Call [`Operator::make_indexes`] after the imports.
    #[boxed]
    pub async fn defer_indexes(&self) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        let any: Option<(i64,)> = conn.row("SELECT user_id FROM users LIMIT 1", Vec::new()).await?;
        if any.is_some() {
            return Ok(());
        }
        put_indexes_off(&mut conn).await?;
        conn.commit().await
    }

    /// Makes the indexes that were put off, unless another import is still at work: then the last one does it.
    #[boxed]
    pub async fn make_indexes(&self) -> Result<(), StoreError> {
        make_deferred(&self.db).await
    }
}

/// Puts off the indexes that only readers need, where the account may drop and make them.
pub(crate) async fn put_indexes_off(conn: &mut Conn) -> Result<(), StoreError> {
    if !may_change_schema(conn).await? {
        return Ok(());
    }
    for table in TABLES {
        for (name, definition) in indexes_of(conn, table).await? {
            if NEEDED.contains(&name.as_str()) {
                continue;
            }
            conn.run(&format!("DROP INDEX {name}"), Vec::new()).await?;
            put_off(conn, name, definition).await?;
        }
    }
    if let Conn::Sqlite(_) = conn {
        put_trigrams_off(conn).await?;
    }
    Ok(())
}

async fn put_off(conn: &mut Conn, name: String, definition: String) -> Result<(), StoreError> {
    conn.run("INSERT INTO deferred_indexes (name, definition) VALUES ($1, $2)", args![name, definition]).await?;
    Ok(())
}

/// SQLite's trigrams are tables that triggers keep. Each is filled last, after its triggers are back: the order of the
/// names is the order in which they are made.
async fn put_trigrams_off(conn: &mut Conn) -> Result<(), StoreError> {
    const TRIGGER: &str = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = $1";
    for table in FULL_TEXT {
        let mut is_kept = false;
        for event in ["add", "change", "remove"] {
            let name = table.replace("trigrams", event);
            let Some((definition,)) = conn.row::<(String,)>(TRIGGER, args![name.as_str()]).await? else { continue };
            conn.run(&format!("DROP TRIGGER {name}"), Vec::new()).await?;
            put_off(conn, name, definition).await?;
            is_kept = true;
        }
        // Otherwise another import that has begun just now has put it off, or the database is of an earlier version.
        if is_kept {
            let fill = format!("INSERT INTO {table} ({table}) VALUES ('rebuild')");
            put_off(conn, table.to_owned(), fill).await?;
        }
    }
    Ok(())
}

/// Makes the indexes that an import has put off, if nobody imports now.
pub(crate) async fn make_deferred(db: &Db) -> Result<(), StoreError> {
    const NEXT: &str = "SELECT name, definition FROM deferred_indexes ORDER BY name LIMIT 1";
    let mut made = false;
    while db.row::<(String, String)>(NEXT, Vec::new()).await?.is_some() {
        // One transaction for each, so that what is made stays made.
        let mut conn = db.begin().await?;
        let Some(_alone) = alone(db, &mut conn, &IMPORTING).await? else { return Ok(()) };
        if !may_change_schema(&mut conn).await? {
            tracing::warn!("lists are slow until the tables' owner runs `keyroll migrate`: an import put indexes off");
            return Ok(());
        }
        let Some((name, definition)) = conn.row::<(String, String)>(NEXT, Vec::new()).await? else { break };
        // The text is the database's own, of an index that a migration made.
        conn.sort_in_pieces(true).await?;
        conn.run(&definition, Vec::new()).await?;
        conn.sort_in_pieces(false).await?;
        conn.run("DELETE FROM deferred_indexes WHERE name = $1", args![name]).await?;
        conn.commit().await?;
        made = true;
    }
    if let (true, Db::Postgres(_)) = (made, db) {
        // Plans made for empty tables are forgotten.
        db.run("ANALYZE", Vec::new()).await?;
    }
    Ok(())
}

/// Whether the account at Postgres owns the tables, and may make something beside them. SQLite has no accounts.
async fn may_change_schema(conn: &mut Conn) -> Result<bool, StoreError> {
    const MAY: &str = "SELECT pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE') \
                       FROM pg_class WHERE oid = 'deferred_indexes'::regclass";
    if let Conn::Sqlite(_) = conn {
        return Ok(true);
    }
    Ok(conn.row::<(bool,)>(MAY, Vec::new()).await? == Some((true,)))
}

/// Names and statements of a table's indexes, without those that keep a key unique.
async fn indexes_of(conn: &mut Conn, table: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = match conn {
        Conn::Sqlite(_) => {
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND sql LIKE 'CREATE INDEX %'"
        }
        Conn::Postgres(_) => {
            "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = $1 \
             AND indexdef LIKE 'CREATE INDEX %'"
        }
    };
    conn.rows(sql, args![table]).await
}
