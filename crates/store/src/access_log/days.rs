//! Entries of days that a rule no longer keeps. What is left is a chain still: the end of the log knows which entry it
//! begins with and what that follows on, and an entry says so too.

use domain::access::{Access, AccessAction, AccessOutcome, Actor};
use domain::instant::Instant;

use super::{append, hold};
use crate::StoreError;
use crate::db::args;
use crate::importing::Batch;

/// Entries of one transaction.
const LOT: i64 = 5_000;

impl Batch<'_> {
    /// The oldest entries, as far as all of them are from before.
    pub(crate) async fn drop_access_log_before(
        &mut self,
        cutoff: i64,
        now: Instant,
    ) -> Result<Option<usize>, StoreError> {
        hold(self.conn, self.tenant).await?;
        let some =
            format!("SELECT entry_id, at, hash FROM access_log WHERE tenant_id = $1 ORDER BY entry_id LIMIT {LOT}");
        let rows: Vec<(i64, i64, String)> = self.conn.rows(&some, args![self.tenant]).await?;
        let going: Vec<_> = rows.into_iter().take_while(|(_, at, _)| *at < cutoff).collect();
        let [(first, ..), ..] = &going[..] else { return Ok(None) };
        let Some((last, _, hash)) = going.last() else { return Ok(None) };
        const DELETE: &str = "DELETE FROM access_log WHERE tenant_id = $1 AND entry_id >= $2 AND entry_id <= $3";
        self.conn.run(DELETE, args![self.tenant, *first, *last]).await?;
        const BEGIN: &str = "UPDATE access_log_head SET first_id = $2, hash_before = $3 WHERE tenant_id = $1";
        self.conn.run(BEGIN, args![self.tenant, last + 1, hash.clone()]).await?;
        let entry = Access {
            at: now,
            actor: Actor::program(),
            action: AccessAction::Expire,
            outcome: AccessOutcome::Allowed,
            status: None,
            route: String::new(),
            target: expired(*first, *last, hash),
            salt: [0; 16],
            rows: i64::try_from(going.len()).ok(),
            request_id: String::new(),
            address: String::new(),
        };
        append(self.conn, self.tenant, vec![entry]).await?;
        Ok(Some(going.len()))
    }
}

/// What the entry says that stands for those that went.
fn expired(first: i64, last: i64, hash: &str) -> String {
    format!("{first} {last} {hash}")
}

/// The last entry that went, and its hash, by what [`expired`] says.
pub(crate) fn last_expired(target: &str) -> Option<(i64, &str)> {
    let (_, rest) = target.split_once(' ')?;
    let (last, hash) = rest.split_once(' ')?;
    Some((last.parse().ok()?, hash))
}
