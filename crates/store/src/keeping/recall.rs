//! What is known of subjects without a record of its own - when events saw them, under which names - put together again
//! from the records that are left, after others have gone.

use std::collections::{BTreeMap, BTreeSet};

use domain::mfa::mfa_action;
use domain::record::{Record, RecordKind, UserFacts};
use sea_query::Value;

use super::beaten::user_of;
use crate::StoreError;
use crate::db::args;
use crate::importing::{Batch, EventNames, NEVER, Sightings, name_key, read_copy};

/// Of whom records have gone, under which names, and how many of each kind.
#[derive(Default)]
pub(super) struct Gone {
    named: BTreeSet<(i64, String)>,
    records: BTreeMap<RecordKind, i64>,
}

impl Gone {
    pub fn name(&mut self, subject_id: Option<i64>, name: Option<String>) {
        if let Some(subject_id) = subject_id {
            self.named.insert((subject_id, name.unwrap_or_default()));
        }
    }

    pub fn count(&mut self, kind: RecordKind) {
        *self.records.entry(kind).or_default() += 1;
    }
}

/// What records say of one subject.
#[derive(Default)]
struct Recalled {
    events: Sightings,
    sign_ins: Sightings,
    /// User names beside an object id, and when last but for sign-ins.
    names: BTreeMap<String, i64>,
    /// Labels that sign-ins have.
    labels: BTreeSet<i64>,
    is_recorded: bool,
}

#[derive(sqlx::FromRow)]
struct SubjectRow {
    user_id: i64,
    object_id: Option<String>,
    name_key: Option<String>,
    merged_into: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct SeenRow {
    subject_id: Option<i64>,
    at: i64,
    user_name: Option<String>,
    display_name: Option<String>,
}

/// A record whose time a copy has refined stands among the copies too, with the time it gave its names at.
const UNREFINED: &str = " AND NOT EXISTS (SELECT 1 FROM record_copies c WHERE c.tenant_id = audit_records.tenant_id \
    AND c.identity = 'audit:' || audit_records.record_id \
    AND c.version = COALESCE(audit_records.log_at, -1) || ':' || audit_records.digest)";

impl Batch<'_> {
    /// Takes what has gone out of what is known of the sources.
    pub(super) async fn uncount(&mut self, gone: &Gone) -> Result<(), StoreError> {
        for (kind, n) in &gone.records {
            const SQL: &str = "UPDATE sources SET records = records - $3 WHERE tenant_id = $1 AND kind = $2";
            self.conn.run(SQL, args![self.tenant, kind.code(), *n]).await?;
        }
        Ok(())
    }

    /// Notes of whom records have gone: what is known of them is put together again later, once for all of them.
    pub(super) async fn note_gone(&mut self, gone: &Gone) -> Result<(), StoreError> {
        let tenant = self.tenant;
        let rows = gone.named.iter().map(|(subject_id, name)| args![tenant, *subject_id, name.clone()]);
        self.conn
            .insert(
                "INSERT INTO subjects_to_recall (tenant_id, subject_id, name_key)",
                3,
                rows.collect::<Vec<_>>(),
                "ON CONFLICT (tenant_id, subject_id, name_key) DO NOTHING",
            )
            .await
    }

