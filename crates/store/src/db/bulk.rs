//! Many rows with few statements, each engine in its fastest way: SQLite gets long lists of values, Postgres arrays.

use futures::future::join;
use sea_query::Value;
use sqlx::Arguments as _;
use sqlx::postgres::PgArguments;

use super::{Conn, DbRow, bound, text};
use crate::StoreError;

/// SQLite takes 32,766 variables a statement.
const MAX_VALUES: usize = 16_000;
/// Rows or keys of one statement of Postgres, whose arrays have no limit: bounds memory.
const MAX_ROWS: usize = 5_000;

impl Conn {
    /// Inserts many rows: `head VALUES (…), (…) tail`. Every row has `width` values; a column is all numbers, all text or all bytes.
    pub async fn insert(
        &mut self,
        head: &str,
        width: usize,
        rows: impl IntoIterator<Item = Vec<Value>>,
        tail: &str,
    ) -> Result<(), StoreError> {
        let mut rows = rows.into_iter().inspect(|row| debug_assert_eq!(row.len(), width, "{head}"));
        if let Self::Sqlite(_) = self {
            // The largest size of statement that is sure to be needed again, so that it is found prepared.
            let most = largest_size(MAX_VALUES / width);
            let mut next = || rows.by_ref().take(most).flatten().collect::<Vec<Value>>();
            let mut values = next();
            while !values.is_empty() {
                // SQLite has a thread of its own: while it inserts these, the next ones are made.
                let (inserted, later) = join(self.insert_values(head, width, values, tail), async { next() }).await;
                inserted?;
                values = later;
            }
            return Ok(());
        }
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            self.insert_arrays(head, rows.by_ref().take(MAX_ROWS), tail).await?;
        }
        Ok(())
    }

    /// Some rows of Postgres, an array for each column.
    async fn insert_arrays(
        &mut self,
        head: &str,
        rows: impl Iterator<Item = Vec<Value>>,
        tail: &str,
    ) -> Result<(), StoreError> {
        let mut columns: Vec<Column> = Vec::new();
        for row in rows {
            if columns.is_empty() {
                columns.extend(row.iter().map(Column::like));
            }
            for (column, value) in columns.iter_mut().zip(row) {
                column.push(value)?;
            }
        }
        let mut arrays = PgArguments::default();
        let mut sql = format!("{head} SELECT * FROM UNNEST(");
        for (i, column) in columns.into_iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            sql.push_str(&format!("{comma}${}::{}[]", i + 1, column.type_name()));
            column.bind(&mut arrays)?;
        }
        sql.push_str(") ");
        sql.push_str(tail);
        if let Self::Postgres(tx) = self {
            sqlx::query_with(text(&sql), arrays).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Some rows of SQLite, in statements of few sizes.
    async fn insert_values(
        &mut self,
        head: &str,
        width: usize,
        values: Vec<Value>,
        tail: &str,
    ) -> Result<(), StoreError> {
        let mut left = values.len() / width;
        let mut values = values.into_iter();
        while left > 0 {
            let n = largest_size(left);
            let mut sql = format!("{head} VALUES ");
            for row in 0..n {
                sql.push_str(if row == 0 { "(" } else { ", (" });
                push_places(&mut sql, width);
                sql.push(')');
            }
            sql.push(' ');
            sql.push_str(tail);
            self.run(&sql, values.by_ref().take(n * width).collect()).await?;
            left -= n;
        }
        Ok(())
    }

    /// Reads the rows whose key is among `keys`, which are all numbers, all text or all bytes. `sql` has `$1`, `$2`, … for `fixed`
    /// values, each once and in order, and ends where the list goes: `… WHERE tenant_id = $1 AND k IN`.
    pub async fn rows_in<T: DbRow>(&mut self, sql: &str, fixed: &[i64], keys: &[Value]) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        let mut keys = keys;
        while !keys.is_empty() {
            let (now, later) = keys.split_at(self.keys_at_once(keys.len()));
            keys = later;
            match self {
                Self::Sqlite(_) => {
                    let (sql, args) = with_list(sql, fixed, now);
                    found.extend(self.rows(&sql, args).await?);
                }
                Self::Postgres(tx) => {
                    let (sql, args) = with_array(sql, fixed, now)?;
                    found.extend(sqlx::query_as_with(text(&sql), args).fetch_all(&mut **tx).await?);
                }
            }
        }
        Ok(found)
    }

    /// Runs a statement for the rows whose key is among `keys`; see [`Conn::rows_in`].
    pub async fn run_in(&mut self, sql: &str, fixed: &[i64], keys: &[Value]) -> Result<(), StoreError> {
        let mut keys = keys;
        while !keys.is_empty() {
            let (now, later) = keys.split_at(self.keys_at_once(keys.len()));
            keys = later;
            match self {
                Self::Sqlite(tx) => {
                    let (sql, args) = with_list(sql, fixed, now);
                    sqlx::query_with(text(&sql), bound(args)).execute(&mut **tx).await?;
                }
                Self::Postgres(tx) => {
                    let (sql, args) = with_array(sql, fixed, now)?;
                    sqlx::query_with(text(&sql), args).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }

    fn keys_at_once(&self, left: usize) -> usize {
        match self {
            Self::Sqlite(_) => largest_size(left),
            Self::Postgres(_) => left.min(MAX_ROWS),
        }
    }
}

/// A statement of SQLite with a list of keys. Its places have no numbers: SQLite looks a numbered one up in a list of
/// all of them, which makes statements with thousands quadratic.
fn with_list(sql: &str, fixed: &[i64], keys: &[Value]) -> (String, Vec<Value>) {
    let mut list = sql.to_owned();
    for i in 1..=fixed.len() {
        list = list.replacen(&format!("${i}"), "?", 1);
    }
    list.push_str(" (");
    push_places(&mut list, keys.len());
    list.push(')');
    (list, fixed.iter().map(|n| (*n).into()).chain(keys.iter().cloned()).collect())
}

fn push_places(sql: &mut String, n: usize) {
    for i in 0..n {
        sql.push_str(if i == 0 { "?" } else { ", ?" });
    }
}

/// The same statement for Postgres, with the keys as one array.
fn with_array(sql: &str, fixed: &[i64], keys: &[Value]) -> Result<(String, PgArguments), StoreError> {
    let mut column = keys.first().map_or_else(|| Column::Numbers(Vec::new()), Column::like);
    for key in keys {
        column.push(key.clone())?;
    }
    let mut args = PgArguments::default();
    for n in fixed {
        args.add(*n).map_err(sqlx::Error::Encode)?;
    }
    column.bind(&mut args)?;
    Ok((format!("{}= ANY(${})", sql.trim_end_matches("IN"), fixed.len() + 1), args))
}

/// Statements come in few sizes, so that prepared ones are found again.
fn largest_size(most: usize) -> usize {
    const SIZES: [usize; 5] = [1000, 200, 40, 8, 1];
    SIZES.into_iter().find(|size| *size <= most).unwrap_or(1)
}

/// The values of one column, for an array of Postgres.
enum Column {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Column {
    /// An empty column for values like this one; a NULL has a type too.
    fn like(value: &Value) -> Self {
        match value {
            Value::String(_) => Self::Texts(Vec::new()),
            Value::Bytes(_) => Self::Bytes(Vec::new()),
            _ => Self::Numbers(Vec::new()),
        }
    }

    fn push(&mut self, value: Value) -> Result<(), StoreError> {
        match (self, value) {
            (Self::Numbers(numbers), Value::BigInt(number)) => numbers.push(number),
            (Self::Texts(texts), Value::String(text)) => texts.push(text),
            (Self::Bytes(all), Value::Bytes(bytes)) => all.push(bytes),
            (_, value) => return Err(sqlx::Error::Encode(format!("no array takes {value:?} here").into()).into()),
        }
        Ok(())
    }

    const fn type_name(&self) -> &'static str {
        match self {
            Self::Numbers(_) => "bigint",
            Self::Texts(_) => "text",
            Self::Bytes(_) => "bytea",
        }
    }

    fn bind(self, args: &mut PgArguments) -> Result<(), StoreError> {
        match self {
            Self::Numbers(numbers) => args.add(numbers),
            Self::Texts(texts) => args.add(texts),
            Self::Bytes(bytes) => args.add(bytes),
        }
        .map_err(|error| sqlx::Error::Encode(error).into())
    }
}
