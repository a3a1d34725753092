use domain::instant::Instant;
use domain::method::AuthMethod;
use domain::page::{Key, Page};
use domain::query::{EventColumn, EventsQuery};
use domain::record::{EventSource, Feature, Outcome};
use domain::report::EventItem;
use domain::window::Window;
use sea_query::Value;

use super::Reader;
use super::conditions::{Conditions, in_population, valid_at};
use super::list::{Keyed, MANY, Part, SortBy, Total, key_of, page, read, read_parts};
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

    fn tie(&self, column: &str) -> Key {
        if column == "e.at" { Key::Number(self.at) } else { Key::Text(self.event_id.clone()) }
    }
}

/// A user's outward id: the object id, else the user name.
const OUTWARD_ID: &str = "COALESCE(u.object_id, u.name_key, '')";

/// The users of events `e`.
const USERS: &str = "LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.user_id = e.user_id";

/// How a column is sorted by. Events that have a fact in common are in the order of the index that has them together.
fn sort_of(column: EventColumn) -> SortBy {
    let (expression, is_text) = match column {
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
    };
    let ties: &[&str] = if is_text || column == EventColumn::At { &["e.event_id"] } else { &["e.at", "e.event_id"] };
    SortBy { expression: expression.to_owned(), is_text, ties }
}

/// Events that are alike in all that charts count them by: an index has them together, by time.
struct EventGroup {
    feature: Feature,
    source: EventSource,
    window: Window,
    method: AuthMethod,
    outcome: Outcome,
    count: i64,
}

impl EventGroup {
    /// What all of them are sorted alike by.
    fn rank(&self, column: EventColumn) -> Vec<Key> {
        let code = match column {
            EventColumn::Feature => self.feature.code(),
            EventColumn::Method => self.method.code(),
            EventColumn::Status => self.outcome.code(),
            EventColumn::Source => self.source.code(),
            _ => return Vec::new(),
        };
        vec![Key::Number(code)]
    }
}

impl Reader {
    pub(super) async fn read_events(&self, query: &EventsQuery) -> Result<Page<EventItem>, StoreError> {
        self.events_of(query, None).await
    }

    pub(super) async fn events_of(
        &self,
        query: &EventsQuery,
        counted: Option<Total>,
    ) -> Result<Page<EventItem>, StoreError> {
        let groups = if is_charted(query) { self.event_groups(query).await? } else { Vec::new() };
        let total = match counted {
            Some(total) => total,
            None if is_charted(query) => Total { rows: groups.iter().map(|group| group.count).sum(), is_exact: true },
            None => self.events_total(query).await?,
        };
        let sort = sort_of(query.list.sort.column);
        let rows = self.events_page(query, &groups, &sort, total).await?;
        let Page { total, total_is_exact, items, first, next, previous } = page(&query.list, &sort, rows, total);
        let items = items.into_iter().map(EventItem::try_from).collect::<Result<_, _>>()?;
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }

    /// Few are gathered. Of many, groups are merged where the sort is by what makes them, and else an index is walked in
    /// the order of the list, which has with it what is asked.
    async fn events_page(
        &self,
        query: &EventsQuery,
        groups: &[EventGroup],
        sort: &SortBy,
        total: Total,
    ) -> Result<Vec<EventRow>, StoreError> {
        let list = &query.list;
        let column = list.sort.column;
        let select = |hint: &str| {
            format!(
                "SELECT e.event_id, e.at, NULLIF({OUTWARD_ID}, '') AS user_id, e.display_name, e.user_name, e.feature, \
                 e.method, e.raw_method, e.outcome, e.reason, e.source, {} FROM events e {hint} {USERS}",
                sort.key()
            )
        };
        // Left to itself, SQLite rather walks a group's whole window among all others'.
        let is_hinted = self.db.is_sqlite() && !self.is_put_off("events_group_idx").await?;
        let of_groups = if is_hinted { "INDEXED BY events_group_idx" } else { "" };
        let parts = |ranked: bool| {
            let part = |group: &EventGroup| Part {
                rank: if ranked { group.rank(column) } else { Vec::new() },
                select: select(of_groups),
                conditions: self.of_group(group),
            };
            groups.iter().map(part).collect::<Vec<_>>()
        };
        if !is_charted(query) {
            let order = if total.is_few() { &sort.gathered() } else { sort };
            let conditions = self.events_conditions(query, !total.is_few() && sort.is_text).await?;
            read(&self.db, list, order, &select(""), &conditions).await
        } else if total.is_few() {
            read_parts(&self.db, list, &sort.gathered(), parts(false)).await
        } else if sort.is_text {
            let conditions = self.events_conditions(query, true).await?;
            read(&self.db, list, sort, &select(""), &conditions).await
        } else {
            read_parts(&self.db, list, sort, parts(true)).await
        }
    }

