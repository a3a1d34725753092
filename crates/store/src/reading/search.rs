//! Finding users by name and method: in the present in `user_search`, names along its trigrams; at a past day by looking.

use sea_query::Value;

use super::Reader;
use super::conditions::Conditions;
use super::list::{FEW, MANY};
use super::users_page::in_list;
use crate::StoreError;
use crate::cell::Cell;
use crate::db::{Db, args};
use crate::search::Sought;

/// Users of the present with a name or a method: the text after FROM, with a `?` for each value.
struct Found {
    sql: String,
    args: Vec<Value>,
}

impl Reader {
    /// Adds that a name is as asked, and that one of the methods is registered. Answers how many users of the cells
    /// are so, counted until it is many; `None` for a past day, and where neither is asked.
    pub(super) async fn search_users(
        &self,
        conditions: &mut Conditions,
        sought: Option<&Sought>,
        cells: &[(Cell, i64)],
        methods: Option<i64>,
        is_present: bool,
    ) -> Result<Option<i64>, StoreError> {
        if let Some(methods) = methods {
            conditions.and("(s.methods & ?) <> 0", [methods.into()]);
        }
        if !is_present {
            if let Some(sought) = sought {
                conditions.and("s.search_text LIKE ? ESCAPE '\\'", [sought.pattern().into()]);
            }
            return Ok(None);
        }
        if sought.is_none() && methods.is_none() {
            return Ok(None);
        }
        let found = self.found(sought, cells, methods).await?;
        let mut of = Conditions::default();
        of.and(&found.sql, found.args.clone());
        let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT {}) AS counted", of.bare(), MANY + 1);
        let row: Option<(i64,)> = self.db.row(&sql, of.args()).await?;
        let (n,) = row.unwrap_or_default();
        if n <= FEW {
            conditions.and(&format!("s.user_id IN (SELECT t.user_id FROM {})", found.sql), found.args);
        } else if let Some(sought) = sought {
            // Too many to be gathered: the list's order is walked, and each is looked at.
            conditions.and(
                "EXISTS (SELECT 1 FROM user_search t WHERE t.user_id = s.user_id AND t.text LIKE ? ESCAPE '\\')",
                [sought.pattern().into()],
            );
        }
        Ok(Some(n))
    }

    async fn found(
        &self,
        sought: Option<&Sought>,
        cells: &[(Cell, i64)],
        methods: Option<i64>,
    ) -> Result<Found, StoreError> {
        let mut sql = "user_search t WHERE ".to_owned();
        let mut values = Vec::new();
        let mut is_said = false;
        if let (Db::Sqlite { .. }, Some(sought)) = (&self.db, sought)
            && let Some(trigrams) = sought.trigrams()
            && !self.is_put_off().await?
        {
            sql = "user_search_trigrams CROSS JOIN user_search t ON t.user_id = user_search_trigrams.rowid \
                   WHERE user_search_trigrams MATCH ? AND "
                .to_owned();
            values.push(trigrams.into());
            is_said = sought.is_one_trigram();
        }
        sql.push_str(&format!("t.tenant_id = ? AND t.cell IN ({})", in_list(cells)));
        values.push(self.tenant.0.into());
        if let Some(methods) = methods {
            sql.push_str(" AND (t.methods & ?) <> 0");
            values.push(methods.into());
        }
        if let Some(sought) = sought.filter(|_| !is_said) {
            sql.push_str(" AND t.text LIKE ? ESCAPE '\\'");
            values.push(sought.pattern().into());
        }
        Ok(Found { sql, args: values })
    }

    /// Whether an import goes without the trigrams (`importing/indexes.rs`).
    async fn is_put_off(&self) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT name FROM deferred_indexes WHERE name = $1";
        Ok(self.db.row::<(String,)>(SQL, args!["user_search_trigrams"]).await?.is_some())
    }
}
