//! Stored rows as the records that they came from: what is beaten by another version is kept, and audit records are
//! derived from again.

use std::collections::BTreeSet;

use domain::answer::Answer;
use domain::instant::Instant;
use domain::mfa::{ServerRecord, ServerStatus};
use domain::record::{AuditRecord, AuditResult, Digest, Record, RecordKind, UserFacts, UserObservation, UserRef};
use domain::sign_in::{AppRef, Place, SignInRecord};
use sea_query::Value;

use super::Batch;
use super::copies::{Beaten, Copies};
use super::subjects::name_key;
use crate::StoreError;
use crate::error::member;
use crate::packed::{Unpacker, digest_of_key, unpack_id};

/// What a [`StoredAudit`] is read from.
pub(crate) const STORED_AUDIT_COLUMNS: &str = "a.record_id, a.at, a.log_at, a.digest, a.activity, a.service, \
    a.category, a.result, a.reason, a.correlation_id, a.subject_id, a.user_name, a.display_name, u.object_id, \
    a.record_tenant, a.import_id, a.body";
/// Where it is read from; a condition on `a` follows.
pub(crate) const STORED_AUDITS: &str = "FROM audit_records a \
    LEFT JOIN users u ON u.tenant_id = a.tenant_id AND u.user_id = a.subject_id";

#[derive(sqlx::FromRow)]
pub(crate) struct StoredAudit {
    pub record_id: String,
    pub at: i64,
    log_at: Option<i64>,
    digest: String,
    activity: String,
    service: Option<String>,
    category: Option<String>,
    result: i64,
    reason: Option<String>,
    correlation_id: Option<String>,
    pub subject_id: Option<i64>,
    user_name: Option<String>,
    display_name: Option<String>,
    object_id: Option<String>,
    record_tenant: Option<String>,
    pub import_id: i64,
    body: String,
}

impl StoredAudit {
    pub fn into_audit(self) -> Result<AuditRecord, StoreError> {
        Ok(AuditRecord {
            result: member("audit_records", "result", self.result, AuditResult::from_code)?,
            record_id: self.record_id,
            at: Instant::from_millis(self.at),
            log_at: self.log_at.map(Instant::from_millis),
            activity: self.activity,
            service: self.service,
            category: self.category,
            reason: self.reason,
            correlation_id: self.correlation_id,
            user: UserRef { object_id: self.object_id, user_name: self.user_name, display_name: self.display_name },
            tenant: self.record_tenant,
            digest: digest("audit_records", &self.digest)?,
            body: self.body,
        })
    }
}

#[derive(sqlx::FromRow)]
struct StoredSignIn {
    record_id: Vec<u8>,
    at: i64,
    class_id: i64,
    attempt: Option<Vec<u8>>,
    log_at: Option<i64>,
    digest: i64,
    import_id: i64,
    details: Vec<u8>,
    subject_id: Option<i64>,
    object_id: Option<String>,
    user_name: Option<String>,
    display_name: Option<String>,
    client_id: Option<String>,
    app: Option<String>,
    ip: Option<String>,
    city: Option<String>,
    state: Option<String>,
    country: Option<String>,
    policies: Option<String>,
}

#[derive(sqlx::FromRow)]
struct StoredObservation {
    subject_id: i64,
    observed_at: i64,
    kind: i64,
    import_id: i64,
    digest: String,
    facts: String,
    object_id: Option<String>,
    name_key: Option<String>,
}

#[derive(sqlx::FromRow)]
struct StoredServer {
    name: String,
    version: Option<String>,
    status: Option<String>,
    address: Option<String>,
    last_contact: i64,
    digest: String,
    import_id: i64,
}

