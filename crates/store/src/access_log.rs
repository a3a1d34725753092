//! The access log: a chain of entries, to which only can be added.

mod chain;
mod days;

use async_recursion::async_recursion as boxed;
use domain::access::{Access, spelled};
use domain::fold::fold;
use domain::report::AccessItem;
use domain::viewer::TenantId;

use crate::StoreError;
use crate::db::{Conn, Db, args};
use crate::importing::Waiting;
use crate::keeping::targets_without_the_erased;

pub(crate) use chain::{Entry, target_digest};
pub(crate) use days::last_expired;

/// Entries that are read together.
pub(crate) const LOT: i64 = 1000;

/// Adds to the access log of one tenant, and reads it in its order.
#[derive(Clone)]
pub struct AccessLog {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
}

impl AccessLog {
    /// Adds entries in this order, all in one transaction, and waits until they are durable.
    ///
    /// # Errors
    /// They could not be written; none of them is.
    #[boxed]
    pub async fn append(&self, entries: Vec<Access>) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let waiting = Waiting::on(&self.db);
        let mut conn = self.db.begin_beside().await?;
        drop(waiting);
        append(&mut conn, self.tenant.0, entries).await?;
        conn.commit().await
    }

    /// The number of the last entry; 0 where there is none.
    #[boxed]
    pub async fn last(&self) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT last_id FROM access_log_head WHERE tenant_id = $1";
        Ok(self.db.row::<(i64,)>(SQL, args![self.tenant.0]).await?.map_or(0, |(last,)| last))
    }

    /// The entries that follow on one, in their order; so many at once as are read together.
    #[boxed]
    pub async fn after(&self, entry: i64) -> Result<Vec<AccessItem>, StoreError> {
        let sql = format!(
            "SELECT {} FROM access_log WHERE tenant_id = $1 AND entry_id > $2 ORDER BY entry_id LIMIT {LOT}",
            Entry::COLUMNS
        );
        let rows: Vec<Entry> = self.db.rows(&sql, args![self.tenant.0, entry]).await?;
        rows.into_iter().map(Entry::item).collect()
    }
}

/// Adds entries in a transaction that others' entries wait for.
pub(crate) async fn append(conn: &mut Conn, tenant: i64, entries: Vec<Access>) -> Result<(), StoreError> {
    hold(conn, tenant).await?;
    const HEAD: &str = "SELECT last_id, last_hash FROM access_log_head WHERE tenant_id = $1";
    let head: Option<(i64, String)> = conn.row(HEAD, args![tenant]).await?;
    let (mut last, mut hash) =
        head.ok_or_else(|| StoreError::Inconsistent { table: "access_log_head", what: "the end is gone".to_owned() })?;
    let mut targets: Vec<String> = entries.iter().map(|entry| stored(&entry.target)).collect();
    targets_without_the_erased(conn, tenant, &mut targets).await?;
    let mut rows = Vec::with_capacity(entries.len());
    for (entry, target) in entries.into_iter().zip(targets) {
        last += 1;
        let entry = Entry::new(tenant, last, hash, entry, target);
        hash = entry.hash.clone();
        rows.push(entry.values());
    }
    let insert = format!("INSERT INTO access_log ({})", Entry::COLUMNS);
    conn.insert(&insert, Entry::WIDTH, rows, "").await?;
    const MOVE: &str = "UPDATE access_log_head SET last_id = $2, last_hash = $3 WHERE tenant_id = $1";
    conn.run(MOVE, args![tenant, last, hash]).await?;
    Ok(())
}

/// Whoever writes has the end of the chain until the transaction ends, whatever the engine.
async fn hold(conn: &mut Conn, tenant: i64) -> Result<(), StoreError> {
    const HOLD: &str = "UPDATE access_log_head SET last_id = last_id WHERE tenant_id = $1";
    conn.run(HOLD, args![tenant]).await?;
    Ok(())
}

/// What an entry is found by.
pub(crate) fn search_text(actor: &str, target: Option<&str>) -> String {
    stored(&fold(&format!("{actor} {}", target.map(spelled).unwrap_or_default())))
}

/// A text as both engines keep it: the hash is of what is stored.
fn stored(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
