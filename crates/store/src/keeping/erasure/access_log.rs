//! The access log keeps that somebody was looked at, and forgets who it was.

use domain::access::{Access, AccessAction, AccessOutcome, Actor, spelled};
use domain::instant::Instant;
use sea_query::Value;

use super::Erasing;
use crate::StoreError;
use crate::access_log::{LOT, append, search_text};
use crate::db::args;
use crate::importing::Batch;

impl Batch<'_> {
    /// Takes targets that name the person out of entries, with their salt. What the chain has of them is a digest, which
    /// stays; and an entry says which ones went, so that none can go without one.
    pub(super) async fn redact_access_log(&mut self, erasing: &mut Erasing, now: Instant) -> Result<(), StoreError> {
        let some = format!(
            "SELECT entry_id, actor_name, target FROM access_log WHERE tenant_id = $1 AND entry_id > $2 \
             ORDER BY entry_id LIMIT {LOT}"
        );
        let rows: Vec<(i64, String, Option<String>)> =
            self.conn.rows(&some, args![self.tenant, erasing.after.0]).await?;
        let Some((last, ..)) = rows.last() else {
            erasing.next();
            return Ok(());
        };
        erasing.after.0 = *last;
        let left = erasing.outward_id();
        let mut redacted: Vec<String> = Vec::new();
        for (entry, actor, target) in rows {
            if target.is_some_and(|target| erasing.called.scrub(&spelled(&target), &left).is_some()) {
                const SQL: &str = "UPDATE access_log SET target = NULL, salt = NULL, search = $3 \
                    WHERE tenant_id = $1 AND entry_id = $2";
                let search: Value = search_text(&actor, None).into();
                self.conn.run(SQL, args![self.tenant, entry, search]).await?;
                redacted.push(entry.to_string());
            }
        }
        if redacted.is_empty() {
            return Ok(());
        }
        let entry = Access {
            at: now,
            actor: Actor::program(),
            action: AccessAction::Redact,
            outcome: AccessOutcome::Allowed,
            status: None,
            route: String::new(),
            target: redacted.join(" "),
            salt: [0; 16],
            rows: i64::try_from(redacted.len()).ok(),
            request_id: String::new(),
            address: String::new(),
        };
        append(self.conn, self.tenant, vec![entry]).await
    }
}
