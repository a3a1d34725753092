//! Whom records name. A user is the object id where there is one; a record with only a user name belongs to the
//! user of that name, and moves to it when an id for the name arrives later. The order of arrival does not matter.

use std::collections::{BTreeMap, BTreeSet};

use domain::record::UserRef;

use super::Batch;
use crate::StoreError;
use crate::db::args;

/// How a record names somebody: by object id, else by lower-cased user name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Id(String),
    Name(String),
}

fn key_of(user: &UserRef) -> Option<Key> {
    if let Some(id) = &user.object_id {
        return Some(Key::Id(object_key(id)));
    }
    user.user_name.as_deref().map(|name| Key::Name(name_key(name)))
}

/// GUIDs are compared without case; other ids as they are.
pub(crate) fn object_key(id: &str) -> String {
    let is_guid = id.len() == 36 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if is_guid { id.to_ascii_lowercase() } else { id.to_owned() }
}

/// User names are compared without case.
pub(crate) fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What a batch says of one subject.
#[derive(Debug, Default)]
struct Named {
    /// User names given together with the object id, and when last.
    names: BTreeMap<String, i64>,
    events: Sightings,
}

/// What events alone say of a subject: when it was seen, and the names of the latest event that has any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Sightings {
    first_at: Option<i64>,
    last_at: Option<i64>,
    names: Option<EventNames>,
}

/// The names that an event gives. The order of the fields is the order of preference: the latest event with a
/// display name, else the latest with a user name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EventNames {
    has_display_name: bool,
    at: i64,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
}

impl EventNames {
    pub fn new(at: i64, display_name: Option<String>, user_name: Option<String>) -> Self {
        Self { has_display_name: display_name.is_some(), at, display_name, user_name }
    }
}

