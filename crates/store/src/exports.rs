//! Lists that are written to files in the background: what their authors see of them. A file is its author's alone, and
//! only for the role that the author had when it was asked for.

mod ending;
mod writing;

use async_recursion::async_recursion as boxed;
use domain::export::{ExportItem, ExportProblem, ExportState, Format};
use domain::instant::Instant;
use domain::role::Role;
use domain::view::ViewPage;
use domain::viewer::{TenantId, Viewer};
use sea_query::Value;

use crate::db::{Conn, Db, args};
use crate::error::member;
use crate::{Forbidden, StoreError};

pub(crate) use ending::end_exports;
pub use writing::{Claimed, ExportLost, Exporter};

/// As many as an author may have waiting and being written.
pub const MAX_WAITING_EXPORTS: i64 = 3;
/// As many as an author may have at all.
pub const MAX_EXPORTS: i64 = 50;
/// Of a file, in one row.
pub const EXPORT_PART_BYTES: usize = 1 << 20;

/// A list cannot be written in the background.
#[derive(Debug, thiserror::Error)]
pub enum ExportRefused {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{MAX_WAITING_EXPORTS} exports are waiting or being written already; wait for one, or delete it")]
    TooManyWaiting,
    #[error("there are {MAX_EXPORTS} exports already; delete some first")]
    TooMany,
}

/// A file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum NoFile {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such export")]
    Missing,
    /// It was asked for with another role than its author has now.
    #[error("the file was asked for with another role: {0}")]
    Forbidden(Forbidden),
    #[error("the file is not written yet")]
    NotYet,
    #[error("{}", .0.sentence())]
    Never(ExportProblem),
}

/// A list to write.
#[derive(Debug, Clone)]
pub struct NewExport {
    pub list: ViewPage,
    /// With its instant, so that it is the same list whenever it is written.
    pub query: String,
    pub format: Format,
    pub file_name: String,
    pub now: Instant,
    pub expires_at: Instant,
}

/// A whole file, to be fetched part by part.
#[derive(Debug, Clone)]
pub struct StoredFile {
    pub item: ExportItem,
    /// How its rows were counted.
    pub about: String,
    pub parts: i64,
    /// Another file may have taken the number meanwhile.
    claim: String,
}

/// The exports of one viewer.
#[derive(Clone)]
pub struct Exports {
    db: Db,
    tenant: TenantId,
    role: Role,
    person: Option<i64>,
    name: String,
}

#[derive(sqlx::FromRow)]
struct ExportRow {
    export_id: i64,
    role: i64,
    list: i64,
    query: String,
    format: i64,
    file_name: String,
    state: i64,
    problem: Option<i64>,
    rows_done: i64,
    rows_total: Option<i64>,
    bytes: i64,
    parts: i64,
    about: Option<String>,
    claim: Option<String>,
    created_at: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    expires_at: i64,
}

const SELECT: &str = "SELECT export_id, role, list, query, format, file_name, state, problem, rows_done, rows_total, \
    bytes, parts, about, claim, created_at, started_at, finished_at, expires_at FROM exports";
/// Whether an export is the viewer's, with [`Exports::owner`]. Tokens and demo sessions are no person: theirs are of their
/// name and role, so that a token is followed by the one that takes its place.
const OWNED: &str = "tenant_id = $1 AND (owner_person_id = $2 OR (owner_person_id IS NULL AND owner_name = $3 AND \
    role = $4)) AND expires_at > $5";

impl Exports {
    pub(crate) fn of(db: Db, viewer: &Viewer) -> Self {
        Self { db, tenant: viewer.tenant, role: viewer.role, person: viewer.person_id, name: viewer.name.clone() }
    }

    /// The viewer's own, the newest first.
    #[boxed]
    pub async fn list(&self, now: Instant) -> Result<Vec<ExportItem>, StoreError> {
        let sql = format!("{SELECT} WHERE {OWNED} ORDER BY created_at DESC, export_id DESC");
        let rows: Vec<ExportRow> = self.db.rows(&sql, self.owner(now)).await?;
        rows.into_iter().map(item).collect()
    }

    /// One of them.
    #[boxed]
    pub async fn get(&self, id: i64, now: Instant) -> Result<Option<ExportItem>, StoreError> {
        self.row(id, now).await?.map(item).transpose()
    }

    /// When any of them last went on, in milliseconds: another number than before says that one has.
    #[boxed]
    pub async fn change_number(&self, now: Instant) -> Result<i64, StoreError> {
        let sql = format!("SELECT COALESCE(MAX(changed_at), 0) FROM exports WHERE {OWNED}");
        let row: Option<(i64,)> = self.db.row(&sql, self.owner(now)).await?;
        Ok(row.map_or(0, |(number,)| number))
    }

    /// Has a list written; answers the export's number.
    #[boxed]
    pub async fn ask(&self, export: NewExport) -> Result<i64, ExportRefused> {
        let mut conn = self.db.begin().await?;
        let (waiting, all) = self.count(&mut conn, export.now).await?;
        if waiting >= MAX_WAITING_EXPORTS {
            return Err(ExportRefused::TooManyWaiting);
        }
        if all >= MAX_EXPORTS {
            return Err(ExportRefused::TooMany);
        }
        const NEXT: &str = "SELECT COALESCE(MAX(export_id), 0) + 1 FROM exports WHERE tenant_id = $1";
        let (id,): (i64,) = conn.row(NEXT, args![self.tenant.0]).await?.unwrap_or((1,));
        const INSERT: &str = "INSERT INTO exports (tenant_id, export_id, owner_person_id, owner_name, role, list, query, \
            format, file_name, state, rows_done, bytes, stored_bytes, parts, attempts, created_at, changed_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0, 0, $11, $11, $12)";
        // A person is known by number.
        let name = if self.person.is_some() { String::new() } else { self.name.clone() };
        let values = args![
            self.tenant.0,
            id,
            self.person,
            name,
            self.role.code(),
            export.list.code(),
            export.query,
            export.format.code(),
            export.file_name,
            ExportState::Queued.code(),
            export.now.millis(),
            export.expires_at.millis()
        ];
        conn.run(INSERT, values).await?;
        conn.commit().await?;
        Ok(id)
    }

