//! The activity report: authentications through on-premises components.

use std::collections::BTreeMap;

use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::AuthMethod;
use domain::mfa::{CallMode, CallResult};
use domain::page::{Key, Page};
use domain::query::{ActivityColumn, ActivityQuery, Report};
use domain::report::{ActivityItem, ActivitySummary, ComponentUsage, RestrictedActivity};
use domain::sign_in::Component;
use domain::window::Window;

use super::Reader;
use super::conditions::{Conditions, in_population, valid_at};
use super::list::{Keyed, SortBy, Total, key_of, page, read};
use crate::StoreError;
use crate::db::args;
use crate::error::member;

#[derive(sqlx::FromRow)]
struct ActivityRow {
    activity_id: String,
    at: i64,
    user_id: Option<String>,
    display_name: Option<String>,
    user_name: Option<String>,
    component: i64,
    method: i64,
    mode: Option<i64>,
    authentication_type: Option<String>,
    application: Option<String>,
    phone: Option<String>,
    call_result: Option<i64>,
    raw_result: Option<String>,
    authenticated: i64,
    ip: Option<String>,
    key_number: Option<i64>,
    key_text: Option<String>,
}

impl Keyed for ActivityRow {
    fn key(&self) -> Key {
        key_of(self.key_number, self.key_text.as_deref())
    }

    fn tie(&self, column: &str) -> Key {
        if column == "m.at" { Key::Number(self.at) } else { Key::Text(self.activity_id.clone()) }
    }
}

const OUTWARD_ID: &str = "COALESCE(u.object_id, u.name_key, '')";

fn sort_of(column: ActivityColumn) -> SortBy {
    let (expression, is_text) = match column {
        ActivityColumn::Id => ("m.activity_id", true),
        ActivityColumn::At => ("m.at", false),
        ActivityColumn::UserId => (OUTWARD_ID, true),
        ActivityColumn::DisplayName => ("m.display_name_key", true),
        ActivityColumn::UserName => ("m.user_name_folded", true),
        ActivityColumn::Component => ("m.component", false),
        ActivityColumn::Method => ("m.method", false),
        ActivityColumn::Mode => ("COALESCE(m.mode, -1)", false),
        ActivityColumn::AuthenticationType => ("COALESCE(m.authentication_type, '')", true),
        ActivityColumn::Application => ("COALESCE(m.application, '')", true),
        ActivityColumn::Phone => ("COALESCE(m.phone, '')", true),
        ActivityColumn::CallResult => ("COALESCE(m.call_result, -1)", false),
        ActivityColumn::RawResult => ("COALESCE(m.raw_result, '')", true),
        ActivityColumn::Authenticated => ("m.authenticated", false),
        ActivityColumn::Ip => ("COALESCE(m.ip, '')", true),
    };
    let ties: &[&str] = match column {
        ActivityColumn::At => &["m.activity_id"],
        _ => &["m.at", "m.activity_id"],
    };
    SortBy { expression: expression.to_owned(), is_text, ties }
}

impl Reader {
    pub(super) async fn activity_of(
        &self,
        query: &ActivityQuery,
        counted: Option<Total>,
    ) -> Result<Page<ActivityItem>, StoreError> {
        let conditions = self.activity_conditions(query).await?;
        let total = match counted {
            Some(total) => total,
            None => {
                let sql = format!("SELECT COUNT(*) FROM mfa_activity m{}", conditions.sql());
                let (rows,) = self.db.row::<(i64,)>(&sql, conditions.args()).await?.unwrap_or_default();
                Total { rows, is_exact: true }
            }
        };
        let sort = sort_of(query.list.sort.column);
        let select = format!(
            "SELECT m.activity_id, m.at, NULLIF({OUTWARD_ID}, '') AS user_id, m.display_name, m.user_name, \
             m.component, m.method, m.mode, m.authentication_type, m.application, m.phone, m.call_result, \
             m.raw_result, m.authenticated, m.ip, {} FROM mfa_activity m \
             LEFT JOIN users u ON u.tenant_id = m.tenant_id AND u.user_id = m.user_id",
            sort.key()
        );
        let rows: Vec<ActivityRow> = read(&self.db, &query.list, &sort, &select, &conditions).await?;
        let Page { total, total_is_exact, items, first, next, previous } = page(&query.list, &sort, rows, total);
        let items = items.into_iter().map(|row| self.activity_item(row)).collect::<Result<_, _>>()?;
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }

    async fn activity_conditions(&self, query: &ActivityQuery) -> Result<Conditions, StoreError> {
        let mut conditions = Conditions::default();
        let window = query.report.window();
        conditions.and("m.tenant_id = ?", [self.tenant.0.into()]);
        conditions.and("m.at >= ? AND m.at < ?", [window.from.millis().into(), window.to.millis().into()]);
        let filters = &query.filters;
        conditions.any_of("+m.component", filters.component.iter().map(|component| component.code()));
        conditions.any_of("+m.authenticated", filters.authenticated.iter().map(|answer| answer.code()));
        conditions.any_of("+m.call_result", filters.call_result.iter().map(|result| result.code()));
        conditions.any_of("+m.method", filters.method.iter().map(|method| method.code()));
        if !filters.user.is_empty() {
            let mut ids = self.user_ids(&filters.user).await?;
            // Somebody nobody knows has no rows; an empty list would mean everybody.
            ids.push(-1);
            conditions.any_of("m.user_id", ids);
        }
        if let Some(population) = query.report.population {
            let mut state = Conditions::default();
            state.and("s.tenant_id = m.tenant_id AND s.user_id = m.user_id", []);
            valid_at(&mut state, "s", query.report.as_of, false);
            state.and(&in_population(population, "s"), []);
            conditions.and(&format!("EXISTS (SELECT 1 FROM user_states s{})", state.unnumbered()), state.args());
        }
        conditions.search(query.list.q.as_deref(), &["m.display_name_folded", "m.user_name_folded"]);
        Ok(conditions)
    }

    fn activity_item(&self, row: ActivityRow) -> Result<ActivityItem, StoreError> {
        const TABLE: &str = "mfa_activity";
        let mode = row.mode.map(|code| member(TABLE, "mode", code, CallMode::from_code)).transpose()?;
        let call_result =
            row.call_result.map(|code| member(TABLE, "call_result", code, CallResult::from_code)).transpose()?;
        Ok(ActivityItem {
            id: row.activity_id,
            at: Instant::from_millis(row.at),
            user_id: row.user_id,
            display_name: row.display_name,
            user_name: row.user_name,
            component: member(TABLE, "component", row.component, Component::from_code)?,
            method: member(TABLE, "method", row.method, AuthMethod::from_code)?,
            mode,
            authentication_type: row.authentication_type,
            application: row.application,
            phone: row.phone,
            call_result,
            raw_result: row.raw_result,
            authenticated: member(TABLE, "authenticated", row.authenticated, Answer::from_code)?,
            restricted: self.sees_conditional_access.then_some(RestrictedActivity { ip: row.ip }),
        })
    }

    pub(super) async fn read_activity_summary(&self, report: &Report) -> Result<ActivitySummary, StoreError> {
        let window = report.window();
        let rows: Vec<(i64, i64, i64)> = self
            .db
            .rows(
                "SELECT component, authenticated, COUNT(*) FROM mfa_activity \
                 WHERE tenant_id = $1 AND at >= $2 AND at < $3 GROUP BY component, authenticated",
                args![self.tenant.0, window.from.millis(), window.to.millis()],
            )
            .await?;
        let none =
            |component| ComponentUsage { component, authenticated: 0, not_authenticated: 0, unknown: 0, sign_ins: 0 };
        let mut components: BTreeMap<Component, ComponentUsage> = Component::ALL
            .iter()
            .filter(|component| **component != Component::None)
            .map(|component| (*component, none(*component)))
            .collect();
        for (component, authenticated, n) in rows {
            let component = member("mfa_activity", "component", component, Component::from_code)?;
            let usage = components.entry(component).or_insert_with(|| none(component));
            match member("mfa_activity", "authenticated", authenticated, Answer::from_code)? {
                Answer::Yes => usage.authenticated += n,
                Answer::No => usage.not_authenticated += n,
                Answer::Unknown => usage.unknown += n,
            }
        }
        let classes = self.classes().await?;
        for (class_id, n) in self.class_counts(window).await? {
            if let Some(usage) = classes.get(&class_id).and_then(|class| components.get_mut(&class.component)) {
                usage.sign_ins += n;
            }
        }
        Ok(ActivitySummary { components: components.into_values().collect() })
    }

    /// How often each call result occurred in a window.
    pub(super) async fn call_results(&self, window: Window) -> Result<BTreeMap<CallResult, i64>, StoreError> {
        let rows: Vec<(i64, i64)> = self
            .db
            .rows(
                "SELECT call_result, COUNT(*) FROM mfa_activity \
                 WHERE tenant_id = $1 AND at >= $2 AND at < $3 AND call_result IS NOT NULL GROUP BY call_result",
                args![self.tenant.0, window.from.millis(), window.to.millis()],
            )
            .await?;
        rows.into_iter()
            .map(|(code, n)| Ok((member("mfa_activity", "call_result", code, CallResult::from_code)?, n)))
            .collect()
    }
}
