//! Users' intervals of state, and what users are found by: derived again from what is stored about them.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::Instant;

use super::counters::STATES;
use super::rows::Compared;
use super::{Difference, Recount};
use crate::StoreError;
use crate::db::{Field, Fields, args};
use crate::importing::{DerivedUser, NAME_COLUMNS, STATE_COLUMNS, insert_names, insert_states};

const STATES_COMPARED: Compared<'_> = Compared { table: "user_states", columns: &STATE_COLUMNS, key: &[1, 2] };
const NAMES_COMPARED: Compared<'_> = Compared { table: "user_search", columns: &NAME_COLUMNS, key: &[0] };

/// Where they stand in a row of `user_states`.
const VALID_FROM: usize = 2;
const VALID_TO: usize = 3;
const CELL: usize = 4;

impl Recount<'_> {
    pub(super) async fn users(&mut self, after: i64, last: i64) -> Result<(), StoreError> {
        let range = || args![self.tenant.0, after, last];
        let in_range = "WHERE tenant_id = $1 AND user_id > $2 AND user_id <= $3";
        let ids: Vec<(i64,)> = self.conn.rows(&format!("SELECT user_id FROM users {in_range}"), range()).await?;
        let sql = format!("SELECT {} FROM user_states {in_range}", STATE_COLUMNS.join(", "));
        let states: Vec<Fields> = self.conn.rows(&sql, range()).await?;
        let sql = format!("SELECT {} FROM user_search {in_range}", NAME_COLUMNS.join(", "));
        let names: Vec<Fields> = self.conn.rows(&sql, range()).await?;

        let ids: Vec<i64> = ids.into_iter().map(|(id,)| id).collect();
        let (derived, unreadable) = self.derived_users(&ids).await?;
        let is_readable = |row: &Fields, i: usize| row.0[i].number().is_none_or(|id| !unreadable.contains(&id));
        let stored_states = STATES_COMPARED.stored(states.into_iter().filter(|row| is_readable(row, 1)).collect());
        let expected_states = STATES_COMPARED.expected(derived.values().flat_map(|user| user.states.iter().cloned()));
        let stored_names = NAMES_COMPARED.stored(names.into_iter().filter(|row| is_readable(row, 0)).collect());
        let expected_names = NAMES_COMPARED.expected(derived.values().filter_map(|user| user.name.clone()));

        let mut damaged = BTreeSet::new();
        for (key, difference) in STATES_COMPARED.differences(&stored_states, &expected_states) {
            self.found(difference);
            damaged.extend(key[0].number());
            for (row, n) in [(stored_states.get(&key), -1), (expected_states.get(&key), 1)] {
                if let Some(row) = row {
                    self.correct_states(row, n);
                }
            }
        }
        for user_id in &damaged {
            self.findings.cells.insert(*user_id, derived.get(user_id).and_then(|user| user.cell));
        }
        for (key, difference) in NAMES_COMPARED.differences(&stored_names, &expected_names) {
            self.found(difference);
            damaged.extend(key[0].number());
        }
        if self.is_repairing { self.write_users(damaged, derived).await } else { Ok(()) }
    }

    /// What is to be stored of these users, and of which that cannot be said.
    async fn derived_users(&mut self, ids: &[i64]) -> Result<(BTreeMap<i64, DerivedUser>, BTreeSet<i64>), StoreError> {
        match self.batch().derived(ids).await {
            Ok(derived) => return Ok((derived, BTreeSet::new())),
            Err(StoreError::Inconsistent { .. }) => {}
            Err(error) => return Err(error),
        }
        let (mut derived, mut unreadable) = (BTreeMap::new(), BTreeSet::new());
        for id in ids {
            match self.batch().derived(&[*id]).await {
                Ok(one) => derived.extend(one),
                Err(StoreError::Inconsistent { table, what }) => {
                    unreadable.insert(*id);
                    let stored = Some(format!("what cannot be read: {what}"));
                    self.found_for_good(Difference { table, key: format!("user_id {id}"), stored, recounted: None });
                }
                Err(error) => return Err(error),
            }
        }
        Ok((derived, unreadable))
    }

    /// What the counters would have more or less of, were this row right.
    fn correct_states(&mut self, row: &[Field], n: i64) {
        let (Some(from), Some(to), Some(cell)) = (row[VALID_FROM].number(), row[VALID_TO].number(), row[CELL].number())
        else {
            return;
        };
        self.correct(STATES, from, [0, 0, cell, 0], n);
        if to < Instant::MAX.millis() {
            self.correct(STATES, to, [0, 0, cell, 0], -n);
        }
    }

    async fn write_users(
        &mut self,
        damaged: BTreeSet<i64>,
        mut derived: BTreeMap<i64, DerivedUser>,
    ) -> Result<(), StoreError> {
        for table in ["user_states", "user_search"] {
            let keys = damaged.iter().map(|id| (*id).into()).collect();
            self.delete_in(&format!("DELETE FROM {table} WHERE tenant_id = $1 AND user_id IN"), keys).await?;
        }
        let (mut states, mut names) = (Vec::new(), Vec::new());
        for user in damaged.iter().filter_map(|id| derived.remove(id)) {
            states.extend(user.states);
            names.extend(user.name);
        }
        insert_states(self.conn, states).await?;
        insert_names(self.conn, names).await
    }
}
