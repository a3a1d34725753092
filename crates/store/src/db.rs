//! One database handle for two engines, and the single place where SQL text meets a driver.

use std::str::FromStr;
use std::time::Duration;

use sea_query::{Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, FromRow, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use crate::StoreError;

/// A row type that both engines can fill; `#[derive(sqlx::FromRow)]` gives both.
pub trait DbRow: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> DbRow for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

#[derive(Clone)]
pub enum Db {
    /// One writer, because SQLite has one; a pool of readers beside it.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// A write transaction.
pub enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Bound values of a statement, in the order of `$1, $2, …`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$(::sea_query::Value::from($value)),*] };
}
pub(crate) use args;

fn bound(args: Vec<Value>) -> SqlxValues {
    SqlxValues(Values(args))
}

/// The one door for SQL text. Text is built from literals in this crate only; values are always bound.
fn text(sql: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql.to_owned())
}

impl Db {
    /// Opens the database and brings its schema up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(path.strip_prefix("//").unwrap_or(path)).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|_| StoreError::Address(redacted(url)))?
                .disable_statement_logging();
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options)
                .await?;
            sqlx::migrate!("../../migrations/postgres").run(&pool).await?;
            Ok(Self::Postgres(pool))
        } else {
            Err(StoreError::Address(redacted(url)))
        }
    }

    async fn open_sqlite(path: &str) -> Result<Self, StoreError> {
        if path.is_empty() || path == ":memory:" {
            return Err(StoreError::Address(format!("sqlite:{path}")));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Acknowledged means durable; at thousands of rows a commit it costs nothing.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30))
            .pragma("cache_size", "-65536")
            // 64 MiB between checkpoints: a batch of an import is several, and each writes the same pages again.
            .pragma("wal_autocheckpoint", "16384")
            .optimize_on_close(true, None)
            // A statement with thousands of values is no line for a log.
            .disable_statement_logging();
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("../../migrations/sqlite").run(&write).await?;
        let read = SqlitePoolOptions::new().max_connections(8).connect_with(options.read_only(true)).await?;
        Ok(Self::Sqlite { read, write })
    }

    /// Begins a write transaction. Writers of one tenant follow one another on both engines, so that
    /// what a batch reads cannot change before it commits.
    pub async fn begin(&self) -> Result<Conn, StoreError> {
        match self {
            Self::Sqlite { write, .. } => Ok(Conn::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(pool) => {
                let mut conn = Conn::Postgres(pool.begin().await?);
                conn.run("SELECT pg_advisory_xact_lock($1)", args![WRITER_LOCK]).await?;
                Ok(conn)
            }
        }
    }

    pub async fn rows<T: DbRow>(&self, sql: &str, args: Vec<Value>) -> Result<Vec<T>, StoreError> {
        Ok(match self {
            Self::Sqlite { read, .. } => {
                sqlx::query_as_with::<Sqlite, T, _>(text(sql), bound(args)).fetch_all(read).await?
            }
            Self::Postgres(pool) => {
                sqlx::query_as_with::<Postgres, T, _>(text(sql), bound(args)).fetch_all(pool).await?
            }
        })
    }

    pub async fn row<T: DbRow>(&self, sql: &str, args: Vec<Value>) -> Result<Option<T>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// Runs one statement in a transaction of its own; answers how many rows it changed.
    pub async fn run(&self, sql: &str, args: Vec<Value>) -> Result<u64, StoreError> {
        let mut conn = self.begin().await?;
        let changed = conn.run(sql, args).await?;
        conn.commit().await?;
        Ok(changed)
    }
}

/// Any constant does: it names the lock among Postgres' advisory locks.
const WRITER_LOCK: i64 = 0x006b_6579_726f_6c6c;