    /// Does that for some of those who were noted; answers for how many.
    pub(super) async fn recall_some(&mut self) -> Result<usize, StoreError> {
        const NEXT: &str = "SELECT subject_id, name_key FROM subjects_to_recall WHERE tenant_id = $1 \
            ORDER BY subject_id LIMIT 500";
        let noted: Vec<(i64, String)> = self.conn.rows(NEXT, args![self.tenant]).await?;
        let keys: BTreeSet<i64> = noted.iter().map(|(subject_id, _)| *subject_id).collect();
        let keys: Vec<Value> = keys.into_iter().map(Into::into).collect();
        // A subject with many names may stand on both sides of the lot's end.
        const NAMES: &str =
            "SELECT subject_id, name_key FROM subjects_to_recall WHERE tenant_id = $1 AND subject_id IN";
        let noted: Vec<(i64, String)> = self.conn.rows_in(NAMES, &[self.tenant], &keys).await?;
        const SUBJECTS: &str =
            "SELECT user_id, object_id, name_key, merged_into FROM users WHERE tenant_id = $1 AND user_id IN";
        let subjects: Vec<SubjectRow> = self.conn.rows_in(SUBJECTS, &[self.tenant], &keys).await?;
        let recalled = self.recalled(&subjects).await?;
        self.write_sightings(&subjects, &recalled).await?;
        let touched = self.write_names(&subjects, &recalled, &noted).await?;
        let mut to_derive = self.point_again(touched).await?;
        for subject in &subjects {
            to_derive.extend([subject.user_id, subject.merged_into.unwrap_or(subject.user_id)]);
        }
        self.derive_again(&to_derive.into_iter().collect::<Vec<_>>()).await?;
        self.drop_subjects(&subjects, &recalled).await?;
        const DONE: &str = "DELETE FROM subjects_to_recall WHERE tenant_id = $1 AND subject_id IN";
        self.conn.run_in(DONE, &[self.tenant], &keys).await?;
        Ok(keys.len())
    }

    /// Everything that stored records say of these subjects.
    async fn recalled(&mut self, subjects: &[SubjectRow]) -> Result<BTreeMap<i64, Recalled>, StoreError> {
        let mut recalled: BTreeMap<i64, Recalled> =
            subjects.iter().map(|subject| (subject.user_id, Recalled::default())).collect();
        let holders: BTreeSet<i64> =
            subjects.iter().map(|subject| subject.merged_into.unwrap_or(subject.user_id)).collect();
        let keys: Vec<Value> = holders.iter().map(|id| (*id).into()).collect();
        for (table, index, condition) in [
            ("audit_records", "audit_records_user_id_idx", UNREFINED),
            ("events", "events_user_id_idx", " AND import_id IS NOT NULL"),
            ("mfa_activity", "mfa_activity_user_id_idx", ""),
            ("mfa_actions", "mfa_actions_user_id_idx", ""),
        ] {
            let sql = format!(
                "SELECT subject_id, at, user_name, display_name FROM {table} {} \
                 WHERE tenant_id = $1{condition} AND user_id IN",
                self.conn.by_index(index)
            );
            for row in self.conn.rows_in::<SeenRow>(&sql, &[self.tenant], &keys).await? {
                if let Some(of_subject) = row.subject_id.and_then(|id| recalled.get_mut(&id)) {
                    of_subject.see(row.at, row.user_name, row.display_name);
                }
            }
        }
        for holder in holders {
            self.recall_sign_ins(holder, &mut recalled).await?;
        }
        let keys: Vec<Value> = recalled.keys().map(|id| (*id).into()).collect();
        const OBSERVED: &str =
            "SELECT subject_id, observed_at, facts FROM user_observations WHERE tenant_id = $1 AND subject_id IN";
        for (subject_id, at, facts) in self.conn.rows_in::<(i64, i64, String)>(OBSERVED, &[self.tenant], &keys).await? {
            let facts: UserFacts = serde_json::from_str(&facts)
                .map_err(|error| StoreError::Inconsistent { table: "user_observations", what: error.to_string() })?;
            if let Some(of_subject) = recalled.get_mut(&subject_id) {
                of_subject.is_recorded = true;
                of_subject.bear(facts.user_name.as_deref(), at);
            }
        }
        let sql = format!(
            "SELECT subject_id, record FROM record_copies {} WHERE tenant_id = $1 AND subject_id IN",
            self.conn.by_index("record_copies_subject_idx")
        );
        for (subject_id, json) in self.conn.rows_in::<(i64, String)>(&sql, &[self.tenant], &keys).await? {
            if let Some(of_subject) = recalled.get_mut(&subject_id) {
                of_subject.copy(&read_copy(&json)?);
            }
        }
        Ok(recalled)
    }