impl Batch<'_> {
    /// Keeps what is stored of these audit records, before something else takes its place.
    pub(super) async fn copy_stored_audits(
        &mut self,
        copies: &mut Copies,
        ids: impl Iterator<Item = &String>,
    ) -> Result<(), StoreError> {
        let ids: Vec<Value> = ids.map(|id| id.as_str().into()).collect();
        let sql = format!("SELECT {STORED_AUDIT_COLUMNS} {STORED_AUDITS} WHERE a.tenant_id = $1 AND a.record_id IN");
        for row in self.conn.rows_in::<StoredAudit>(&sql, &[self.tenant], &ids).await? {
            let (import_id, subject_id) = (row.import_id, row.subject_id);
            copies.keep(Beaten { import_id, subject_id, record: Record::Audit(Box::new(row.into_audit()?)) });
        }
        Ok(())
    }

    /// The same of sign-ins, by their packed ids.
    pub(super) async fn copy_stored_sign_ins(
        &mut self,
        copies: &mut Copies,
        ids: impl Iterator<Item = &Vec<u8>>,
    ) -> Result<(), StoreError> {
        let ids: Vec<Value> = ids.map(|id| id.clone().into()).collect();
        let sql = format!(
            "SELECT s.record_id, s.at, s.class_id, s.attempt, s.log_at, s.digest, s.import_id, s.details, \
             l.subject_id, u.object_id, l.user_name, l.display_name, a.client_id, a.name AS app, p.ip, p.city, \
             p.state, p.country, o.policies FROM sign_ins s {} \
             LEFT JOIN user_labels l ON l.tenant_id = s.tenant_id AND l.label_id = s.label_id \
             LEFT JOIN users u ON u.tenant_id = s.tenant_id AND u.user_id = l.subject_id \
             LEFT JOIN apps a ON a.tenant_id = s.tenant_id AND a.app_no = s.app_no \
             LEFT JOIN places p ON p.tenant_id = s.tenant_id AND p.place_id = s.place_id \
             LEFT JOIN policy_sets o ON o.tenant_id = s.tenant_id AND o.policy_set_id = s.policy_set_id \
             WHERE s.tenant_id = $1 AND s.record_id IN",
            self.conn.by_index("sign_ins_record_idx")
        );
        let rows: Vec<StoredSignIn> = self.conn.rows_in(&sql, &[self.tenant], &ids).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let classes = self.classes().await?;
        let mut unpacker = Unpacker::new()?;
        for row in rows {
            let broken = |what: String| StoreError::Inconsistent { table: "sign_ins", what };
            let class = classes.get(row.class_id)?;
            let mut details = unpacker.unpack(&row.details)?;
            details.correlation_id = row.attempt.as_deref().map(unpack_id);
            let policies = row.policies.map(|json| serde_json::from_str(&json)).transpose();
            let record = SignInRecord {
                record_id: unpack_id(&row.record_id),
                at: Instant::from_millis(row.at),
                log_at: row.log_at.map(Instant::from_millis),
                user: UserRef { object_id: row.object_id, user_name: row.user_name, display_name: row.display_name },
                tenant: None,
                interactive: match class.interactive {
                    Answer::Yes => Some(true),
                    Answer::No => Some(false),
                    Answer::Unknown => None,
                },
                component: class.component,
                app: AppRef { id: row.client_id, name: row.app },
                place: Place { ip: row.ip, city: row.city, state: row.state, country: row.country },
                conditional_access: class.conditional_access,
                policies: policies.map_err(|error| broken(error.to_string()))?,
                details,
                digest: digest_of_key(row.digest),
            };
            copies.keep(Beaten {
                import_id: row.import_id,
                subject_id: row.subject_id,
                record: Record::SignIn(Box::new(record)),
            });
        }
        Ok(())
    }

    /// The same of observations, by subject, time and kind.
    pub(super) async fn copy_stored_observations(
        &mut self,
        copies: &mut Copies,
        keys: &BTreeSet<(i64, i64, i64)>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "SELECT o.subject_id, o.observed_at, o.kind, o.import_id, o.digest, o.facts, u.object_id, \
            u.name_key FROM user_observations o JOIN users u ON u.tenant_id = o.tenant_id AND u.user_id = o.subject_id \
            WHERE o.tenant_id = $1 AND o.subject_id IN";
        let subjects: BTreeSet<i64> = keys.iter().map(|(subject_id, ..)| *subject_id).collect();
        let subjects: Vec<Value> = subjects.into_iter().map(Into::into).collect();
        let rows: Vec<StoredObservation> = self.conn.rows_in(SQL, &[self.tenant], &subjects).await?;
        for row in rows.into_iter().filter(|row| keys.contains(&(row.subject_id, row.observed_at, row.kind))) {
            let broken = |what: String| StoreError::Inconsistent { table: "user_observations", what };
            let facts: UserFacts = serde_json::from_str(&row.facts).map_err(|error| broken(error.to_string()))?;
            // A subject without an id is its name, in whatever case.
            let given = facts.user_name.clone();
            let user_name = match &row.name_key {
                Some(key) if given.as_deref().map(name_key).as_ref() != Some(key) => Some(key.clone()),
                _ => given,
            };
            let record = UserObservation {
                kind: member("user_observations", "kind", row.kind, RecordKind::from_code)?,
                user: UserRef { object_id: row.object_id, user_name, display_name: facts.display_name.clone() },
                observed_at: Some(Instant::from_millis(row.observed_at)),
                facts,
                digest: digest("user_observations", &row.digest)?,
            };
            copies.keep(Beaten {
                import_id: row.import_id,
                subject_id: Some(row.subject_id),
                record: Record::User(Box::new(record)),
            });
        }
        Ok(())
    }

    /// The same of servers, unless the same import said it.
    pub(super) async fn copy_stored_servers(
        &mut self,
        copies: &mut Copies,
        names: impl Iterator<Item = &String>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "SELECT name, version, status, address, last_contact, digest, import_id FROM mfa_servers \
            WHERE import_id <> $1 AND tenant_id = $2 AND name_key IN";
        let names: Vec<Value> = names.map(|name| name.as_str().into()).collect();
        for row in self.conn.rows_in::<StoredServer>(SQL, &[self.import, self.tenant], &names).await? {
            let StoredServer { name, version, status, address, last_contact, digest: text, import_id } = row;
            let last_contact = Instant::from_millis(last_contact);
            let server = ServerStatus { name, version, status, address, last_contact };
            let record = ServerRecord { server, digest: digest("mfa_servers", &text)? };
            copies.keep(Beaten { import_id, subject_id: None, record: Record::Server(Box::new(record)) });
        }
        Ok(())
    }
}

fn digest(table: &'static str, hex: &str) -> Result<Digest, StoreError> {
    let broken = || StoreError::Inconsistent { table, what: format!("digest {hex}") };
    hex::decode(hex).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(broken)
}
