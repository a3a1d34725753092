//! Records to rows: one transaction per batch, with every figure the batch changes.

mod actions;
mod activity;
mod attempts;
mod audits;
mod changes;
mod copies;
mod dictionary;
mod events;
mod imports;
mod indexes;
mod names;
mod observations;
mod passwords;
mod presence;
mod pushes;
mod servers;
mod sightings;
mod sign_in_copies;
mod sign_in_figures;
mod sign_in_steps;
mod sign_ins;
mod sources;
mod standings;
mod state;
mod states;
mod subjects;
mod turns;
mod versions;

use async_recursion::async_recursion as boxed;
use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::mfa::mfa_action;
use domain::record::{Record, RecordKind};
use domain::viewer::TenantId;

use crate::db::{Conn, Db};
use crate::{Options, StoreError};
use sources::Coverage;

pub(crate) use audits::{FLOW, RECORD, Step, events_of_flow, events_of_record, flow_origin, record_origin};
pub(crate) use changes::{change_number, note_change};
pub(crate) use copies::{audit_identity, observation_identity, read_copy, server_identity, sign_in_identity};
pub(crate) use events::EVENT_COLUMNS;
pub use imports::{NewImport, Started};
pub(crate) use indexes::{make_deferred, put_indexes_off};
pub(crate) use names::{Holder, NEVER, holders};
pub(crate) use passwords::{derive_audits_again, password_kind};
pub use presence::PullLock;
pub(crate) use presence::{Presence, SERVING, alone, mark_interrupted};
pub use pushes::Push;
pub(crate) use sightings::{EventNames, Sightings};
pub(crate) use sign_in_figures::NO_APP;
pub(crate) use sign_in_steps::steps_in_order;
pub(crate) use states::{DerivedUser, NAME_COLUMNS, STATE_COLUMNS, insert_names, insert_states, rederive};
pub(crate) use subjects::{NamedBy, Subjects, name_key, object_key};
pub(crate) use turns::Waiting;
pub(crate) use versions::{STORED_AUDIT_COLUMNS, STORED_AUDITS, StoredAudit};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportId(pub i64);

/// What became of a batch of records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    pub accepted: i64,
    pub duplicate: i64,
    pub replaced: i64,
    /// Records that say what somebody is who was erased: not kept.
    pub erased: i64,
}

/// Imports into one tenant.
#[derive(Clone)]
pub struct Operator {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
    pub(crate) options: Options,
}

/// One batch on its way into the database.
pub(crate) struct Batch<'a> {
    pub(crate) conn: &'a mut Conn,
    pub(crate) tenant: i64,
    import: i64,
    options: &'a Options,
    applied: Applied,
    /// The same by kind.
    by_kind: BTreeMap<RecordKind, Applied>,
}

impl Operator {
    /// Stores a batch, in one transaction with every figure it changes. Any batch may be sent again.
    ///
    /// `observed_at` is the observation time of user records that carry none of their own.
    #[boxed(?Send)]
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
        self.commit(conn, applied).await
    }

    /// [`Operator::apply`] for what is read whole each time, such as the directory: an observation that says what the
    /// latest one said is left out, or every look would add one for every user.
    #[boxed(?Send)]
    pub async fn apply_current(
        &self,
        import: ImportId,
        records: Vec<Record>,
        seen_at: Instant,
        now: Instant,
    ) -> Result<Applied, StoreError> {
        let mut conn = self.db.begin().await?;
        let mut batch = Batch::new(&mut conn, self.tenant, import.0, &self.options);
        let records = batch.changed_since_last_seen(records).await?;
        batch.store(records, seen_at, now).await?;
        let applied = batch.applied;
        self.commit(conn, applied).await
    }

    async fn commit(&self, mut conn: Conn, applied: Applied) -> Result<Applied, StoreError> {
        note_change(&mut conn, self.tenant.0).await?;
        conn.commit().await?;
        turns::let_others(&self.db).await;
        Ok(applied)
    }
}

impl<'a> Batch<'a> {
    pub(crate) fn new(conn: &'a mut Conn, tenant: TenantId, import: i64, options: &'a Options) -> Self {
        Self { conn, tenant: tenant.0, import, options, applied: Applied::default(), by_kind: BTreeMap::new() }
    }
}

impl Batch<'_> {
    /// The same transaction, in the name of another import.
    pub(crate) fn of_import(&mut self, import: i64) -> Batch<'_> {
        Batch::new(self.conn, TenantId(self.tenant), import, self.options)
    }

    /// Counts a record that was not there before.
    fn accept(&mut self, kind: RecordKind) {
        self.applied.accepted += 1;
        self.by_kind.entry(kind).or_default().accepted += 1;
    }

    /// Counts a record that was there before, or beside a better one.
    fn know(&mut self, kind: RecordKind) {
        self.applied.duplicate += 1;
        self.by_kind.entry(kind).or_default().duplicate += 1;
    }

    /// Counts a record that took the place of another version.
    fn replace(&mut self, kind: RecordKind) {
        self.applied.replaced += 1;
        self.by_kind.entry(kind).or_default().replaced += 1;
    }

    /// Keeps the records that are not there yet, and counts the others.
    fn keep_new<T>(
        &mut self,
        records: &mut Vec<T>,
        kind: impl Fn(&T) -> RecordKind,
        mut is_new: impl FnMut(&T) -> bool,
    ) {
        records.retain(|record| {
            let is_kept = is_new(record);
            if !is_kept {
                self.know(kind(record));
            }
            is_kept
        });
    }

    pub(crate) async fn store(
        &mut self,
        mut records: Vec<Record>,
        observed_at: Instant,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.applied.erased += self.without_the_erased(&mut records).await?;
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
            return self.count_copies().await;
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
        self.store_sources(covered, now).await?;
        self.count_copies().await
    }
}
