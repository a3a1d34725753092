//! The access log: whether every entry is as it was written, follows on the one before, and none is missing. What is not
//! so cannot be mended: what the entry said is not known from anything else.

use std::collections::BTreeSet;

use domain::access::AccessAction;

use super::{Difference, Recount};
use crate::StoreError;
use crate::access_log::{Entry, LOT, last_expired, search_text, target_digest};
use crate::db::args;

const TABLE: &str = "access_log";
const HEAD_TABLE: &str = "access_log_head";

/// Where in the chain it is looked.
#[derive(Default)]
struct Last {
    id: i64,
    hash: String,
    /// Entries without their target that no later entry has said so of.
    without_target: BTreeSet<i64>,
    /// What the last entry about days that are not kept says of the end of them.
    expired: Option<(i64, String)>,
}

/// Where the log begins and ends, as is noted beside it.
#[derive(sqlx::FromRow)]
struct Head {
    first_id: i64,
    hash_before: String,
    last_id: i64,
    last_hash: String,
}

impl Recount<'_> {
    pub(super) async fn access_log(&mut self) -> Result<(), StoreError> {
        const HEAD: &str = "SELECT first_id, hash_before, last_id, last_hash FROM access_log_head WHERE tenant_id = $1";
        let head: Option<Head> = self.conn.row(HEAD, args![self.tenant.0]).await?;
        let begin = head.as_ref().map(|head| (head.first_id - 1, head.hash_before.clone()));
        let mut last = Last::default();
        (last.id, last.hash) = begin.clone().unwrap_or_default();
        let mut after = i64::MIN;
        let sql = format!(
            "SELECT {} FROM access_log WHERE tenant_id = $1 AND entry_id > $2 ORDER BY entry_id LIMIT {LOT}",
            Entry::COLUMNS
        );
        loop {
            let entries: Vec<Entry> = self.conn.rows(&sql, args![self.tenant.0, after]).await?;
            let Some(end) = entries.last() else { break };
            after = end.entry_id;
            for entry in entries {
                self.chained(&mut last, entry);
            }
        }
        for entry in std::mem::take(&mut last.without_target) {
            self.entry(entry, "no target", "a target, or a later entry that says that it was redacted");
        }
        if begin.as_ref().is_some_and(|begin| begin.0 > 0) && begin != last.expired {
            self.found_for_good(Difference {
                table: HEAD_TABLE,
                key: "the first entry".to_owned(),
                stored: begin.map(|(id, _)| format!("entries to {id} are not kept")),
                recounted: Some(match &last.expired {
                    Some((id, _)) => format!("the last entry of days that are not kept names entry {id}"),
                    None => "no entry says that any went".to_owned(),
                }),
            });
        }
        match head {
            Some(head) if head.last_id > last.id => {
                self.missing(last.id + 1, head.last_id, "the end of the log names a later entry");
            }
            Some(head) if (head.last_id, &head.last_hash) == (last.id, &last.hash) => {}
            Some(head) => self.found_for_good(Difference {
                table: HEAD_TABLE,
                key: "the last entry".to_owned(),
                stored: Some(format!("entry {}", head.last_id)),
                recounted: Some(format!("entry {}, with its hash", last.id)),
            }),
            None => self.found_for_good(Difference {
                table: HEAD_TABLE,
                key: "the last entry".to_owned(),
                stored: None,
                recounted: Some(format!("entry {}", last.id)),
            }),
        }
        Ok(())
    }

    fn chained(&mut self, last: &mut Last, entry: Entry) {
        let id = entry.entry_id;
        if id <= last.id {
            self.entry(id, "an entry before the first", "nothing");
            return;
        }
        if id > last.id + 1 {
            self.missing(last.id + 1, id - 1, &format!("entry {id} follows on them"));
        } else if entry.previous_hash != last.hash {
            self.entry(id, "follows on another entry", &format!("follows on entry {}", last.id));
        }
        if entry.chained() != entry.hash {
            self.entry(id, "another content than was hashed", "what was written");
        }
        match (&entry.target, &entry.salt) {
            (None, None) => _ = last.without_target.insert(id),
            (Some(target), Some(salt)) if target_digest(salt, target) == entry.target_digest => {
                if entry.action == AccessAction::Redact.code() {
                    for redacted in target.split(' ').filter_map(|id| id.parse().ok()) {
                        last.without_target.remove(&redacted);
                    }
                } else if entry.action == AccessAction::Expire.code() {
                    last.expired = last_expired(target).map(|(id, hash)| (id, hash.to_owned()));
                }
            }
            _ => self.entry(id, "another target than was hashed", "what was written"),
        }
        if entry.search != search_text(&entry.actor_name, entry.target.as_deref()) {
            self.entry(id, "is found by other words", "is found by who did it, and what");
        }
        (last.id, last.hash) = (id, entry.hash);
    }

    fn entry(&mut self, id: i64, stored: &str, recounted: &str) {
        let (stored, recounted) = (Some(stored.to_owned()), Some(recounted.to_owned()));
        self.found_for_good(Difference { table: TABLE, key: format!("entry {id}"), stored, recounted });
    }

    fn missing(&mut self, from: i64, to: i64, why: &str) {
        let key = if from == to { format!("entry {from}") } else { format!("entries {from} to {to}") };
        let recounted = Some(format!("it was written: {why}"));
        self.found_for_good(Difference { table: TABLE, key, stored: None, recounted });
    }
}