impl Conn {
    pub async fn rows<T: DbRow>(&mut self, sql: &str, args: Vec<Value>) -> Result<Vec<T>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                sqlx::query_as_with::<Sqlite, T, _>(text(sql), bound(args)).fetch_all(&mut **tx).await?
            }
            Self::Postgres(tx) => {
                sqlx::query_as_with::<Postgres, T, _>(text(sql), bound(args)).fetch_all(&mut **tx).await?
            }
        })
    }

    pub async fn row<T: DbRow>(&mut self, sql: &str, args: Vec<Value>) -> Result<Option<T>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    pub async fn run(&mut self, sql: &str, args: Vec<Value>) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlx::query_with(text(sql), bound(args)).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => sqlx::query_with(text(sql), bound(args)).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Inserts many rows with few statements: `head VALUES (…), (…) tail`. Every row has `width` values.
    pub async fn insert(
        &mut self,
        head: &str,
        width: usize,
        rows: impl IntoIterator<Item = Vec<Value>>,
        tail: &str,
    ) -> Result<(), StoreError> {
        let mut values: Vec<Value> = Vec::new();
        for row in rows {
            debug_assert_eq!(row.len(), width, "{head}");
            values.extend(row);
        }
        let mut left = values.len() / width;
        let mut values = values.into_iter();
        while left > 0 {
            let n = chunk_of(left, MAX_VALUES / width);
            let mut sql = format!("{head} VALUES ");
            for row in 0..n {
                sql.push_str(if row == 0 { "(" } else { ", (" });
                self.push_places(&mut sql, row * width, width);
                sql.push(')');
            }
            sql.push(' ');
            sql.push_str(tail);
            self.run(&sql, values.by_ref().take(n * width).collect()).await?;
            left -= n;
        }
        Ok(())
    }

    /// Reads the rows of a tenant whose key is among `keys`. `sql` has `$1` for the tenant, once, and ends where the
    /// list goes: `… WHERE tenant_id = $1 AND k IN`.
    pub async fn rows_in<T: DbRow>(&mut self, sql: &str, tenant: i64, keys: &[Value]) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        let mut keys = keys;
        while !keys.is_empty() {
            let (now, later) = keys.split_at(chunk_of(keys.len(), MAX_VALUES));
            let (sql, args) = self.with_list(sql, tenant, now);
            found.extend(self.rows(&sql, args).await?);
            keys = later;
        }
        Ok(found)
    }

    /// Runs a statement for the rows whose key is among `keys`; see [`Conn::rows_in`].
    pub async fn run_in(&mut self, sql: &str, tenant: i64, keys: &[Value]) -> Result<(), StoreError> {
        let mut keys = keys;
        while !keys.is_empty() {
            let (now, later) = keys.split_at(chunk_of(keys.len(), MAX_VALUES));
            let (sql, args) = self.with_list(sql, tenant, now);
            self.run(&sql, args).await?;
            keys = later;
        }
        Ok(())
    }

    fn with_list(&self, sql: &str, tenant: i64, keys: &[Value]) -> (String, Vec<Value>) {
        let mut list = match self {
            Self::Sqlite(_) => sql.replacen("$1", "?", 1),
            Self::Postgres(_) => sql.to_owned(),
        };
        list.push_str(" (");
        self.push_places(&mut list, 1, keys.len());
        list.push(')');
        (list, std::iter::once(tenant.into()).chain(keys.iter().cloned()).collect())
    }

    /// Places for `n` values after the first `before`. SQLite looks a numbered place up in a list of all of them,
    /// which makes statements with thousands quadratic; places without a number cost nothing.
    fn push_places(&self, sql: &mut String, before: usize, n: usize) {
        use std::fmt::Write as _;
        for i in 1..=n {
            let comma = if i == 1 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = match self {
                Self::Sqlite(_) => write!(sql, "{comma}?"),
                Self::Postgres(_) => write!(sql, "{comma}${}", before + i),
            };
        }
    }

    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// SQLite takes 32,766 variables a statement, Postgres 65,535.
const MAX_VALUES: usize = 16_000;

/// Statements come in few sizes, so that prepared ones are found again.
fn chunk_of(left: usize, max: usize) -> usize {
    const SIZES: [usize; 5] = [1000, 200, 40, 8, 1];
    SIZES.into_iter().find(|size| *size <= left && *size <= max).unwrap_or(1)
}

/// A database address without its password, for messages.
fn redacted(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 < at => format!("{}…{}", &url[..scheme + 3], &url[at..]),
        _ => url.to_owned(),
    }
}
