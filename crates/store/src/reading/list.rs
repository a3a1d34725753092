//! Keyset pages: one sort declaration gives ORDER BY, the condition after a cursor, and the cursors of a page.

use domain::fold::fold;
use domain::page::{Cursor, Key, Page};
use domain::query::{Column, Direction, List};
use domain::report::Field;
use sea_query::Value;

use super::conditions::Conditions;
use crate::StoreError;
use crate::db::{DbRow, ReadDb};

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
        order(list, &self.columns())
    }

    /// The place in the list that a page begins after: a value for each of the columns.
    fn place<C: Column>(&self, list: &List<C>) -> Option<Vec<Key>> {
        let cursor = list.after.as_ref().filter(|cursor| cursor.ties.len() == self.ties.len())?;
        Some(std::iter::once(&cursor.key).chain(&cursor.ties).cloned().collect())
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
    db: &ReadDb,
    list: &List<C>,
    sort: &SortBy,
    select: &str,
    conditions: &Conditions,
) -> Result<Vec<R>, StoreError> {
    let (rest, args) = first_of(list, sort, conditions, limit(list), 0);
    db.rows(&format!("{select}{rest}"), args).await
}

/// The text from WHERE on, and its values, for so many rows as come next in a list. A statement may bind others before.
pub fn first_of<C: Column>(
    list: &List<C>,
    sort: &SortBy,
    conditions: &Conditions,
    most: i64,
    bound_before: usize,
) -> (String, Vec<Value>) {
    let mut conditions = conditions.clone();
    if let Some(place) = sort.place(list) {
        after(&mut conditions, list, &sort.columns(), &place);
    }
    (format!("{}{} LIMIT {most}", conditions.sql_after(bound_before), sort.order(list)), conditions.args())
}

/// Rows of a list that an index has together, one after the other as the list has them.
pub struct Part {
    /// What the sort's first columns are in all of them.
    pub rank: Vec<Key>,
    /// Everything before WHERE; the sort key must be among its columns.
    pub select: String,
    pub conditions: Conditions,
}

/// One page out of parts, of which those are read that it needs, and of each no more rows than it needs.
pub async fn read_parts<C: Column, R: DbRow>(
    db: &ReadDb,
    list: &List<C>,
    sort: &SortBy,
    mut parts: Vec<Part>,
) -> Result<Vec<R>, StoreError> {
    let wanted = usize::try_from(limit(list)).unwrap_or(usize::MAX);
    let place = sort.place(list);
    parts.sort_by(|a, b| if is_ascending(list) { a.rank.cmp(&b.rank) } else { b.rank.cmp(&a.rank) });
    parts.retain(|part| match &place {
        Some(place) if is_ascending(list) => part.rank[..] >= place[..part.rank.len()],
        Some(place) => part.rank[..] <= place[..part.rank.len()],
        None => true,
    });
    let mut parts = parts.into_iter().peekable();
    let mut rows: Vec<R> = Vec::new();
    let mut at_once = 4;
    while rows.len() < wanted && parts.peek().is_some() {
        let mut some: Vec<Part> = Vec::new();
        // Rows of one rank may be in any of its parts.
        while let Some(part) =
            parts.next_if(|next| some.len() < at_once || some.last().is_some_and(|last| last.rank == next.rank))
        {
            some.push(part);
        }
        let (sql, args) = union_of(db, list, sort, &some, place.as_deref());
        rows.extend(db.rows::<R>(&sql, args).await?);
        at_once = 32;
    }
    rows.truncate(wanted);
    Ok(rows)
}

/// A part with what follows the place, and its order.
struct Narrowed<'a> {
    select: &'a str,
    conditions: Conditions,
    end: String,
}

impl Narrowed<'_> {
    /// Whether only the values of both differ.
    fn is_like(&self, other: &Self) -> bool {
        self.select == other.select && self.conditions.sql() == other.conditions.sql() && self.end == other.end
    }
}

/// The first rows of parts after a place, in one statement.
fn union_of<C: Column>(
    db: &ReadDb,
    list: &List<C>,
    sort: &SortBy,
    parts: &[Part],
    place: Option<&[Key]>,
) -> (String, Vec<Value>) {
    let parts = parts.iter().map(|Part { rank, select, conditions }| {
        let mut conditions = conditions.clone();
        let rest = &sort.columns()[rank.len()..];
        if let Some((at, beyond)) = place.and_then(|place| place.split_at_checked(rank.len()))
            && rank == at
        {
            after(&mut conditions, list, rest, beyond);
        }
        Narrowed { select, conditions, end: format!("{} LIMIT {}", order(list, rest), limit(list)) }
    });
    let parts: Vec<Narrowed<'_>> = parts.collect();
    let args: Vec<Value> = parts.iter().flat_map(|part| part.conditions.args()).collect();
    let union = match &parts[..] {
        [first, others @ ..] if !db.is_sqlite() && others.iter().all(|other| first.is_like(other)) => {
            each_of_alike(first, parts.len())
        }
        _ => one_after_the_other(&parts),
    };
    let outward = std::iter::once(if sort.is_text { "key_text" } else { "key_number" });
    let outward = outward.chain(sort.ties.iter().map(|tie| tie.rsplit('.').next().unwrap_or(tie)));
    let order = order(list, &outward.collect::<Vec<_>>());
    (format!("{union}{order} LIMIT {}", limit(list)), args)
}

