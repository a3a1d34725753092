//! Observations of users: append-only; of two copies of one observation the greater digest stays.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::instant::Instant;
use domain::record::{UserFacts, UserObservation};
use sea_query::Value;

use super::Batch;
use super::state::Observation;
use super::subjects::{Key, Subjects, key_of};
use crate::StoreError;
use crate::db::args;

/// Stored digests by what tells observations apart: subject, time, kind.
pub(super) type Digests = HashMap<(i64, i64, i64), String>;

/// Object id or name, then subject; and of an observation time, kind and digest.
type DigestRow = (String, i64, Option<i64>, Option<i64>, Option<String>);

struct Winner {
    user_id: i64,
    digest: String,
    facts: UserFacts,
    facts_json: String,
}

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
        let before = users.len();
        users.retain(|user| {
            let subject_id = key_of(&user.user).and_then(|key| stored.get(&key));
            let digest = subject_id.and_then(|id| digests.get(&(*id, millis(user), user.kind.code())));
            digest.is_none_or(|digest| *digest != hex::encode(user.digest))
        });
        self.know(before - users.len());
        Ok((users, digests))
    }

    pub(super) async fn store_observations(
        &mut self,
        users: Vec<UserObservation>,
        mut stored: Digests,
        subjects: &mut Subjects,
    ) -> Result<(), StoreError> {
        let mut winners = BTreeMap::new();
        for user in users {
            let Some(resolved) = subjects.get(&user.user) else { continue };
            let identity = (resolved.subject_id, millis(&user), user.kind.code());
            let digest = hex::encode(user.digest);
            match stored.get(&identity) {
                Some(before) if *before >= digest => {
                    self.applied.duplicate += 1;
                    continue;
                }
                Some(_) => self.applied.replaced += 1,
                None => self.accept(user.kind),
            }
            stored.insert(identity, digest.clone());
            subjects.derive(resolved.user_id);
            let kind = user.kind;
            let facts = facts_with_names(user);
            let facts_json = serde_json::to_string(&facts)
                .map_err(|error| StoreError::Inconsistent { table: "user_observations", what: error.to_string() })?;
            winners.insert(identity, (kind, Winner { user_id: resolved.user_id, digest, facts, facts_json }));
        }
        let (tenant, import) = (self.tenant, self.import);
        let rows = winners.into_iter().map(|((subject_id, observed_at, code), (kind, winner))| {
            let Winner { user_id, digest, facts, facts_json } = winner;
            subjects.observe(user_id, || Observation { observed_at, kind, digest: digest.clone(), facts });
            args![tenant, subject_id, observed_at, code, user_id, import, digest, facts_json]
        });
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
