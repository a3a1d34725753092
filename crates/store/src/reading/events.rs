use domain::instant::Instant;
use domain::method::AuthMethod;
use domain::page::{Key, Page};
use domain::query::{EventColumn, EventsQuery};
use domain::record::{EventSource, Feature, Outcome};
use domain::report::EventItem;
use sea_query::Value;

use super::Reader;
use super::conditions::{Conditions, in_population, valid_at};
use super::list::{Keyed, SortBy, Total, key_of, page, read};
use crate::StoreError;
use crate::error::member;

/// A row of `events` with its key in the list at hand.
#[derive(sqlx::FromRow)]
pub(super) struct EventRow {
    pub event_id: String,
    pub at: i64,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub feature: i64,
    pub method: i64,
    pub raw_method: Option<String>,
    pub outcome: i64,
    pub reason: Option<String>,
    pub source: i64,
    pub key_number: Option<i64>,
    pub key_text: Option<String>,
}

impl Keyed for EventRow {
    fn key(&self) -> Key {
        key_of(self.key_number, self.key_text.as_deref())
    }

    fn tie(&self, _column: &str) -> Key {
        Key::Text(self.event_id.clone())
    }
}

/// A user's outward id: the object id, else the user name.
const OUTWARD_ID: &str = "COALESCE(u.object_id, u.name_key, '')";

const FROM: &str = "FROM events e LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.user_id = e.user_id";

fn sort_of(column: EventColumn) -> (&'static str, bool) {
    match column {
        EventColumn::Id => ("e.event_id", true),
        EventColumn::At => ("e.at", false),
        EventColumn::UserId => (OUTWARD_ID, true),
        EventColumn::DisplayName => ("e.display_name_key", true),
        EventColumn::UserName => ("e.user_name_folded", true),
        EventColumn::Feature => ("e.feature", false),
        EventColumn::Method => ("e.method", false),
        EventColumn::RawMethod => ("COALESCE(e.raw_method, '')", true),
        EventColumn::Status => ("e.outcome", false),
        EventColumn::Reason => ("COALESCE(e.reason, '')", true),
        EventColumn::Source => ("e.source", false),
    }
}

impl Reader {
    /// Events that count, of the window.
    pub async fn events(&self, query: &EventsQuery) -> Result<Page<EventItem>, StoreError> {
        self.events_of(query, None).await
    }

    pub(super) async fn events_of(
        &self,
        query: &EventsQuery,
        counted: Option<Total>,
    ) -> Result<Page<EventItem>, StoreError> {
        let conditions = self.events_conditions(query).await?;
        let total = match counted {
            Some(total) => total,
            None => Total { rows: self.events_total(query, &conditions).await?, is_exact: true },
        };
        let (expression, is_text) = sort_of(query.list.sort.column);
        let sort = SortBy { expression: expression.to_owned(), is_text, ties: &["e.event_id"] };
        let select = format!(
            "SELECT e.event_id, e.at, NULLIF({OUTWARD_ID}, '') AS user_id, e.display_name, e.user_name, e.feature, \
             e.method, e.raw_method, e.outcome, e.reason, e.source, {} {FROM}",
            sort.key()
        );
        let order = if total.is_few() { &sort.gathered() } else { &sort };
        let rows: Vec<EventRow> = read(&self.db, &query.list, order, &select, &conditions).await?;
        let Page { total, total_is_exact, items, first, next, previous } = page(&query.list, &sort, rows, total);
        let items = items.into_iter().map(EventItem::try_from).collect::<Result<_, _>>()?;
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }

