//! Observations of users: append-only; of two copies of one observation the greater digest stays.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::instant::Instant;
use domain::record::{Record, UserFacts, UserObservation};
use sea_query::Value;

use super::Batch;
use super::copies::{Beaten, Copies};
use super::state::Observation;
use super::subjects::{Key, Subjects, key_of};
use crate::StoreError;
use crate::db::args;

/// Stored digests by what tells observations apart: subject, time, kind.
pub(super) type Digests = HashMap<(i64, i64, i64), String>;

/// Object id or name, then subject; and of an observation time, kind and digest.
type DigestRow = (String, i64, Option<i64>, Option<i64>, Option<String>);

impl Batch<'_> {
    /// Leaves out the observations that are stored to the letter: what they name and say is known.
    /// Answers the digests of what the others may replace, and notes which subjects there are not yet.
    pub(super) async fn new_observations(
        &mut self,
        mut users: Vec<UserObservation>,
        subjects: &mut Subjects,
    ) -> Result<(Vec<UserObservation>, Digests), StoreError> {
        let times = || users.iter().filter_map(|user| user.observed_at).map(Instant::millis);
        let (Some(first), Some(last)) = (times().min(), times().max()) else { return Ok((users, Digests::new())) };
        let keys: BTreeSet<Key> = users.iter().filter_map(|user| key_of(&user.user)).collect();
        let (mut ids, mut names) = (Vec::new(), Vec::new());
        for key in &keys {
            match key {
                Key::Id(id) => ids.push(Value::from(id.as_str())),
                Key::Name(name) => names.push(Value::from(name.as_str())),
            }
        }
        let mut digests = Digests::new();
        let mut stored = HashMap::new();
        for (column, keys, key) in [("object_id", ids, Key::Id as fn(String) -> Key), ("name_key", names, Key::Name)] {
            let rows: Vec<DigestRow> = self
                .conn
                .rows_in(
                    &format!(
                        "SELECT u.{column}, u.user_id, o.observed_at, o.kind, o.digest FROM users u \
                         LEFT JOIN user_observations o ON o.tenant_id = u.tenant_id AND o.subject_id = u.user_id \
                         AND o.observed_at BETWEEN $1 AND $2 WHERE u.tenant_id = $3 AND u.{column} IN"
                    ),
                    &[first, last, self.tenant],
                    &keys,
                )
                .await?;
            for (name, subject_id, observed_at, kind, digest) in rows {
                stored.insert(key(name), subject_id);
                if let (Some(observed_at), Some(kind), Some(digest)) = (observed_at, kind, digest) {
                    digests.insert((subject_id, observed_at, kind), digest);
                }
            }
        }
        subjects.are_new(keys.into_iter().filter(|key| !stored.contains_key(key)));
        self.keep_new(
            &mut users,
            |user| user.kind,
            |user| {
                let subject_id = key_of(&user.user).and_then(|key| stored.get(&key));
                let digest = subject_id.and_then(|id| digests.get(&(*id, millis(user), user.kind.code())));
                digest.is_none_or(|digest| *digest != hex::encode(user.digest))
            },
        );
        Ok((users, digests))
    }

    /// Leaves out observations without a time whose user was last seen just so, by the same source.
    pub(super) async fn changed_since_last_seen(
        &mut self,
        mut records: Vec<Record>,
    ) -> Result<Vec<Record>, StoreError> {
        let id_of = |record: &Record| match record {
            Record::User(user) if user.observed_at.is_none() => user.user.object_id.clone(),
            _ => None,
        };
        let ids: BTreeSet<String> = records.iter().filter_map(id_of).collect();
        let ids: Vec<Value> = ids.into_iter().map(Value::from).collect();
        let sql = format!(
            "SELECT u.object_id, o.kind, o.digest FROM users u {} JOIN user_observations o \
             ON o.tenant_id = u.tenant_id AND o.subject_id = u.user_id AND o.observed_at = \
             (SELECT MAX(l.observed_at) FROM user_observations l \
             WHERE l.tenant_id = u.tenant_id AND l.subject_id = u.user_id) \
             WHERE u.tenant_id = $1 AND u.object_id IN",
            self.conn.by_index("users_object_id_idx")
        );
        let latest: Vec<(String, i64, String)> = self.conn.rows_in(&sql, &[self.tenant], &ids).await?;
        let latest: BTreeSet<(String, i64, String)> = latest.into_iter().collect();
        self.keep_new(&mut records, Record::kind, |record| match (record, id_of(record)) {
            (Record::User(user), Some(id)) => !latest.contains(&(id, user.kind.code(), hex::encode(user.digest))),
            _ => true,
        });
        Ok(records)
    }

    pub(super) async fn store_observations(
        &mut self,
        users: Vec<UserObservation>,
        mut stored: Digests,
        subjects: &mut Subjects,
    ) -> Result<(), StoreError> {
        let mut winners: BTreeMap<(i64, i64, i64), (UserObservation, i64)> = BTreeMap::new();
        let mut copies = Copies::default();
        let mut replaced = BTreeSet::new();
        let import_id = self.import;
        let beaten = |subject_id: i64, user: UserObservation| Beaten {
            import_id,
            subject_id: Some(subject_id),
            record: Record::User(Box::new(user)),
        };
        for user in users {
            let Some(resolved) = subjects.get(&user.user) else { continue };
            let identity = (resolved.subject_id, millis(&user), user.kind.code());
            let digest = hex::encode(user.digest);
            match stored.get(&identity) {
                Some(before) if *before >= digest => {
                    self.know(user.kind);
                    if *before > digest {
                        copies.keep(beaten(resolved.subject_id, user));
                    }
                    continue;
                }
                Some(_) => {
                    self.replace(user.kind);
                    match winners.remove(&identity) {
                        Some((winner, _)) => copies.keep(beaten(resolved.subject_id, winner)),
                        None => _ = replaced.insert(identity),
                    }
                }
                None => self.accept(user.kind),
            }
            stored.insert(identity, digest);
            subjects.derive(resolved.user_id);
            winners.insert(identity, (user, resolved.user_id));
        }
        self.copy_stored_observations(&mut copies, &replaced).await?;
        self.write_copies(copies).await?;
        let (tenant, import) = (self.tenant, self.import);
        let mut rows = Vec::with_capacity(winners.len());
        for ((subject_id, observed_at, code), (user, user_id)) in winners {
            let (kind, digest) = (user.kind, hex::encode(user.digest));
            let facts = facts_with_names(user);
            let facts_json = serde_json::to_string(&facts)
                .map_err(|error| StoreError::Inconsistent { table: "user_observations", what: error.to_string() })?;
            subjects.observe(user_id, || Observation { observed_at, kind, digest: digest.clone(), facts });
            rows.push(args![tenant, subject_id, observed_at, code, user_id, import, digest, facts_json]);
        }
        self.conn
            .insert(
                "INSERT INTO user_observations \
                 (tenant_id, subject_id, observed_at, kind, user_id, import_id, digest, facts)",
                8,
                rows,
                "ON CONFLICT (tenant_id, subject_id, observed_at, kind) DO UPDATE SET \
                 import_id = excluded.import_id, digest = excluded.digest, facts = excluded.facts",
            )
            .await
    }
}

fn millis(user: &UserObservation) -> i64 {
    user.observed_at.map_or(0, Instant::millis)
}

/// The facts with the names that the record gives the user.
fn facts_with_names(user: UserObservation) -> UserFacts {
    UserFacts {
        user_name: user.facts.user_name.or(user.user.user_name),
        display_name: user.facts.display_name.or(user.user.display_name),
        ..user.facts
    }
}
