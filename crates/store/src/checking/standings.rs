//! Who is of which standing in the present: recounted from the open intervals.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::Instant;
use roaring::RoaringBitmap;

use super::{Difference, Recount};
use crate::StoreError;
use crate::cell::Cell;
use crate::db::args;
use crate::packed::{in_set, pack_users, unpack_users};

const TABLE: &str = "user_standings";
/// Users read at a time.
const PAGE: i64 = 20_000;
/// Users of a difference that are named.
const MOST_NAMED: usize = 5;

impl Recount<'_> {
    pub(super) async fn standings(&mut self) -> Result<(), StoreError> {
        let recounted = self.recounted_standings().await?;
        let sql = "SELECT standing, users FROM user_standings WHERE tenant_id = $1";
        let stored: Vec<(i64, Vec<u8>)> = self.conn.rows(sql, args![self.tenant.0]).await?;
        let stored: BTreeMap<i64, Vec<u8>> = stored.into_iter().collect();
        let nobody = RoaringBitmap::new();
        let standings: BTreeSet<i64> = stored.keys().chain(recounted.keys()).copied().collect();
        for standing in standings {
            let bytes = stored.get(&standing);
            let expected = recounted.get(&standing).unwrap_or(&nobody);
            let Some((stored, recounted)) = compare_sets(bytes.map(Vec::as_slice), expected) else { continue };
            self.found(Difference { table: TABLE, key: format!("standing {standing}"), stored, recounted });
            if self.is_repairing {
                let key = args![self.tenant.0, standing];
                self.conn.run("DELETE FROM user_standings WHERE tenant_id = $1 AND standing = $2", key).await?;
                let row = args![self.tenant.0, standing, pack_users(expected)?];
                let rows = (!expected.is_empty()).then_some(row);
                self.conn.insert("INSERT INTO user_standings (tenant_id, standing, users)", 3, rows, "").await?;
            }
        }
        Ok(())
    }

    /// As they would be, were all intervals right.
    async fn recounted_standings(&mut self) -> Result<BTreeMap<i64, RoaringBitmap>, StoreError> {
        const SQL: &str = "SELECT user_id, cell FROM user_states \
            WHERE tenant_id = $1 AND valid_to = 253402207200000 AND user_id > $2 ORDER BY user_id LIMIT $3";
        debug_assert_eq!(Instant::MAX.millis(), 253_402_207_200_000);
        let mut sets: BTreeMap<i64, RoaringBitmap> = BTreeMap::new();
        let mut after = i64::MIN;
        loop {
            let rows: Vec<(i64, i64)> = self.conn.rows(SQL, args![self.tenant.0, after, PAGE]).await?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            for (user_id, cell) in rows {
                if !self.findings.cells.contains_key(&user_id) {
                    sets.entry(Cell(cell).of_standing().0).or_default().insert(in_set(user_id));
                }
            }
        }
        for (user_id, cell) in &self.findings.cells {
            if let Some(cell) = cell {
                sets.entry(cell.of_standing().0).or_default().insert(in_set(*user_id));
            }
        }
        Ok(sets)
    }
}

/// What is said of a stored set and its recount, where they differ. No set is an empty one.
pub(super) fn compare_sets(
    bytes: Option<&[u8]>,
    recounted: &RoaringBitmap,
) -> Option<(Option<String>, Option<String>)> {
    let nobody = RoaringBitmap::new();
    let stored = match bytes.map(unpack_users).transpose() {
        Ok(stored) => stored,
        Err(error) => return Some((Some(error.to_string()), Some(users(recounted, &nobody)))),
    };
    let is_there = stored.is_some();
    let stored = stored.unwrap_or_default();
    if stored == *recounted {
        return None;
    }
    let shown = (!recounted.is_empty()).then(|| users(recounted, &stored));
    Some((is_there.then(|| users(&stored, recounted)), shown))
}

/// How many they are, and some of those who are not in the other set.
fn users(of: &RoaringBitmap, other: &RoaringBitmap) -> String {
    let alone = of - other;
    let mut text = format!("{} users", of.len());
    if !alone.is_empty() && alone.len() < of.len() {
        let named: Vec<String> = alone.iter().take(MOST_NAMED).map(|id| id.to_string()).collect();
        let more = if alone.len() > named.len() as u64 { ", …" } else { "" };
        text.push_str(&format!(", with user_id {}{more}", named.join(", ")));
    }
    text
}
