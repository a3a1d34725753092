use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::page::{Key, Page};
use domain::query::{SignInColumn, SignInFilters, SignInsQuery};
use domain::report::SignInItem;
use domain::sign_in::StatusText;
use domain::window::Window;
use sea_query::Value;

use super::Reader;
use super::classes::Classes;
use super::conditions::{Conditions, in_population, valid_at};
use super::list::{Keyed, MANY, Part, SortBy, Total, is_ascending, key_of, page, read, read_parts};
use super::sign_in_items::{self, ItemRow};
use super::sign_in_search::Found;
use crate::StoreError;
use crate::sign_in_class::SignInClass;

/// The place of a sign-in in the list at hand.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct PlaceRow {
    pub at: i64,
    pub seq: i64,
    pub key_number: Option<i64>,
    pub key_text: Option<String>,
}

impl Keyed for PlaceRow {
    fn key(&self) -> Key {
        key_of(self.key_number, self.key_text.as_deref())
    }

    fn tie(&self, column: &str) -> Key {
        Key::Number(if column == "s.seq" { self.seq } else { self.at })
    }
}

/// `s.at IN (…)` for these places, and the values of a statement whose first is the tenant. They are bound and not written
/// out: statements for pages of one size are one statement, which the connection keeps ready.
pub(super) fn among(tenant: i64, places: &[PlaceRow]) -> (String, Vec<Value>) {
    let numbers: Vec<String> = (2..).zip(places).map(|(number, _)| format!("${number}")).collect();
    let args = std::iter::once(tenant.into()).chain(places.iter().map(|place| place.at.into())).collect();
    (format!("s.at IN ({})", numbers.join(", ")), args)
}

/// More classes than this are not merged one by one: SQLite takes so many parts of a statement.
const MOST_PARTS: usize = 400;
/// Where one in so many sign-ins is asked for, a page is near: the sign-ins are passed in the order of time.
const NEAR: i64 = 60;

/// How a column is sorted by, and what has to be joined for it.
fn sort_of(column: SignInColumn) -> (SortBy, &'static str) {
    const CLASS: &str = "JOIN sign_in_classes c ON c.tenant_id = s.tenant_id AND c.class_id = s.class_id";
    const LABEL: &str = "LEFT JOIN user_labels l ON l.tenant_id = s.tenant_id AND l.label_id = s.label_id";
    const USER: &str = "LEFT JOIN users u ON u.tenant_id = s.tenant_id AND u.user_id = s.user_id";
    const APP: &str = "LEFT JOIN apps a ON a.tenant_id = s.tenant_id AND a.app_no = s.app_no";
    const PLACE: &str = "LEFT JOIN places p ON p.tenant_id = s.tenant_id AND p.place_id = s.place_id";
    let (expression, is_text, join) = match column {
        SignInColumn::UserId => ("COALESCE(u.object_id, u.name_key, '')", true, USER),
        SignInColumn::DisplayName => ("COALESCE(l.display_name_key, '')", true, LABEL),
        SignInColumn::UserName => ("COALESCE(l.user_name_folded, '')", true, LABEL),
        SignInColumn::App => ("COALESCE(a.name_folded, '')", true, APP),
        SignInColumn::Status => ("((c.facts >> 40) & 255)", false, CLASS),
        SignInColumn::ErrorCode => ("c.error_code", false, CLASS),
        SignInColumn::MfaRequired => ("(c.facts & 255)", false, CLASS),
        SignInColumn::RequiredBy => ("((c.facts >> 8) & 255)", false, CLASS),
        SignInColumn::MfaResult => ("((c.facts >> 16) & 255)", false, CLASS),
        SignInColumn::MfaStatus => ("((c.facts >> 24) & 255)", false, CLASS),
        SignInColumn::Method => ("((c.facts >> 32) & 255)", false, CLASS),
        SignInColumn::Interactive => ("(c.traits & 15)", false, CLASS),
        SignInColumn::Component => ("((c.traits >> 4) & 15)", false, CLASS),
        SignInColumn::CaResult => ("((c.traits >> 8) & 15)", false, CLASS),
        SignInColumn::Ip => ("COALESCE(p.ip, '')", true, PLACE),
        SignInColumn::City => ("COALESCE(p.city, '')", true, PLACE),
        SignInColumn::Country => ("COALESCE(p.country, '')", true, PLACE),
        SignInColumn::At
        | SignInColumn::Id
        | SignInColumn::CorrelationId
        | SignInColumn::Detail
        | SignInColumn::Policies => ("s.at", false, ""),
    };
    let ties: &[&str] = if expression == "s.at" { &["s.seq"] } else { &["s.at", "s.seq"] };
    (SortBy { expression: expression.to_owned(), is_text, ties }, join)
}