    /// Takes an export and its file away, also while it is written; false where there is none.
    #[boxed]
    pub async fn delete(&self, id: i64, now: Instant) -> Result<bool, StoreError> {
        if self.row(id, now).await?.is_none() {
            return Ok(false);
        }
        let mut conn = self.db.begin().await?;
        let sql = format!("DELETE FROM exports WHERE {OWNED} AND export_id = $6");
        let gone = conn.run(&sql, self.owner_and(id, now)).await?;
        if gone > 0 {
            ending::drop_parts(&mut conn, self.tenant.0, id).await?;
        }
        conn.commit().await?;
        Ok(gone > 0)
    }

    /// A file that is whole, for the role that it was written for.
    #[boxed]
    pub async fn file(&self, id: i64, now: Instant) -> Result<StoredFile, NoFile> {
        let row = self.row(id, now).await?.ok_or(NoFile::Missing)?;
        let role = member("exports", "role", row.role, Role::from_code)?;
        if role != self.role {
            return Err(NoFile::Forbidden(Forbidden { needs: vec![role] }));
        }
        let (parts, claim, about) = (row.parts, row.claim.clone(), row.about.clone());
        let item = item(row)?;
        match (item.state, item.problem) {
            (ExportState::Done, _) => {
                Ok(StoredFile { item, about: about.unwrap_or_default(), parts, claim: claim.unwrap_or_default() })
            }
            (ExportState::Queued | ExportState::Running, _) => Err(NoFile::NotYet),
            (_, problem) => Err(NoFile::Never(problem.unwrap_or(ExportProblem::NotWritten))),
        }
    }

    /// A part of a file, from 0.
    ///
    /// # Errors
    /// `Missing` where it has gone meanwhile: a file is never shorter than it is.
    #[boxed]
    pub async fn part(&self, file: &StoredFile, part: i64) -> Result<Vec<u8>, StoreError> {
        const SQL: &str = "SELECT p.content FROM export_parts p \
            JOIN exports e ON e.tenant_id = p.tenant_id AND e.export_id = p.export_id \
            WHERE p.tenant_id = $1 AND p.export_id = $2 AND p.part = $3 AND e.claim = $4 AND e.state = $5";
        let values = args![self.tenant.0, file.item.id, part, file.claim.clone(), ExportState::Done.code()];
        let row: Option<(Vec<u8>,)> = self.db.row(SQL, values).await?;
        let missing = || StoreError::Missing { what: "file of the export", name: file.item.id.to_string() };
        let (content,) = row.ok_or_else(missing)?;
        writing::unpack(content, file.item.format)
    }

    async fn row(&self, id: i64, now: Instant) -> Result<Option<ExportRow>, StoreError> {
        let sql = format!("{SELECT} WHERE {OWNED} AND export_id = $6");
        self.db.row(&sql, self.owner_and(id, now)).await
    }

    /// How many are not over, and how many there are.
    async fn count(&self, conn: &mut Conn, now: Instant) -> Result<(i64, i64), StoreError> {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(CASE WHEN state = $6 OR state = $7 THEN 1 ELSE 0 END), 0) AS BIGINT), COUNT(*) \
             FROM exports WHERE {OWNED}"
        );
        let mut values = self.owner(now);
        values.extend(args![ExportState::Queued.code(), ExportState::Running.code()]);
        Ok(conn.row(&sql, values).await?.unwrap_or_default())
    }

    fn owner(&self, now: Instant) -> Vec<Value> {
        // No person and no role have a negative number: a person has no part in what belongs to a name.
        let role = if self.person.is_some() { -1 } else { self.role.code() };
        args![self.tenant.0, self.person.unwrap_or(-1), self.name.clone(), role, now.millis()]
    }

    fn owner_and(&self, id: i64, now: Instant) -> Vec<Value> {
        let mut values = self.owner(now);
        values.push(id.into());
        values
    }
}

fn item(row: ExportRow) -> Result<ExportItem, StoreError> {
    let state = member("exports", "state", row.state, ExportState::from_code)?;
    let problem = row.problem.map(|code| member("exports", "problem", code, ExportProblem::from_code)).transpose()?;
    Ok(ExportItem {
        id: row.export_id,
        list: member("exports", "list", row.list, ViewPage::from_code)?,
        query: row.query,
        format: member("exports", "format", row.format, Format::from_code)?,
        file_name: row.file_name,
        state,
        rows: row.rows_done,
        rows_total: row.rows_total,
        bytes: (state == ExportState::Done).then_some(row.bytes),
        problem,
        created_at: Instant::from_millis(row.created_at),
        started_at: row.started_at.map(Instant::from_millis),
        finished_at: row.finished_at.map(Instant::from_millis),
        expires_at: Instant::from_millis(row.expires_at),
    })
}
