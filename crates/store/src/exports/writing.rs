//! The side of whoever writes the files. One server writes a file at a time, and holds it by a lease that it renews: a
//! file whose server was killed is begun again by another, from nothing.

use async_recursion::async_recursion as boxed;
use domain::export::{ExportProblem, ExportState, Format};
use domain::instant::Instant;
use domain::role::Role;
use domain::view::ViewPage;
use domain::viewer::{TenantId, Viewer};

use super::ending::drop_parts;
use crate::StoreError;
use crate::db::{Conn, Db, args};
use crate::error::member;

/// An export that breaks off so often with its server is what breaks it.
const MAX_ATTEMPTS: i64 = 5;
/// Text of lists shrinks to about a seventh; better is not worth its time.
const LEVEL: i32 = 3;

/// Writes the exports of one tenant.
#[derive(Clone)]
pub struct Exporter {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
}

/// An export that is this server's to write.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: i64,
    pub list: ViewPage,
    pub query: String,
    pub format: Format,
    /// When it was asked for.
    pub created_at: Instant,
    /// Its author with the rights of now; `None` where these are not those it was asked for with.
    pub author: Option<Viewer>,
    claim: String,
    parts: i64,
}

/// What was to be written is not this server's any more: it was deleted or ended, or another has begun it again.
#[derive(Debug, thiserror::Error)]
pub enum ExportLost {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the export has been deleted or ended, or is written by another server")]
    Gone,
    /// All files together are as large as they may be.
    #[error("there is no room for the file")]
    NoRoom,
}

#[derive(sqlx::FromRow)]
struct WaitingRow {
    export_id: i64,
    owner_person_id: Option<i64>,
    owner_name: String,
    role: i64,
    list: i64,
    query: String,
    format: i64,
    attempts: i64,
    created_at: i64,
}

/// Of an export that is held, and is [`ExportState::Running`].
const HELD: &str = "tenant_id = $1 AND export_id = $2 AND claim = $3 AND state = 1";
const WAITING: &str = "tenant_id = $1 AND (state = $2 OR (state = $3 AND lease_until <= $4)) AND expires_at > $4";

impl Exporter {
    /// Takes the next export until `lease_until`, under a name that nobody else has. Those that broke off too often fail.
    #[boxed]
    pub async fn next(&self, claim: &str, now: Instant, lease_until: Instant) -> Result<Option<Claimed>, StoreError> {
        let waiting = || args![self.tenant.0, ExportState::Queued.code(), ExportState::Running.code(), now.millis()];
        // Most of the time there is nothing, and who only looks holds up no writer.
        let any = format!("SELECT export_id FROM exports WHERE {WAITING} LIMIT 1");
        if self.db.row::<(i64,)>(&any, waiting()).await?.is_none() {
            return Ok(None);
        }
        let mut conn = self.db.begin().await?;
        let sql = format!(
            "SELECT export_id, owner_person_id, owner_name, role, list, query, format, attempts, \
             created_at FROM exports \
             WHERE {WAITING} ORDER BY export_id LIMIT 1"
        );
        loop {
            let Some(row) = conn.row::<WaitingRow>(&sql, waiting()).await? else {
                conn.commit().await?;
                return Ok(None);
            };
            drop_parts(&mut conn, self.tenant.0, row.export_id).await?;
            if row.attempts >= MAX_ATTEMPTS {
                const FAIL: &str = "UPDATE exports SET state = $3, problem = $4, finished_at = $5, changed_at = $5, \
                    parts = 0, stored_bytes = 0 WHERE tenant_id = $1 AND export_id = $2";
                let (failed, why) = (ExportState::Failed.code(), ExportProblem::BrokeOff.code());
                conn.run(FAIL, args![self.tenant.0, row.export_id, failed, why, now.millis()]).await?;
                continue;
            }
            const TAKE: &str = "UPDATE exports SET state = $3, claim = $4, lease_until = $5, started_at = $6, \
                changed_at = $6, attempts = attempts + 1, rows_done = 0, rows_total = NULL, bytes = 0, \
                stored_bytes = 0, parts = 0 WHERE tenant_id = $1 AND export_id = $2";
            let running = ExportState::Running.code();
            let values = args![self.tenant.0, row.export_id, running, claim, lease_until.millis(), now.millis()];
            conn.run(TAKE, values).await?;
            let author = self.author(&mut conn, &row, now).await?;
            conn.commit().await?;
            return Ok(Some(Claimed {
                id: row.export_id,
                list: member("exports", "list", row.list, ViewPage::from_code)?,
                query: row.query,
                format: member("exports", "format", row.format, Format::from_code)?,
                created_at: Instant::from_millis(row.created_at),
                author,
                claim: claim.to_owned(),
                parts: 0,
            }));
        }
    }

