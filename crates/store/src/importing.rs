//! Records to rows: one transaction per batch, with every figure the batch changes.

mod actions;
mod activity;
mod attempts;
mod audits;
mod dictionary;
mod events;
mod indexes;
mod names;
mod observations;
mod passwords;
mod presence;
mod servers;
mod sightings;
mod sign_in_figures;
mod sign_in_steps;
mod sign_ins;
mod sources;
mod standings;
mod state;
mod states;
mod subjects;

use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::mfa::mfa_action;
use domain::record::{Digest, Record, RecordKind, Rejection};
use domain::report::{ImportCounts, ImportStatus};
use domain::viewer::TenantId;

use crate::db::{Conn, Db, args};
use crate::{Options, StoreError};
use presence::Presence;
use sources::Coverage;
use subjects::{NamedBy, Subjects};

pub(crate) use indexes::make_deferred;
pub(crate) use names::{Holder, holders};
pub(crate) use passwords::derive_audits_again;
pub(crate) use presence::mark_interrupted;
pub(crate) use sign_in_steps::steps_in_order;
pub(crate) use states::rederive;
pub(crate) use subjects::{name_key, object_key};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportId(pub i64);

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

/// What became of a batch of records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    pub accepted: i64,
    pub duplicate: i64,
    pub replaced: i64,
}

/// Imports into one tenant.
#[derive(Clone)]
pub struct Operator {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
    pub(crate) options: Options,
}

/// One batch on its way into the database.
struct Batch<'a> {
    conn: &'a mut Conn,
    tenant: i64,
    import: i64,
    options: &'a Options,
    applied: Applied,
    /// Records that were new, by kind.
    accepted: BTreeMap<RecordKind, i64>,
}

impl Operator {
    pub async fn begin_import(&self, import: NewImport) -> Result<Started, StoreError> {
        presence::mark_interrupted(&self.db, self.tenant.0).await?;
        let presence = Presence::announce(&self.db).await?;
        let mut conn = self.db.begin().await?;
        let sha256 = hex::encode(import.sha256);
        let first: Option<(Option<i64>,)> = conn
            .row(
                "SELECT MIN(started_at) FROM imports WHERE tenant_id = $1 AND sha256 = $2",
                args![self.tenant.0, sha256.clone()],
            )
            .await?;
        let (last_id,): (i64,) = conn
            .row("SELECT COALESCE(MAX(import_id), 0) FROM imports WHERE tenant_id = $1", args![self.tenant.0])
            .await?
            .unwrap_or_default();
        let id = last_id + 1;
        conn.run(
            "INSERT INTO imports (tenant_id, import_id, file_name, sha256, started_at, status, counts) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![
                self.tenant.0,
                id,
                import.file_name,
                sha256,
                import.now.millis(),
                ImportStatus::Running.code(),
                counts_json(&ImportCounts::default()),
            ],
        )
        .await?;
        conn.commit().await?;
        let first_seen_at = first.and_then(|(at,)| at).map_or(import.now, Instant::from_millis);
        Ok(Started { id: ImportId(id), first_seen_at, _presence: presence })
    }

    /// Stores a batch, in one transaction with every figure it changes. Any batch may be sent again.
    ///
    /// `observed_at` is the observation time of user records that carry none of their own.
    pub async fn apply(
        &self,
        import: ImportId,
        records: Vec<Record>,
        observed_at: Instant,
        now: Instant,
    ) -> Result<Applied, StoreError> {
        let mut conn = self.db.begin().await?;
        let mut batch = Batch::new(&mut conn, self.tenant, import.0, &self.options);
        batch.store(records, observed_at, now).await?;
        let applied = batch.applied;
        conn.commit().await?;
        Ok(applied)
    }

    pub async fn reject(&self, import: ImportId, rejected: &[Rejection]) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        let (last,): (i64,) = conn
            .row(
                "SELECT COALESCE(MAX(position), 0) FROM rejected_records WHERE tenant_id = $1 AND import_id = $2",
                args![self.tenant.0, import.0],
            )
            .await?
            .unwrap_or_default();
        let rows = rejected.iter().zip(last + 1..).map(|(rejection, position)| {
            args![
                self.tenant.0,
                import.0,
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
        .await?;
        conn.commit().await
    }

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
        conn.commit().await
    }
}

impl<'a> Batch<'a> {
    fn new(conn: &'a mut Conn, tenant: TenantId, import: i64, options: &'a Options) -> Self {
        Self { conn, tenant: tenant.0, import, options, applied: Applied::default(), accepted: BTreeMap::new() }
    }
}

