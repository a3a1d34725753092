//! Audit records: one row per id, the winner of its copies; and the events that they stand for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::derive::{ResetStep, is_reset_step, registration_event, reset_events};
use domain::instant::Instant;
use domain::record::{AuditRecord, EventSource, Feature, Record, RecordKind};
use sea_query::Value;

use super::Batch;
use super::copies::{Beaten, Copies, audit_identity, finer_of};
use super::events::Event;
use super::passwords::password_kind;
use super::subjects::Subjects;
use crate::StoreError;
use crate::db::args;

/// What decides between copies: the later log time, then the greater digest.
type Strength = (Option<i64>, String);

/// Record id, time, log time, digest, correlation id of a reset step.
type StoredRow = (String, i64, Option<i64>, String, Option<String>);

/// Time, what was done to a password, correlation id of a reset step.
type GoneRow = (i64, Option<i64>, Option<String>);

/// What is stored of records, by their ids.
pub(super) type StoredAudits = HashMap<String, Stored>;

pub(super) struct Stored {
    at: i64,
    strength: Strength,
    correlation_id: Option<String>,
}

fn strength(audit: &AuditRecord) -> Strength {
    (audit.log_at.map(Instant::millis), hex::encode(audit.digest))
}

/// Origins of events: a record, or a flow of records that share a correlation id.
pub(crate) const RECORD: &str = "record:";
pub(crate) const FLOW: &str = "flow:";

pub(crate) fn record_origin(record_id: &str) -> String {
    format!("{RECORD}{record_id}")
}

pub(crate) fn flow_origin(correlation_id: &str) -> String {
    format!("{FLOW}{correlation_id}")
}

