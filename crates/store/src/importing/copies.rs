//! Versions of records that another version beat. They stay, so that an import can be taken back as if it had never
//! been: what its records had beaten comes back, with its own time and the names it gave.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::instant::{Instant, SECOND_MS};
use domain::record::Record;
use sea_query::Value;

use super::Batch;
use crate::StoreError;
use crate::db::args;
use crate::packed::{key_of, key_of_digest};
use crate::tiers::floor;

/// Versions that were beaten in a batch: by what they are versions of, and by what tells them apart. Of one version
/// the first stays, which has its own time and belongs to the import that brought it first.
#[derive(Default)]
pub(crate) struct Copies(BTreeMap<(String, String), Beaten>);

/// A version that another one beat.
pub(crate) struct Beaten {
    pub import_id: i64,
    pub subject_id: Option<i64>,
    pub record: Record,
}

impl Copies {
    pub fn keep(&mut self, beaten: Beaten) {
        let key = (identity(&beaten.record, beaten.subject_id), version(&beaten.record));
        match self.0.get(&key) {
            Some(known) if known.import_id <= beaten.import_id => {}
            // What is stored has come before the batch.
            _ => _ = self.0.insert(key, beaten),
        }
    }
}

/// Identity, version, import, subject, record.
pub(crate) type CopyRow = (String, String, i64, Option<i64>, String);

/// Times of records' copies, by what the copies have in common. Of those in its own second a winner takes the finest,
/// whichever came when.
#[derive(Default)]
pub(super) struct CopyTimes(HashMap<String, BTreeSet<i64>>);

impl CopyTimes {
    pub fn see(&mut self, identity: &str, at: i64) {
        self.0.entry(identity.to_owned()).or_default().insert(at);
    }

    pub fn finest(&self, identity: &str, at: i64) -> i64 {
        let seen = self.0.get(identity).into_iter().flatten();
        seen.fold(at, |finest, seen| finer_of(finest, *seen))
    }
}

/// The finer of two times if they are of one second, else the first.
pub(super) fn finer_of(at: i64, other: i64) -> i64 {
    if floor(at, SECOND_MS) == floor(other, SECOND_MS) { at.max(other) } else { at }
}

pub(crate) fn read_copy(json: &str) -> Result<Record, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Inconsistent { table: "record_copies", what: error.to_string() })
}

/// What copies of one record have in common.
fn identity(record: &Record, subject_id: Option<i64>) -> String {
    match record {
        Record::User(user) => {
            let at = user.observed_at.map_or(0, Instant::millis);
            observation_identity(subject_id.unwrap_or_default(), at, user.kind.code())
        }
        Record::Event(event) => format!("report:{}", hex::encode(event.digest)),
        Record::Audit(audit) => audit_identity(&audit.record_id),
        Record::SignIn(sign_in) => sign_in_identity(&sign_in.record_id),
        Record::Server(server) => server_identity(&server.server.name.trim().to_lowercase()),
        // Of these, copies are the same to the letter.
        Record::SignInSteps(steps) => format!("steps:{}", hex::encode(steps.digest)),
        Record::Activity(record) => format!("activity:{}", hex::encode(record.digest)),
        Record::Action(record) => format!("row:{}", hex::encode(record.digest)),
    }
}

pub(crate) fn observation_identity(subject_id: i64, observed_at: i64, kind: i64) -> String {
    format!("user:{subject_id}:{observed_at}:{kind}")
}

pub(crate) fn audit_identity(record_id: &str) -> String {
    format!("audit:{record_id}")
}

pub(crate) fn sign_in_identity(record_id: &str) -> String {
    format!("sign-in:{record_id}")
}

pub(crate) fn server_identity(name_key: &str) -> String {
    format!("server:{name_key}")
}

/// What tells copies of one record apart; not its time, which a winner takes from the finest.
fn version(record: &Record) -> String {
    let log = |at: Option<Instant>| at.map_or(-1, Instant::millis);
    match record {
        Record::User(user) => hex::encode(user.digest),
        Record::Event(event) => {
            let user = &event.user;
            let names = [&user.object_id, &user.user_name, &user.display_name].map(Option::as_deref);
            key_of(&names).to_string()
        }
        Record::Audit(audit) => format!("{}:{}", log(audit.log_at), hex::encode(audit.digest)),
        // Of a stored sign-in the digest's beginning is known.
        Record::SignIn(sign_in) => format!("{}:{}", log(sign_in.log_at), key_of_digest(&sign_in.digest)),
        Record::Server(server) => {
            format!("{}:{}", server.server.last_contact.millis(), hex::encode(server.digest))
        }
        Record::SignInSteps(_) | Record::Activity(_) | Record::Action(_) => String::new(),
    }
}

impl Batch<'_> {
    /// The copies that are kept of these records.
    pub(crate) async fn copies_of(&mut self, identities: &[Value]) -> Result<Vec<CopyRow>, StoreError> {
        const SQL: &str = "SELECT identity, version, import_id, subject_id, record FROM record_copies \
            WHERE tenant_id = $1 AND identity IN";
        self.conn.rows_in(SQL, &[self.tenant], identities).await
    }

    /// When the kept copies of these audit records or sign-ins were.
    pub(super) async fn copy_times(
        &mut self,
        identities: impl Iterator<Item = String>,
    ) -> Result<CopyTimes, StoreError> {
        let identities: Vec<Value> = identities.map(Into::into).collect();
        let mut times = CopyTimes::default();
        for (identity, .., json) in self.copies_of(&identities).await? {
            match read_copy(&json)? {
                Record::Audit(audit) => times.see(&identity, audit.at.millis()),
                Record::SignIn(sign_in) => times.see(&identity, sign_in.at.millis()),
                _ => {}
            }
        }
        Ok(times)
    }

    pub(crate) async fn write_copies(&mut self, copies: Copies) -> Result<(), StoreError> {
        let mut rows: Vec<Vec<Value>> = Vec::with_capacity(copies.0.len());
        for ((identity, version), copy) in copies.0 {
            let json = serde_json::to_string(&copy.record)
                .map_err(|error| StoreError::Inconsistent { table: "record_copies", what: error.to_string() })?;
            rows.push(args![self.tenant, identity, version, copy.import_id, copy.subject_id, json]);
        }
        self.conn
            .insert(
                "INSERT INTO record_copies (tenant_id, identity, version, import_id, subject_id, record)",
                6,
                rows,
                "ON CONFLICT (tenant_id, identity, version) DO NOTHING",
            )
            .await
    }
}