    /// Charts' filters are counted from the roll-ups; the rest by looking.
    async fn events_total(&self, query: &EventsQuery, conditions: &Conditions) -> Result<i64, StoreError> {
        let only_rollups = query.list.q.is_none() && query.user.is_empty() && query.report.population.is_none();
        if !only_rollups {
            let sql = format!("SELECT COUNT(*) {FROM}{}", conditions.sql());
            let row: Option<(i64,)> = self.db.row(&sql, conditions.args()).await?;
            return Ok(row.unwrap_or_default().0);
        }
        let mut total = 0;
        for feature in features(query) {
            let counts = self.event_counts(*feature, query.report.window()).await?;
            let matching = counts.into_iter().filter(|((method, outcome), _)| {
                methods_matched(query).is_none_or(|methods| methods.contains(method))
                    && (query.status.is_empty() || query.status.contains(outcome))
            });
            total += matching.map(|(_, n)| n).sum::<i64>();
        }
        Ok(total)
    }

    async fn events_conditions(&self, query: &EventsQuery) -> Result<Conditions, StoreError> {
        let mut conditions = Conditions::default();
        conditions.and("e.tenant_id = ?", [self.tenant.0.into()]);
        self.counted_events(&mut conditions, query).await?;
        conditions.any_of("e.outcome", query.status.iter().map(|status| status.code()));
        if let Some(methods) = methods_matched(query) {
            conditions.any_of("e.method", methods.into_iter().map(AuthMethod::code));
        }
        if !query.user.is_empty() {
            let mut ids = self.user_ids(&query.user).await?;
            // Somebody nobody knows has no events; an empty list would mean everybody.
            ids.push(-1);
            conditions.any_of("e.user_id", ids);
        }
        if let Some(population) = query.report.population {
            let as_of = query.report.as_of;
            let mut state = Conditions::default();
            state.and("s.tenant_id = e.tenant_id AND s.user_id = e.user_id", []);
            valid_at(&mut state, "s", as_of, false);
            state.and(&in_population(population, "s"), []);
            let places = unnumbered(state.sql());
            conditions.and(&format!("EXISTS (SELECT 1 FROM user_states s{places})"), state.args());
        }
        conditions.search(query.list.q.as_deref(), &["e.display_name_folded", "e.user_name_folded"]);
        Ok(conditions)
    }

    /// The window, per feature and source as far as it counts.
    async fn counted_events(&self, conditions: &mut Conditions, query: &EventsQuery) -> Result<(), StoreError> {
        let window = query.report.window();
        let mut alternatives = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        for feature in features(query) {
            for (source, window) in self.counted(*feature, window).await? {
                alternatives.push("(e.feature = ? AND e.source = ? AND e.at >= ? AND e.at < ?)");
                values.extend([
                    feature.code().into(),
                    source.code().into(),
                    window.from.millis().into(),
                    window.to.millis().into(),
                ]);
            }
        }
        // The outer bounds again, so that the index on time is used.
        conditions.and("e.at >= ? AND e.at < ?", [window.from.millis().into(), window.to.millis().into()]);
        conditions.and(&format!("({})", alternatives.join(" OR ")), values);
        Ok(())
    }
}

fn features(query: &EventsQuery) -> &[Feature] {
    if query.feature.is_empty() { Feature::ALL } else { &query.feature }
}

/// The methods asked for; in lists of events each stands for itself, as in the charts.
fn methods_matched(query: &EventsQuery) -> Option<Vec<AuthMethod>> {
    (!query.method.is_empty()).then(|| query.method.clone())
}

/// `$1` back to `?`, to put conditions inside others.
fn unnumbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '$' {
            out.push('?');
            while chars.next_if(char::is_ascii_digit).is_some() {}
        } else {
            out.push(c);
        }
    }
    out
}

impl TryFrom<EventRow> for EventItem {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        Ok(Self {
            feature: member("events", "feature", row.feature, Feature::from_code)?,
            method: member("events", "method", row.method, AuthMethod::from_code)?,
            status: member("events", "outcome", row.outcome, Outcome::from_code)?,
            source: member("events", "source", row.source, EventSource::from_code)?,
            id: row.event_id,
            at: Instant::from_millis(row.at),
            user_id: row.user_id,
            display_name: row.display_name,
            user_name: row.user_name,
            raw_method: row.raw_method,
            reason: row.reason,
        })
    }
}
