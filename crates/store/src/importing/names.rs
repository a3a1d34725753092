//! Which names users have had, and whose a name without an id is: the user's who had it last.

use std::collections::{BTreeMap, BTreeSet};

use sea_query::Value;

use super::Batch;
use super::subjects::{BY_NAME, Key, SubjectRow, Subjects};
use crate::StoreError;
use crate::db::args;

/// When a name was last given that only sign-ins have given.
pub(crate) const NEVER: i64 = i64::MIN;

/// The statement that reads the [`Holder`]s of names. When sign-ins last had a name is asked of them: kept with the name,
/// every sign-in would change it.
pub(crate) fn holders(by_index: impl Fn(&str) -> String) -> String {
    format!(
        "SELECT n.name_key, n.user_id, u.object_id, n.last_at, \
         (SELECT MAX(s.at) FROM sign_ins s {} WHERE s.tenant_id = n.tenant_id AND s.user_id = n.user_id \
         AND s.label_id IN (SELECT l.label_id FROM user_labels l {} WHERE l.tenant_id = n.tenant_id \
         AND l.subject_id = n.user_id AND l.name_key = n.name_key)) AS signed_in_at \
         FROM user_names n JOIN users u ON u.tenant_id = n.tenant_id AND u.user_id = n.user_id \
         WHERE n.tenant_id = $1 AND n.name_key IN",
        by_index("sign_ins_user_idx"),
        by_index("user_labels_subject_idx")
    )
}

/// A user with an object id who has had a name.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Holder {
    pub name_key: String,
    pub user_id: i64,
    pub object_id: Option<String>,
    /// As records other than sign-ins say.
    pub last_at: i64,
    pub signed_in_at: Option<i64>,
}

impl Holder {
    /// The greatest has the name.
    pub fn rank(&self) -> (i64, Option<&str>, i64) {
        (self.signed_in_at.unwrap_or(NEVER).max(self.last_at), self.object_id.as_deref(), self.user_id)
    }
}

impl Batch<'_> {
    /// Remembers which names users have had, and when last but for sign-ins; answers the names whose holder may be
    /// another now. Of users from the id `made` on, none is stored.
    pub(super) async fn note_names(
        &mut self,
        subjects: &Subjects,
        known: &BTreeMap<Key, SubjectRow>,
        made: i64,
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut touched = BTreeSet::new();
        let mut given: BTreeMap<(&str, i64), i64> = BTreeMap::new();
        for (key, named) in &subjects.named {
            if let Key::Name(name) = key {
                touched.insert(name.clone());
            } else if let Some(row) = known.get(key) {
                given.extend(named.sign_in_names.keys().map(|name| ((name.as_str(), row.user_id), NEVER)));
                given.extend(named.names.iter().map(|(name, last_at)| ((name.as_str(), row.user_id), *last_at)));
            }
        }
        let names: BTreeSet<&str> =
            given.keys().filter(|(_, user_id)| *user_id < made).map(|(name, _)| *name).collect();
        let names: Vec<Value> = names.into_iter().map(Into::into).collect();
        let stored: Vec<(String, i64, i64)> = self
            .conn
            .rows_in(
                "SELECT name_key, user_id, last_at FROM user_names WHERE tenant_id = $1 AND name_key IN",
                &[self.tenant],
                &names,
            )
            .await?;
        let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, user_id, last_at) in &stored {
            *holders.entry(name).or_default() += 1;
            if given.get(&(name.as_str(), *user_id)).is_some_and(|at| at <= last_at) {
                given.remove(&(name.as_str(), *user_id));
            }
        }
        touched.extend(given.keys().map(|(name, _)| (*name).to_owned()));
        // A later sign-in makes somebody the last of several, and writes nothing here.
        touched.extend(holders.into_iter().filter(|(_, n)| *n > 1).map(|(name, _)| name.to_owned()));
        let tenant = self.tenant;
        let rows = given.iter().map(|((name, user_id), last_at)| args![tenant, *name, *user_id, *last_at]);
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

    /// Points every name without an id at the user who had it last; answers the users that this changes.
    pub(super) async fn point_names(
        &mut self,
        subjects: &mut Subjects,
        known: &mut BTreeMap<Key, SubjectRow>,
        touched: BTreeSet<String>,
    ) -> Result<BTreeSet<i64>, StoreError> {
        let tenant = self.tenant;
        let mut moved = BTreeSet::new();
        // Where every record has an id, which is how the reports of today come, nobody is looked for by name.
        const NAMELESS: &str = "SELECT user_id FROM users WHERE tenant_id = $1 AND name_key >= '' LIMIT 1";
        if self.conn.row::<(i64,)>(NAMELESS, args![tenant]).await?.is_none() {
            return Ok(moved);
        }
        let names: Vec<Value> = touched.into_iter().map(Into::into).collect();
        let by_name = self.conn.by_index(BY_NAME);
        let nameless =
            format!("SELECT user_id, name_key, merged_into FROM users {by_name} WHERE tenant_id = $1 AND name_key IN");
        let nameless: Vec<(i64, String, Option<i64>)> = self.conn.rows_in(&nameless, &[tenant], &names).await?;
        let wanted: Vec<Value> = nameless.iter().map(|(_, name, _)| name.clone().into()).collect();
        let mut best: BTreeMap<String, Holder> = BTreeMap::new();
        let holders = holders(|index| self.conn.by_index(index));
        for mut holder in self.conn.rows_in::<Holder>(&holders, &[tenant], &wanted).await? {
            // The batch's own sign-ins are not stored yet.
            let named = subjects.named.get(&Key::Id(holder.object_id.clone().unwrap_or_default()));
            let in_batch = named.and_then(|named| named.sign_in_names.get(&holder.name_key).copied());
            holder.signed_in_at = holder.signed_in_at.max(in_batch);
            if best.get(&holder.name_key).is_none_or(|best| best.rank() < holder.rank()) {
                best.insert(holder.name_key.clone(), holder);
            }
        }
        for (subject_id, name, merged_into) in nameless {
            let target = best.get(&name).map(|holder| holder.user_id);
            if target == merged_into {
                continue;
            }
            let (old, new) = (merged_into.unwrap_or(subject_id), target.unwrap_or(subject_id));
            self.move_subject(subject_id, old, new, target).await?;
            moved.extend([old, new]);
            if let Some(row) = known.get_mut(&Key::Name(name)) {
                row.merged_into = target;
            }
        }
        subjects.to_derive.extend(&moved);
        Ok(moved)
    }

    /// The same of names alone, where records have gone; answers the users that this changes.
    pub(crate) async fn point_again(&mut self, touched: BTreeSet<String>) -> Result<BTreeSet<i64>, StoreError> {
        self.point_names(&mut Subjects::default(), &mut BTreeMap::new(), touched).await
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
        for table in ["user_observations", "audit_records", "events", "mfa_activity", "mfa_actions"] {
            self.conn
                .run(
                    &format!(
                        "UPDATE {table} SET user_id = $4 WHERE tenant_id = $1 AND user_id = $3 AND subject_id = $2"
                    ),
                    args![self.tenant, subject_id, old, new],
                )
                .await?;
        }
        self.move_sign_ins(subject_id, old, new).await
    }
}