    /// The groups that a list has, from the roll-ups.
    async fn event_groups(&self, query: &EventsQuery) -> Result<Vec<EventGroup>, StoreError> {
        let methods = methods_matched(query);
        let mut groups = Vec::new();
        for &feature in features(query) {
            for (source, window) in self.counted(feature, query.report.window()).await? {
                let counts = self.event_counts_of(source, feature, window).await?;
                let asked = counts.into_iter().filter(|((method, outcome), _)| {
                    methods.as_ref().is_none_or(|methods| methods.contains(method))
                        && (query.status.is_empty() || query.status.contains(outcome))
                });
                let of = |((method, outcome), count)| EventGroup { feature, source, window, method, outcome, count };
                groups.extend(asked.map(of));
            }
        }
        Ok(groups)
    }

    fn of_group(&self, group: &EventGroup) -> Conditions {
        let EventGroup { feature, source, window, method, outcome, count: _ } = group;
        let mut conditions = Conditions::default();
        conditions.and(
            "e.tenant_id = ? AND e.feature = ? AND e.method = ? AND e.outcome = ? AND e.source = ?",
            [self.tenant.0, feature.code(), method.code(), outcome.code(), source.code()].map(Value::from),
        );
        conditions.and("e.at >= ? AND e.at < ?", [window.from, window.to].map(|at| at.millis().into()));
        conditions
    }

    /// Those of some users are counted, others until it is many.
    async fn events_total(&self, query: &EventsQuery) -> Result<Total, StoreError> {
        let conditions = self.events_conditions(query, false).await?;
        let is_exact = !query.user.is_empty();
        let most = if is_exact { String::new() } else { format!(" LIMIT {}", MANY + 1) };
        let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM events e{}{most}) AS counted", conditions.sql());
        let row: Option<(i64,)> = self.db.row(&sql, conditions.args()).await?;
        let (rows,) = row.unwrap_or_default();
        Ok(if is_exact { Total { rows, is_exact } } else { Total::counted_until_many(rows) })
    }

    /// What a list asks for. Walked along an index that has another order than time's, each event's time is looked at.
    async fn events_conditions(&self, query: &EventsQuery, is_walked: bool) -> Result<Conditions, StoreError> {
        let mut conditions = Conditions::default();
        conditions.and("e.tenant_id = ?", [self.tenant.0.into()]);
        self.counted_events(&mut conditions, query, is_walked).await?;
        conditions.any_of("+e.outcome", query.status.iter().map(|status| status.code()));
        if let Some(methods) = methods_matched(query) {
            conditions.any_of("+e.method", methods.into_iter().map(AuthMethod::code));
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
            conditions.and(&format!("EXISTS (SELECT 1 FROM user_states s{})", state.unnumbered()), state.args());
        }
        conditions.search(query.list.q.as_deref(), &["e.display_name_folded", "e.user_name_folded"]);
        Ok(conditions)
    }

    /// The window, per feature and source as far as it counts.
    async fn counted_events(
        &self,
        conditions: &mut Conditions,
        query: &EventsQuery,
        is_walked: bool,
    ) -> Result<(), StoreError> {
        let window = query.report.window();
        let mut alternatives = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        for feature in features(query) {
            for (source, window) in self.counted(*feature, window).await? {
                // The pluses keep the engines from looking each of these up by itself.
                alternatives.push("(+e.feature = ? AND +e.source = ? AND +e.at >= ? AND +e.at < ?)");
                values.extend([
                    feature.code().into(),
                    source.code().into(),
                    window.from.millis().into(),
                    window.to.millis().into(),
                ]);
            }
        }
        if !is_walked {
            // The outer bounds again, so that the index on time is used.
            conditions.and("e.at >= ? AND e.at < ?", [window.from.millis().into(), window.to.millis().into()]);
        }
        conditions.and(&format!("({})", alternatives.join(" OR ")), values);
        Ok(())
    }
}

fn features(query: &EventsQuery) -> &[Feature] {
    if query.feature.is_empty() { Feature::ALL } else { &query.feature }
}

/// Whether a chart counts by all that is asked.
fn is_charted(query: &EventsQuery) -> bool {
    query.list.q.is_none() && query.user.is_empty() && query.report.population.is_none()
}

/// The methods asked for; in lists of events each stands for itself, as in the charts.
fn methods_matched(query: &EventsQuery) -> Option<Vec<AuthMethod>> {
    (!query.method.is_empty()).then(|| query.method.clone())
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
