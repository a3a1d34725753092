//! Fraud alerts: from the audit log, from sign-ins and from the activity report; one act is one alert.

use domain::answer::Answer;
use domain::instant::{Instant, MINUTE_MS};
use domain::mfa::{ActionKind, CallResult, FraudSource};
use domain::page::{Cursor, Key, Page};
use domain::query::{
    ActivityFilters, ActivityQuery, FraudAlertsQuery, MAX_SIZE, Report, SignInFilters, SignInsQuery, Span,
};
use domain::report::{Fields as _, FraudItem};
use domain::sign_in::{MfaStatus, StatusText};
use domain::window::Window;

use super::Reader;
use super::actions::{Notes, retain_found};
use super::list::{key_of_field, page_of_all};
use crate::StoreError;

/// A fraud alert and the sign-in that it is about are no further apart.
const SAME_FRAUD_MS: i64 = 10 * MINUTE_MS;

impl Reader {
    pub(super) async fn fraud_alerts(&self, query: &FraudAlertsQuery) -> Result<Page<FraudItem>, StoreError> {
        let mut items = self.fraud_of(&query.report, &query.filters.user).await?;
        if !query.filters.blocked.is_empty() {
            items.retain(|item| query.filters.blocked.contains(&item.blocked));
        }
        retain_found(&mut items, query.list.q.as_deref(), |item| [item.display_name.as_ref(), item.user_name.as_ref()]);
        Ok(page_of_all(
            &query.list,
            items,
            |item, column| key_of_field(&item.field(column)),
            |item| Key::Text(item.id.clone()),
        ))
    }

    /// Alerts of the window. One that stands in the audit log and in a sign-in is one, told by both.
    async fn fraud_of(&self, report: &Report, users: &[String]) -> Result<Vec<FraudItem>, StoreError> {
        let window = report.window();
        let mut notes = self.notes().await?;
        let wide = Window { from: window.from.plus_millis(-SAME_FRAUD_MS), to: window.to.plus_millis(SAME_FRAUD_MS) };
        let filters = SignInFilters {
            mfa_status: vec![StatusText::Status(MfaStatus::FraudReported)],
            user: users.to_vec(),
            ..SignInFilters::default()
        };
        let wide_report = Report { span: Span::Window(wide), population: None, ..report.clone() };
        let mut sign_ins = Vec::new();
        let mut query = SignInsQuery::with(wide_report, filters);
        query.list.size = MAX_SIZE;
        loop {
            let page = self.sign_ins_of(&query, None).await?;
            sign_ins.extend(page.items);
            let Some(next) = page.next.as_deref().and_then(Cursor::decode) else { break };
            query.list.after = Some(next);
        }
        let mut is_told = vec![false; sign_ins.len()];
        let mut items = Vec::new();
        for row in self.actions(&[ActionKind::Fraud], wide.to, users).await? {
            if row.at() < wide.from {
                continue;
            }
            let near = |at: Instant| (at.millis() - row.at().millis()).abs() <= SAME_FRAUD_MS;
            let same_attempt = sign_ins
                .iter()
                .position(|sign_in| row.correlation_id.is_some() && sign_in.correlation_id == row.correlation_id);
            let found = same_attempt.or_else(|| {
                sign_ins
                    .iter()
                    .position(|sign_in| row.user_id.is_some() && sign_in.user_id == row.user_id && near(sign_in.at))
            });
            for (told, sign_in) in is_told.iter_mut().zip(&sign_ins) {
                *told |= row.user_id.is_some() && sign_in.user_id == row.user_id && near(sign_in.at);
            }
            if let Some(i) = found {
                is_told[i] = true;
            }
            items.push(FraudItem {
                notes: notes.remove(&row.action_id).unwrap_or_default(),
                at: row.at(),
                source: if row.action_id.starts_with("row:") { FraudSource::MfaServer } else { FraudSource::Audit },
                blocked: Answer::from(row.is_blocked.map(|is_blocked| is_blocked == 1)),
                sign_in_id: found.map(|i| sign_ins[i].id.clone()),
                id: row.action_id,
                user_id: row.user_id,
                display_name: row.display_name,
                user_name: row.user_name,
                reason: row.reason,
            });
        }
        for (sign_in, _) in sign_ins.into_iter().zip(is_told).filter(|(_, is_told)| !is_told) {
            let id = format!("sign-in:{}", sign_in.id);
            items.push(FraudItem {
                notes: notes.remove(&id).unwrap_or_default(),
                at: sign_in.at,
                source: FraudSource::SignIn,
                blocked: Answer::Unknown,
                sign_in_id: Some(sign_in.id),
                id,
                user_id: sign_in.user_id,
                display_name: sign_in.display_name,
                user_name: sign_in.user_name,
                // A sign-in says that fraud was reported, and not why.
                reason: None,
            });
        }
        items.extend(self.fraud_of_activity(window, users, &mut notes).await?);
        items.retain(|item| window.from <= item.at && item.at < window.to);
        Ok(items)
    }

    async fn fraud_of_activity(
        &self,
        window: Window,
        users: &[String],
        notes: &mut Notes,
    ) -> Result<Vec<FraudItem>, StoreError> {
        let fraud = CallResult::ALL.iter().filter(|result| result.is_fraud());
        let report = Report { span: Span::Window(window), ..Report::new(window.to) };
        let mut query = ActivityQuery::with(
            report,
            ActivityFilters { call_result: fraud.copied().collect(), user: users.to_vec(), ..Default::default() },
        );
        query.list.size = MAX_SIZE;
        let mut items = Vec::new();
        loop {
            let page = self.activity_of(&query, None).await?;
            items.extend(page.items.into_iter().map(|row| {
                let id = format!("activity:{}", row.id);
                FraudItem {
                    notes: notes.remove(&id).unwrap_or_default(),
                    id,
                    at: row.at,
                    user_id: row.user_id,
                    display_name: row.display_name,
                    user_name: row.user_name,
                    source: FraudSource::Activity,
                    blocked: Answer::Unknown,
                    reason: row.call_result.map(|result| result.to_string()).or(row.raw_result),
                    sign_in_id: None,
                }
            }));
            let Some(next) = page.next.as_deref().and_then(Cursor::decode) else { break };
            query.list.after = Some(next);
        }
        Ok(items)
    }
}
