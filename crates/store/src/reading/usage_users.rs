//! The summaries behind `/usage`: per user and per application.

use std::collections::{BTreeMap, HashMap};

use domain::fold::fold;
use domain::instant::Instant;
use domain::page::{Cursor, Key, Page};
use domain::population::Population;
use domain::query::{AppUsageColumn, AppUsageQuery, UserUsageColumn, UserUsageQuery};
use domain::report::{AppUsageItem, Fields as _, UserUsageItem};
use domain::sign_in::MfaResult;
use domain::window::Window;
use roaring::{MultiOps as _, RoaringBitmap};

use super::Reader;
use super::classes::Classes;
use super::conditions::Conditions;
use super::list::{Keyed, SortBy, Total, is_ascending, key_of, key_of_field, limit, page, page_of_all, read};
use super::usage::count;
use crate::StoreError;
use crate::cell::Cell;
use crate::db::args;
use crate::packed::{in_set, unpack_users};
use crate::search::Sought;
use crate::sign_in_class::{Measure, SignInClass};

impl Reader {
    /// Who is in a population at an instant: who is in the present, but for those who have changed since.
    pub(super) async fn members(&self, population: Population, as_of: Instant) -> Result<RoaringBitmap, StoreError> {
        let is_in = |cell: i64| population.leaves_out(Cell(cell).standing()).is_none();
        let sets: Vec<(i64, Vec<u8>)> = self
            .db
            .rows("SELECT standing, users FROM user_standings WHERE tenant_id = $1", args![self.tenant.0])
            .await?;
        let sets = sets.into_iter().filter(|(standing, _)| is_in(*standing));
        let present = sets.map(|(_, bytes)| unpack_users(&bytes)).collect::<Result<Vec<_>, _>>()?.union();
        let changed: Vec<(i64,)> = self
            .db
            .rows(
                "SELECT user_id FROM user_states WHERE tenant_id = $1 AND valid_from > $2",
                args![self.tenant.0, as_of.millis()],
            )
            .await?;
        if changed.is_empty() {
            return Ok(present);
        }
        let changed: RoaringBitmap = changed.into_iter().map(|(user_id,)| in_set(user_id)).collect();
        // What they were: intervals that have ended since. The plus has SQLite look for the ends.
        let were: Vec<(i64, i64)> = self
            .db
            .rows(
                "SELECT user_id, cell FROM user_states WHERE tenant_id = $1 AND +valid_from <= $2 AND valid_to > $2 \
                 AND valid_to < 253402207200000",
                args![self.tenant.0, as_of.millis()],
            )
            .await?;
        let were = were.into_iter().filter(|(_, cell)| is_in(*cell)).map(|(user_id, _)| in_set(user_id));
        Ok((present - changed) | were.collect::<RoaringBitmap>())
    }

    pub(super) async fn user_usage_of(
        &self,
        query: &UserUsageQuery,
        _counted: Option<Total>,
    ) -> Result<Page<UserUsageItem>, StoreError> {
        let window = query.report.window();
        let classes = self.classes().await?;
        let mut users = self.users_in(Measure::SignedIn, window, &classes).await?;
        let asked = [(Measure::Challenged, query.filters.challenged), (Measure::Unable, query.filters.unable)];
        for (measure, answer) in asked {
            let Some(is_in) = answer else { continue };
            let of_measure = self.users_in(measure, window, &classes).await?;
            if is_in { users &= of_measure } else { users -= of_measure }
        }
        let population = query.report.population.unwrap_or(Population::Members);
        users &= self.members(population, query.report.as_of).await?;
        if let Some(sought) = query.list.q.as_deref().and_then(Sought::of) {
            users &= self.users_called(&sought).await?;
        }
        let total = Total { rows: count(users.len()), is_exact: true };
        let name = match query.list.sort.column {
            UserUsageColumn::DisplayName => Some("display_name_key"),
            UserUsageColumn::UserName => Some("user_name_folded"),
            UserUsageColumn::UserId => Some("id"),
            _ => None,
        };
        let Page { items, first, next, previous, .. } = match name {
            Some(name) => self.by_name(query, &users, name, total).await?,
            None => self.by_number(query, &users, window, &classes, total).await?,
        };
        let items = self.user_usage_items(&items, window, &classes).await?;
        Ok(Page { total: total.rows, total_is_exact: true, items, first, next, previous })
    }

