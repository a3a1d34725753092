//! Servers of MFA Server: of each what was said last, by a file or by the server itself.

use std::collections::{BTreeMap, BTreeSet};

use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::mfa::{ServerRecord, ServerStatus};
use domain::record::{Record, RecordKind};
use sea_query::Value;
use sha2::{Digest as _, Sha256};

use super::copies::{Beaten, Copies};
use super::sources::Coverage;
use super::{Batch, Operator, note_change};
use crate::StoreError;
use crate::db::{Conn, args};

/// The number of no import: servers said it themselves.
const HEARTBEAT: i64 = 0;

impl Operator {
    /// Notes what a server says of itself. A heartbeat is no import: it leaves no line among them.
    #[boxed]
    pub async fn heartbeat(&self, server: ServerStatus, now: Instant) -> Result<(), StoreError> {
        let digest = Sha256::digest(serde_json::to_vec(&server).unwrap_or_default()).into();
        let record = ServerRecord { server, digest };
        let mut conn = self.db.begin().await?;
        let mut batch = Batch::new(&mut conn, self.tenant, HEARTBEAT, &self.options);
        let mut covered = Coverage::new();
        covered.entry(RecordKind::MfaServerStatus).or_default().add(record.server.last_contact.millis());
        batch.store_servers(vec![record]).await?;
        batch.store_sources(covered, now).await?;
        note_change(&mut conn, self.tenant.0).await?;
        conn.commit().await
    }

    /// Adds a remark to a block, a bypass or a fraud alert.
    ///
    /// # Errors
    /// `Missing` where nothing has that id.
    #[boxed]
    pub async fn add_note(&self, about: &str, text: &str, author: &str, now: Instant) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        if !is_there(&mut conn, self.tenant.0, about).await? {
            return Err(StoreError::Missing { what: "block, bypass or fraud alert", name: about.to_owned() });
        }
        let (id,): (i64,) = conn
            .row("SELECT COALESCE(MAX(note_id), 0) + 1 FROM review_notes WHERE tenant_id = $1", args![self.tenant.0])
            .await?
            .unwrap_or((1,));
        conn.run(
            "INSERT INTO review_notes (tenant_id, note_id, about, text, author, at) VALUES ($1, $2, $3, $4, $5, $6)",
            args![self.tenant.0, id, about, text, author, now.millis()],
        )
        .await?;
        note_change(&mut conn, self.tenant.0).await?;
        conn.commit().await
    }
}

/// Whether a list under `/mfa` has a row of this id: an action, an authentication or a sign-in.
async fn is_there(conn: &mut Conn, tenant: i64, about: &str) -> Result<bool, StoreError> {
    if let Some(id) = about.strip_prefix("sign-in:") {
        let sql = "SELECT at FROM sign_ins WHERE tenant_id = $1 AND record_id = $2";
        let row: Option<(i64,)> = conn.row(sql, args![tenant, crate::packed::pack_id(id)]).await?;
        return Ok(row.is_some());
    }
    let (table, column, id) = match about.strip_prefix("activity:") {
        Some(id) => ("mfa_activity", "activity_id", id),
        None => ("mfa_actions", "action_id", about),
    };
    let sql = format!("SELECT at FROM {table} WHERE tenant_id = $1 AND {column} = $2");
    Ok(conn.row::<(i64,)>(&sql, args![tenant, id]).await?.is_some())
}

impl Batch<'_> {
    pub(super) async fn store_servers(&mut self, records: Vec<ServerRecord>) -> Result<(), StoreError> {
        let keys: Vec<Value> = records.iter().map(|record| name_key(&record.server).into()).collect();
        let stored: Vec<(String, i64, String)> = self
            .conn
            .rows_in(
                "SELECT name_key, last_contact, digest FROM mfa_servers WHERE tenant_id = $1 AND name_key IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        let mut known: BTreeMap<String, (i64, String)> =
            stored.into_iter().map(|(key, at, digest)| (key, (at, digest))).collect();
        let mut latest: BTreeMap<String, (ServerStatus, String)> = BTreeMap::new();
        let mut copies = Copies::default();
        let mut replaced = BTreeSet::new();
        for ServerRecord { server, digest: bytes } in records {
            let (key, digest) = (name_key(&server), hex::encode(bytes));
            let strength = (server.last_contact.millis(), digest.clone());
            match known.get(&key) {
                Some(before) if strength <= *before => {
                    self.know(RecordKind::MfaServerStatus);
                    // Servers speak often: of those that do, only the last word is kept.
                    if strength < *before && self.import != HEARTBEAT {
                        let record = Record::Server(Box::new(ServerRecord { server, digest: bytes }));
                        copies.keep(Beaten { import_id: self.import, subject_id: None, record });
                    }
                    continue;
                }
                Some(_) => {
                    self.replace(RecordKind::MfaServerStatus);
                    replaced.insert(key.clone());
                }
                None => self.accept(RecordKind::MfaServerStatus),
            }
            known.insert(key.clone(), strength);
            latest.insert(key, (server, digest));
        }
        self.copy_stored_servers(&mut copies, replaced.iter()).await?;
        self.write_copies(copies).await?;
        let (tenant, import) = (self.tenant, self.import);
        let rows = latest.into_iter().map(|(key, (server, digest))| {
            let ServerStatus { name, version, status, address, last_contact } = server;
            args![tenant, key, name, version, status, address, last_contact.millis(), digest, import]
        });
        self.conn
            .insert(
                "INSERT INTO mfa_servers (tenant_id, name_key, name, version, status, address, last_contact, digest, \
                 import_id)",
                9,
                rows.collect::<Vec<_>>(),
                "ON CONFLICT (tenant_id, name_key) DO UPDATE SET name = excluded.name, version = excluded.version, \
                 status = excluded.status, address = excluded.address, last_contact = excluded.last_contact, \
                 digest = excluded.digest, import_id = excluded.import_id",
            )
            .await
    }
}

/// Names of servers are compared without case.
fn name_key(server: &ServerStatus) -> String {
    server.name.trim().to_lowercase()
}