/// What a list asks for, looked up.
struct Sought {
    /// Classes that are asked for and occur in the window, with their numbers there; none of a list that was counted
    /// before and has all of them.
    counts: BTreeMap<i64, i64>,
    /// Classes that are not asked for, whether they occur in the window or not; and the last class there is.
    others: Vec<i64>,
    last_class: i64,
    /// All sign-ins of the window.
    of_window: i64,
    /// Whether only classes are asked for.
    by_class_alone: bool,
    apps: Option<Vec<i64>>,
    users: Option<Vec<i64>>,
    places: Option<Vec<i64>>,
    policy_sets: Option<Vec<i64>>,
    found: Option<Found>,
}

/// How the rows of a page are found.
struct Way {
    total: Total,
    sort: SortBy,
    /// What has to be joined to sort.
    join: &'static str,
    /// Whether sign-ins are passed in the order of time: then a page is read as it is passed. Else places are sorted, and
    /// what stands there is read.
    is_by_time: bool,
    passed: Passed,
}

enum Passed {
    Parts(Vec<Part>),
    InOrder { hint: String, conditions: Conditions },
}

fn select_places(sort: &SortBy, hint: &str, join: &str) -> String {
    format!("SELECT s.at, s.seq, {} FROM sign_ins s {hint} {join}", sort.key())
}

impl Reader {
    pub(super) async fn sign_ins_of(
        &self,
        query: &SignInsQuery,
        counted: Option<Total>,
    ) -> Result<Page<SignInItem>, StoreError> {
        let classes = self.classes().await?;
        let way = self.way_to(query, &classes, counted).await?;
        if way.is_by_time
            && let Passed::InOrder { hint, conditions } = &way.passed
        {
            let rows: Vec<ItemRow> =
                read(&self.db, &query.list, &way.sort, &sign_in_items::select(hint), conditions).await?;
            let Page { total, total_is_exact, items, first, next, previous } =
                page(&query.list, &way.sort, rows, way.total);
            let items = self.items_of(items, &classes).await?;
            return Ok(Page { total, total_is_exact, items, first, next, previous });
        }
        let Page { total, total_is_exact, items, first, next, previous } = self.places(query, way).await?;
        let items = self.sign_ins_at(&items, &classes).await?;
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }

    /// Where the sign-ins of a page are.
    pub(super) async fn page_of_places(
        &self,
        query: &SignInsQuery,
        classes: &Classes,
        counted: Option<Total>,
    ) -> Result<Page<PlaceRow>, StoreError> {
        let way = self.way_to(query, classes, counted).await?;
        self.places(query, way).await
    }

    async fn places(&self, query: &SignInsQuery, way: Way) -> Result<Page<PlaceRow>, StoreError> {
        let Way { total, sort, join, passed, is_by_time: _ } = way;
        let rows = match passed {
            Passed::Parts(parts) => read_parts(&self.db, &query.list, &sort, parts).await?,
            Passed::InOrder { hint, conditions } => {
                read(&self.db, &query.list, &sort, &select_places(&sort, &hint, join), &conditions).await?
            }
        };
        Ok(page(&query.list, &sort, rows, total))
    }

    async fn sought(&self, query: &SignInsQuery, classes: &Classes, is_counted: bool) -> Result<Sought, StoreError> {
        let filters = &query.filters;
        let last_class = classes.keys().max().copied().unwrap_or_default();
        let is_asked = |class_id: &i64| classes.get(class_id).is_some_and(|class| is_asked(filters, class));
        let others: Vec<i64> = classes.keys().filter(|class_id| !is_asked(class_id)).copied().collect();
        // Where the number is known and every class is asked for, the next of many pages counts none again.
        let mut counts = if is_counted && others.is_empty() {
            BTreeMap::new()
        } else {
            self.class_counts(query.report.window()).await?
        };
        let of_window = counts.values().sum();
        counts.retain(|class_id, _| is_asked(class_id));
        let apps = if filters.app.is_empty() { None } else { Some(self.app_numbers(&filters.app).await?) };
        let users = if filters.user.is_empty() { None } else { Some(self.user_ids(&filters.user).await?) };
        let places = if filters.ip.is_empty() { None } else { Some(self.places_of(&filters.ip).await?) };
        let policy_sets =
            if filters.ca_policy.is_empty() { None } else { Some(self.policy_sets_of(&filters.ca_policy).await?) };
        let by_class_alone = apps.is_none()
            && users.is_none()
            && places.is_none()
            && policy_sets.is_none()
            && query.list.q.is_none()
            && query.report.population.is_none();
        let found = match &query.list.q {
            Some(q) => Some(self.find_sign_ins(q).await?),
            None => None,
        };
        Ok(Sought { counts, others, last_class, of_window, by_class_alone, apps, users, places, policy_sets, found })
    }

