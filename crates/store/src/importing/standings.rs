//! Who is of which standing in the present, as sets: figures over users are figures over a population.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use super::Batch;
use crate::StoreError;
use crate::cell::Cell;
use crate::db::args;
use crate::packed::{in_set, pack_users, unpack_users};

/// Users and what they are now; `None` where nothing is left of one.
pub(super) type Standings = BTreeMap<i64, Option<Cell>>;

impl Batch<'_> {
    /// Puts users into the set of their standing and takes them out of all others.
    pub(super) async fn write_standings(&mut self, standings: &Standings) -> Result<(), StoreError> {
        let changed: RoaringBitmap = standings.keys().map(|user_id| in_set(*user_id)).collect();
        let mut sets: BTreeMap<i64, (RoaringBitmap, RoaringBitmap)> = BTreeMap::new();
        const STORED: &str = "SELECT standing, users FROM user_standings WHERE tenant_id = $1";
        for (standing, bytes) in self.conn.rows::<(i64, Vec<u8>)>(STORED, args![self.tenant]).await? {
            let before = unpack_users(&bytes)?;
            let after = &before - &changed;
            sets.insert(standing, (before, after));
        }
        for (user_id, cell) in standings {
            if let Some(cell) = cell {
                sets.entry(cell.of_standing().0).or_default().1.insert(in_set(*user_id));
            }
        }
        let mut rows = Vec::new();
        for (standing, (before, after)) in sets {
            if before != after {
                rows.push(args![self.tenant, standing, pack_users(&after)?]);
            }
        }
        self.conn
            .insert(
                "INSERT INTO user_standings (tenant_id, standing, users)",
                3,
                rows,
                "ON CONFLICT (tenant_id, standing) DO UPDATE SET users = excluded.users",
            )
            .await
    }
}
