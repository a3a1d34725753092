//! How far the pull of each resource has come.
//!
//! Marks are text here: what they say is the puller's. A mark is stored after the records that it covers, in a
//! transaction of its own: a kill between the two reads some records again, and they are known.

use async_recursion::async_recursion as boxed;
use domain::connection::{PullProblem, Resource};
use domain::instant::Instant;

use super::{UsableConnection, usable};
use crate::db::args;
use crate::{Operator, StoreError};

/// How a pull ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullEnd {
    pub problem: Option<PullProblem>,
    pub without_details: bool,
    pub requests: i64,
    pub throttled: i64,
    pub now: Instant,
}

impl Operator {
    /// Everything to pull from.
    #[boxed]
    pub async fn usable_connections(&self) -> Result<Vec<UsableConnection>, StoreError> {
        usable(&self.db.newest(), self.tenant).await
    }

    /// How far a pull has come, as it was stored; `None` before the first.
    #[boxed]
    pub async fn pull_mark(&self, connection: i64, resource: Resource) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = self
            .db
            .row(
                "SELECT mark FROM connection_resources WHERE tenant_id = $1 AND connection_id = $2 AND resource = $3",
                args![self.tenant.0, connection, resource.code()],
            )
            .await?;
        Ok(row.map(|(mark,)| mark))
    }

    /// Everything that the mark covers is stored. A connection that is gone keeps none.
    #[boxed]
    pub async fn store_pull_mark(
        &self,
        connection: i64,
        resource: Resource,
        mark: String,
        covered_to: Option<Instant>,
    ) -> Result<(), StoreError> {
        let covered_to = covered_to.map(Instant::millis);
        self.upsert(
            connection,
            resource,
            "mark = $4, covered_to = $5",
            args![self.tenant.0, connection, resource.code(), mark, covered_to],
        )
        .await
    }

    #[boxed]
    pub async fn finish_pull(&self, connection: i64, resource: Resource, end: PullEnd) -> Result<(), StoreError> {
        let problem = end.problem.as_ref().map(serde_json::to_string).transpose();
        let problem = problem
            .map_err(|error| StoreError::Inconsistent { table: "connection_resources", what: error.to_string() })?;
        let success = problem.is_none().then(|| end.now.millis());
        self.upsert(
            connection,
            resource,
            "last_tried_at = $4, last_success_at = COALESCE($5, last_success_at), problem = $6, \
             without_details = CASE WHEN $5 IS NULL THEN without_details ELSE $7 END, requests = requests + $8, \
             throttled = throttled + $9",
            args![
                self.tenant.0,
                connection,
                resource.code(),
                end.now.millis(),
                success,
                problem,
                i64::from(end.without_details),
                end.requests,
                end.throttled
            ],
        )
        .await
    }

    /// Changes the row of a resource, made first if need be; nothing where the connection was removed meanwhile.
    async fn upsert(
        &self,
        connection: i64,
        resource: Resource,
        set: &'static str,
        values: Vec<sea_query::Value>,
    ) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        conn.run(
            "INSERT INTO connection_resources (tenant_id, connection_id, resource, mark, without_details, requests, \
             throttled) SELECT tenant_id, connection_id, CAST($3 AS BIGINT), '{}', 0, 0, 0 FROM connections \
             WHERE tenant_id = $1 AND connection_id = $2 ON CONFLICT (tenant_id, connection_id, resource) DO NOTHING",
            args![self.tenant.0, connection, resource.code()],
        )
        .await?;
        let sql = format!(
            "UPDATE connection_resources SET {set} WHERE tenant_id = $1 AND connection_id = $2 AND resource = $3"
        );
        conn.run(&sql, values).await?;
        conn.commit().await
    }
}
