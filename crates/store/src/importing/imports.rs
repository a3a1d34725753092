//! Imports: how they begin and end, and what of them could not be read.

use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::record::{Digest, Rejection};
use domain::report::{ImportCounts, ImportDoor, ImportStatus};

use super::presence::{self, IMPORTING, Presence};
use super::{ImportId, Operator, note_change, sources};
use crate::StoreError;
use crate::db::{Conn, args};

/// A file about to be imported.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// The name shown on `/data`, scrubbed.
    pub file_name: String,
    /// SHA-256 of the file's bytes as they came.
    pub sha256: Digest,
    pub now: Instant,
}

/// An import that has begun. Keep it until the import ends: without it, it counts as broken off.
#[derive(Debug)]
pub struct Started {
    pub id: ImportId,
    /// When these bytes were first imported: the observation time of records that carry none of their own.
    pub first_seen_at: Instant,
    _presence: Presence,
}

impl Operator {
    /// Begins the import of a file that somebody named on the command line.
    #[boxed]
    pub async fn begin_import(&self, import: NewImport) -> Result<Started, StoreError> {
        self.begin_import_through(ImportDoor::File, import).await
    }

    #[boxed]
    pub async fn begin_import_through(&self, door: ImportDoor, import: NewImport) -> Result<Started, StoreError> {
        presence::mark_interrupted(&self.db, self.tenant.0).await?;
        let presence = Presence::announce(&self.db, &IMPORTING).await?;
        let mut conn = self.db.begin().await?;
        let sha256 = hex::encode(import.sha256);
        let first: Option<(Option<i64>,)> = conn
            .row(
                "SELECT MIN(started_at) FROM imports WHERE tenant_id = $1 AND sha256 = $2",
                args![self.tenant.0, sha256.clone()],
            )
            .await?;
        let as_running = (door, ImportStatus::Running);
        let id = insert_import(&mut conn, self.tenant.0, as_running, import.file_name, sha256, import.now).await?;
        note_change(&mut conn, self.tenant.0).await?;
        conn.commit().await?;
        let first_seen_at = first.and_then(|(at,)| at).map_or(import.now, Instant::from_millis);
        Ok(Started { id: ImportId(id), first_seen_at, _presence: presence })
    }

    /// Says of imports that have failed that they broke off, unless others are under way: then those that follow say it.
    #[boxed]
    pub async fn mark_interrupted(&self) -> Result<(), StoreError> {
        presence::mark_interrupted(&self.db, self.tenant.0).await
    }

    #[boxed(?Send)]
    pub async fn reject(&self, import: ImportId, rejected: &[Rejection]) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        quarantine(&mut conn, self.tenant.0, import.0, rejected).await?;
        conn.commit().await
    }

    /// Of an import that brought nothing new only this stays: what was known still held at `now`.
    #[boxed]
    pub async fn forget_import(&self, import: ImportId, counts: &ImportCounts, now: Instant) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        conn.run("DELETE FROM imports WHERE tenant_id = $1 AND import_id = $2", args![self.tenant.0, import.0]).await?;
        sources::refresh(&mut conn, self.tenant.0, counts, now).await?;
        conn.commit().await
    }

    #[boxed]
    pub async fn finish_import(
        &self,
        import: ImportId,
        status: ImportStatus,
        refusal: Option<String>,
        counts: &ImportCounts,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        conn.run(
            "UPDATE imports SET finished_at = $3, status = $4, refusal = $5, counts = $6 \
             WHERE tenant_id = $1 AND import_id = $2",
            args![self.tenant.0, import.0, now.millis(), status.code(), refusal, counts_json(counts)],
        )
        .await?;
        sources::refresh(&mut conn, self.tenant.0, counts, now).await?;
        note_change(&mut conn, self.tenant.0).await?;
        conn.commit().await
    }
}

/// A new row of `imports`, that counts nothing yet.
pub(super) async fn insert_import(
    conn: &mut Conn,
    tenant: i64,
    (door, status): (ImportDoor, ImportStatus),
    file_name: String,
    sha256: String,
    now: Instant,
) -> Result<i64, StoreError> {
    let file_name = crate::keeping::file_without_the_erased(conn, tenant, file_name).await?;
    let (last_id,): (i64,) = conn
        .row("SELECT COALESCE(MAX(import_id), 0) FROM imports WHERE tenant_id = $1", args![tenant])
        .await?
        .unwrap_or_default();
    let id = last_id + 1;
    conn.run(
        "INSERT INTO imports (tenant_id, import_id, file_name, door, sha256, started_at, status, counts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            tenant,
            id,
            file_name,
            door.code(),
            sha256,
            now.millis(),
            status.code(),
            counts_json(&ImportCounts::default()),
        ],
    )
    .await?;
    Ok(id)
}

/// Sets aside records that could not be read, behind those of the import that are there.
pub(super) async fn quarantine(
    conn: &mut Conn,
    tenant: i64,
    import: i64,
    rejected: &[Rejection],
) -> Result<(), StoreError> {
    if rejected.is_empty() {
        return Ok(());
    }
    let (last,): (i64,) = conn
        .row(
            "SELECT COALESCE(MAX(position), 0) FROM rejected_records WHERE tenant_id = $1 AND import_id = $2",
            args![tenant, import],
        )
        .await?
        .unwrap_or_default();
    let mut rejected = rejected.to_vec();
    crate::keeping::without_the_erased_in(conn, tenant, &mut rejected).await?;
    let rows = rejected.iter().zip(last + 1..).map(|(rejection, position)| {
        args![
            tenant,
            import,
            position,
            rejection.line.and_then(|line| i64::try_from(line).ok()),
            rejection.byte.and_then(|byte| i64::try_from(byte).ok()),
            rejection.reason.clone(),
            rejection.excerpt.clone(),
        ]
    });
    conn.insert(
        "INSERT INTO rejected_records (tenant_id, import_id, position, line, byte, reason, excerpt)",
        7,
        rows,
        "",
    )
    .await
}

pub(super) fn counts_json(counts: &ImportCounts) -> String {
    serde_json::to_string(counts).unwrap_or_default()
}
