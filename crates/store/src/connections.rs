//! Connected tenants: their settings, and what is known of each resource.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use domain::connection::{ConnectedTenant, ConnectionItem, CredentialKind, Resource, ResourceItem, SecretPlace};
use domain::instant::Instant;
use domain::viewer::TenantId;

use crate::db::{ReadDb, args};
use crate::error::member;
use crate::importing::name_key;
use crate::{Admin, Reader, SettingsReader, StoreError};

mod pulls;

pub use pulls::PullEnd;

/// A connection as a form gives it, but for its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSettings {
    pub name: String,
    pub directory: String,
    pub client_id: String,
    pub authority: String,
    pub graph_root: String,
    pub credential: CredentialKind,
}

/// Where the secret is. Encrypted text comes and goes as it is: no key is known here.
#[derive(Clone, PartialEq, Eq)]
pub enum ConnectionSecret {
    Sealed(String),
    File(String),
    Environment(String),
}

impl std::fmt::Debug for ConnectionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sealed(_) => f.write_str("Sealed"),
            Self::File(path) => write!(f, "File({path})"),
            Self::Environment(name) => write!(f, "Environment({name})"),
        }
    }
}

impl ConnectionSecret {
    const fn place(&self) -> SecretPlace {
        match self {
            Self::Sealed(_) => SecretPlace::Stored,
            Self::File(_) => SecretPlace::File,
            Self::Environment(_) => SecretPlace::Environment,
        }
    }

    fn columns(self) -> (i64, Option<String>, Option<String>) {
        let place = self.place().code();
        match self {
            Self::Sealed(sealed) => (place, None, Some(sealed)),
            Self::File(name) | Self::Environment(name) => (place, Some(name), None),
        }
    }
}

/// A connection with what is needed to use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsableConnection {
    pub item: ConnectionItem,
    pub secret: ConnectionSecret,
}

#[derive(sqlx::FromRow)]
struct ConnectionRow {
    connection_id: i64,
    name: String,
    directory: String,
    client_id: String,
    authority: String,
    graph_root: String,
    credential: i64,
    secret_place: i64,
    secret_name: Option<String>,
    sealed_secret: Option<String>,
    created_at: i64,
}

#[derive(sqlx::FromRow)]
struct ResourceRow {
    connection_id: i64,
    resource: i64,
    covered_to: Option<i64>,
    last_tried_at: Option<i64>,
    last_success_at: Option<i64>,
    problem: Option<String>,
    without_details: i64,
    requests: i64,
    throttled: i64,
}

async fn usable(db: &ReadDb, tenant: TenantId) -> Result<Vec<UsableConnection>, StoreError> {
    let rows: Vec<ConnectionRow> = db
        .rows(
            "SELECT connection_id, name, directory, client_id, authority, graph_root, credential, secret_place, \
             secret_name, sealed_secret, created_at FROM connections WHERE tenant_id = $1 ORDER BY name_key",
            args![tenant.0],
        )
        .await?;
    let resources: Vec<ResourceRow> = db
        .rows(
            "SELECT connection_id, resource, covered_to, last_tried_at, last_success_at, problem, without_details, \
             requests, throttled FROM connection_resources WHERE tenant_id = $1 ORDER BY connection_id, resource",
            args![tenant.0],
        )
        .await?;
    let mut by_connection: BTreeMap<i64, Vec<ResourceItem>> = BTreeMap::new();
    for row in resources {
        by_connection.entry(row.connection_id).or_default().push(row.try_into()?);
    }
    rows.into_iter().map(|row| row.read(&mut by_connection)).collect()
}

impl ConnectionRow {
    fn read(self, resources: &mut BTreeMap<i64, Vec<ResourceItem>>) -> Result<UsableConnection, StoreError> {
        let place = member("connections", "secret_place", self.secret_place, SecretPlace::from_code)?;
        let secret = match (place, self.sealed_secret, self.secret_name.clone()) {
            (SecretPlace::Stored, Some(sealed), _) => ConnectionSecret::Sealed(sealed),
            (SecretPlace::File, _, Some(path)) => ConnectionSecret::File(path),
            (SecretPlace::Environment, _, Some(name)) => ConnectionSecret::Environment(name),
            _ => {
                let what = format!("connection {} without a secret", self.connection_id);
                return Err(StoreError::Inconsistent { table: "connections", what });
            }
        };
        let item = ConnectionItem {
            id: self.connection_id,
            name: self.name,
            directory: self.directory,
            client_id: self.client_id,
            authority: self.authority,
            graph_root: self.graph_root,
            credential: member("connections", "credential", self.credential, CredentialKind::from_code)?,
            secret_place: place,
            secret_name: self.secret_name,
            created_at: Instant::from_millis(self.created_at),
            resources: resources.remove(&self.connection_id).unwrap_or_default(),
        };
        Ok(UsableConnection { item, secret })
    }
}

impl TryFrom<ResourceRow> for ResourceItem {
    type Error = StoreError;

    fn try_from(row: ResourceRow) -> Result<Self, StoreError> {
        let problem = row.problem.as_deref().map(serde_json::from_str).transpose();
        let problem = problem.map_err(|error| StoreError::Inconsistent {
            table: "connection_resources",
            what: format!("problem: {error}"),
        })?;
        Ok(Self {
            resource: member("connection_resources", "resource", row.resource, Resource::from_code)?,
            covered_to: row.covered_to.map(Instant::from_millis),
            last_tried: row.last_tried_at.map(Instant::from_millis),
            last_success: row.last_success_at.map(Instant::from_millis),
            problem,
            without_details: row.without_details == 1,
            requests: row.requests,
            throttled: row.throttled,
        })
    }
}

