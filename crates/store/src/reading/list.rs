//! Keyset pages: one sort declaration gives ORDER BY, the condition after a cursor, and the cursors of a page.

use domain::page::{Cursor, Key, Page};
use domain::query::{Column, Direction, List};
use sea_query::Value;

use super::conditions::Conditions;
use crate::StoreError;
use crate::db::{Db, DbRow};

/// How a list is sorted: an expression that is never NULL, and columns that break ties.
#[derive(Clone)]
pub struct SortBy {
    pub expression: String,
    pub is_text: bool,
    pub ties: &'static [&'static str],
}

impl SortBy {
    /// What is sorted by, the expression first, as one list.
    fn columns(&self) -> Vec<&str> {
        std::iter::once(self.expression.as_str()).chain(self.ties.iter().copied()).collect()
    }

    /// The same order in words that no index has: rows that are few are looked up by what is asked of them, and sorted.
    /// Left to itself, SQLite rather walks all rows in the order of the list.
    pub fn gathered(&self) -> Self {
        Self { expression: format!("COALESCE({0}, {0})", self.expression), ..self.clone() }
    }

    /// `ORDER BY …` in the direction that a page is read in.
    pub fn order<C: Column>(&self, list: &List<C>) -> String {
        let word = if is_ascending(list) { "ASC" } else { "DESC" };
        let columns: Vec<String> = self.columns().into_iter().map(|column| format!("{column} {word}")).collect();
        format!(" ORDER BY {}", columns.join(", "))
    }

    /// Adds the condition that a row comes after the cursor.
    pub fn after<C: Column>(&self, conditions: &mut Conditions, list: &List<C>) {
        let Some(cursor) = list.after.as_ref().filter(|cursor| cursor.ties.len() == self.ties.len()) else { return };
        let columns = self.columns();
        let comparison = if is_ascending(list) { ">" } else { "<" };
        let places = vec!["?"; columns.len()].join(", ");
        let values = std::iter::once(&cursor.key).chain(&cursor.ties).map(value);
        conditions.and(&format!("({}) {comparison} ({places})", columns.join(", ")), values);
    }

    /// The columns `key_number` and `key_text` of a keyed row: the one that the sort uses is filled.
    pub fn key(&self) -> String {
        let Self { expression, is_text, .. } = self;
        if *is_text {
            format!("CAST(NULL AS BIGINT) AS key_number, {expression} AS key_text")
        } else {
            format!("CAST({expression} AS BIGINT) AS key_number, CAST(NULL AS TEXT) AS key_text")
        }
    }
}

/// Whether a page is read upwards: the sort's direction, turned round where the page before a cursor is asked for.
pub fn is_ascending<C: Column>(list: &List<C>) -> bool {
    (list.sort.direction == Direction::Ascending) != is_backward(list)
}

fn is_backward<C: Column>(list: &List<C>) -> bool {
    list.after.as_ref().is_some_and(|cursor| cursor.backward)
}

/// Rows to read for a page: one more than it shows says whether there are others.
pub fn limit<C: Column>(list: &List<C>) -> i64 {
    i64::from(list.size) + 1
}

/// Up to so many matching rows are gathered and sorted; beyond, a page is found sooner along an index.
pub const FEW: i64 = 3000;

/// Where counting stops, for filters that no figure links to.
pub const MANY: i64 = 10_000;

/// How many rows match, and whether that is all of them.
#[derive(Debug, Clone, Copy)]
pub struct Total {
    pub rows: i64,
    pub is_exact: bool,
}

impl Total {
    /// What a page says of its list.
    #[must_use]
    pub fn of<R>(page: &Page<R>) -> Self {
        Self { rows: page.total, is_exact: page.total_is_exact }
    }

    /// Whether the rows are known to be few.
    #[must_use]
    pub fn is_few(self) -> bool {
        self.is_exact && self.rows <= FEW
    }

    /// Of rows that were counted up to one more than [`MANY`].
    pub fn counted_until_many(rows: i64) -> Self {
        Self { rows: rows.min(MANY), is_exact: rows <= MANY }
    }
}

/// A row that knows its place in a list.
pub trait Keyed {
    fn key(&self) -> Key;
    /// The value of a column that breaks ties.
    fn tie(&self, column: &str) -> Key;
}

/// One page by one statement. `select` is everything before WHERE; it must name the sort key among its columns.
pub async fn read<C: Column, R: DbRow>(
    db: &Db,
    list: &List<C>,
    sort: &SortBy,
    select: &str,
    conditions: &Conditions,
) -> Result<Vec<R>, StoreError> {
    let mut conditions = conditions.clone();
    sort.after(&mut conditions, list);
    let sql = format!("{select}{}{} LIMIT {}", conditions.sql(), sort.order(list), limit(list));
    db.rows(&sql, conditions.args()).await
}

/// A page of the rows read for it, with the cursors to its neighbours.
pub fn page<C: Column, R: Keyed>(list: &List<C>, sort: &SortBy, mut rows: Vec<R>, total: Total) -> Page<R> {
    let backward = is_backward(list);
    let size = usize::try_from(list.size).unwrap_or(usize::MAX);
    let has_more = rows.len() > size;
    rows.truncate(size);
    if backward {
        rows.reverse();
    }
    let first = match &list.after {
        _ if rows.is_empty() => 0,
        None => 1,
        Some(cursor) => cursor.first.max(1),
    };
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let (has_next, has_previous) = if backward { (true, has_more) } else { (has_more, list.after.is_some()) };
    let cursor = |row: &R, backward: bool, first: i64| {
        let ties = sort.ties.iter().map(|column| row.tie(column)).collect();
        Cursor { sort: list.sort.to_string(), backward, key: row.key(), ties, first }.encode()
    };
    let next = rows.last().filter(|_| has_next).map(|row| cursor(row, false, first + count));
    let before = (first - i64::from(list.size)).max(1);
    let previous = rows.first().filter(|_| has_previous).map(|row| cursor(row, true, before));
    Page { total: total.rows, total_is_exact: total.is_exact, items: rows, first, next, previous }
}

pub fn key_of(number: Option<i64>, text: Option<&str>) -> Key {
    number.map_or_else(|| Key::Text(text.unwrap_or_default().to_owned()), Key::Number)
}

fn value(key: &Key) -> Value {
    match key {
        Key::Number(number) => (*number).into(),
        Key::Text(text) => text.as_str().into(),
    }
}
