//! Keyset pages: one sort declaration gives ORDER BY, the condition after a cursor, and the cursors of a page.

use domain::page::{Cursor, Key, Page};
use domain::query::{Column, Direction, List};
use sea_query::Value;

use super::conditions::Conditions;
use crate::StoreError;
use crate::db::{Db, DbRow};

/// How a list is sorted: an expression that is never NULL, and one that breaks ties.
pub struct SortBy {
    pub expression: &'static str,
    pub tie: &'static str,
}

/// A row that knows its place in a list.
pub trait Keyed {
    fn key(&self) -> Key;
    fn tie(&self) -> Key;
}

/// One page. `select` is everything before WHERE; it must name the sort key and the tie among its columns.
pub async fn page<C: Column, R: DbRow + Keyed>(
    db: &Db,
    list: &List<C>,
    sort: SortBy,
    select: &str,
    conditions: &Conditions,
    total: i64,
) -> Result<Page<R>, StoreError> {
    let backward = list.after.as_ref().is_some_and(|cursor| cursor.backward);
    let direction = if backward { list.sort.direction.reversed() } else { list.sort.direction };
    let (order, comparison) = match direction {
        Direction::Ascending => ("ASC", ">"),
        Direction::Descending => ("DESC", "<"),
    };
    let SortBy { expression, tie } = sort;
    let mut conditions = conditions.clone();
    if let Some(cursor) = &list.after {
        conditions.and(&format!("({expression}, {tie}) {comparison} (?, ?)"), [value(&cursor.key), value(&cursor.tie)]);
    }
    let limit = i64::from(list.size) + 1;
    let sql = format!("{select}{} ORDER BY {expression} {order}, {tie} {order} LIMIT {limit}", conditions.sql());
    let mut rows: Vec<R> = db.rows(&sql, conditions.args()).await?;
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
        Cursor { sort: list.sort.to_string(), backward, key: row.key(), tie: row.tie(), first }.encode()
    };
    let next = rows.last().filter(|_| has_next).map(|row| cursor(row, false, first + count));
    let before = (first - i64::from(list.size)).max(1);
    let previous = rows.first().filter(|_| has_previous).map(|row| cursor(row, true, before));
    Ok(Page { total, total_is_exact: true, items: rows, first, next, previous })
}

/// The columns `key_number` and `key_text` of a keyed row: the one that the sort uses is filled.
pub fn key_columns(expression: &str, is_text: bool) -> String {
    if is_text {
        format!("CAST(NULL AS BIGINT) AS key_number, {expression} AS key_text")
    } else {
        format!("CAST({expression} AS BIGINT) AS key_number, CAST(NULL AS TEXT) AS key_text")
    }
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