    async fn recall_sign_ins(
        &mut self,
        user_id: i64,
        recalled: &mut BTreeMap<i64, Recalled>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT label_id, MIN(at), MAX(at) FROM sign_ins {} WHERE tenant_id = $1 AND user_id = $2 GROUP BY label_id",
            self.conn.by_index("sign_ins_user_idx")
        );
        let spans: Vec<(Option<i64>, i64, i64)> = self.conn.rows(&sql, args![self.tenant, user_id]).await?;
        let labels: BTreeMap<i64, (i64, i64)> =
            spans.into_iter().filter_map(|(label_id, first, last)| Some((label_id?, (first, last)))).collect();
        let keys: Vec<Value> = labels.keys().map(|id| (*id).into()).collect();
        const LABELS: &str = "SELECT label_id, subject_id, user_name, display_name FROM user_labels \
            WHERE tenant_id = $1 AND label_id IN";
        let rows: Vec<(i64, i64, Option<String>, Option<String>)> =
            self.conn.rows_in(LABELS, &[self.tenant], &keys).await?;
        for (label_id, subject_id, user_name, display_name) in rows {
            let (Some(of_subject), Some((first, last))) = (recalled.get_mut(&subject_id), labels.get(&label_id)) else {
                continue;
            };
            of_subject.labels.insert(label_id);
            of_subject.signed_in(*first, *last, user_name, display_name);
        }
        Ok(())
    }

    async fn write_sightings(
        &mut self,
        subjects: &[SubjectRow],
        recalled: &BTreeMap<i64, Recalled>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE users SET first_event_at = $3, last_event_at = $4, event_named_at = $5, \
            event_user_name = $6, event_display_name = $7 WHERE tenant_id = $1 AND user_id = $2";
        for subject in subjects {
            let Some(of_subject) = recalled.get(&subject.user_id) else { continue };
            let mut seen = of_subject.events.clone();
            seen.merge(&of_subject.sign_ins);
            let names = seen.names;
            let values = args![
                self.tenant,
                subject.user_id,
                seen.first_at,
                seen.last_at,
                names.as_ref().map(|names| names.at),
                names.as_ref().and_then(|names| names.user_name.clone()),
                names.as_ref().and_then(|names| names.display_name.clone()),
            ];
            self.conn.run(SQL, values).await?;
        }
        Ok(())
    }

    /// Which names users with an id have had; answers all that may be another's now.
    async fn write_names(
        &mut self,
        subjects: &[SubjectRow],
        recalled: &BTreeMap<i64, Recalled>,
        noted: &[(i64, String)],
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut touched: BTreeSet<String> = noted.iter().map(|(_, name)| name.clone()).collect();
        touched.remove("");
        let with_id: BTreeSet<i64> =
            subjects.iter().filter(|subject| subject.object_id.is_some()).map(|subject| subject.user_id).collect();
        for (subject_id, name) in noted {
            let is_left = recalled.get(subject_id).is_some_and(|of_subject| of_subject.names.contains_key(name));
            if !is_left {
                const SQL: &str = "DELETE FROM user_names WHERE tenant_id = $1 AND name_key = $2 AND user_id = $3";
                self.conn.run(SQL, args![self.tenant, name.clone(), *subject_id]).await?;
            }
        }
        let mut rows = Vec::new();
        for (subject_id, of_subject) in recalled.iter().filter(|(id, _)| with_id.contains(id)) {
            for (name, last_at) in &of_subject.names {
                touched.insert(name.clone());
                rows.push(args![self.tenant, name.clone(), *subject_id, *last_at]);
            }
        }
        touched.extend(subjects.iter().filter_map(|subject| subject.name_key.clone()));
        self.conn
            .insert(
                "INSERT INTO user_names (tenant_id, name_key, user_id, last_at)",
                4,
                rows,
                "ON CONFLICT (tenant_id, name_key, user_id) DO UPDATE SET last_at = excluded.last_at",
            )
            .await?;
        Ok(touched)
    }

    /// Takes away those of whom nothing is left, and the labels that no sign-in has any more.
    async fn drop_subjects(
        &mut self,
        subjects: &[SubjectRow],
        recalled: &BTreeMap<i64, Recalled>,
    ) -> Result<(), StoreError> {
        let mut dropped: Vec<Value> = Vec::new();
        for (subject_id, of_subject) in recalled {
            if of_subject.is_nothing() {
                dropped.push((*subject_id).into());
            }
        }
        let keys: Vec<Value> = subjects.iter().map(|subject| subject.user_id.into()).collect();
        let sql = format!(
            "SELECT label_id, subject_id FROM user_labels {} WHERE tenant_id = $1 AND subject_id IN",
            self.conn.by_index("user_labels_subject_idx")
        );
        let labels: Vec<(i64, i64)> = self.conn.rows_in(&sql, &[self.tenant], &keys).await?;
        let unused: Vec<Value> = labels
            .into_iter()
            .filter(|(label_id, subject_id)| recalled.get(subject_id).is_some_and(|of| !of.labels.contains(label_id)))
            .map(|(label_id, _)| label_id.into())
            .collect();
        const LABELS: &str = "DELETE FROM user_labels WHERE tenant_id = $1 AND label_id IN";
        self.conn.run_in(LABELS, &[self.tenant], &unused).await?;
        const USERS: &str = "DELETE FROM users WHERE tenant_id = $1 AND user_id IN";
        self.conn.run_in(USERS, &[self.tenant], &dropped).await
    }
}

