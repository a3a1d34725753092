//! Whom records name. A user is the object id where there is one; a record with only a user name belongs to the
//! user of that name, and moves to it when an id for the name arrives later. The order of arrival does not matter.

use std::collections::{BTreeMap, BTreeSet};

use domain::record::UserRef;

use super::Batch;
use super::sightings::{EventNames, Sightings};
use super::state::{Observation, Subject};
use crate::StoreError;
use crate::db::args;

/// How a record names somebody: by object id, else by lower-cased user name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    Id(String),
    Name(String),
}

pub(super) fn key_of(user: &UserRef) -> Option<Key> {
    if let Some(id) = &user.object_id {
        return Some(Key::Id(object_key(id)));
    }
    user.user_name.as_deref().map(|name| Key::Name(name_key(name)))
}

/// GUIDs are compared without case; other ids as they are.
pub(crate) fn object_key(id: &str) -> String {
    let is_guid = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_guid { id.to_ascii_lowercase() } else { id.to_owned() }
}

/// User names are compared without case.
pub(crate) fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What a batch says of one subject.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// User names given together with the object id, and when last.
    pub names: BTreeMap<String, i64>,
    /// The same of sign-ins.
    pub sign_in_names: BTreeMap<String, i64>,
    pub events: Sightings,
    /// Apart from events: there are so many that a user's row is not written for each.
    pub sign_ins: Sightings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resolved {
    /// Whom the record names.
    pub subject_id: i64,
    /// Whom it belongs to.
    pub user_id: i64,
}

/// What kind of record names somebody; all but observations are sightings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedBy {
    Observation,
    Event,
    SignIn,
}

/// The subjects of a batch.
#[derive(Default)]
pub(crate) struct Subjects {
    pub(super) named: BTreeMap<Key, Named>,
    /// Those that are known not to be stored.
    new: BTreeSet<Key>,
    resolved: BTreeMap<Key, Resolved>,
    pub to_derive: BTreeSet<i64>,
    /// Users that this batch made, with all there is to say of them: deriving them needs no reading.
    made: BTreeMap<i64, Made>,
}

/// A user that did not exist before the batch.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub subject: Subject,
    pub observations: Vec<Observation>,
}

impl Subjects {
    /// Notes that a record at this time names a user.
    pub fn name(&mut self, user: &UserRef, at: i64, by: NamedBy) {
        let Some(key) = key_of(user) else { return };
        let is_id = matches!(key, Key::Id(_));
        let named = self.named.entry(key).or_default();
        if let Some(name) = user.user_name.as_deref().filter(|_| is_id) {
            let names = if by == NamedBy::SignIn { &mut named.sign_in_names } else { &mut named.names };
            let last = names.entry(name_key(name)).or_insert(at);
            *last = at.max(*last);
        }
        let sightings = match by {
            NamedBy::Observation => return,
            NamedBy::Event => &mut named.events,
            NamedBy::SignIn => &mut named.sign_ins,
        };
        let names = (user.display_name.is_some() || user.user_name.is_some())
            .then(|| EventNames::new(at, user.display_name.clone(), user.user_name.clone()));
        sightings.merge(&Sightings { first_at: Some(at), last_at: Some(at), names });
    }

    /// These are not stored yet: nothing of them needs to be looked for.
    pub(super) fn are_new(&mut self, keys: impl Iterator<Item = Key>) {
        self.new.extend(keys);
    }

    pub(super) fn get(&self, user: &UserRef) -> Option<Resolved> {
        self.resolved.get(&key_of(user)?).copied()
    }

    /// The user's intervals must be derived again.
    pub fn derive(&mut self, user_id: i64) {
        self.to_derive.insert(user_id);
    }

    /// Notes an observation of a user that this batch made; those of others are read when they are derived.
    pub(super) fn observe(&mut self, user_id: i64, observation: impl FnOnce() -> Observation) {
        if let Some(made) = self.made.get_mut(&user_id) {
            made.observations.push(observation());
        }
    }

    /// The users to derive, and those among them that need no reading.
    pub(super) fn into_derive(self) -> (BTreeSet<i64>, BTreeMap<i64, Made>) {
        (self.to_derive, self.made)
    }
}

#[derive(Default, sqlx::FromRow)]
pub(super) struct SubjectRow {
    pub user_id: i64,
    pub object_id: Option<String>,
    pub name_key: Option<String>,
    pub merged_into: Option<i64>,
    pub first_event_at: Option<i64>,
    pub last_event_at: Option<i64>,
    pub event_named_at: Option<i64>,
    pub event_user_name: Option<String>,
    pub event_display_name: Option<String>,
}

impl SubjectRow {
    pub fn sightings(&self) -> Sightings {
        let names = self
            .event_named_at
            .map(|at| EventNames::new(at, self.event_display_name.clone(), self.event_user_name.clone()));
        Sightings { first_at: self.first_event_at, last_at: self.last_event_at, names }
    }