fn one_after_the_other(parts: &[Narrowed<'_>]) -> String {
    let mut before = 0;
    let selects = parts.iter().map(|Narrowed { select, conditions, end }| {
        let conditions_after = conditions.sql_after(before);
        before += conditions.args().len();
        format!("SELECT * FROM ({select}{conditions_after}{end}) AS part")
    });
    selects.collect::<Vec<_>>().join(" UNION ALL ")
}

/// The same, of parts that differ by their values alone. Postgres plans each part of a union by itself, and hundreds for
/// longer than it takes to read them: here it plans one. SQLite has no LATERAL, and is quick to plan.
fn each_of_alike(first: &Narrowed<'_>, parts: usize) -> String {
    let Narrowed { select, conditions, end } = first;
    let values = conditions.args().len();
    let numbered = |prefix: &str, numbers: std::ops::Range<usize>| {
        numbers.map(|number| format!("{prefix}{number}")).collect::<Vec<_>>().join(", ")
    };
    let rows = (0..parts).map(|part| format!("({})", numbered("$", part * values + 1..(part + 1) * values + 1)));
    let rows = rows.collect::<Vec<_>>().join(", ");
    let names = numbered("value_", 1..values + 1);
    let conditions = conditions.sql_with(|number| format!("of_part.value_{number}"));
    format!(
        "SELECT part.* FROM (VALUES {rows}) AS of_part ({names}) CROSS JOIN LATERAL ({select}{conditions}{end}) AS part"
    )
}

fn order<C: Column>(list: &List<C>, columns: &[&str]) -> String {
    let word = if is_ascending(list) { "ASC" } else { "DESC" };
    let columns: Vec<String> = columns.iter().map(|column| format!("{column} {word}")).collect();
    format!(" ORDER BY {}", columns.join(", "))
}

/// Adds the condition that a row comes after a place.
fn after<C: Column>(conditions: &mut Conditions, list: &List<C>, columns: &[&str], place: &[Key]) {
    let comparison = if is_ascending(list) { ">" } else { "<" };
    let places = vec!["?"; columns.len()].join(", ");
    conditions.and(&format!("({}) {comparison} ({places})", columns.join(", ")), place.iter().map(value));
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

/// A row of a list that is small enough to be at hand as a whole.
struct Ranked<T> {
    item: T,
    key: Key,
    tie: Key,
}

impl<T> Keyed for Ranked<T> {
    fn key(&self) -> Key {
        self.key.clone()
    }

    fn tie(&self, _: &str) -> Key {
        self.tie.clone()
    }
}

/// A page of a list whose rows are all at hand. `key` is what the list's column says of a row, `tie` what tells rows
/// apart.
pub fn page_of_all<C: Column, T>(
    list: &List<C>,
    items: Vec<T>,
    key: impl Fn(&T, C) -> Key,
    tie: impl Fn(&T) -> Key,
) -> Page<T> {
    let sort = SortBy { expression: String::new(), is_text: false, ties: &["tie"] };
    let total = Total { rows: i64::try_from(items.len()).unwrap_or(i64::MAX), is_exact: true };
    let rank = |item: T| Ranked { key: key(&item, list.sort.column), tie: tie(&item), item };
    let mut rows: Vec<Ranked<T>> = items.into_iter().map(rank).collect();
    let place = |row: &Ranked<T>| vec![row.key.clone(), row.tie.clone()];
    rows.sort_by_cached_key(place);
    if !is_ascending(list) {
        rows.reverse();
    }
    if let Some(after) = sort.place(list) {
        rows.retain(|row| if is_ascending(list) { place(row) > after } else { place(row) < after });
    }
    rows.truncate(usize::try_from(limit(list)).unwrap_or(usize::MAX));
    let Page { total, total_is_exact, items, first, next, previous } = page(list, &sort, rows, total);
    Page { total, total_is_exact, items: items.into_iter().map(|row| row.item).collect(), first, next, previous }
}

/// What a column says of a row, to sort by: numbers and times as such, texts folded, what is not known first.
pub fn key_of_field(field: &Field<'_>) -> Key {
    match field {
        Field::Unknown => Key::Text(String::new()),
        Field::Text(text) => Key::Text(fold(text)),
        Field::Number(number) => Key::Number(*number),
        Field::At(at) => Key::Number(at.millis()),
        Field::List(items) => Key::Number(i64::try_from(items.len()).unwrap_or(i64::MAX)),
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
