//! What is pushed: many small bodies in one transaction, with one row in `imports` for each sender and hour.

use async_recursion::async_recursion as boxed;
use std::collections::BTreeMap;

use domain::instant::{HOUR_MS, Instant};
use domain::record::{Digest, Record, RecordKind, Rejection};
use domain::report::{ImportCounts, ImportDoor, ImportStatus};
use sha2::{Digest as _, Sha256};

use super::changes::note_change;
use super::imports::{counts_json, insert_import, quarantine};
use super::{Applied, Batch, ImportId, Operator, sources};
use crate::StoreError;
use crate::db::{Conn, args};

/// Quarantined records that are kept of one sender and hour; all are counted.
const MOST_QUARANTINED: i64 = 10_000;

/// What one body held, or a part of it.
#[derive(Debug, Clone, Default)]
pub struct Push {
    /// What tells the sender from others.
    pub sender_key: String,
    /// What `/data` calls the sender, scrubbed.
    pub sender_name: String,
    pub records: Vec<Record>,
    /// Valid records of kinds that are not kept, by kind.
    pub skipped: BTreeMap<String, i64>,
    pub rejected: Vec<Rejection>,
}

impl Push {
    fn counts(&self) -> ImportCounts {
        let mut counts = ImportCounts { by_kind: self.skipped.clone(), ..ImportCounts::default() };
        for record in &self.records {
            count(&mut counts.by_kind, record.kind());
        }
        counts.skipped = self.skipped.values().sum();
        counts.rejected = length(&self.rejected);
        counts.records = length(&self.records) + counts.skipped + counts.rejected;
        counts
    }
}

fn count(by_kind: &mut BTreeMap<String, i64>, kind: RecordKind) {
    match by_kind.get_mut(kind.as_str()) {
        Some(n) => *n += 1,
        None => {
            by_kind.insert(kind.as_str().to_owned(), 1);
        }
    }
}

fn length<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

impl Operator {
    /// Stores what several bodies held, in one transaction. Any of them may be sent again.
    ///
    /// Answers the import of each.
    #[boxed(?Send)]
    pub async fn push(&self, pushes: Vec<Push>, now: Instant) -> Result<Vec<ImportId>, StoreError> {
        let keys: Vec<String> = pushes.iter().map(|push| push.sender_key.clone()).collect();
        let mut by_sender: BTreeMap<String, Vec<Push>> = BTreeMap::new();
        for push in pushes {
            by_sender.entry(push.sender_key.clone()).or_default().push(push);
        }
        let mut imports = BTreeMap::new();
        let mut conn = self.db.begin().await?;
        for (key, pushes) in by_sender {
            let import = self.push_of_sender(&mut conn, &key, pushes, now).await?;
            imports.insert(key, import);
        }
        note_change(&mut conn, self.tenant.0).await?;
        conn.commit().await?;
        Ok(keys.iter().filter_map(|key| imports.get(key).copied()).collect())
    }

    async fn push_of_sender(
        &self,
        conn: &mut Conn,
        key: &str,
        pushes: Vec<Push>,
        now: Instant,
    ) -> Result<ImportId, StoreError> {
        let tenant = self.tenant.0;
        let name = pushes.first().map(|push| push.sender_name.clone()).unwrap_or_default();
        let row = import_of_hour(conn, tenant, key, name, now).await?;
        let mut new = ImportCounts::default();
        let (mut records, mut rejected) = (Vec::new(), Vec::new());
        for push in pushes {
            new.add(&push.counts());
            records.extend(push.records);
            rejected.extend(push.rejected);
        }
        let mut batch = Batch::new(conn, self.tenant, row.id, &self.options);
        batch.store(records, now, now).await?;
        let Applied { accepted, duplicate, replaced, erased } = batch.applied;
        new.accepted = accepted;
        new.duplicate = duplicate;
        new.replaced = replaced;
        new.skipped += erased;

        let room = MOST_QUARANTINED.saturating_sub(row.counts.rejected).max(0);
        rejected.truncate(usize::try_from(room).unwrap_or_default());
        quarantine(conn, tenant, row.id, &rejected).await?;
        sources::refresh(conn, tenant, &new, now).await?;
        let mut counts = row.counts;
        counts.add(&new);
        conn.run(
            "UPDATE imports SET finished_at = $3, counts = $4 WHERE tenant_id = $1 AND import_id = $2",
            args![tenant, row.id, now.millis(), counts_json(&counts)],
        )
        .await?;
        Ok(ImportId(row.id))
    }
}

struct HourOfPushes {
    id: i64,
    counts: ImportCounts,
}

/// The import of a sender's hour; a new one with its first push.
async fn import_of_hour(
    conn: &mut Conn,
    tenant: i64,
    key: &str,
    name: String,
    now: Instant,
) -> Result<HourOfPushes, StoreError> {
    let sha256 = hex::encode(digest_of_hour(key, now));
    let known: Option<(i64, String)> = conn
        .row(
            // One that is taken back takes nothing more.
            "SELECT import_id, counts FROM imports WHERE tenant_id = $1 AND sha256 = $2 AND door = $3 AND status = $4",
            args![tenant, sha256.clone(), ImportDoor::Push.code(), ImportStatus::Done.code()],
        )
        .await?;
    if let Some((id, counts)) = known {
        let counts = serde_json::from_str(&counts)
            .map_err(|error| StoreError::Inconsistent { table: "imports", what: error.to_string() })?;
        return Ok(HourOfPushes { id, counts });
    }
    let id = insert_import(conn, tenant, (ImportDoor::Push, ImportStatus::Done), name, sha256, now).await?;
    Ok(HourOfPushes { id, counts: ImportCounts::default() })
}

/// Stands where a file has the hash of its bytes: a stretch of pushes is told from others by who and when.
fn digest_of_hour(key: &str, now: Instant) -> Digest {
    let hour = now.millis().div_euclid(HOUR_MS);
    Sha256::digest(format!("push\n{key}\n{hour}")).into()
}