    pub fn see(&mut self, sightings: Sightings) {
        (self.first_event_at, self.last_event_at) = (sightings.first_at, sightings.last_at);
        self.event_named_at = sightings.names.as_ref().map(|names| names.at);
        (self.event_display_name, self.event_user_name) =
            sightings.names.map(|names| (names.display_name, names.user_name)).unwrap_or_default();
    }

    fn into_subject(self) -> Subject {
        Subject {
            id: self.object_id.or(self.name_key).unwrap_or_default(),
            first_event_at: self.first_event_at,
            event_user_name: self.event_user_name,
            event_display_name: self.event_display_name,
        }
    }
}

const SUBJECT: &str = "SELECT user_id, object_id, name_key, merged_into, first_event_at, last_event_at, \
    event_named_at, event_user_name, event_display_name FROM users";
pub(super) const BY_NAME: &str = "users_name_key_idx";

impl Batch<'_> {
    /// Finds or makes every subject of the batch, and moves what belongs to somebody else now.
    pub(crate) async fn resolve(&mut self, subjects: &mut Subjects) -> Result<(), StoreError> {
        let mut known = self.known_subjects(subjects).await?;
        self.note_sightings(subjects, &mut known).await?;
        let made = self.make_missing(subjects, &mut known).await?;
        let touched_names = self.note_names(subjects, &known, made).await?;
        let moved = self.point_names(subjects, &mut known, touched_names).await?;
        for (key, row) in known {
            let user_id = row.merged_into.unwrap_or(row.user_id);
            subjects.resolved.insert(key, Resolved { subject_id: row.user_id, user_id });
            if row.user_id >= made && !moved.contains(&row.user_id) {
                subjects.made.insert(row.user_id, Made { subject: row.into_subject(), observations: Vec::new() });
            }
        }
        Ok(())
    }

    async fn known_subjects(&mut self, subjects: &Subjects) -> Result<BTreeMap<Key, SubjectRow>, StoreError> {
        let (mut ids, mut names) = (Vec::new(), Vec::new());
        for key in subjects.named.keys().filter(|key| !subjects.new.contains(*key)) {
            match key {
                Key::Id(id) => ids.push(id.clone().into()),
                Key::Name(name) => names.push(name.clone().into()),
            }
        }
        let mut rows = Vec::new();
        for (column, index, keys) in [("object_id", "users_object_id_idx", ids), ("name_key", BY_NAME, names)] {
            let by = self.conn.by_index(index);
            let sql = format!("{SUBJECT} {by} WHERE tenant_id = $1 AND {column} IN");
            rows.extend(self.conn.rows_in::<SubjectRow>(&sql, &[self.tenant], &keys).await?);
        }
        Ok(rows.into_iter().filter_map(|row| Some((row_key(&row)?, row))).collect())
    }

    /// Answers the least id of those that were made.
    async fn make_missing(
        &mut self,
        subjects: &mut Subjects,
        known: &mut BTreeMap<Key, SubjectRow>,
    ) -> Result<i64, StoreError> {
        let (first,): (i64,) = self
            .conn
            .row("SELECT COALESCE(MAX(user_id), 0) + 1 FROM users WHERE tenant_id = $1", args![self.tenant])
            .await?
            .unwrap_or((1,));
        let missing = subjects.named.iter().filter(|(key, _)| !known.contains_key(*key));
        let made: Vec<(Key, SubjectRow)> = missing
            .zip(first..)
            .map(|((key, named), user_id)| {
                let mut row = SubjectRow { user_id, ..SubjectRow::default() };
                match key.clone() {
                    Key::Id(id) => row.object_id = Some(id),
                    Key::Name(name) => row.name_key = Some(name),
                }
                let mut sightings = named.events.clone();
                sightings.merge(&named.sign_ins);
                row.see(sightings);
                (key.clone(), row)
            })
            .collect();
        subjects
            .to_derive
            .extend(made.iter().filter(|(_, row)| row.first_event_at.is_some()).map(|(_, row)| row.user_id));
        let tenant = self.tenant;
        let rows = made.iter().map(|(_, row)| {
            args![
                tenant,
                row.user_id,
                row.object_id.clone(),
                row.name_key.clone(),
                row.first_event_at,
                row.last_event_at,
                row.event_named_at,
                row.event_user_name.clone(),
                row.event_display_name.clone(),
            ]
        });
        self.conn
            .insert(
                "INSERT INTO users (tenant_id, user_id, object_id, name_key, first_event_at, last_event_at, \
                 event_named_at, event_user_name, event_display_name)",
                9,
                rows,
                "",
            )
            .await?;
        known.extend(made);
        Ok(first)
    }
}

fn row_key(row: &SubjectRow) -> Option<Key> {
    match (&row.object_id, &row.name_key) {
        (Some(id), _) => Some(Key::Id(id.clone())),
        (None, Some(name)) => Some(Key::Name(name.clone())),
        (None, None) => None,
    }
}
