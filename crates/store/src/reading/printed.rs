//! What the PowerShell commands of 2020 printed.

use domain::answer::Answer;
use domain::method::{AuthMethod, MethodSet};
use domain::page::{Key, Page};
use domain::query::{
    Column, List, ListQuery, MfaMethodsColumn, MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, UserFlag,
};
use domain::record::PerUserMfa;
use domain::report::{MfaMethodsItem, UserNameItem};
use sea_query::Value;

use super::Reader;
use super::conditions::{Conditions, valid_at};
use super::list::{Keyed, SortBy, Total, key_of, page, read};
use crate::StoreError;
use crate::cell::Cell;
use crate::error::member;

#[derive(sqlx::FromRow)]
struct PrintedRow {
    user_id: i64,
    name: String,
    per_user_mfa: Option<i64>,
    methods: Option<i64>,
    raw_methods: Option<String>,
    key_number: Option<i64>,
    key_text: Option<String>,
}

impl Keyed for PrintedRow {
    fn key(&self) -> Key {
        key_of(self.key_number, self.key_text.as_deref())
    }

    fn tie(&self, _: &str) -> Key {
        Key::Number(self.user_id)
    }
}

impl Reader {
    pub(super) async fn mfa_registered_of(
        &self,
        query: &MfaRegisteredQuery,
        counted: Option<Total>,
    ) -> Result<Page<UserNameItem>, StoreError> {
        self.user_names(query, |cell| is_enabled(cell) && cell.flag(UserFlag::MfaRegistered) == Answer::Yes, counted)
            .await
    }

    pub(super) async fn mfa_not_registered_of(
        &self,
        query: &MfaNotRegisteredQuery,
        counted: Option<Total>,
    ) -> Result<Page<UserNameItem>, StoreError> {
        self.user_names(query, |cell| is_enabled(cell) && cell.flag(UserFlag::MfaRegistered) == Answer::No, counted)
            .await
    }

    async fn user_names<Q: ListQuery>(
        &self,
        query: &Q,
        is_in: fn(Cell) -> bool,
        counted: Option<Total>,
    ) -> Result<Page<UserNameItem>, StoreError> {
        let page = self.printed(query, query.list(), &by_name(), is_in, counted).await?;
        let Page { total, total_is_exact, items, first, next, previous } = page;
        let items = items.into_iter().map(|row| UserNameItem { user_principal_name: row.name }).collect();
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }

    pub(super) async fn mfa_methods_of(
        &self,
        query: &MfaMethodsQuery,
        counted: Option<Total>,
    ) -> Result<Page<MfaMethodsItem>, StoreError> {
        let sort = match query.list.sort.column {
            MfaMethodsColumn::UserPrincipalName => by_name(),
            MfaMethodsColumn::MfaStatus => number("COALESCE(s.per_user_mfa, -1)"),
            MfaMethodsColumn::MfaMethods => number("COALESCE(s.methods, -1)"),
        };
        let page = self.printed(query, &query.list, &sort, is_known, counted).await?;
        let Page { total, total_is_exact, items, first, next, previous } = page;
        let items = items.into_iter().map(MfaMethodsItem::try_from).collect::<Result<_, _>>()?;
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }

