//! When users were first and last seen: no later and no earlier than the records that name them.
//!
//! A bound and no recount: a copy that lost may have named a user at a time that no stored record has.

use std::collections::BTreeMap;

use domain::instant::{Instant, SECOND_MS};

use super::{Difference, Recount};
use crate::StoreError;
use crate::db::args;
use crate::tiers::floor;

/// Of these tables a row says that its user was seen. When a user last signed in is asked of the sign-ins.
const SEEN: [&str; 4] = ["audit_records", "events", "mfa_activity", "mfa_actions"];

/// Earliest and latest.
type Seen = (Option<i64>, Option<i64>);

impl Recount<'_> {
    pub(super) async fn sightings(&mut self, after: i64, last: i64) -> Result<(), StoreError> {
        let range = || args![self.tenant.0, after, last];
        let mut records: BTreeMap<i64, Seen> = BTreeMap::new();
        for table in SEEN {
            let sql = format!(
                "SELECT user_id, MIN(at), MAX(at) FROM {table} \
                 WHERE tenant_id = $1 AND user_id > $2 AND user_id <= $3 GROUP BY user_id"
            );
            for (user_id, first, last) in self.conn.rows::<(i64, i64, i64)>(&sql, range()).await? {
                widen(records.entry(user_id).or_default(), (Some(first), Some(last)));
            }
        }
        let sql = format!(
            "SELECT u.user_id, (SELECT MIN(s.at) FROM sign_ins s {} WHERE s.tenant_id = u.tenant_id \
             AND s.user_id = u.user_id) FROM users u \
             WHERE u.tenant_id = $1 AND u.user_id > $2 AND u.user_id <= $3 AND u.merged_into IS NULL",
            self.conn.by_index("sign_ins_user_idx")
        );
        for (user_id, first) in self.conn.rows::<(i64, Option<i64>)>(&sql, range()).await? {
            widen(records.entry(user_id).or_default(), (first, None));
        }

        let mut stored: BTreeMap<i64, Seen> = BTreeMap::new();
        for (id, only) in [("user_id", "AND merged_into IS NULL"), ("merged_into", "")] {
            let sql = format!(
                "SELECT {id}, first_event_at, last_event_at FROM users \
                 WHERE tenant_id = $1 AND {id} > $2 AND {id} <= $3 {only}"
            );
            for (user_id, first, last) in self.conn.rows::<(i64, Option<i64>, Option<i64>)>(&sql, range()).await? {
                widen(stored.entry(user_id).or_default(), (first, last));
            }
        }
        for (user_id, before) in stored {
            let mut after = before;
            widen(&mut after, records.get(&user_id).copied().unwrap_or_default());
            if in_seconds(after) != in_seconds(before) {
                self.see(user_id, before, after).await?;
            }
        }
        Ok(())
    }

    async fn see(&mut self, user_id: i64, before: Seen, after: Seen) -> Result<(), StoreError> {
        let text = |(first, last): Seen| {
            let at = |at: Option<i64>| at.map_or("never".to_owned(), |at| Instant::from_millis(at).to_string());
            Some(format!("first_event_at {}, last_event_at {}", at(first), at(last)))
        };
        let key = format!("user_id {user_id}");
        self.found(Difference { table: "users", key, stored: text(before), recounted: text(after) });
        if self.is_repairing {
            let sql = "UPDATE users SET first_event_at = $3, last_event_at = $4 WHERE tenant_id = $1 AND user_id = $2";
            self.conn.run(sql, args![self.tenant.0, user_id, after.0, after.1]).await?;
        }
        Ok(())
    }
}

/// The finer time of a copy that named another user may have become a record's own: within its second it is no later.
fn in_seconds((first, last): Seen) -> Seen {
    (first, last.map(|at| floor(at, SECOND_MS)))
}

fn widen(seen: &mut Seen, other: Seen) {
    seen.0 = [seen.0, other.0].into_iter().flatten().min();
    seen.1 = seen.1.max(other.1);
}
