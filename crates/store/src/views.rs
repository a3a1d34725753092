//! Saved views, personal and shared.

use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::role::Role;
use domain::view::{SavedView, ViewName, ViewPage};
use domain::viewer::{TenantId, Viewer};
use sea_query::Value;

use crate::db::{Conn, Db, args};
use crate::error::member;
use crate::{Forbidden, StoreError};

/// As many as one owner may have.
pub const MAX_VIEWS: i64 = 100;

/// A view could not be saved or changed.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A shared view of somebody else.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there are {MAX_VIEWS} views already; delete one first")]
    TooMany,
}

/// A view to save.
#[derive(Debug, Clone)]
pub struct NewView {
    pub name: ViewName,
    pub page: ViewPage,
    /// As [`ViewPage::canonical`] gives it.
    pub query: String,
    pub is_shared: bool,
    pub now: Instant,
}

/// The views that one viewer sees and may change. Every role may save and share.
///
/// Views belong to a person; those of somebody who is none (a token, a demo session) to the role.
#[derive(Clone)]
pub struct Views {
    db: Db,
    tenant: TenantId,
    role: Role,
    /// One of the two.
    person: Option<i64>,
    owner_role: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct ViewRow {
    view_id: i64,
    owner_person_id: Option<i64>,
    owner_role: Option<i64>,
    name: String,
    page: i64,
    query: String,
    is_shared: i64,
    created_at: i64,
    author: Option<String>,
}

const SELECT: &str = "SELECT v.view_id, v.owner_person_id, v.owner_role, v.name, v.page, v.query, v.is_shared, \
    v.created_at, p.display_name AS author FROM views v \
    LEFT JOIN people p ON p.tenant_id = v.tenant_id AND p.person_id = v.owner_person_id WHERE v.tenant_id = $1";

impl Views {
    pub(crate) fn of(db: Db, viewer: &Viewer) -> Self {
        let owner_role = viewer.person_id.is_none().then(|| viewer.role.code());
        Self { db, tenant: viewer.tenant, role: viewer.role, person: viewer.person_id, owner_role }
    }

    /// The viewer's own and everybody's shared ones, by name. `now` decides whether a query is one.
    #[boxed]
    pub async fn list(&self, now: Instant) -> Result<Vec<SavedView>, StoreError> {
        let sql = format!("{SELECT} AND (v.is_shared = 1 OR {OWNED}) ORDER BY LOWER(v.name), v.view_id");
        let rows: Vec<ViewRow> = self.db.rows(&sql, self.owner_args()).await?;
        rows.into_iter().map(|row| self.seen(row, now)).collect()
    }

    /// One of them, if there is one with this number.
    #[boxed]
    pub async fn get(&self, id: i64, now: Instant) -> Result<Option<SavedView>, StoreError> {
        Ok(self.list(now).await?.into_iter().find(|view| view.id == id))
    }

    /// Saves a view; answers its number.
    #[boxed]
    pub async fn save(&self, view: NewView) -> Result<i64, ViewError> {
        let mut conn = self.db.begin().await?;
        let sql = format!("SELECT COUNT(*) FROM views v WHERE v.tenant_id = $1 AND {OWNED}");
        let (count,): (i64,) = conn.row(&sql, self.owner_args()).await?.unwrap_or_default();
        if count >= MAX_VIEWS {
            return Err(ViewError::TooMany);
        }
        let (id,): (i64,) = conn
            .row("SELECT COALESCE(MAX(view_id), 0) + 1 FROM views WHERE tenant_id = $1", args![self.tenant.0])
            .await?
            .unwrap_or((1,));
        conn.run(
            "INSERT INTO views (tenant_id, view_id, owner_person_id, owner_role, name, page, query, is_shared, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![
                self.tenant.0,
                id,
                self.person,
                self.owner_role,
                view.name.as_str(),
                view.page.code(),
                view.query,
                i64::from(view.is_shared),
                view.now.millis()
            ],
        )
        .await?;
        conn.commit().await?;
        Ok(id)
    }

    /// `Missing` for a view the viewer cannot see, `Forbidden` for a shared one that is not theirs to change.
    #[boxed]
    pub async fn rename(&self, id: i64, name: &ViewName) -> Result<(), ViewError> {
        let mut conn = self.db.begin().await?;
        self.require_changeable(&mut conn, id).await?;
        let sql = "UPDATE views SET name = $3 WHERE tenant_id = $1 AND view_id = $2";
        conn.run(sql, args![self.tenant.0, id, name.as_str()]).await?;
        Ok(conn.commit().await?)
    }

    /// See [`Views::rename`].
    #[boxed]
    pub async fn delete(&self, id: i64) -> Result<(), ViewError> {
        let mut conn = self.db.begin().await?;
        self.require_changeable(&mut conn, id).await?;
        let sql = "DELETE FROM views WHERE tenant_id = $1 AND view_id = $2";
        conn.run(sql, args![self.tenant.0, id]).await?;
        Ok(conn.commit().await?)
    }

    async fn require_changeable(&self, conn: &mut Conn, id: i64) -> Result<(), ViewError> {
        let row: Option<ViewRow> = conn.row(&format!("{SELECT} AND v.view_id = $2"), args![self.tenant.0, id]).await?;
        match row {
            Some(row) if self.may_change(&row) => Ok(()),
            Some(row) if row.is_shared == 1 => Err(Forbidden { needs: vec![Role::GlobalAdministrator] }.into()),
            // Somebody's personal view: as if it were not there.
            _ => Err(StoreError::Missing { what: "view", name: id.to_string() }.into()),
        }
    }

    fn may_change(&self, row: &ViewRow) -> bool {
        let is_own = match self.person {
            Some(person) => row.owner_person_id == Some(person),
            None => row.owner_person_id.is_none() && row.owner_role == self.owner_role,
        };
        is_own || (row.is_shared == 1 && self.role.may_administer())
    }

    fn owner_args(&self) -> Vec<Value> {
        // No person and no role have a negative number.
        args![self.tenant.0, self.person.unwrap_or(-1), self.owner_role.unwrap_or(-1)]
    }

    fn seen(&self, row: ViewRow, now: Instant) -> Result<SavedView, StoreError> {
        let page = member("views", "page", row.page, ViewPage::from_code)?;
        let role = row.owner_role.map(|code| member("views", "owner_role", code, Role::from_code)).transpose()?;
        let author = row.author.clone().or_else(|| role.map(|role| role.title().to_owned())).unwrap_or_default();
        Ok(SavedView {
            may_change: self.may_change(&row),
            works: page.canonical(&row.query, now).is_ok(),
            id: row.view_id,
            name: row.name,
            page,
            query: row.query,
            shared: row.is_shared == 1,
            author,
            created_at: Instant::from_millis(row.created_at),
        })
    }
}

/// Whether a view is the viewer's; see [`Views::owner_args`].
const OWNED: &str = "(v.owner_person_id = $2 OR v.owner_role = $3)";