impl Sightings {
    fn merge(&mut self, other: &Self) {
        self.first_at = [self.first_at, other.first_at].into_iter().flatten().min();
        self.last_at = self.last_at.max(other.last_at);
        if other.names > self.names {
            self.names.clone_from(&other.names);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resolved {
    /// Whom the record names.
    pub subject_id: i64,
    /// Whom it belongs to.
    pub user_id: i64,
}

/// The subjects of a batch.
#[derive(Default)]
pub(super) struct Subjects {
    named: BTreeMap<Key, Named>,
    resolved: BTreeMap<Key, Resolved>,
    to_derive: BTreeSet<i64>,
}

impl Subjects {
    /// Notes that a record at this time names a user; events and audit records are sightings.
    pub fn name(&mut self, user: &UserRef, at: i64, is_event: bool) {
        let Some(key) = key_of(user) else { return };
        let is_id = matches!(key, Key::Id(_));
        let named = self.named.entry(key).or_default();
        if let Some(name) = user.user_name.as_deref().filter(|_| is_id) {
            let last = named.names.entry(name_key(name)).or_insert(at);
            *last = at.max(*last);
        }
        if is_event {
            let names = (user.display_name.is_some() || user.user_name.is_some())
                .then(|| EventNames::new(at, user.display_name.clone(), user.user_name.clone()));
            named.events.merge(&Sightings { first_at: Some(at), last_at: Some(at), names });
        }
    }

    pub fn get(&self, user: &UserRef) -> Option<Resolved> {
        self.resolved.get(&key_of(user)?).copied()
    }

    /// The user's intervals must be derived again.
    pub fn derive(&mut self, user_id: i64) {
        self.to_derive.insert(user_id);
    }

    pub fn into_derive(self) -> BTreeSet<i64> {
        self.to_derive
    }
}

#[derive(sqlx::FromRow)]
struct SubjectRow {
    user_id: i64,
    object_id: Option<String>,
    name_key: Option<String>,
    merged_into: Option<i64>,
    first_event_at: Option<i64>,
    last_event_at: Option<i64>,
    event_named_at: Option<i64>,
    event_user_name: Option<String>,
    event_display_name: Option<String>,
}

impl SubjectRow {
    fn sightings(&self) -> Sightings {
        let names = self
            .event_named_at
            .map(|at| EventNames::new(at, self.event_display_name.clone(), self.event_user_name.clone()));
        Sightings { first_at: self.first_event_at, last_at: self.last_event_at, names }
    }
}

const SUBJECT: &str = "SELECT user_id, object_id, name_key, merged_into, first_event_at, last_event_at, \
    event_named_at, event_user_name, event_display_name FROM users WHERE tenant_id = $1";

impl Batch<'_> {
    /// Finds or makes every subject of the batch, and moves what belongs to somebody else now.
    pub(super) async fn resolve(&mut self, subjects: &mut Subjects) -> Result<(), StoreError> {
        let mut known = self.known_subjects(subjects).await?;
        self.make_missing(subjects, &mut known).await?;
        self.note_sightings(subjects, &mut known).await?;
        let touched_names = self.note_names(subjects, &known).await?;
        self.point_names(subjects, &mut known, touched_names).await?;
        for (key, row) in known {
            let user_id = row.merged_into.unwrap_or(row.user_id);
            subjects.resolved.insert(key, Resolved { subject_id: row.user_id, user_id });
        }
        Ok(())
    }

    async fn known_subjects(&mut self, subjects: &Subjects) -> Result<BTreeMap<Key, SubjectRow>, StoreError> {
        let (mut ids, mut names) = (Vec::new(), Vec::new());
        for key in subjects.named.keys() {
            match key {
                Key::Id(id) => ids.push(id.clone().into()),
                Key::Name(name) => names.push(name.clone().into()),
            }
        }
        let first = self.tenant;
        let mut rows: Vec<SubjectRow> = self.conn.rows_in(&format!("{SUBJECT} AND object_id IN"), first, &ids).await?;
        rows.extend(self.conn.rows_in::<SubjectRow>(&format!("{SUBJECT} AND name_key IN"), first, &names).await?);
        Ok(rows.into_iter().filter_map(|row| Some((row_key(&row)?, row))).collect())
    }

    async fn make_missing(
        &mut self,
        subjects: &Subjects,
        known: &mut BTreeMap<Key, SubjectRow>,
    ) -> Result<(), StoreError> {
        let (mut next,): (i64,) = self
            .conn
            .row("SELECT COALESCE(MAX(user_id), 0) + 1 FROM users WHERE tenant_id = $1", args![self.tenant])
            .await?
            .unwrap_or((1,));
        let mut rows = Vec::new();
        for key in subjects.named.keys().filter(|key| !known.contains_key(*key)).cloned().collect::<Vec<_>>() {
            let (object_id, name_key) = match &key {
                Key::Id(id) => (Some(id.clone()), None),
                Key::Name(name) => (None, Some(name.clone())),
            };
            rows.push(args![self.tenant, next, object_id.clone(), name_key.clone()]);
            known.insert(
                key,
                SubjectRow {
                    user_id: next,
                    object_id,
                    name_key,
                    merged_into: None,
                    first_event_at: None,
                    last_event_at: None,
                    event_named_at: None,
                    event_user_name: None,
                    event_display_name: None,
                },
            );
            next += 1;
        }
        self.conn.insert("INSERT INTO users (tenant_id, user_id, object_id, name_key)", 4, rows, "").await
    }

    async fn note_sightings(
        &mut self,
        subjects: &mut Subjects,
        known: &mut BTreeMap<Key, SubjectRow>,
    ) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        let mut changed = Vec::new();
        for (key, named) in &subjects.named {
            let Some(row) = known.get_mut(key) else { continue };
            let before = row.sightings();
            let mut after = before.clone();
            after.merge(&named.events);
            if after == before {
                continue;
            }
            let same_names = match (&before.names, &after.names) {
                (Some(old), Some(new)) => (&old.display_name, &old.user_name) == (&new.display_name, &new.user_name),
                (old, new) => old == new,
            };
            if after.first_at != before.first_at || !same_names {
                changed.push(row.merged_into.unwrap_or(row.user_id));
            }
            (row.first_event_at, row.last_event_at) = (after.first_at, after.last_at);
            row.event_named_at = after.names.as_ref().map(|names| names.at);
            (row.event_display_name, row.event_user_name) =
                after.names.map(|names| (names.display_name, names.user_name)).unwrap_or_default();
            rows.push(args![
                self.tenant,
                row.user_id,
                row.first_event_at,
                row.last_event_at,
                row.event_named_at,
                row.event_user_name.clone(),
                row.event_display_name.clone(),
            ]);
        }
        subjects.to_derive.extend(changed);
        self.conn
            .insert(
                "INSERT INTO users (tenant_id, user_id, first_event_at, last_event_at, event_named_at, \
                 event_user_name, event_display_name)",
                7,
                rows,
                "ON CONFLICT (tenant_id, user_id) DO UPDATE SET first_event_at = excluded.first_event_at, \
                 last_event_at = excluded.last_event_at, event_named_at = excluded.event_named_at, \
                 event_user_name = excluded.event_user_name, event_display_name = excluded.event_display_name",
            )
            .await
    }

    /// Remembers which names users have had; answers the names whose holder may be another now.
    async fn note_names(
        &mut self,
        subjects: &Subjects,
        known: &BTreeMap<Key, SubjectRow>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut touched = BTreeSet::new();
        let mut rows = Vec::new();
        for (key, named) in &subjects.named {
            match key {
                Key::Name(name) => {
                    touched.insert(name.clone());
                }
                Key::Id(_) => {
                    let Some(row) = known.get(key) else { continue };
                    for (name, last_at) in &named.names {
                        touched.insert(name.clone());
                        rows.push(args![self.tenant, name.clone(), row.user_id, *last_at]);
                    }
                }
            }
        }
        self.conn
            .insert(
                "INSERT INTO user_names (tenant_id, name_key, user_id, last_at)",
                4,
                rows,
                "ON CONFLICT (tenant_id, name_key, user_id) DO UPDATE SET last_at = excluded.last_at \
                 WHERE excluded.last_at > user_names.last_at",
            )
            .await?;
        Ok(touched)
    }

    /// Points every name without an id at the user who had it last.
    async fn point_names(
        &mut self,
        subjects: &mut Subjects,
        known: &mut BTreeMap<Key, SubjectRow>,
        touched: BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let first = self.tenant;
        let names: Vec<sea_query::Value> = touched.into_iter().map(Into::into).collect();
        let nameless: Vec<(i64, String, Option<i64>)> = self
            .conn
            .rows_in(
                "SELECT user_id, name_key, merged_into FROM users WHERE tenant_id = $1 AND name_key IN",
                first,
                &names,
            )
            .await?;
        let wanted: Vec<sea_query::Value> = nameless.iter().map(|(_, name, _)| name.clone().into()).collect();
        let holders: Vec<(String, i64, i64, Option<String>)> = self
            .conn
            .rows_in(
                "SELECT n.name_key, n.user_id, n.last_at, u.object_id FROM user_names n \
                 JOIN users u ON u.tenant_id = n.tenant_id AND u.user_id = n.user_id \
                 WHERE n.tenant_id = $1 AND n.name_key IN",
                first,
                &wanted,
            )
            .await?;
        let mut best: BTreeMap<String, (i64, Option<String>, i64)> = BTreeMap::new();
        for (name, user_id, last_at, object_id) in holders {
            let candidate = (last_at, object_id, user_id);
            let entry = best.entry(name).or_insert_with(|| candidate.clone());
            if candidate > *entry {
                *entry = candidate;
            }
        }
        for (subject_id, name, merged_into) in nameless {
            let target = best.get(&name).map(|(_, _, user_id)| *user_id);
            if target == merged_into {
                continue;
            }
            let (old, new) = (merged_into.unwrap_or(subject_id), target.unwrap_or(subject_id));
            self.move_subject(subject_id, old, new, target).await?;
            subjects.to_derive.extend([old, new]);
            if let Some(row) = known.get_mut(&Key::Name(name)) {
                row.merged_into = target;
            }
        }
        Ok(())
    }

    async fn move_subject(
        &mut self,
        subject_id: i64,
        old: i64,
        new: i64,
        target: Option<i64>,
    ) -> Result<(), StoreError> {
        self.conn
            .run(
                "UPDATE users SET merged_into = $3 WHERE tenant_id = $1 AND user_id = $2",
                args![self.tenant, subject_id, target],
            )
            .await?;
        for table in ["user_observations", "audit_records", "events"] {
            self.conn
                .run(
                    &format!(
                        "UPDATE {table} SET user_id = $4 WHERE tenant_id = $1 AND user_id = $3 AND subject_id = $2"
                    ),
                    args![self.tenant, subject_id, old, new],
                )
                .await?;
        }
        Ok(())
    }
}

fn row_key(row: &SubjectRow) -> Option<Key> {
    match (&row.object_id, &row.name_key) {
        (Some(id), _) => Some(Key::Id(id.clone())),
        (None, Some(name)) => Some(Key::Name(name.clone())),
        (None, None) => None,
    }
}