async fn items(db: &ReadDb, tenant: TenantId) -> Result<Vec<ConnectionItem>, StoreError> {
    Ok(usable(db, tenant).await?.into_iter().map(|connection| connection.item).collect())
}

impl Reader {
    /// Connected tenants and how fresh what comes from them is: for every role.
    #[boxed]
    pub async fn connected_tenants(&self) -> Result<Vec<ConnectedTenant>, StoreError> {
        let items = items(&self.db, self.tenant).await?;
        Ok(items.into_iter().map(|item| ConnectedTenant { name: item.name, resources: item.resources }).collect())
    }
}

impl SettingsReader {
    #[boxed]
    pub async fn connections(&self) -> Result<Vec<ConnectionItem>, StoreError> {
        items(&self.db.newest(), self.tenant).await
    }
}

impl Admin {
    /// `Exists` if the name (case-insensitive) is taken.
    #[boxed]
    pub async fn add_connection(
        &self,
        connection: ConnectionSettings,
        secret: ConnectionSecret,
        now: Instant,
    ) -> Result<i64, StoreError> {
        let mut conn = self.db.begin().await?;
        let (id,): (i64,) = conn
            .row(
                "SELECT COALESCE(MAX(connection_id), 0) + 1 FROM connections WHERE tenant_id = $1",
                args![self.tenant.0],
            )
            .await?
            .unwrap_or((1,));
        self.refuse_taken(&mut conn, &connection.name, id).await?;
        let (place, secret_name, sealed) = secret.columns();
        conn.run(
            "INSERT INTO connections (tenant_id, connection_id, name, name_key, directory, client_id, authority, \
             graph_root, credential, secret_place, secret_name, sealed_secret, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                self.tenant.0,
                id,
                connection.name.clone(),
                name_key(&connection.name),
                connection.directory,
                connection.client_id,
                connection.authority,
                connection.graph_root,
                connection.credential.code(),
                place,
                secret_name,
                sealed,
                now.millis()
            ],
        )
        .await?;
        conn.commit().await?;
        Ok(id)
    }

    /// Without `secret` the old one stays. Another tenant or cloud begins anew: marks are of what was pulled before.
    #[boxed]
    pub async fn change_connection(
        &self,
        id: i64,
        connection: ConnectionSettings,
        secret: Option<ConnectionSecret>,
    ) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        let before: Option<(String, String)> = conn
            .row(
                "SELECT directory, graph_root FROM connections WHERE tenant_id = $1 AND connection_id = $2",
                args![self.tenant.0, id],
            )
            .await?;
        let Some(before) = before else { return Err(missing(id)) };
        self.refuse_taken(&mut conn, &connection.name, id).await?;
        let is_another = before != (connection.directory.clone(), connection.graph_root.clone());
        conn.run(
            "UPDATE connections SET name = $3, name_key = $4, directory = $5, client_id = $6, authority = $7, \
             graph_root = $8, credential = $9 WHERE tenant_id = $1 AND connection_id = $2",
            args![
                self.tenant.0,
                id,
                connection.name.clone(),
                name_key(&connection.name),
                connection.directory,
                connection.client_id,
                connection.authority,
                connection.graph_root,
                connection.credential.code(),
            ],
        )
        .await?;
        if let Some(secret) = secret {
            let (place, secret_name, sealed) = secret.columns();
            conn.run(
                "UPDATE connections SET secret_place = $3, secret_name = $4, sealed_secret = $5 \
                 WHERE tenant_id = $1 AND connection_id = $2",
                args![self.tenant.0, id, place, secret_name, sealed],
            )
            .await?;
        }
        if is_another {
            conn.run(
                "DELETE FROM connection_resources WHERE tenant_id = $1 AND connection_id = $2",
                args![self.tenant.0, id],
            )
            .await?;
        }
        conn.commit().await
    }

    /// What was pulled through it stays.
    #[boxed]
    pub async fn remove_connection(&self, id: i64) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        for table in ["connection_resources", "connections"] {
            let sql = format!("DELETE FROM {table} WHERE tenant_id = $1 AND connection_id = $2");
            let removed = conn.run(&sql, args![self.tenant.0, id]).await?;
            if table == "connections" && removed == 0 {
                return Err(missing(id));
            }
        }
        conn.commit().await
    }

    /// To test one.
    #[boxed]
    pub async fn usable_connection(&self, id: i64) -> Result<Option<UsableConnection>, StoreError> {
        Ok(usable(&self.db.newest(), self.tenant).await?.into_iter().find(|connection| connection.item.id == id))
    }

    async fn refuse_taken(&self, conn: &mut crate::db::Conn, name: &str, id: i64) -> Result<(), StoreError> {
        let taken: Option<(i64,)> = conn
            .row(
                "SELECT connection_id FROM connections WHERE tenant_id = $1 AND name_key = $2 AND connection_id <> $3",
                args![self.tenant.0, name_key(name), id],
            )
            .await?;
        match taken {
            Some(_) => Err(StoreError::Exists { what: "source", name: name.to_owned() }),
            None => Ok(()),
        }
    }
}

fn missing(id: i64) -> StoreError {
    StoreError::Missing { what: "source", name: id.to_string() }
}