    /// Exact for whatever a figure links to: classes, applications, users. Others are counted until it is many.
    async fn sign_ins_total(&self, query: &SignInsQuery, sought: &Sought) -> Result<Total, StoreError> {
        if sought.by_class_alone {
            return Ok(Total { rows: sought.counts.values().sum(), is_exact: true });
        }
        let is_plain = query.list.q.is_none() && query.report.population.is_none();
        if let (Some(apps), None, None, None, true) =
            (&sought.apps, &sought.users, &sought.places, &sought.policy_sets, is_plain)
        {
            let counts = self.app_counts(query.report.window(), Some(apps)).await?;
            let asked = counts.iter().filter(|((_, class_id), _)| sought.counts.contains_key(class_id));
            return Ok(Total { rows: asked.map(|(_, n)| n).sum(), is_exact: true });
        }
        let mut conditions = self.sign_in_conditions(query, sought, query.report.window());
        if let Some(found) = &sought.found {
            if let Some(rows) = self.count_found(found, &conditions).await? {
                return Ok(Total::counted_until_many(rows));
            }
            found.narrow(&mut conditions);
        }
        let is_exact = sought.users.is_some() && is_plain;
        let most = if is_exact { String::new() } else { format!(" LIMIT {}", MANY + 1) };
        let by_user = if sought.users.is_some() { self.db.by_index("sign_ins_user_idx") } else { String::new() };
        let sql =
            format!("SELECT COUNT(*) FROM (SELECT 1 FROM sign_ins s {by_user}{}{most}) AS counted", conditions.sql());
        let (rows,) = self.db.row::<(i64,)>(&sql, conditions.args()).await?.unwrap_or_default();
        Ok(if is_exact { Total { rows, is_exact } } else { Total::counted_until_many(rows) })
    }

    /// How the rows of a page are found. By time, rare classes are merged from their index; others are passed in the order
    /// of time, or of the user's or application's.
    async fn way_to(&self, query: &SignInsQuery, classes: &Classes, counted: Option<Total>) -> Result<Way, StoreError> {
        let sought = self.sought(query, classes, counted.is_some()).await?;
        let total = match counted {
            Some(total) => total,
            None => self.sign_ins_total(query, &sought).await?,
        };
        let (sort, join) = sort_of(query.list.sort.column);
        let is_by_time = join.is_empty();
        let window = rest_of_window(query);
        let is_rare = total.rows.saturating_mul(NEAR) < sought.of_window;
        if sought.by_class_alone && is_by_time && is_rare && sought.counts.len() <= MOST_PARTS {
            let is_hinted = self.db.is_sqlite() && !self.is_put_off("sign_ins_class_idx").await?;
            let hint = if is_hinted { "INDEXED BY sign_ins_class_idx" } else { "" };
            let parts = sought.counts.keys().map(|class_id| {
                let mut conditions = self.within(window);
                conditions.and("s.class_id = ?", [(*class_id).into()]);
                Part { rank: Vec::new(), select: select_places(&sort, hint, join), conditions }
            });
            let passed = Passed::Parts(parts.collect());
            return Ok(Way { total, sort, join, is_by_time, passed });
        }
        let mut conditions = self.sign_in_conditions(query, &sought, window);
        if let Some(found) = &sought.found {
            if let Some(parts) = found.parts(&conditions, |hint| select_places(&sort, hint, join)) {
                return Ok(Way { total, sort, join, is_by_time, passed: Passed::Parts(parts) });
            }
            found.narrow(&mut conditions);
        }
        // Few that something rarer than a class finds are looked up by it and sorted.
        if total.is_few() && !sought.by_class_alone {
            let passed = Passed::InOrder { hint: String::new(), conditions };
            return Ok(Way { total, sort: sort.gathered(), join, is_by_time: false, passed });
        }
        // One user's are in the order of time in an index.
        let is_of_one = is_by_time && sought.users.as_ref().is_some_and(|users| users.len() == 1);
        let hint = if is_of_one { self.db.by_index("sign_ins_user_idx") } else { String::new() };
        Ok(Way { total, sort, join, is_by_time, passed: Passed::InOrder { hint, conditions } })
    }