    /// A page of users by a column of their present state: few are looked up, many met soon among all in its order.
    async fn by_name(
        &self,
        query: &UserUsageQuery,
        users: &RoaringBitmap,
        name: &str,
        total: Total,
    ) -> Result<Page<u32>, StoreError> {
        let sort = SortBy { expression: format!("s.{name}"), is_text: true, ties: &["s.user_id"] };
        let select = format!("SELECT s.user_id, {} FROM user_states s", sort.key());
        let mut conditions = Conditions::default();
        conditions.and("s.tenant_id = ? AND s.valid_to = 253402207200000", [self.tenant.0.into()]);
        let wanted = usize::try_from(limit(&query.list)).unwrap_or(usize::MAX);
        let mut found: Vec<RankedUser> = Vec::new();
        if total.is_few() {
            conditions.any_of("s.user_id", users.iter().map(i64::from).chain([-1]));
            found = read(&self.db, &query.list, &sort.gathered(), &select, &conditions).await?;
        } else {
            let mut list = query.list.clone();
            list.size = AT_ONCE;
            loop {
                let rows: Vec<RankedUser> = read(&self.db, &list, &sort, &select, &conditions).await?;
                let Some(last) = rows.last().filter(|_| rows.len() > AT_ONCE as usize) else {
                    found.extend(rows.into_iter().filter(|row| users.contains(in_set(row.user_id))));
                    break;
                };
                let backward = list.after.as_ref().is_some_and(|cursor| cursor.backward);
                let (key, ties) = (last.key(), vec![last.tie("s.user_id")]);
                list.after = Some(Cursor { sort: list.sort.to_string(), backward, key, ties, first: 0 });
                found.extend(rows.into_iter().filter(|row| users.contains(in_set(row.user_id))));
                if found.len() >= wanted {
                    break;
                }
            }
            found.truncate(wanted);
        }
        Ok(page_of_users(query, &sort, found, total))
    }

    /// A page of users by how many sign-ins of a kind they have.
    async fn by_number(
        &self,
        query: &UserUsageQuery,
        users: &RoaringBitmap,
        window: Window,
        classes: &Classes,
        total: Total,
    ) -> Result<Page<u32>, StoreError> {
        let numbers = self.numbers_of_users(query.list.sort.column, window, classes).await?;
        let mut ranked: Vec<(i64, u32)> =
            users.iter().map(|user| (numbers.get(&user).copied().unwrap_or_default(), user)).collect();
        ranked.sort_unstable();
        let is_ascending = is_ascending(&query.list);
        if !is_ascending {
            ranked.reverse();
        }
        if let Some(Cursor { key: Key::Number(n), ties, .. }) = &query.list.after
            && let [Key::Number(user)] = ties[..]
        {
            let place = (*n, in_set(user));
            ranked.retain(|row| if is_ascending { *row > place } else { *row < place });
        }
        ranked.truncate(usize::try_from(limit(&query.list)).unwrap_or(usize::MAX));
        let row = |(n, user)| RankedUser { user_id: i64::from(user), key_number: Some(n), key_text: None };
        let sort = SortBy { expression: String::new(), is_text: false, ties: &["s.user_id"] };
        Ok(page_of_users(query, &sort, ranked.into_iter().map(row).collect(), total))
    }

    async fn users_called(&self, sought: &Sought) -> Result<RoaringBitmap, StoreError> {
        let rows: Vec<(i64,)> = self
            .db
            .rows(
                "SELECT user_id FROM user_search WHERE tenant_id = $1 AND text LIKE $2 ESCAPE '\\'",
                args![self.tenant.0, sought.pattern()],
            )
            .await?;
        Ok(rows.into_iter().map(|(user_id,)| in_set(user_id)).collect())
    }

    /// How many sign-ins of a column's classes every user has.
    async fn numbers_of_users(
        &self,
        column: UserUsageColumn,
        window: Window,
        classes: &Classes,
    ) -> Result<HashMap<u32, i64>, StoreError> {
        let counted = classes.iter().filter(|(_, class)| number(column, &Tally::of(class, 1)) > 0);
        let mut conditions = Conditions::default();
        conditions.and("s.tenant_id = ?", [self.tenant.0.into()]);
        conditions.and("s.at >= ? AND s.at < ?", [window.from.millis().into(), window.to.millis().into()]);
        if column != UserUsageColumn::SignIns {
            conditions.any_of("s.class_id", counted.map(|(class_id, _)| *class_id).chain([-1]));
        }
        let sql = format!(
            "SELECT s.user_id, COUNT(*) FROM sign_ins s{} AND s.user_id IS NOT NULL GROUP BY s.user_id",
            conditions.sql()
        );
        let rows: Vec<(i64, i64)> = self.db.rows(&sql, conditions.args()).await?;
        Ok(rows.into_iter().map(|(user_id, n)| (in_set(user_id), n)).collect())
    }

