//! Events and their counters: written together, or not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::fold::{fold, sort_key};
use domain::method::AuthMethod;
use domain::preferences::Language;
use domain::record::{EventSource, Feature, Outcome, Record, RecordKind, ReportEvent};
use sea_query::Value;

use super::Batch;
use super::copies::{Beaten, Copies};
use super::subjects::Subjects;
use crate::StoreError;
use crate::db::{Db, args};
use crate::error::member;
use crate::tiers::Deltas;

/// A row of `events`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub origin: String,
    pub at: i64,
    pub source: EventSource,
    pub feature: Feature,
    pub method: AuthMethod,
    pub outcome: Outcome,
    pub raw_method: Option<String>,
    pub reason: Option<String>,
    pub subject_id: Option<i64>,
    pub user_id: Option<i64>,
    pub user_name: Option<String>,
    pub display_name: Option<String>,
    /// Of events of reports: which import brought them, as what kind of record.
    pub brought: Option<(i64, RecordKind)>,
}

/// The columns of `events`, in the order of [`Event::row`].
pub(crate) const EVENT_COLUMNS: &str = "tenant_id, event_id, origin, at, source, feature, method, outcome, raw_method, \
    reason, subject_id, user_id, user_name_folded, display_name_folded, display_name_key, user_name, display_name, \
    import_id, record_kind";

/// The dimensions that events are counted by: source, feature, method, outcome.
type Dimensions = (i64, i64, i64, i64);

impl Event {
    /// One event per origin and method: a flow makes one for each method that was tried.
    fn id(&self) -> String {
        format!("{}:{}", self.origin, self.method)
    }

    /// What is stored of it.
    pub fn row(self, tenant: i64, language: Language) -> Vec<Value> {
        args![
            tenant,
            self.id(),
            self.origin,
            self.at,
            self.source.code(),
            self.feature.code(),
            self.method.code(),
            self.outcome.code(),
            self.raw_method,
            self.reason,
            self.subject_id,
            self.user_id,
            fold(self.user_name.as_deref().unwrap_or_default()),
            fold(self.display_name.as_deref().unwrap_or_default()),
            sort_key(self.display_name.as_deref().unwrap_or_default(), language),
            self.user_name,
            self.display_name,
            self.brought.map(|(import_id, _)| import_id),
            self.brought.map(|(_, kind)| kind.code()),
        ]
    }

    const fn dimensions(&self) -> Dimensions {
        (self.source.code(), self.feature.code(), self.method.code(), self.outcome.code())
    }
}