    fn within(&self, window: Window) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.and("s.tenant_id = ?", [self.tenant.0.into()]);
        conditions.and("s.at >= ? AND s.at < ?", [window.from.millis().into(), window.to.millis().into()]);
        conditions
    }

    fn sign_in_conditions(&self, query: &SignInsQuery, sought: &Sought, window: Window) -> Conditions {
        let mut conditions = self.within(window);
        // The plus keeps SQLite from gathering all of an index that has the classes together.
        if sought.others.is_empty() {
            // Every class is asked for.
        } else if sought.others.len() < sought.counts.len() {
            // Whatever has come since is not among those that are known not to be asked for.
            conditions.and("+s.class_id <= ?", [sought.last_class.into()]);
            conditions.none_of("+s.class_id", sought.others.iter().copied());
        } else {
            // A class that nothing is of: no row is asked for.
            conditions.any_of("+s.class_id", sought.counts.keys().copied().chain([-1]));
        }
        // Somebody nobody knows has no sign-ins; an empty list would mean everybody.
        let named = |ids: &[i64]| ids.iter().copied().chain([-1]).collect::<Vec<i64>>();
        if let Some(users) = &sought.users {
            conditions.any_of("s.user_id", named(users));
        }
        if let Some(apps) = &sought.apps {
            conditions.any_of("s.app_no", named(apps));
        }
        if let Some(places) = &sought.places {
            conditions.any_of("s.place_id", named(places));
        }
        if let Some(sets) = &sought.policy_sets {
            conditions.any_of("s.policy_set_id", named(sets));
        }
        if let Some(population) = query.report.population {
            let mut state = Conditions::default();
            state.and("u.tenant_id = s.tenant_id AND u.user_id = s.user_id", []);
            valid_at(&mut state, "u", query.report.as_of, false);
            state.and(&in_population(population, "u"), []);
            conditions.and(&format!("EXISTS (SELECT 1 FROM user_states u{})", state.unnumbered()), state.args());
        }
        conditions
    }
}

/// What is left of the window where a list is in the order of time and goes on after a row: rows before it need not be
/// passed to be left out.
fn rest_of_window(query: &SignInsQuery) -> Window {
    let Window { from, to } = query.report.window();
    let (sort, _) = sort_of(query.list.sort.column);
    let cursor = query.list.after.as_ref().filter(|cursor| cursor.ties.len() == sort.ties.len());
    match cursor.map(|cursor| &cursor.key) {
        Some(Key::Number(at)) if sort.expression == "s.at" => {
            let at = Instant::from_millis(*at);
            if is_ascending(&query.list) {
                Window { from: from.max(at), to }
            } else {
                Window { from, to: to.min(at.plus_millis(1)) }
            }
        }
        _ => Window { from, to },
    }
}

/// Whether a class is among what a list asks for.
fn is_asked(filters: &SignInFilters, class: &SignInClass) -> bool {
    fn has<T: PartialEq>(asked: &[T], value: &T) -> bool {
        asked.is_empty() || asked.contains(value)
    }
    let SignInClass { facts, interactive, component, conditional_access, is_unable, error_code } = class;
    has(&filters.mfa_required, &facts.mfa_required)
        && filters.challenged.is_none_or(|challenged| challenged == facts.is_challenged())
        && filters.unable.is_none_or(|unable| unable == *is_unable)
        && has(&filters.mfa_result, &facts.result)
        && has(&filters.mfa_status, &StatusText::from(facts.status))
        && (filters.required_by.is_empty() || facts.required_by.is_some_and(|by| filters.required_by.contains(&by)))
        && has(&filters.method, &facts.method)
        && has(&filters.status, &facts.sign_in)
        && (filters.error_code.is_empty() || error_code.is_some_and(|code| filters.error_code.contains(&code)))
        && has(&filters.interactive, interactive)
        && has(&filters.component, component)
        && has(&filters.ca_result, conditional_access)
}