    /// The author as they are now, if their role is still the one that the file was asked for with.
    async fn author(&self, conn: &mut Conn, row: &WaitingRow, now: Instant) -> Result<Option<Viewer>, StoreError> {
        let is_still: Option<(i64,)> = match row.owner_person_id {
            Some(person) => {
                const PERSON: &str = "SELECT person_id FROM people WHERE tenant_id = $1 AND person_id = $2 AND \
                    role = $3 AND is_disabled = 0";
                conn.row(PERSON, args![self.tenant.0, person, row.role]).await?
            }
            None => {
                const TOKEN: &str = "SELECT token_id FROM tokens WHERE tenant_id = $1 AND name = $2 AND role = $3 AND \
                    revoked_at IS NULL AND expires_at > $4 UNION ALL \
                    SELECT tenant_id FROM tenants WHERE tenant_id = $1 AND is_demo = 1";
                conn.row(TOKEN, args![self.tenant.0, row.owner_name.clone(), row.role, now.millis()]).await?
            }
        };
        let role = member("exports", "role", row.role, Role::from_code)?;
        let viewer = Viewer { tenant: self.tenant, name: row.owner_name.clone(), role, person_id: row.owner_person_id };
        Ok(is_still.map(|_| viewer))
    }

    /// Says how far it has come, and holds it for longer.
    #[boxed]
    pub async fn progress(
        &self,
        claimed: &Claimed,
        rows: i64,
        total: Option<i64>,
        now: Instant,
        lease_until: Instant,
    ) -> Result<(), ExportLost> {
        let sql = format!(
            "UPDATE exports SET rows_done = $4, rows_total = $5, changed_at = $6, lease_until = $7 WHERE {HELD}"
        );
        let mut values = self.held(claimed);
        values.extend(args![rows, total, now.millis(), lease_until.millis()]);
        held(self.db.run(&sql, values).await?)
    }

    /// Stores the next part of the file; `room` is what all files may take together.
    #[boxed]
    pub async fn put(&self, claimed: &mut Claimed, content: &[u8], room: i64) -> Result<(), ExportLost> {
        let packed = pack(content, claimed.format)?;
        let stored = i64::try_from(packed.len()).unwrap_or(i64::MAX);
        let bytes = i64::try_from(content.len()).unwrap_or(i64::MAX);
        let mut conn = self.db.begin().await?;
        const TAKEN: &str = "SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT) FROM exports WHERE tenant_id = $1";
        let (taken,): (i64,) = conn.row(TAKEN, args![self.tenant.0]).await?.unwrap_or_default();
        if taken.saturating_add(stored) > room {
            return Err(ExportLost::NoRoom);
        }
        let sql = format!(
            "UPDATE exports SET bytes = bytes + $4, stored_bytes = stored_bytes + $5, parts = parts + 1 WHERE {HELD}"
        );
        let mut values = self.held(claimed);
        values.extend(args![bytes, stored]);
        held(conn.run(&sql, values).await?)?;
        const PART: &str = "INSERT INTO export_parts (tenant_id, export_id, part, content) VALUES ($1, $2, $3, $4)";
        conn.run(PART, args![self.tenant.0, claimed.id, claimed.parts, packed]).await?;
        conn.commit().await?;
        claimed.parts += 1;
        Ok(())
    }

    /// Throws away what is written, to write it once more.
    #[boxed]
    pub async fn begin_again(&self, claimed: &mut Claimed) -> Result<(), ExportLost> {
        let mut conn = self.db.begin().await?;
        let sql = format!(
            "UPDATE exports SET bytes = 0, stored_bytes = 0, parts = 0, rows_done = 0, rows_total = NULL WHERE {HELD}"
        );
        held(conn.run(&sql, self.held(claimed)).await?)?;
        drop_parts(&mut conn, self.tenant.0, claimed.id).await?;
        conn.commit().await?;
        claimed.parts = 0;
        Ok(())
    }