impl Recalled {
    fn see(&mut self, at: i64, user_name: Option<String>, display_name: Option<String>) {
        self.bear(user_name.as_deref(), at);
        let names =
            (user_name.is_some() || display_name.is_some()).then(|| EventNames::new(at, display_name, user_name));
        self.events.merge(&Sightings { first_at: Some(at), last_at: Some(at), names });
    }

    fn signed_in(&mut self, first: i64, last: i64, user_name: Option<String>, display_name: Option<String>) {
        self.bear(user_name.as_deref(), NEVER);
        let names =
            (user_name.is_some() || display_name.is_some()).then(|| EventNames::new(last, display_name, user_name));
        self.sign_ins.merge(&Sightings { first_at: Some(first), last_at: Some(last), names });
    }

    fn bear(&mut self, user_name: Option<&str>, at: i64) {
        let Some(name) = user_name else { return };
        let last = self.names.entry(name_key(name)).or_insert(at);
        *last = at.max(*last);
    }

    /// What a version says that another one beat: names and times count from it too.
    fn copy(&mut self, record: &Record) {
        let Some(user) = user_of(record) else { return };
        let (user_name, display_name) = (user.user_name.clone(), user.display_name.clone());
        match record {
            Record::User(observation) => {
                self.bear(user_name.as_deref(), observation.observed_at.map_or(NEVER, |at| at.millis()));
            }
            Record::SignIn(sign_in) => {
                let at = sign_in.at.millis();
                self.signed_in(at, at, user_name, display_name);
            }
            Record::Event(event) => self.see(event.at.millis(), user_name, display_name),
            Record::Audit(audit) => {
                self.see(audit.at.millis(), user_name, display_name);
                if let Some(action) = mfa_action(audit).filter(|action| action.user == audit.user) {
                    self.see(action.at.millis(), action.user.user_name, action.user.display_name);
                }
            }
            Record::SignInSteps(_) | Record::Activity(_) | Record::Action(_) | Record::Server(_) => {}
        }
    }

    fn is_nothing(&self) -> bool {
        !self.is_recorded && self.events.first_at.is_none() && self.sign_ins.first_at.is_none() && self.names.is_empty()
    }
}
