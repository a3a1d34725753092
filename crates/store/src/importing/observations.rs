//! Observations of users: append-only; of two copies of one observation the greater digest stays.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::Instant;
use domain::record::{UserFacts, UserObservation};
use sea_query::Value;

use super::Batch;
use super::subjects::Subjects;
use crate::StoreError;
use crate::db::args;

impl Batch<'_> {
    pub(super) async fn store_observations(
        &mut self,
        users: Vec<UserObservation>,
        subjects: &mut Subjects,
    ) -> Result<(), StoreError> {
        let mut stored = self.stored_digests(&users, subjects).await?;
        let mut winners = BTreeMap::new();
        for user in users {
            let Some(resolved) = subjects.get(&user.user) else { continue };
            let observed_at = user.observed_at.map_or(0, Instant::millis);
            let identity = (resolved.subject_id, observed_at, user.kind.code());
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
            winners.insert(identity, (resolved.user_id, digest, facts_json(user)?));
        }
        let (tenant, import) = (self.tenant, self.import);
        let rows = winners.into_iter().map(|((subject_id, observed_at, kind), (user_id, digest, facts))| {
            args![tenant, subject_id, observed_at, kind, user_id, import, digest, facts]
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

    async fn stored_digests(
        &mut self,
        users: &[UserObservation],
        subjects: &Subjects,
    ) -> Result<BTreeMap<(i64, i64, i64), String>, StoreError> {
        let ids: BTreeSet<i64> = users.iter().filter_map(|user| Some(subjects.get(&user.user)?.subject_id)).collect();
        let ids: Vec<Value> = ids.into_iter().map(Into::into).collect();
        let rows: Vec<(i64, i64, i64, String)> = self
            .conn
            .rows_in(
                "SELECT subject_id, observed_at, kind, digest FROM user_observations \
                 WHERE tenant_id = $1 AND subject_id IN",
                self.tenant,
                &ids,
            )
            .await?;
        Ok(rows.into_iter().map(|(subject, at, kind, digest)| ((subject, at, kind), digest)).collect())
    }
}

/// The facts with the names that the record gives the user.
fn facts_json(user: UserObservation) -> Result<String, StoreError> {
    let facts = UserFacts {
        user_name: user.facts.user_name.or(user.user.user_name),
        display_name: user.facts.display_name.or(user.user.display_name),
        ..user.facts
    };
    serde_json::to_string(&facts)
        .map_err(|error| StoreError::Inconsistent { table: "user_observations", what: error.to_string() })
}
