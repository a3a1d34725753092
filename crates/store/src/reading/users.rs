use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::{MethodClass, MethodSet};
use domain::page::{Key, Page};
use domain::query::{UNKNOWN_GROUP, UserColumn, UserFlag, UserGroup, UsersQuery};
use domain::record::UserType;
use domain::report::UserItem;
use sea_query::Value;

use super::Reader;
use super::conditions::{Conditions, in_population, valid_at};
use super::list::{Keyed, SortBy, key_columns, key_of, page};
use crate::StoreError;
use crate::db::args;
use crate::error::member;

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
    pub key_number: Option<i64>,
    pub key_text: Option<String>,
}

/// The columns of a [`StateRow`] but its key.
pub(super) const STATE_COLUMNS: &str = "s.user_id, s.id, s.display_name, s.user_name, s.user_type, \
    s.enabled_account, s.admin, s.registered, s.enabled, s.capable, s.mfa_registered, s.mfa_capable, \
    s.passwordless_capable, s.methods, s.raw_methods, s.default_method, s.department, s.country, s.updated_at";

impl Keyed for StateRow {
    fn key(&self) -> Key {
        key_of(self.key_number, self.key_text.as_deref())
    }

    fn tie(&self) -> Key {
        Key::Number(self.user_id)
    }
}

/// The sort key of a column: an expression that is never NULL, and whether it is a text.
fn sort_of(column: UserColumn) -> (&'static str, bool) {
    match column {
        UserColumn::Id => ("s.id", true),
        UserColumn::DisplayName => ("s.display_name_folded", true),
        UserColumn::UserName => ("s.user_name_folded", true),
        UserColumn::DefaultMethod => ("COALESCE(s.default_method, '')", true),
        UserColumn::Department => ("COALESCE(s.department, '')", true),
        UserColumn::Country => ("COALESCE(s.country, '')", true),
        UserColumn::UserType => ("COALESCE(s.user_type, -1)", false),
        UserColumn::EnabledAccount => ("s.enabled_account", false),
        UserColumn::Admin => ("s.admin", false),
        UserColumn::Registered => ("s.registered", false),
        UserColumn::Enabled => ("s.enabled", false),
        UserColumn::Capable => ("s.capable", false),
        UserColumn::MfaRegistered => ("s.mfa_registered", false),
        UserColumn::MfaCapable => ("s.mfa_capable", false),
        UserColumn::PasswordlessCapable => ("s.passwordless_capable", false),
        UserColumn::Methods => ("COALESCE(s.methods, -1)", false),
        UserColumn::UpdatedAt => ("COALESCE(s.updated_at, -9223372036854775807)", false),
    }
}

impl Reader {
    pub async fn users(&self, query: &UsersQuery) -> Result<Page<UserItem>, StoreError> {
        let conditions = self.users_conditions(query).await?;
        let total = self.users_total(query, &conditions).await?;
        let (expression, is_text) = sort_of(query.list.sort.column);
        let key = key_columns(expression, is_text);
        let select = format!("SELECT {STATE_COLUMNS}, {key} FROM user_states s");
        let sort = SortBy { expression, tie: "s.user_id" };
        let rows: Page<StateRow> = page(&self.db, &query.list, sort, &select, &conditions, total).await?;
        let Page { total, total_is_exact, items, first, next, previous } = rows;
        let items = items.into_iter().map(UserItem::try_from).collect::<Result<_, _>>()?;
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }

    /// Tiles' filters are counted from the cells; the rest by looking.
    async fn users_total(&self, query: &UsersQuery, conditions: &Conditions) -> Result<i64, StoreError> {
        let only_cells = query.list.q.is_none()
            && query.method.is_empty()
            && query.department.is_empty()
            && query.country.is_empty();
        if only_cells {
            let cells = self.cells_at(query.report.as_of).await?;
            let matching = cells.into_iter().filter(|(cell, _)| {
                query.population().leaves_out(cell.standing()).is_none()
                    && UserFlag::ALL.iter().all(|flag| {
                        let asked = query.flag(*flag);
                        asked.is_empty() || asked.contains(&cell.flag(*flag))
                    })
                    && (query.method_class.is_empty() || query.method_class.iter().any(|class| cell.is_in(*class)))
            });
            return Ok(matching.map(|(_, n)| n).sum());
        }
        let sql = format!("SELECT COUNT(*) FROM user_states s{}", conditions.sql());
        let row: Option<(i64,)> = self.db.row(&sql, conditions.args()).await?;
        Ok(row.unwrap_or_default().0)
    }

