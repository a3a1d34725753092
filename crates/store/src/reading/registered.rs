//! Users of some standings by what they have registered: the summaries of Microsoft Graph.

use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::method::{AuthMethod, MethodSet};
use domain::population::Standing;
use domain::query::UserFlag;
use domain::report::Tiles;

use super::Reader;
use super::conditions::{Conditions, valid_at};
use crate::StoreError;
use crate::cell::Cell;

/// Users, and what they have registered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisteredUsers {
    pub total: i64,
    /// Each adds up to the total.
    pub tiles: Tiles,
    /// Users who have registered a method; one that nobody has is left out.
    pub methods: BTreeMap<AuthMethod, i64>,
}

impl Reader {
    /// Users of these standings at an instant, by flags and by methods.
    pub async fn registered_users<'a>(
        &'a self,
        as_of: Instant,
        are_meant: impl Fn(Standing) -> bool + Send + Sync + 'a,
    ) -> Result<RegisteredUsers, StoreError> {
        self.at_one_instant(move |reader| Box::pin(async move { reader.read_registered_users(as_of, are_meant).await }))
            .await
    }

    async fn read_registered_users(
        &self,
        as_of: Instant,
        are_meant: impl Fn(Standing) -> bool + Send + Sync,
    ) -> Result<RegisteredUsers, StoreError> {
        let mut users = RegisteredUsers::default();
        let mut cells: Vec<Cell> = Vec::new();
        for (cell, n) in self.cells_at(as_of).await? {
            if n == 0 || !are_meant(cell.standing()) {
                continue;
            }
            users.total += n;
            for flag in UserFlag::ALL {
                users.tiles.get_mut(*flag).add(cell.flag(*flag), n);
            }
            cells.push(cell);
        }
        if cells.is_empty() {
            return Ok(users);
        }
        let mut conditions = Conditions::default();
        conditions.and("s.tenant_id = ?", [self.tenant.0.into()]);
        valid_at(&mut conditions, "s", as_of, self.is_present(as_of).await?);
        conditions.any_of("+s.cell", cells.iter().map(|cell| cell.0));
        let sql = format!(
            "SELECT s.methods, COUNT(*) FROM user_states s{} AND s.methods <> 0 GROUP BY s.methods",
            conditions.sql()
        );
        let rows: Vec<(i64, i64)> = self.db.rows(&sql, conditions.args()).await?;
        for (bits, n) in rows {
            let methods = MethodSet::from_parts(u64::try_from(bits).unwrap_or_default(), Vec::new());
            for method in methods.iter() {
                *users.methods.entry(method).or_default() += n;
            }
        }
        Ok(users)
    }
}
