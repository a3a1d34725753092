//! Finding users by name and method: in the present in `user_search`, names along its trigrams; at a past day by looking.

use domain::query::{List, UserColumn};

use super::Reader;
use super::conditions::Conditions;
use super::list::{FEW, MANY, SortBy, first_of, limit};
use super::users_page::in_list;
use crate::StoreError;
use crate::cell::Cell;
use crate::db::args;
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
    /// Whether they alone make a list in the order of the names.
    pub is_by_name: bool,
    /// Those of the page that is asked for, where finding them all has found these.
    pub of_page: Option<Vec<i64>>,
}

impl Found {
    pub fn are_few(&self) -> bool {
        self.count <= FEW
    }

    /// Whether they are found by a name, and too many to be counted.
    pub fn are_many_of_a_name(&self) -> bool {
        self.count > MANY && self.pattern.is_some()
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
fn by_name(expression: &str, ties: &'static [&'static str]) -> SortBy {
    SortBy { expression: expression.to_owned(), is_text: true, ties }
}

impl Reader {
    /// Who of the present is found by name or method, and is in one of the cells; `None` where neither is asked.
    /// With a list in the order of the names, of these users alone, its page is found along with them.
    pub(super) async fn search_users(
        &self,
        sought: Option<&Sought>,
        cells: &[(Cell, i64)],
        methods: Option<i64>,
        list: Option<&List<UserColumn>>,
    ) -> Result<Option<Found>, StoreError> {
        if sought.is_none() && methods.is_none() {
            return Ok(None);
        }
        let mut found = self.found(sought, cells, methods).await?;
        found.is_by_name = list.is_some();
        let all = format!(
            "WITH found AS MATERIALIZED (SELECT t.user_id, t.display_name_key FROM {}{} LIMIT {})",
            found.from,
            found.conditions.sql(),
            MANY + 1
        );
        let args = found.conditions.args();
        if let Some(list) = list {
            let (page, more) = first_of(
                list,
                &by_name("t.display_name_key", &["t.user_id"]),
                &Conditions::default(),
                limit(list),
                args.len(),
            );
            let sql = format!("{all} SELECT t.user_id, (SELECT COUNT(*) FROM found) FROM found t{page}");
            let rows: Vec<(i64, i64)> = self.db.rows(&sql, [args.clone(), more].concat()).await?;
            // Nothing is said of all by a page that lies behind them.
            if !rows.is_empty() || list.after.is_none() {
                found.count = rows.first().map_or(0, |(_, count)| *count);
                let is_all = found.count <= MANY;
                found.of_page = is_all.then(|| rows.into_iter().map(|(user_id, _)| user_id).collect());
                return Ok(Some(found));
            }
        }
        let row: Option<(i64,)> = self.db.row(&format!("{all} SELECT COUNT(*) FROM found"), args).await?;
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
        let mut found = Found {
            from: "user_search t",
            conditions: Conditions::default(),
            count: 0,
            pattern,
            methods,
            is_by_name: false,
            of_page: None,
        };
        let mut is_said = false;
        if self.db.is_sqlite()
            && let Some(sought) = sought
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
            let (passed, mut args) = first_of(list, &among, passing, most, 0);
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
        let (rest, args) = first_of(list, &gathered, &found.conditions, limit(list), 0);
        let ids: Vec<(i64,)> = self.db.rows(&format!("SELECT t.user_id FROM {}{rest}", found.from), args).await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    /// Whether an import goes without an index (`importing/indexes.rs`).
    pub(super) async fn is_put_off(&self, index: &str) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT name FROM deferred_indexes WHERE name = $1";
        Ok(self.db.row::<(String,)>(SQL, args![index]).await?.is_some())
    }
}
