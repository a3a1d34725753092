//! Finding users by name and method: in the present in `user_search`, names along its trigrams; at a past day by looking.

use domain::query::{List, UserColumn};

use super::Reader;
use super::conditions::Conditions;
use super::list::{FEW, MANY, SortBy, first_of, limit};
use super::users_page::in_list;
use crate::StoreError;
use crate::cell::Cell;
use crate::db::{Db, args};
use crate::search::Sought;

/// Users of the present who are found by name or method, of the cells that the other filters leave.
pub struct Found {
    /// The table, as `t`; with the trigrams where they lead to it.
    from: &'static str,
    conditions: Conditions,
    /// How many they are, counted until it is many.
    pub count: i64,
    /// The pattern of the text, where a name is asked for.
    pattern: Option<String>,
    /// The bits of the methods, where they are asked for.
    methods: Option<i64>,
}

impl Found {
    pub fn are_few(&self) -> bool {
        self.count <= FEW
    }

    /// Whether they are found by a name, and too many to be looked up one by one.
    pub fn are_many_of_a_name(&self) -> bool {
        !self.are_few() && self.pattern.is_some()
    }

    fn say_methods(&self, conditions: &mut Conditions) {
        if let Some(methods) = self.methods {
            conditions.and("(t.methods & ?) <> 0", [methods.into()]);
        }
    }

    fn say_name(&self, conditions: &mut Conditions) {
        if let Some(pattern) = &self.pattern {
            conditions.and("t.text LIKE ? ESCAPE '\\'", [pattern.as_str().into()]);
        }
    }

    /// Adds to a list of `user_states` that its users are among the found.
    pub fn narrow(&self, conditions: &mut Conditions) {
        if self.are_few() {
            let Self { from, conditions: found, .. } = self;
            let sql = format!("s.user_id IN (SELECT t.user_id FROM {from}{})", found.unnumbered());
            conditions.and(&sql, found.args());
        } else if let Some(pattern) = &self.pattern {
            // Too many to be gathered: the list's order is walked, and each is looked at.
            conditions.and(
                "EXISTS (SELECT 1 FROM user_search t WHERE t.user_id = s.user_id AND t.text LIKE ? ESCAPE '\\')",
                [pattern.as_str().into()],
            );
        }
    }
}

/// Where the found are too many to be counted, a page is looked for by passing so many times its rows of the list. Names
/// that are alike lie together, and so the first may be far: then the found are gathered.
const PASSES: [i64; 2] = [30, 200];

/// The order of the names, of either table.
fn by_name(expression: &str, tie: &'static [&'static str]) -> SortBy {
    SortBy { expression: expression.to_owned(), is_text: true, ties: tie }
}

impl Reader {
    /// Who of the present is found by name or method, and is in one of the cells; `None` where neither is asked.
    pub(super) async fn search_users(
        &self,
        sought: Option<&Sought>,
        cells: &[(Cell, i64)],
        methods: Option<i64>,
    ) -> Result<Option<Found>, StoreError> {
        if sought.is_none() && methods.is_none() {
            return Ok(None);
        }
        let mut found = self.found(sought, cells, methods).await?;
        let Found { from, conditions: of, .. } = &found;
        let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {from}{} LIMIT {}) AS counted", of.sql(), MANY + 1);
        let row: Option<(i64,)> = self.db.row(&sql, of.args()).await?;
        found.count = row.unwrap_or_default().0;
        Ok(Some(found))
    }

    async fn found(
        &self,
        sought: Option<&Sought>,
        cells: &[(Cell, i64)],
        methods: Option<i64>,
    ) -> Result<Found, StoreError> {
        let pattern = sought.map(Sought::pattern);
        let mut found = Found { from: "user_search t", conditions: Conditions::default(), count: 0, pattern, methods };
        let mut is_said = false;
        if let (Db::Sqlite { .. }, Some(sought)) = (&self.db, sought)
            && let Some(trigrams) = sought.trigrams()
            && !self.is_put_off("user_search_trigrams").await?
        {
            found.from = "user_search_trigrams CROSS JOIN user_search t ON t.user_id = user_search_trigrams.rowid";
            found.conditions.and("user_search_trigrams MATCH ?", [trigrams.into()]);
            is_said = sought.is_one_trigram();
        }
        let mut conditions = std::mem::take(&mut found.conditions);
        conditions.and("t.tenant_id = ?", [self.tenant.0.into()]);
        conditions.and(&format!("t.cell IN ({})", in_list(cells)), []);
        found.say_methods(&mut conditions);
        if !is_said {
            found.say_name(&mut conditions);
        }
        found.conditions = conditions;
        Ok(found)
    }

    /// The next users of a list in the order of the names, of many that are found: a prefix of the list that has as
    /// many as a page needs, or else the first of all.
    pub(super) async fn next_found(
        &self,
        list: &List<UserColumn>,
        passing: &Conditions,
        found: &Found,
    ) -> Result<Vec<i64>, StoreError> {
        let steps = if found.count <= MANY { &[] } else { &PASSES[..] };
        let (among, gathered) =
            (by_name("s.display_name_key", &["s.user_id"]), by_name("t.display_name_key", &["t.user_id"]));
        let mut is_so = Conditions::default();
        found.say_methods(&mut is_so);
        found.say_name(&mut is_so);
        for times in steps {
            let most = (times * limit(list)).min(MANY);
            let (passed, mut args) = first_of(list, &among, passing, most);
            let sql = format!(
                "SELECT s.user_id FROM (SELECT s.user_id, s.display_name_key FROM user_states s{passed}) AS s \
                 JOIN user_search t ON t.user_id = s.user_id{}{} LIMIT {}",
                is_so.sql_after(args.len()),
                among.order(list),
                limit(list)
            );
            args.extend(is_so.args());
            let ids: Vec<(i64,)> = self.db.rows(&sql, args).await?;
            if ids.len() as i64 == limit(list) {
                return Ok(ids.into_iter().map(|(id,)| id).collect());
            }
        }
        let (rest, args) = first_of(list, &gathered, &found.conditions, limit(list));
        let ids: Vec<(i64,)> = self.db.rows(&format!("SELECT t.user_id FROM {}{rest}", found.from), args).await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    /// Whether an import goes without an index (`importing/indexes.rs`).
    pub(super) async fn is_put_off(&self, index: &str) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT name FROM deferred_indexes WHERE name = $1";
        Ok(self.db.row::<(String,)>(SQL, args![index]).await?.is_some())
    }
}