impl Batch<'_> {
    /// Leaves out the records that are stored to the letter, and answers what is stored of the others.
    pub(super) async fn new_audits(
        &mut self,
        mut audits: Vec<AuditRecord>,
    ) -> Result<(Vec<AuditRecord>, StoredAudits), StoreError> {
        let stored = self.stored_audits(&audits).await?;
        self.keep_new(
            &mut audits,
            |_| RecordKind::DirectoryAudit,
            |audit| {
                stored.get(&audit.record_id).is_none_or(|stored| {
                    let at = audit.at.millis();
                    stored.strength != strength(audit) || finer_of(stored.at, at) != stored.at
                })
            },
        );
        Ok((audits, stored))
    }

    pub(super) async fn store_audits(
        &mut self,
        audits: Vec<AuditRecord>,
        stored: &mut StoredAudits,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let mut winners: BTreeMap<String, AuditRecord> = BTreeMap::new();
        let mut finer = BTreeMap::new();
        let mut replaced = BTreeSet::new();
        let mut flows = BTreeSet::new();
        let mut copies = Copies::default();
        let mut times = self.copy_times(stored.keys().map(|id| audit_identity(id))).await?;
        let subject = |audit: &AuditRecord| subjects.get(&audit.user).map(|resolved| resolved.subject_id);
        let import = self.import;
        let beaten = |audit: &AuditRecord| Beaten {
            import_id: import,
            subject_id: subject(audit),
            record: Record::Audit(Box::new(audit.clone())),
        };
        for mut audit in audits {
            let strength = strength(&audit);
            let at = audit.at.millis();
            match stored.get_mut(&audit.record_id) {
                None => self.accept(RecordKind::DirectoryAudit),
                Some(before) => {
                    let identity = audit_identity(&audit.record_id);
                    times.see(&identity, before.at);
                    times.see(&identity, at);
                    let loses = strength <= before.strength;
                    let best_at = times.finest(&identity, if loses { before.at } else { at });
                    if loses {
                        self.know(RecordKind::DirectoryAudit);
                        if strength < before.strength {
                            copies.keep(beaten(&audit));
                        }
                    }
                    if loses && best_at == before.at {
                        continue;
                    }
                    if loses {
                        // The copy loses, but its time is the finer one.
                        before.at = best_at;
                        match winners.get_mut(&audit.record_id) {
                            Some(winner) => {
                                copies.keep(beaten(winner));
                                winner.at = Instant::from_millis(best_at);
                            }
                            None => _ = finer.insert(audit.record_id.clone(), best_at),
                        }
                        flows.extend(before.correlation_id.clone());
                        continue;
                    }
                    self.replace(RecordKind::DirectoryAudit);
                    match winners.get(&audit.record_id) {
                        Some(beaten_here) => copies.keep(beaten(beaten_here)),
                        None => _ = replaced.insert(audit.record_id.clone()),
                    }
                    finer.remove(&audit.record_id);
                    flows.extend(before.correlation_id.clone());
                    if best_at != at {
                        copies.keep(beaten(&audit));
                    }
                    audit.at = Instant::from_millis(best_at);
                }
            }
            stored.insert(
                audit.record_id.clone(),
                Stored { at: audit.at.millis(), strength, correlation_id: audit.correlation_id.clone() },
            );
            flows.extend(audit.correlation_id.clone().filter(|_| is_reset_step(&audit.activity)));
            winners.insert(audit.record_id.clone(), audit);
        }
        self.copy_stored_audits(&mut copies, replaced.iter().chain(finer.keys())).await?;
        self.write_copies(copies).await?;
        self.count_passwords(&winners, &replaced, &finer).await?;
        self.write_audits(&winners, subjects).await?;
        self.refine_times(&finer).await?;
        self.actions_of_audits(&winners, subjects).await?;
        self.refine_actions(&finer).await?;
        self.derive_events(winners, flows, subjects).await
    }

    /// Takes audit records away, with everything that stands for them. Flows that lose a step are judged by the others.
    pub(crate) async fn remove_audits(&mut self, ids: &[String]) -> Result<(), StoreError> {
        let keys: Vec<Value> = ids.iter().map(|id| id.as_str().into()).collect();
        let rows: Vec<GoneRow> = self
            .conn
            .rows_in(
                "SELECT at, password_kind, CASE WHEN is_reset_step = 1 THEN correlation_id END \
                 FROM audit_records WHERE tenant_id = $1 AND record_id IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        self.uncount_passwords(rows.iter().filter_map(|(at, kind, _)| Some((*at, (*kind)?)))).await?;
        self.conn
            .run_in("DELETE FROM audit_records WHERE tenant_id = $1 AND record_id IN", &[self.tenant], &keys)
            .await?;
        let origins: Vec<String> = ids.iter().map(|id| record_origin(id)).collect();
        self.replace_events(&origins, Vec::new()).await?;
        // An action of an audit record has the name that an event of it would have.
        let actions: Vec<Value> = origins.into_iter().map(Into::into).collect();
        self.conn
            .run_in("DELETE FROM mfa_actions WHERE tenant_id = $1 AND action_id IN", &[self.tenant], &actions)
            .await?;
        let flows = rows.into_iter().filter_map(|(_, _, flow)| flow).collect();
        self.derive_events(BTreeMap::new(), flows, &Subjects::default()).await
    }

    async fn stored_audits(&mut self, audits: &[AuditRecord]) -> Result<StoredAudits, StoreError> {
        let ids: BTreeSet<&str> = audits.iter().map(|audit| audit.record_id.as_str()).collect();
        let ids: Vec<Value> = ids.into_iter().map(Into::into).collect();
        let rows: Vec<StoredRow> = self
            .conn
            .rows_in(
                "SELECT record_id, at, log_at, digest, CASE WHEN is_reset_step = 1 THEN correlation_id END \
                 FROM audit_records WHERE tenant_id = $1 AND record_id IN",
                &[self.tenant],
                &ids,
            )
            .await?;
        let stored = rows.into_iter().map(|(record_id, at, log_at, digest, correlation_id)| {
            (record_id, Stored { at, strength: (log_at, digest), correlation_id })
        });
        Ok(stored.collect())
    }

    async fn write_audits(
        &mut self,
        audits: &BTreeMap<String, AuditRecord>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let (tenant, import) = (self.tenant, self.import);
        let rows = audits.values().map(|audit| {
            let resolved = subjects.get(&audit.user);
            args![
                tenant,
                audit.record_id.clone(),
                audit.at.millis(),
                audit.log_at.map(Instant::millis),
                hex::encode(audit.digest),
                audit.activity.clone(),
                audit.service.clone(),
                audit.category.clone(),
                audit.result.code(),
                audit.reason.clone(),
                audit.correlation_id.clone(),
                i64::from(is_reset_step(&audit.activity)),
                resolved.map(|resolved| resolved.subject_id),
                resolved.map(|resolved| resolved.user_id),
                audit.user.user_name.clone(),
                audit.user.display_name.clone(),
                audit.tenant.clone(),
                import,
                audit.body.clone(),
                password_kind(audit),
            ]
        });
        self.conn
            .insert(
                "INSERT INTO audit_records (tenant_id, record_id, at, log_at, digest, activity, service, category, \
                 result, reason, correlation_id, is_reset_step, subject_id, user_id, user_name, display_name, \
                 record_tenant, import_id, body, password_kind)",
                20,
                rows,
                "ON CONFLICT (tenant_id, record_id) DO UPDATE SET at = excluded.at, log_at = excluded.log_at, \
                 digest = excluded.digest, activity = excluded.activity, service = excluded.service, \
                 category = excluded.category, result = excluded.result, reason = excluded.reason, \
                 correlation_id = excluded.correlation_id, is_reset_step = excluded.is_reset_step, \
                 subject_id = excluded.subject_id, user_id = excluded.user_id, user_name = excluded.user_name, \
                 display_name = excluded.display_name, record_tenant = excluded.record_tenant, \
                 import_id = excluded.import_id, body = excluded.body, password_kind = excluded.password_kind",
            )
            .await
    }

    async fn refine_times(&mut self, finer: &BTreeMap<String, i64>) -> Result<(), StoreError> {
        for (record_id, at) in finer {
            self.conn
                .run(
                    "UPDATE audit_records SET at = $3 WHERE tenant_id = $1 AND record_id = $2",
                    args![self.tenant, record_id.clone(), *at],
                )
                .await?;
        }
        let origins: Vec<String> = finer.keys().map(|record_id| record_origin(record_id)).collect();
        let mut events = self.events_of(&origins).await?;
        for event in &mut events {
            if let Some(at) = event.origin.strip_prefix(RECORD).and_then(|record_id| finer.get(record_id)) {
                event.at = *at;
            }
        }
        self.replace_events(&origins, events).await
    }

    async fn derive_events(
        &mut self,
        winners: BTreeMap<String, AuditRecord>,
        flows: BTreeSet<String>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let mut origins: Vec<String> = winners.keys().map(|record_id| record_origin(record_id)).collect();
        origins.extend(flows.iter().map(|flow| flow_origin(flow)));
        let mut events = Vec::new();
        for audit in winners.values() {
            let resolved = subjects.get(&audit.user);
            events.extend(events_of_record(audit, resolved.map(|to| to.subject_id), resolved.map(|to| to.user_id)));
        }
        for (flow, steps) in self.steps_of(&flows).await? {
            events.extend(events_of_flow(&flow, &steps));
        }
        self.replace_events(&origins, events).await
    }

    async fn steps_of(&mut self, flows: &BTreeSet<String>) -> Result<BTreeMap<String, Vec<Step>>, StoreError> {
        let keys: Vec<Value> = flows.iter().map(|flow| flow.as_str().into()).collect();
        let rows: Vec<Step> = self
            .conn
            .rows_in(
                "SELECT record_id, correlation_id, at, reason, subject_id, user_id, user_name, display_name \
                 FROM audit_records WHERE tenant_id = $1 AND is_reset_step = 1 AND correlation_id IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        let mut steps: BTreeMap<String, Vec<Step>> = BTreeMap::new();
        for row in rows {
            steps.entry(row.correlation_id.clone()).or_default().push(row);
        }
        Ok(steps)
    }
}

/// A record of a reset flow.
#[derive(sqlx::FromRow)]
pub(crate) struct Step {
    pub record_id: String,
    pub correlation_id: String,
    pub at: i64,
    pub reason: Option<String>,
    pub subject_id: Option<i64>,
    pub user_id: Option<i64>,
    pub user_name: Option<String>,
    pub display_name: Option<String>,
}

/// The events that an audit record stands for by itself.
pub(crate) fn events_of_record(audit: &AuditRecord, subject_id: Option<i64>, user_id: Option<i64>) -> Vec<Event> {
    let (feature, derived) = if let Some(event) = registration_event(audit) {
        (Feature::Registration, vec![event])
    } else if is_reset_step(&audit.activity) && audit.correlation_id.is_none() {
        let step = ResetStep { record_id: audit.record_id.clone(), at: audit.at, reason: audit.reason.clone() };
        (Feature::Reset, reset_events(&[step]))
    } else {
        return Vec::new();
    };
    let events = derived.into_iter().map(|event| Event {
        origin: record_origin(&audit.record_id),
        at: event.at.millis(),
        source: EventSource::Audit,
        feature,
        method: event.method,
        outcome: event.outcome,
        raw_method: event.raw_method,
        reason: event.reason,
        subject_id,
        user_id,
        user_name: audit.user.user_name.clone(),
        display_name: audit.user.display_name.clone(),
        brought: None,
    });
    events.collect()
}

/// The events that all records of a flow stand for together.
pub(crate) fn events_of_flow(flow: &str, steps: &[Step]) -> Vec<Event> {
    let bare: Vec<ResetStep> = steps
        .iter()
        .map(|step| ResetStep {
            record_id: step.record_id.clone(),
            at: Instant::from_millis(step.at),
            reason: step.reason.clone(),
        })
        .collect();
    let events = reset_events(&bare).into_iter().map(|event| {
        let decisive = &steps[event.index];
        Event {
            origin: flow_origin(flow),
            at: event.at.millis(),
            source: EventSource::Audit,
            feature: Feature::Reset,
            method: event.method,
            outcome: event.outcome,
            raw_method: event.raw_method,
            reason: event.reason,
            subject_id: decisive.subject_id,
            user_id: decisive.user_id,
            user_name: decisive.user_name.clone(),
            display_name: decisive.display_name.clone(),
            brought: None,
        }
    });
    events.collect()
}