impl Batch<'_> {
    /// Leaves out the report events that are stored with the same names. Names are no part of an event's identity:
    /// a copy with others is none, but may name its user better.
    pub(super) async fn new_report_events(
        &mut self,
        mut report: Vec<ReportEvent>,
    ) -> Result<Vec<ReportEvent>, StoreError> {
        let origins: BTreeSet<String> = report.iter().map(report_origin).collect();
        let origins: Vec<Value> = origins.into_iter().map(Into::into).collect();
        let stored: Vec<(String, Option<String>, Option<String>)> = self
            .conn
            .rows_in(
                "SELECT origin, user_name, display_name FROM events WHERE tenant_id = $1 AND origin IN",
                &[self.tenant],
                &origins,
            )
            .await?;
        let stored: HashMap<String, (Option<String>, Option<String>)> =
            stored.into_iter().map(|(origin, user_name, display_name)| (origin, (user_name, display_name))).collect();
        self.keep_new(
            &mut report,
            |event| event.kind,
            |event| {
                let names = stored.get(&report_origin(event));
                names.is_none_or(|names| (&names.0, &names.1) != (&event.user.user_name, &event.user.display_name))
            },
        );
        Ok(report)
    }

    /// Report events: one row per digest, however often they come.
    pub(super) async fn store_report_events(
        &mut self,
        report: Vec<ReportEvent>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let keys: BTreeSet<String> = report.iter().map(report_origin).collect();
        let keys: Vec<Value> = keys.into_iter().map(Into::into).collect();
        let stored: Vec<(String,)> = self
            .conn
            .rows_in("SELECT origin FROM events WHERE tenant_id = $1 AND origin IN", &[self.tenant], &keys)
            .await?;
        let mut stored: BTreeSet<String> = stored.into_iter().map(|(origin,)| origin).collect();
        let mut events = Vec::new();
        let mut copies = Copies::default();
        for event in report {
            let origin = report_origin(&event);
            let resolved = subjects.get(&event.user);
            if !stored.insert(origin.clone()) {
                self.know(event.kind);
                copies.keep(Beaten {
                    import_id: self.import,
                    subject_id: resolved.map(|resolved| resolved.subject_id),
                    record: Record::Event(Box::new(event)),
                });
                continue;
            }
            self.accept(event.kind);
            events.push(Event {
                origin,
                at: event.at.millis(),
                source: EventSource::Report,
                feature: event.feature,
                method: event.method,
                outcome: event.outcome,
                raw_method: event.raw_method,
                reason: event.reason,
                subject_id: resolved.map(|resolved| resolved.subject_id),
                user_id: resolved.map(|resolved| resolved.user_id),
                user_name: event.user.user_name,
                display_name: event.user.display_name,
                brought: Some((self.import, event.kind)),
            });
        }
        self.write_copies(copies).await?;
        self.replace_events(&[], events).await
    }

    /// Takes events of reports away, by their origins.
    pub(crate) async fn remove_report_events(&mut self, origins: &[String]) -> Result<(), StoreError> {
        self.replace_events(origins, Vec::new()).await
    }

    /// The stored events of these origins.
    pub(super) async fn events_of(&mut self, origins: &[String]) -> Result<Vec<Event>, StoreError> {
        let keys: Vec<Value> = origins.iter().map(|origin| origin.as_str().into()).collect();
        let rows: Vec<EventRow> = self
            .conn
            .rows_in(
                "SELECT origin, at, source, feature, method, outcome, raw_method, reason, subject_id, user_id, \
                 user_name, display_name, import_id, record_kind FROM events WHERE tenant_id = $1 AND origin IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        rows.into_iter().map(Event::try_from).collect()
    }

    /// Puts these events in the place of all that the origins had, and changes the counters by the difference.
    pub(super) async fn replace_events(&mut self, origins: &[String], events: Vec<Event>) -> Result<(), StoreError> {
        let keys: Vec<Value> = origins.iter().map(|origin| origin.as_str().into()).collect();
        let before: Vec<(i64, i64, i64, i64, i64)> = self
            .conn
            .rows_in(
                "SELECT at, source, feature, method, outcome FROM events WHERE tenant_id = $1 AND origin IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        let mut deltas: Deltas<Dimensions> = Deltas::new();
        for (at, source, feature, method, outcome) in &before {
            deltas.add(*at, (*source, *feature, *method, *outcome), -1);
        }
        if !before.is_empty() {
            let tenant = &[self.tenant];
            self.conn.run_in("DELETE FROM events WHERE tenant_id = $1 AND origin IN", tenant, &keys).await?;
        }
        let events: BTreeMap<String, Event> = events.into_iter().map(|event| (event.id(), event)).collect();
        let (tenant, language) = (self.tenant, self.options.language);
        let rows = events.into_values().map(|event| {
            deltas.add(event.at, event.dimensions(), 1);
            event.row(tenant, language)
        });
        self.conn.insert(&format!("INSERT INTO events ({EVENT_COLUMNS})"), 19, rows, "").await?;
        self.write_event_deltas(&deltas).await
    }

    async fn write_event_deltas(&mut self, deltas: &Deltas<Dimensions>) -> Result<(), StoreError> {
        let tenant = self.tenant;
        let rows = deltas.changes().map(|(tier, bucket_at, (source, feature, method, outcome), n)| {
            args![tenant, source, feature, tier, bucket_at, method, outcome, n]
        });
        self.conn
            .insert(
                "INSERT INTO event_rollups (tenant_id, source, feature, tier, bucket_at, method, outcome, n)",
                8,
                rows,
                "ON CONFLICT (tenant_id, source, feature, tier, bucket_at, method, outcome) DO UPDATE SET \
                 n = event_rollups.n + excluded.n",
            )
            .await
    }
}

fn report_origin(event: &ReportEvent) -> String {
    format!("report:{}", hex::encode(event.digest))
}

#[derive(sqlx::FromRow)]
struct EventRow {
    origin: String,
    at: i64,
    source: i64,
    feature: i64,
    method: i64,
    outcome: i64,
    raw_method: Option<String>,
    reason: Option<String>,
    subject_id: Option<i64>,
    user_id: Option<i64>,
    user_name: Option<String>,
    display_name: Option<String>,
    import_id: Option<i64>,
    record_kind: Option<i64>,
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let brought = row.import_id.zip(row.record_kind.and_then(RecordKind::from_code));
        Ok(Self {
            brought,
            source: member("events", "source", row.source, EventSource::from_code)?,
            feature: member("events", "feature", row.feature, Feature::from_code)?,
            method: member("events", "method", row.method, AuthMethod::from_code)?,
            outcome: member("events", "outcome", row.outcome, Outcome::from_code)?,
            origin: row.origin,
            at: row.at,
            raw_method: row.raw_method,
            reason: row.reason,
            subject_id: row.subject_id,
            user_id: row.user_id,
            user_name: row.user_name,
            display_name: row.display_name,
        })
    }
}

/// Gives all names of records the sort key of a language.
pub(super) async fn sort_again(db: &Db, tenant: i64, language: Language) -> Result<(), StoreError> {
    for (table, id) in [("events", "event_id"), ("mfa_activity", "activity_id")] {
        sort_table_again(db, tenant, language, table, id).await?;
    }
    sort_labels_again(db, tenant, language).await
}

async fn sort_table_again(db: &Db, tenant: i64, language: Language, table: &str, id: &str) -> Result<(), StoreError> {
    let next = format!(
        "SELECT {id}, display_name FROM {table} \
         WHERE tenant_id = $1 AND {id} > $2 AND display_name IS NOT NULL ORDER BY {id} LIMIT 1000"
    );
    let sort = format!("UPDATE {table} SET display_name_key = $3 WHERE tenant_id = $1 AND {id} = $2");
    let mut after = String::new();
    loop {
        let mut conn = db.begin().await?;
        let rows: Vec<(String, String)> = conn.rows(&next, args![tenant, after.clone()]).await?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after.clone_from(last);
        for (id, name) in rows {
            conn.run(&sort, args![tenant, id, sort_key(&name, language)]).await?;
        }
        conn.commit().await?;
    }
}

async fn sort_labels_again(db: &Db, tenant: i64, language: Language) -> Result<(), StoreError> {
    const NEXT: &str = "SELECT label_id, display_name FROM user_labels \
        WHERE tenant_id = $1 AND label_id > $2 AND display_name IS NOT NULL ORDER BY label_id LIMIT 1000";
    const SORT: &str = "UPDATE user_labels SET display_name_key = $3 WHERE tenant_id = $1 AND label_id = $2";
    let mut after = 0;
    loop {
        let mut conn = db.begin().await?;
        let rows: Vec<(i64, String)> = conn.rows(NEXT, args![tenant, after]).await?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after = *last;
        for (id, name) in rows {
            conn.run(SORT, args![tenant, id, sort_key(&name, language)]).await?;
        }
        conn.commit().await?;
    }
}