    async fn printed<Q: ListQuery, C: Column>(
        &self,
        query: &Q,
        list: &List<C>,
        sort: &SortBy,
        is_in: fn(Cell) -> bool,
        counted: Option<Total>,
    ) -> Result<Page<PrintedRow>, StoreError> {
        let report = query.report();
        let is_of_population =
            |cell: Cell| report.population.is_none_or(|population| population.leaves_out(cell.standing()).is_none());
        let cells = self.cells_at(report.as_of).await?;
        let asked: Vec<(Cell, i64)> =
            cells.into_iter().filter(|(cell, _)| is_in(*cell) && is_of_population(*cell)).collect();
        let mut conditions = Conditions::default();
        conditions.and("s.tenant_id = ?", [self.tenant.0.into()]);
        valid_at(&mut conditions, "s", report.as_of, self.is_present(report.as_of).await?);
        conditions.any_of("+s.cell", asked.iter().map(|(cell, _)| cell.0).chain([-1]).map(Value::from));
        conditions.search(list.q.as_deref(), &["s.user_name_folded"]);
        let total = match (counted, &list.q) {
            (Some(total), _) => total,
            (None, None) => Total { rows: asked.iter().map(|(_, n)| n).sum(), is_exact: true },
            (None, Some(_)) => {
                let sql = format!("SELECT COUNT(*) FROM user_states s{}", conditions.sql());
                let (rows,) = self.db.row::<(i64,)>(&sql, conditions.args()).await?.unwrap_or_default();
                Total { rows, is_exact: true }
            }
        };
        let select = format!(
            "SELECT s.user_id, COALESCE(s.user_name, s.id) AS name, s.per_user_mfa, s.methods, s.raw_methods, {} \
             FROM user_states s",
            sort.key()
        );
        let rows = read(&self.db, list, sort, &select, &conditions).await?;
        Ok(page(list, sort, rows, total))
    }
}

fn by_name() -> SortBy {
    SortBy { expression: "s.user_name_folded".to_owned(), is_text: true, ties: &["s.user_id"] }
}

fn number(expression: &str) -> SortBy {
    SortBy { expression: expression.to_owned(), is_text: false, ties: &["s.user_id"] }
}

/// Everybody whom a report or the directory knows.
fn is_known(cell: Cell) -> bool {
    let standing = cell.standing();
    standing.is_recorded && !standing.is_deleted
}

/// `BlockCredential -eq $False`
fn is_enabled(cell: Cell) -> bool {
    is_known(cell) && !cell.standing().is_disabled
}

impl TryFrom<PrintedRow> for MfaMethodsItem {
    type Error = StoreError;

    fn try_from(row: PrintedRow) -> Result<Self, StoreError> {
        let per_user_mfa = row
            .per_user_mfa
            .map(|code| member("user_states", "per_user_mfa", code, PerUserMfa::from_code))
            .transpose()?;
        let raw: Vec<String> = row.raw_methods.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        let methods = row.methods.map(|bits| MethodSet::from_parts(u64::try_from(bits).unwrap_or_default(), raw));
        Ok(Self {
            user_principal_name: row.name,
            mfa_status: per_user_mfa.map(|state| {
                match state {
                    PerUserMfa::Disabled => "Disabled",
                    PerUserMfa::Enabled => "Enabled",
                    PerUserMfa::Enforced => "Enforced",
                }
                .to_owned()
            }),
            mfa_methods: methods.map(|methods| names(&methods)),
        })
    }
}

/// The old module's names, joined where PowerShell wrote `System.Object[]`; our ids for what it did not know.
fn names(methods: &MethodSet) -> String {
    let old = methods.ids().into_iter().flat_map(|id| -> Vec<String> {
        let names: &[&str] = match id.parse::<AuthMethod>() {
            Ok(AuthMethod::Sms) => &["OneWaySMS"],
            Ok(AuthMethod::PhoneCall) => &["TwoWayVoiceMobile"],
            Ok(AuthMethod::MobilePhone) => &["OneWaySMS", "TwoWayVoiceMobile"],
            Ok(AuthMethod::OfficeCall | AuthMethod::OfficePhone) => &["TwoWayVoiceOffice"],
            Ok(AuthMethod::AlternateCall | AuthMethod::AlternatePhone) => &["TwoWayVoiceAlternateMobile"],
            Ok(AuthMethod::AppNotification) => &["PhoneAppNotification"],
            Ok(AuthMethod::AppCode | AuthMethod::SoftwareOath) => &["PhoneAppOTP"],
            _ => return vec![id],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    });
    let mut distinct: Vec<String> = Vec::new();
    for name in old {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct.join(", ")
}
