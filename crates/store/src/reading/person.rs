use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::instant::Instant;
use domain::query::{EventsQuery, Report, SignInFilters, SignInsQuery, Span};
use domain::record::PerUserMfa;
use domain::report::{StateInterval, UserDetails, UserItem};
use domain::window::Window;

use super::Reader;
use super::users::{STATE_COLUMNS, StateRow};
use crate::StoreError;
use crate::db::args;
use crate::error::member;
use crate::importing::{Holder, holders, name_key, object_key};

/// Events shown with one person.
const EVENTS_SHOWN: u32 = 100;
/// The latest sign-ins that are shown.
const SIGN_INS_SHOWN: u32 = 20;

#[derive(sqlx::FromRow)]
struct SpanRow {
    valid_from: i64,
    valid_to: i64,
    per_user_mfa: Option<i64>,
    created_at: Option<i64>,
    deleted_at: Option<i64>,
    is_recorded: i64,
    #[sqlx(flatten)]
    state: StateRow,
}

/// What all subjects of one person have in common.
#[derive(Default, sqlx::FromRow)]
struct SeenRow {
    first_event: Option<i64>,
    last_event: Option<i64>,
    object_id: Option<String>,
    name: Option<String>,
}

impl Reader {
    pub(super) async fn read_user(&self, id: &str, as_of: Instant) -> Result<Option<UserDetails>, StoreError> {
        let Some(user_id) = self.user_ids(&[id.to_owned()]).await?.into_iter().next() else { return Ok(None) };
        let rows: Vec<SpanRow> = self
            .db
            .rows(
                &format!(
                    "SELECT s.valid_from, s.valid_to, s.per_user_mfa, s.created_at, s.deleted_at, s.is_recorded, \
                     {STATE_COLUMNS}, s.user_id AS key_number, CAST(NULL AS TEXT) AS key_text \
                     FROM user_states s WHERE s.tenant_id = $1 AND s.user_id = $2 ORDER BY s.valid_from DESC"
                ),
                args![self.tenant.0, user_id],
            )
            .await?;
        let by_merged = self.db.by_index("users_merged_into_idx");
        let seen = format!(
            "SELECT MIN(first_event_at) AS first_event, MAX(last_event_at) AS last_event, \
             MAX(object_id) AS object_id, MAX(name_key) AS name FROM ( \
             SELECT * FROM users WHERE tenant_id = $1 AND user_id = $2 UNION ALL \
             SELECT * FROM users {by_merged} WHERE tenant_id = $1 AND merged_into = $2) AS named"
        );
        let seen: Option<SeenRow> = self.db.row(&seen, args![self.tenant.0, user_id]).await?;
        let SeenRow { first_event, last_event, object_id, name } = seen.unwrap_or_default();
        let mut details = UserDetails {
            state: None,
            id: object_id.or(name).unwrap_or_default(),
            display_name: None,
            user_name: None,
            per_user_mfa: None,
            created_at: None,
            deleted_at: None,
            first_seen_at: first_event.map(Instant::from_millis),
            last_seen_at: last_event.map(Instant::from_millis),
            history: Vec::new(),
            events: Vec::new(),
            events_total: 0,
            sign_ins: Vec::new(),
            sign_ins_total: 0,
            blocks: Vec::new(),
        };
        for row in rows {
            let (from, to) = (Instant::from_millis(row.valid_from), Instant::from_millis(row.valid_to));
            let holds = from <= as_of && as_of < to;
            let (created_at, deleted_at) = (row.created_at, row.deleted_at);
            let per_user_mfa = row
                .per_user_mfa
                .map(|code| member("user_states", "per_user_mfa", code, PerUserMfa::from_code))
                .transpose()?;
            let is_recorded = row.is_recorded == 1;
            let state = UserItem::try_from(row.state)?;
            if details.display_name.is_none() && details.user_name.is_none() {
                (details.display_name, details.user_name) = (state.display_name.clone(), state.user_name.clone());
            }
            if holds {
                (details.display_name, details.user_name) = (state.display_name.clone(), state.user_name.clone());
                details.per_user_mfa = per_user_mfa;
                details.created_at = created_at.map(Instant::from_millis);
                details.deleted_at = deleted_at.map(Instant::from_millis);
                details.state = is_recorded.then(|| state.clone());
            }
            if is_recorded {
                let to = (to < Instant::MAX).then_some(to);
                details.history.push(StateInterval { from, to, state });
            }
        }
        let all = Window { from: Instant::MIN, to: as_of.plus_millis(1) };
        let report = Report { span: Span::Window(all), as_of_is_given: true, ..Report::new(as_of) };
        let mut sign_ins =
            SignInsQuery::with(report.clone(), SignInFilters { user: vec![id.to_owned()], ..SignInFilters::default() });
        sign_ins.list.size = SIGN_INS_SHOWN;
        let sign_ins = self.sign_ins_of(&sign_ins, None).await?;
        // Users' rows are not written for each sign-in: the latest one says when the user was last seen.
        details.last_seen_at = details.last_seen_at.max(sign_ins.items.first().map(|latest| latest.at));
        (details.sign_ins_total, details.sign_ins) = (sign_ins.total, sign_ins.items);
        details.blocks = self.blocks_of(&[id.to_owned()], as_of).await?;
        details.blocks.sort_by_key(|block| (block.status, Reverse(block.at)));
        let mut query = EventsQuery { user: vec![id.to_owned()], ..EventsQuery::of(report) };
        query.list.size = EVENTS_SHOWN;
        let events = self.read_events(&query).await?;
        (details.events_total, details.events) = (events.total, events.items);
        Ok(Some(details))
    }

    /// The users that these object ids or user names mean; names that nobody has are passed over.
    pub(super) async fn user_ids(&self, ids: &[String]) -> Result<Vec<i64>, StoreError> {
        let mut found = BTreeSet::new();
        for id in ids {
            let mut subject: Option<(i64, Option<i64>)> = None;
            for (column, index, key) in
                [("object_id", "users_object_id_idx", object_key(id)), ("name_key", "users_name_key_idx", name_key(id))]
            {
                let by = self.db.by_index(index);
                let sql = format!("SELECT user_id, merged_into FROM users {by} WHERE tenant_id = $1 AND {column} = $2");
                subject = self.db.row(&sql, args![self.tenant.0, key]).await?;
                if subject.is_some() {
                    break;
                }
            }
            if let Some((user_id, merged_into)) = subject {
                found.insert(merged_into.unwrap_or(user_id));
                continue;
            }
            let sql = format!("{} ($2)", holders(|index| self.db.by_index(index)));
            let holders: Vec<Holder> = self.db.rows(&sql, args![self.tenant.0, name_key(id)]).await?;
            let holder = holders.into_iter().max_by(|a, b| a.rank().cmp(&b.rank()));
            found.extend(holder.map(|holder| holder.user_id));
        }
        Ok(found.into_iter().collect())
    }
}