    /// How many of a list's users each department or country has, in the order of the names; those of none are first.
    pub async fn users_by(
        &self,
        query: &UsersQuery,
        group: UserGroup,
    ) -> Result<Vec<(Option<String>, i64)>, StoreError> {
        let conditions = self.users_conditions(query).await?;
        let sql = format!(
            "SELECT s.{group} AS value, COUNT(*) AS n FROM user_states s{} GROUP BY s.{group}",
            conditions.sql()
        );
        let mut groups: Vec<(Option<String>, i64)> = self.db.rows(&sql, conditions.args()).await?;
        // The engines put NULL at different ends.
        groups.sort();
        Ok(groups)
    }

    async fn users_conditions(&self, query: &UsersQuery) -> Result<Conditions, StoreError> {
        let as_of = query.report.as_of;
        let mut conditions = Conditions::default();
        conditions.and("s.tenant_id = ?", [self.tenant.0.into()]);
        valid_at(&mut conditions, "s", as_of, self.is_present(as_of).await?);
        conditions.and(&in_population(query.population(), "s"), []);
        for flag in UserFlag::ALL {
            conditions.any_of(&format!("s.{flag}"), query.flag(*flag).iter().map(|answer| answer.code()));
        }
        if !query.method.is_empty() {
            let mask = query.method.iter().fold(0, |mask, method| mask | method.matched_by_filter().bits());
            conditions.and("(s.methods & ?) <> 0", [mask_value(mask)]);
        }
        if !query.method_class.is_empty() {
            let classes: Vec<String> = query.method_class.iter().map(|class| class_sql(*class)).collect();
            conditions.and(&format!("({})", classes.join(" OR ")), []);
        }
        in_group(&mut conditions, "s.department", &query.department);
        in_group(&mut conditions, "s.country", &query.country);
        conditions.search(query.list.q.as_deref(), &["s.display_name_folded", "s.user_name_folded"]);
        Ok(conditions)
    }

    /// Whether nothing has changed since: then the open intervals are the state.
    pub(super) async fn is_present(&self, as_of: Instant) -> Result<bool, StoreError> {
        let row: Option<(Option<i64>,)> =
            self.db.row("SELECT MAX(valid_from) FROM user_states WHERE tenant_id = $1", args![self.tenant.0]).await?;
        Ok(row.and_then(|(last,)| last).is_none_or(|last| last <= as_of.millis()))
    }

    /// Departments and countries of users known now, sorted.
    pub async fn filter_choices(&self) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices { departments: self.choices("department").await?, countries: self.choices("country").await? })
    }

    async fn choices(&self, column: &'static str) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = self
            .db
            .rows(
                &format!(
                    "SELECT DISTINCT {column} FROM user_states WHERE tenant_id = $1 \
                     AND valid_to = 253402207200000 AND {column} IS NOT NULL ORDER BY {column} LIMIT 1000"
                ),
                args![self.tenant.0],
            )
            .await?;
        Ok(rows.into_iter().map(|(value,)| value).collect())
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

fn mask_value(mask: u64) -> Value {
    i64::try_from(mask).unwrap_or(i64::MAX).into()
}

/// A method class as SQL over the bit set: the twin of [`MethodSet::is_in`], which tests compare.
fn class_sql(class: MethodClass) -> String {
    let mask = |is_in: fn(domain::method::AuthMethod) -> bool| {
        let methods = domain::method::AuthMethod::ALL.iter().filter(|method| is_in(**method));
        methods.fold(0u64, |mask, method| mask | 1 << *method as u64)
    };
    let weak = mask(|method| method.is_sms_or_voice());
    let other = mask(|method| !method.is_sms_or_voice() && !method.is_no_factor_of_its_own());
    match class {
        MethodClass::SmsOrVoice => format!("(s.methods & {weak}) <> 0"),
        MethodClass::SmsOrVoiceOnly => format!("((s.methods & {weak}) <> 0 AND (s.methods & {other}) = 0)"),
        MethodClass::SmsOrVoiceAndBetter => format!("((s.methods & {weak}) <> 0 AND (s.methods & {other}) <> 0)"),
        MethodClass::PhishingResistant => {
            let strong = mask(|method| method.is_phishing_resistant());
            format!("(s.methods & {strong}) <> 0")
        }
        MethodClass::None => "s.methods = 0".to_owned(),
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
        })
    }
}