impl Batch<'_> {
    /// Counts a record that was not there before.
    fn accept(&mut self, kind: RecordKind) {
        self.applied.accepted += 1;
        *self.accepted.entry(kind).or_default() += 1;
    }

    /// Counts records that were there before, to the letter.
    fn know(&mut self, n: usize) {
        self.applied.duplicate += i64::try_from(n).unwrap_or(i64::MAX);
    }

    async fn store(&mut self, records: Vec<Record>, observed_at: Instant, now: Instant) -> Result<(), StoreError> {
        let mut users = Vec::new();
        let mut report_events = Vec::new();
        let mut audits = Vec::new();
        let (mut sign_ins, mut steps) = (Vec::new(), Vec::new());
        let (mut activity, mut actions, mut servers) = (Vec::new(), Vec::new(), Vec::new());
        for record in records {
            match record {
                Record::User(mut user) => {
                    user.observed_at.get_or_insert(observed_at);
                    users.push(*user);
                }
                Record::Event(event) => report_events.push(*event),
                Record::Audit(audit) => audits.push(*audit),
                Record::SignIn(sign_in) => sign_ins.push(*sign_in),
                Record::SignInSteps(step) => steps.push(*step),
                Record::Activity(record) => activity.push(*record),
                Record::Action(record) => actions.push(*record),
                Record::Server(record) => servers.push(*record),
            }
        }
        // What is there already, to the letter, has said all it has to say: a file imported again costs a look-up.
        let (audits, mut stored_audits) = self.new_audits(audits).await?;
        let report_events = self.new_report_events(report_events).await?;
        let (sign_ins, mut stored_sign_ins) = self.new_sign_ins(sign_ins).await?;
        let activity = self.new_activity(activity).await?;
        let actions = self.new_actions(actions).await?;
        let mut subjects = Subjects::default();
        let (users, stored_observations) = self.new_observations(users, &mut subjects).await?;

        let mut covered = Coverage::new();
        for user in &users {
            let at = user.observed_at.unwrap_or(observed_at);
            covered.entry(user.kind).or_default().add(at.millis());
            subjects.name(&user.user, at.millis(), NamedBy::Observation);
        }
        for event in &report_events {
            covered.entry(event.kind).or_default().add(event.at.millis());
            subjects.name(&event.user, event.at.millis(), NamedBy::Event);
        }
        for audit in &audits {
            covered.entry(RecordKind::DirectoryAudit).or_default().add(audit.at.millis());
            subjects.name(&audit.user, audit.at.millis(), NamedBy::Event);
            if let Some(action) = mfa_action(audit) {
                subjects.name(&action.user, audit.at.millis(), NamedBy::Event);
            }
        }
        for sign_in in &sign_ins {
            covered.entry(RecordKind::SignIn).or_default().add(sign_in.at.millis());
            subjects.name(&sign_in.user, sign_in.at.millis(), NamedBy::SignIn);
        }
        for step in &steps {
            // A step without a time covers none.
            if let Some(at) = step.step.at {
                covered.entry(RecordKind::SignInAuthenticationDetails).or_default().add(at.millis());
            }
        }
        for record in &activity {
            covered.entry(RecordKind::MfaActivity).or_default().add(record.at.millis());
            subjects.name(&record.user, record.at.millis(), NamedBy::Event);
        }
        for record in &actions {
            covered.entry(record.kind()).or_default().add(record.action.at.millis());
            subjects.name(&record.action.user, record.action.at.millis(), NamedBy::Event);
        }
        for record in &servers {
            covered.entry(RecordKind::MfaServerStatus).or_default().add(record.server.last_contact.millis());
        }
        if covered.is_empty() && steps.is_empty() {
            return Ok(());
        }
        self.resolve(&mut subjects).await?;
        self.store_observations(users, stored_observations, &mut subjects).await?;
        self.store_audits(audits, &mut stored_audits, &subjects).await?;
        self.store_report_events(report_events, &subjects).await?;
        self.store_sign_ins(sign_ins, &mut stored_sign_ins, steps, &subjects).await?;
        self.store_activity(activity, &subjects).await?;
        self.store_actions(actions, &subjects).await?;
        self.store_servers(servers).await?;
        self.derive_states(subjects).await?;
        self.store_sources(covered, now).await
    }
}

fn counts_json(counts: &ImportCounts) -> String {
    serde_json::to_string(counts).unwrap_or_default()
}