    /// The file is whole.
    #[boxed]
    pub async fn finish(
        &self,
        claimed: &Claimed,
        rows: i64,
        total: Option<i64>,
        about: &str,
        now: Instant,
    ) -> Result<(), ExportLost> {
        let sql = format!(
            "UPDATE exports SET state = $4, rows_done = $5, rows_total = $6, about = $7, finished_at = $8, \
             changed_at = $8, lease_until = NULL WHERE {HELD}"
        );
        let mut values = self.held(claimed);
        values.extend(args![ExportState::Done.code(), rows, total, about, now.millis()]);
        held(self.db.run(&sql, values).await?)
    }

    /// There will be no file.
    #[boxed]
    pub async fn fail(&self, claimed: &Claimed, why: ExportProblem, now: Instant) -> Result<(), ExportLost> {
        let mut conn = self.db.begin().await?;
        let sql = format!(
            "UPDATE exports SET state = $4, problem = $5, finished_at = $6, changed_at = $6, lease_until = NULL, \
             bytes = 0, stored_bytes = 0, parts = 0 WHERE {HELD}"
        );
        let mut values = self.held(claimed);
        values.extend(args![ExportState::Failed.code(), why.code(), now.millis()]);
        held(conn.run(&sql, values).await?)?;
        drop_parts(&mut conn, self.tenant.0, claimed.id).await?;
        Ok(conn.commit().await?)
    }

    /// Lets go of an export that somebody else may begin again at once.
    #[boxed]
    pub async fn release(&self, claimed: &Claimed, now: Instant) -> Result<(), ExportLost> {
        let sql = format!("UPDATE exports SET lease_until = $4, attempts = attempts - 1 WHERE {HELD}");
        let mut values = self.held(claimed);
        values.push(now.millis().into());
        held(self.db.run(&sql, values).await?)
    }

    /// Takes away what has expired; answers how many went.
    #[boxed]
    pub async fn sweep(&self, now: Instant) -> Result<u64, StoreError> {
        const ANY: &str = "SELECT export_id FROM exports WHERE tenant_id = $1 AND expires_at <= $2";
        let expired: Vec<(i64,)> = self.db.rows(ANY, args![self.tenant.0, now.millis()]).await?;
        let mut gone = 0;
        for (id,) in expired {
            let mut conn = self.db.begin().await?;
            const DELETE: &str = "DELETE FROM exports WHERE tenant_id = $1 AND export_id = $2 AND expires_at <= $3";
            let deleted = conn.run(DELETE, args![self.tenant.0, id, now.millis()]).await?;
            if deleted > 0 {
                drop_parts(&mut conn, self.tenant.0, id).await?;
            }
            conn.commit().await?;
            gone += deleted;
        }
        Ok(gone)
    }

    fn held(&self, claimed: &Claimed) -> Vec<sea_query::Value> {
        args![self.tenant.0, claimed.id, claimed.claim.clone()]
    }
}

fn held(changed: u64) -> Result<(), ExportLost> {
    if changed == 0 { Err(ExportLost::Gone) } else { Ok(()) }
}

/// A workbook is compressed already.
fn pack(content: &[u8], format: Format) -> Result<Vec<u8>, StoreError> {
    match format {
        Format::Xlsx => Ok(content.to_vec()),
        Format::Csv | Format::Jsonl | Format::Txt => zstd::bulk::compress(content, LEVEL).map_err(broken),
    }
}

pub(super) fn unpack(content: Vec<u8>, format: Format) -> Result<Vec<u8>, StoreError> {
    match format {
        Format::Xlsx => Ok(content),
        Format::Csv | Format::Jsonl | Format::Txt => {
            zstd::bulk::decompress(&content, super::EXPORT_PART_BYTES).map_err(broken)
        }
    }
}

fn broken(error: std::io::Error) -> StoreError {
    StoreError::Inconsistent { table: "export_parts", what: error.to_string() }
}