    async fn user_usage_items(
        &self,
        users: &[u32],
        window: Window,
        classes: &Classes,
    ) -> Result<Vec<UserUsageItem>, StoreError> {
        let ids: Vec<i64> = users.iter().map(|user| i64::from(*user)).collect();
        let mut conditions = Conditions::default();
        conditions.and("s.tenant_id = ?", [self.tenant.0.into()]);
        conditions.any_of("s.user_id", ids.iter().copied().chain([-1]));
        conditions.and("s.at >= ? AND s.at < ?", [window.from.millis().into(), window.to.millis().into()]);
        let sql = format!(
            "SELECT s.user_id, s.class_id, COUNT(*) FROM sign_ins s{} GROUP BY s.user_id, s.class_id",
            conditions.sql()
        );
        let rows: Vec<(i64, i64, i64)> = self.db.rows(&sql, conditions.args()).await?;
        let mut tallies: BTreeMap<i64, Tally> = BTreeMap::new();
        for (user_id, class_id, n) in rows {
            if let Some(class) = classes.get(&class_id) {
                tallies.entry(user_id).or_default().add(&Tally::of(class, n));
            }
        }
        let mut names = self.names_of_users(&ids).await?;
        let item = |user_id: &i64| {
            let (id, display_name, user_name) = names.remove(user_id).unwrap_or_default();
            let Tally { sign_ins, challenged, satisfied, denied, pending, unable } =
                tallies.get(user_id).copied().unwrap_or_default();
            UserUsageItem {
                user_id: id,
                display_name,
                user_name,
                sign_ins,
                challenged,
                satisfied,
                denied,
                pending,
                unable,
            }
        };
        Ok(ids.iter().map(item).collect())
    }

    pub(super) async fn app_usage(&self, query: &AppUsageQuery) -> Result<Page<AppUsageItem>, StoreError> {
        let classes = self.classes().await?;
        let names = self.app_names().await?;
        let mut tallies: BTreeMap<Option<String>, (Option<String>, Tally)> = BTreeMap::new();
        for ((app_no, class_id), n) in self.app_counts(query.report.window(), None).await? {
            let Some(class) = classes.get(&class_id) else { continue };
            let name = names.get(&app_no).map(|app| app.name.clone());
            let entry = tallies.entry(name.as_deref().map(fold)).or_insert_with(|| (name, Tally::default()));
            entry.1.add(&Tally::of(class, n));
        }
        let sought = query.list.q.as_deref().map(fold);
        let items: Vec<AppUsageItem> = tallies
            .into_iter()
            .filter(|(folded, _)| {
                sought.as_ref().is_none_or(|sought| folded.as_ref().is_some_and(|name| name.contains(sought)))
            })
            .map(|(_, (app, tally))| {
                let Tally { sign_ins, challenged, satisfied, denied, pending, unable } = tally;
                AppUsageItem { app, sign_ins, challenged, satisfied, denied, pending, unable }
            })
            .collect();
        let key = |item: &AppUsageItem, column: AppUsageColumn| key_of_field(&item.field(column));
        Ok(page_of_all(&query.list, items, key, |item| Key::Text(fold(item.app.as_deref().unwrap_or_default()))))
    }
}

/// Users that are read at a time where a page is looked for among all.
const AT_ONCE: u32 = 2000;

/// A user at their place in the order of a column.
#[derive(Debug, sqlx::FromRow)]
struct RankedUser {
    user_id: i64,
    key_number: Option<i64>,
    key_text: Option<String>,
}

/// The page that these rows begin.
fn page_of_users(query: &UserUsageQuery, sort: &SortBy, rows: Vec<RankedUser>, total: Total) -> Page<u32> {
    let Page { total, total_is_exact, items, first, next, previous } = page(&query.list, sort, rows, total);
    let items = items.into_iter().map(|row| in_set(row.user_id)).collect();
    Page { total, total_is_exact, items, first, next, previous }
}

impl Keyed for RankedUser {
    fn key(&self) -> Key {
        key_of(self.key_number, self.key_text.as_deref())
    }

    fn tie(&self, _: &str) -> Key {
        Key::Number(self.user_id)
    }
}

/// Sign-ins of a user or an application.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    sign_ins: i64,
    challenged: i64,
    satisfied: i64,
    denied: i64,
    pending: i64,
    unable: i64,
}

impl Tally {
    fn of(class: &SignInClass, n: i64) -> Self {
        let is_challenged = class.facts.is_challenged();
        let result = |result| if is_challenged && class.facts.result == result { n } else { 0 };
        Self {
            sign_ins: n,
            challenged: if is_challenged { n } else { 0 },
            satisfied: result(MfaResult::Satisfied),
            denied: result(MfaResult::Denied),
            pending: result(MfaResult::Pending),
            unable: if class.is_unable { n } else { 0 },
        }
    }

    const fn add(&mut self, other: &Self) {
        self.sign_ins += other.sign_ins;
        self.challenged += other.challenged;
        self.satisfied += other.satisfied;
        self.denied += other.denied;
        self.pending += other.pending;
        self.unable += other.unable;
    }
}

const fn number(column: UserUsageColumn, tally: &Tally) -> i64 {
    match column {
        UserUsageColumn::SignIns => tally.sign_ins,
        UserUsageColumn::Challenged => tally.challenged,
        UserUsageColumn::Satisfied => tally.satisfied,
        UserUsageColumn::Denied => tally.denied,
        UserUsageColumn::Pending => tally.pending,
        UserUsageColumn::Unable => tally.unable,
        UserUsageColumn::UserId | UserUsageColumn::DisplayName | UserUsageColumn::UserName => 0,
    }
}
