use async_recursion::async_recursion as boxed;
use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::{AuthMethod, MethodSet};
use domain::page::{Key, Page};
use domain::query::{UNKNOWN_GROUP, UserColumn, UserFlag, UserGroup, UsersQuery};
use domain::record::UserType;
use domain::report::UserItem;
use sea_query::Value;

use super::Reader;
use super::conditions::{Conditions, valid_at};
use super::list::{Keyed, MANY, Total, key_of, page};
use super::users_page::{Matching, sort_of};
use crate::StoreError;
use crate::cell::Cell;
use crate::db::args;
use crate::error::member;
use crate::search::Sought;

/// Values that filters offer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterChoices {
    pub departments: Vec<String>,
    pub countries: Vec<String>,
}

/// A row of `user_states` with its key in the list at hand.
#[derive(sqlx::FromRow)]
pub(super) struct StateRow {
    pub user_id: i64,
    pub id: String,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub user_type: Option<i64>,
    pub enabled_account: i64,
    pub admin: i64,
    pub registered: i64,
    pub enabled: i64,
    pub capable: i64,
    pub mfa_registered: i64,
    pub mfa_capable: i64,
    pub passwordless_capable: i64,
    pub methods: Option<i64>,
    pub raw_methods: Option<String>,
    pub default_method: Option<String>,
    pub department: Option<String>,
    pub country: Option<String>,
    pub updated_at: Option<i64>,
    pub created_at: Option<i64>,
    pub cell: i64,
    pub display_name_key: String,
    pub key_number: Option<i64>,
    pub key_text: Option<String>,
}

/// The columns of a [`StateRow`] but its key.
pub(super) const STATE_COLUMNS: &str = "s.user_id, s.id, s.display_name, s.user_name, s.user_type, \
    s.enabled_account, s.admin, s.registered, s.enabled, s.capable, s.mfa_registered, s.mfa_capable, \
    s.passwordless_capable, s.methods, s.raw_methods, s.default_method, s.department, s.country, s.updated_at, \
    s.created_at, s.cell, s.display_name_key";

impl Keyed for StateRow {
    fn key(&self) -> Key {
        key_of(self.key_number, self.key_text.as_deref())
    }

    fn tie(&self, column: &str) -> Key {
        match column {
            "s.cell" => Key::Number(self.cell),
            "s.display_name_key" => Key::Text(self.display_name_key.clone()),
            _ => Key::Number(self.user_id),
        }
    }
}

impl Reader {
    pub(super) async fn read_users(&self, query: &UsersQuery) -> Result<Page<UserItem>, StoreError> {
        self.users_of(query, None).await
    }

    pub(super) async fn users_of(
        &self,
        query: &UsersQuery,
        counted: Option<Total>,
    ) -> Result<Page<UserItem>, StoreError> {
        let matching = self.matching_users(query).await?;
        let total = match counted {
            Some(total) => total,
            None => self.users_total(&matching).await?,
        };
        let sort = sort_of(query.list.sort.column);
        let rows = self.users_page(query, &matching, &sort, total).await?;
        let Page { total, total_is_exact, items, first, next, previous } = page(&query.list, &sort, rows, total);
        let items = items.into_iter().map(UserItem::try_from).collect::<Result<_, _>>()?;
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }

    /// Tiles' filters are counted from the cells, those by department and country by looking; others until it is many.
    async fn users_total(&self, matching: &Matching) -> Result<Total, StoreError> {
        if matching.by_cells_alone {
            return Ok(Total { rows: matching.cells.iter().map(|(_, n)| n).sum(), is_exact: true });
        }
        if let (Some(found), true) = (&matching.found, matching.of_any_group) {
            return Ok(Total::counted_until_many(found.count));
        }
        let conditions = matching.conditions();
        let most = if matching.is_counted { String::new() } else { format!(" LIMIT {}", MANY + 1) };
        let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM user_states s{}{most}) AS counted", conditions.sql());
        let row: Option<(i64,)> = self.db.row(&sql, conditions.args()).await?;
        let (rows,) = row.unwrap_or_default();
        Ok(if matching.is_counted { Total { rows, is_exact: true } } else { Total::counted_until_many(rows) })
    }

    pub(super) async fn read_users_by(
        &self,
        query: &UsersQuery,
        group: UserGroup,
    ) -> Result<Vec<(Option<String>, i64)>, StoreError> {
        let matching = self.matching_users(query).await?;
        // Of few the rows are looked at; else the column's index is read, which has the cells too.
        let conditions = if matching.are_few() { matching.conditions() } else { matching.in_cells("+s.cell") };
        let sql = format!(
            "SELECT s.{group} AS value, COUNT(*) AS n FROM user_states s{} GROUP BY s.{group}",
            conditions.sql()
        );
        let mut groups: Vec<(Option<String>, i64)> = self.db.rows(&sql, conditions.args()).await?;
        // The engines put NULL at different ends.
        groups.sort();
        Ok(groups)
    }

    /// The users that a query asks for.
    async fn matching_users(&self, query: &UsersQuery) -> Result<Matching, StoreError> {
        let as_of = query.report.as_of;
        let asked_methods: Vec<AuthMethod> =
            query.method.iter().flat_map(|method| method.matched_by_filter().iter().collect::<Vec<_>>()).collect();
        let cells: Vec<(Cell, i64)> = self.cells_at(as_of).await?.into_iter().collect();
        let cells = cells.into_iter().filter(|(cell, _)| {
            query.population().leaves_out(cell.standing()).is_none()
                && UserFlag::ALL.iter().all(|flag| {
                    let asked = query.flag(*flag);
                    asked.is_empty() || asked.contains(&cell.flag(*flag))
                })
                && (query.method.is_empty() || asked_methods.iter().any(|method| cell.may_have(*method)))
                && (query.method_class.is_empty() || query.method_class.iter().any(|class| cell.is_in(*class)))
        });
        let is_present = self.is_present(as_of).await?;
        let mut base = Conditions::default();
        base.and("s.tenant_id = ?", [self.tenant.0.into()]);
        valid_at(&mut base, "s", as_of, is_present);
        let methods =
            query.method.iter().map(|method| method.matched_by_filter().bits()).reduce(|mask, bits| mask | bits);
        let methods = methods.map(|mask| i64::try_from(mask).unwrap_or(i64::MAX));
        in_group(&mut base, "s.department", &query.department);
        in_group(&mut base, "s.country", &query.country);
        let cells: Vec<(Cell, i64)> = cells.collect();
        if let Some(methods) = methods {
            base.and("(s.methods & ?) <> 0", [methods.into()]);
        }
        let sought = query.list.q.as_deref().and_then(Sought::of);
        let of_any_group = query.department.is_empty() && query.country.is_empty();
        let is_by_name = query.list.sort.column == UserColumn::DisplayName && of_any_group;
        let list = is_by_name.then_some(&query.list);
        let found = if is_present { self.search_users(sought.as_ref(), &cells, methods, list).await? } else { None };
        if let (Some(sought), false) = (&sought, is_present) {
            base.and("s.search_text LIKE ? ESCAPE '\\'", [sought.pattern().into()]);
        }
        let is_counted = sought.is_none() && query.method.is_empty();
        let by_cells_alone = is_counted && of_any_group;
        Ok(Matching { cells, base, is_present, by_cells_alone, of_any_group, is_counted, found })
    }

    /// Whether nothing has changed since: then the open intervals are the state.
    pub(super) async fn is_present(&self, as_of: Instant) -> Result<bool, StoreError> {
        let row: Option<(Option<i64>,)> =
            self.db.row("SELECT MAX(valid_from) FROM user_states WHERE tenant_id = $1", args![self.tenant.0]).await?;
        Ok(row.and_then(|(last,)| last).is_none_or(|last| last <= as_of.millis()))
    }

    /// Departments and countries of users known now, sorted.
    #[boxed]
    pub async fn filter_choices(&self) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices { departments: self.choices("department").await?, countries: self.choices("country").await? })
    }

    async fn choices(&self, column: &'static str) -> Result<Vec<String>, StoreError> {
        let values = self.present_values(column, 1000).await?;
        Ok(values.into_iter().flatten().collect())
    }

    /// The values that a column has in the present, sorted, nothing first: an index is skipped through, one step each.
    pub(super) async fn present_values(
        &self,
        column: &'static str,
        most: u32,
    ) -> Result<Vec<Option<String>>, StoreError> {
        let of = "FROM user_states WHERE tenant_id = $1 AND valid_to = 253402207200000";
        let sql = format!(
            "WITH RECURSIVE present (value) AS (SELECT MIN({column}) {of} UNION ALL \
             SELECT (SELECT MIN({column}) {of} AND {column} > present.value) FROM present \
             WHERE present.value IS NOT NULL) SELECT value FROM present WHERE value IS NOT NULL LIMIT {most}"
        );
        let rows: Vec<(String,)> = self.db.rows(&sql, args![self.tenant.0]).await?;
        Ok(std::iter::once(None).chain(rows.into_iter().map(|(value,)| Some(value))).collect())
    }
}

/// Users in one of these departments or countries; `unknown` is where the directory says nothing.
fn in_group(conditions: &mut Conditions, column: &'static str, names: &[String]) {
    if names.iter().any(|name| name == UNKNOWN_GROUP) {
        let known = vec![format!("{column} = ?"); names.len()].join(" OR ");
        conditions.and(&format!("({column} IS NULL OR {known})"), names.iter().cloned().map(Value::from));
    } else {
        conditions.any_of(column, names.iter().cloned());
    }
}

impl TryFrom<StateRow> for UserItem {
    type Error = StoreError;

    fn try_from(row: StateRow) -> Result<Self, StoreError> {
        let answer = |column, code| member("user_states", column, code, Answer::from_code);
        let raw: Vec<String> = match &row.raw_methods {
            None => Vec::new(),
            Some(raw) => serde_json::from_str(raw)
                .map_err(|error| StoreError::Inconsistent { table: "user_states", what: error.to_string() })?,
        };
        Ok(Self {
            enabled_account: answer("enabled_account", row.enabled_account)?,
            admin: answer("admin", row.admin)?,
            registered: answer("registered", row.registered)?,
            enabled: answer("enabled", row.enabled)?,
            capable: answer("capable", row.capable)?,
            mfa_registered: answer("mfa_registered", row.mfa_registered)?,
            mfa_capable: answer("mfa_capable", row.mfa_capable)?,
            passwordless_capable: answer("passwordless_capable", row.passwordless_capable)?,
            user_type: row
                .user_type
                .map(|code| member("user_states", "user_type", code, UserType::from_code))
                .transpose()?,
            methods: row.methods.map(|bits| MethodSet::from_parts(u64::try_from(bits).unwrap_or_default(), raw)),
            id: row.id,
            display_name: row.display_name,
            user_name: row.user_name,
            default_method: row.default_method,
            department: row.department,
            country: row.country,
            updated_at: row.updated_at.map(Instant::from_millis),
            created_at: row.created_at.map(Instant::from_millis),
        })
    }
}
