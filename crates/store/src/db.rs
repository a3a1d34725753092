//! One database handle for two engines, and the single place where SQL text meets a driver.

use std::borrow::Cow;
use std::fs::File;
use std::time::Duration;

use futures::stream::BoxStream;
use sea_query::{Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, FromRow, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
};

use crate::StoreError;

mod bulk;
mod fields;
mod lots;
mod migrating;
mod reached;
mod read;

use lots::in_lots;

pub use fields::{Field, FieldKind, Fields};
pub use reached::PostgresTls;
pub use read::ReadDb;

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

/// Postgres takes no NUL in a text, and SQLite ends a pattern at one. Records are stored with U+FFFD in its place: so it is
/// looked for.
fn bound(mut args: Vec<Value>) -> SqlxValues {
    for arg in &mut args {
        if let Value::String(Some(text)) = arg
            && text.contains('\0')
        {
            *arg = text.replace('\0', "\u{fffd}").into();
        }
    }
    SqlxValues(Values(args))
}

/// The one door for SQL text. Text is built from literals in this crate only; values are always bound.
fn text(sql: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql.to_owned())
}

impl Db {
    /// Opens the database and brings its schema up to date.
    pub async fn open(url: &str, tls: PostgresTls) -> Result<Self, StoreError> {
        Self::open_to(url, tls, None).await
    }

    /// Opens the database and brings its schema up to a migration that this program knows.
    pub async fn open_at(url: &str, tls: PostgresTls, schema: i64) -> Result<Self, StoreError> {
        let newest = SQLITE.iter().map(|migration| migration.version).max().unwrap_or(0);
        if !SQLITE.version_exists(schema) {
            return Err(StoreError::Schema { found: newest, wanted: schema });
        }
        Self::open_to(url, tls, Some(schema)).await
    }

    async fn open_to(url: &str, tls: PostgresTls, schema: Option<i64>) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(path.strip_prefix("//").unwrap_or(path), schema).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = reached::options(url, tls)?
                // A list's plan depends on how rare its values are, and no statement here is worth compiling.
                .options([("plan_cache_mode", "force_custom_plan"), ("jit", "off")])
                .disable_statement_logging();
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options)
                .await?;
            migrating::bring_up(&pool, schema).await?;
            Ok(Self::Postgres(pool))
        } else {
            Err(StoreError::Address(redacted(url)))
        }
    }

    async fn open_sqlite(path: &str, schema: Option<i64>) -> Result<Self, StoreError> {
        if path.is_empty() || path == ":memory:" {
            return Err(StoreError::Address(format!("sqlite:{path}")));
        }
        // Of programs that begin a database at once, one makes it: sqlx sees to that on Postgres alone.
        let _alone = alone_with(path);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Acknowledged means durable; at thousands of rows a commit it costs nothing.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30))
            .pragma("cache_size", CACHE_SIZE)
            // Indexes are sorted by two threads.
            .pragma("threads", "2")
            // 64 MiB between checkpoints: a batch of an import is several, and each writes the same pages again.
            .pragma("wal_autocheckpoint", "16384")
            .optimize_on_close(true, None)
            // Rows come from a thread of their own: in large lots the two need not wake each other for every few.
            .row_buffer_size(1000)
            // A statement with thousands of values is no line for a log.
            .disable_statement_logging();
        let write = sqlite_pool(1).connect_with(options.clone()).await?;
        match schema {
            Some(schema) => SQLITE.run_to(schema, &write).await?,
            None => SQLITE.run(&write).await?,
        }
        let options = options.read_only(true).pragma("cache_size", CACHE_SIZE_READING);
        let read = sqlite_pool(8).connect_with(options).await?;
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

    /// Begins a write transaction that others do not wait for where the engine can have several, and that has to see by
    /// itself to what it reads.
    pub async fn begin_beside(&self) -> Result<Conn, StoreError> {
        match self {
            Self::Sqlite { .. } => self.begin().await,
            Self::Postgres(pool) => Ok(Conn::Postgres(pool.begin().await?)),
        }
    }

    /// What reads statement by statement.
    pub fn newest(&self) -> ReadDb {
        ReadDb::Newest(self.clone())
    }

    /// Begins a transaction that only reads: all of it sees the database as it was at one instant, whoever writes.
    pub async fn snapshot(&self) -> Result<Conn, StoreError> {
        match self {
            Self::Sqlite { read, .. } => Ok(Conn::Sqlite(read.begin().await?)),
            Self::Postgres(pool) => {
                Ok(Conn::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?))
            }
        }
    }

    /// Runs a statement that cannot be part of a transaction.
    pub async fn outside_transactions(&self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { write, .. } => _ = sqlx::query(text(sql)).execute(write).await?,
            Self::Postgres(pool) => _ = sqlx::query(text(sql)).execute(pool).await?,
        }
        Ok(())
    }

    pub async fn rows<T: DbRow>(&self, sql: &str, args: Vec<Value>) -> Result<Vec<T>, StoreError> {
        // A long list of values hardly comes a second time, and a statement kept for it is as large.
        let is_kept = args.len() <= MOST_VALUES_KEPT;
        Ok(match self {
            Self::Sqlite { read, .. } => {
                let (sql, args) = without_numbers(sql, args);
                let query = sqlx::query_as_with::<Sqlite, T, _>(text(&sql), bound(args));
                in_lots(query.persistent(is_kept).fetch_all(read)).await?
            }
            Self::Postgres(pool) => {
                let query = sqlx::query_as_with::<Postgres, T, _>(text(sql), bound(args));
                query.persistent(is_kept).fetch_all(pool).await?
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

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// SQLite takes a transaction back by itself when the disk fails it. sqlx then finds none to roll back, and holds it for
/// open for ever: such a connection is closed, and another takes its place.
fn sqlite_pool(most: u32) -> SqlitePoolOptions {
    let options = SqlitePoolOptions::new().max_connections(most);
    options.before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
}

/// Waits until nobody else makes the database or brings it up to date; held until it is dropped. Where there can be no
/// file beside the database, SQLite says why it cannot be opened either.
fn alone_with(path: &str) -> Option<File> {
    let lock = File::options().create(true).append(true).open(format!("{path}-opening")).ok()?;
    lock.lock().ok().map(|()| lock)
}

/// Any constant does: it names the lock among Postgres' advisory locks.
const WRITER_LOCK: i64 = 0x006b_6579_726f_6c6c;

/// Statements of SQLite with no more values than this may number their places.
const FEW_PLACES: usize = 50;
/// Statements of a reader with no more values than this are kept ready.
const MOST_VALUES_KEPT: usize = 200;

/// 2 MiB, in KiB, for each of the eight connections that read: the system keeps the file's pages too, and whoever reads all
/// of a large table (an export) goes through each of them.
const CACHE_SIZE_READING: &str = "-2048";
/// 40 MiB: what a batch of an import touches again and again stays at hand; leaves of large indexes do not in any case. With
/// 96 MiB an import is 9 % faster, and has more than 256 MiB in all.
const CACHE_SIZE: &str = "-40960";
/// 8 MiB. Indexes are sorted in pieces as large as the cache, one for each thread; small ones are sorted faster.
const CACHE_SIZE_SORTING: &str = "-8192";

impl Conn {
    /// Makes SQLite ready to sort a large index, or lets it go back to what it does otherwise.
    pub async fn sort_in_pieces(&mut self, begin: bool) -> Result<(), StoreError> {
        if let Self::Sqlite(_) = self {
            let size = if begin { CACHE_SIZE_SORTING } else { CACHE_SIZE };
            self.run(&format!("PRAGMA cache_size = {size}"), Vec::new()).await?;
        }
        Ok(())
    }

    /// See [`by_index`].
    pub fn by_index(&self, index: &str) -> String {
        by_index(matches!(self, Self::Sqlite(_)), index)
    }

    pub async fn rows<T: DbRow>(&mut self, sql: &str, args: Vec<Value>) -> Result<Vec<T>, StoreError> {
        self.rows_by(sql, args, true).await
    }

    /// The same, by a statement that is kept ready for another time or is not.
    async fn rows_by<T: DbRow>(&mut self, sql: &str, args: Vec<Value>, is_kept: bool) -> Result<Vec<T>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                let (sql, args) = without_numbers(sql, args);
                let query = sqlx::query_as_with::<Sqlite, T, _>(text(&sql), bound(args));
                query.persistent(is_kept).fetch_all(&mut **tx).await?
            }
            Self::Postgres(tx) => {
                let query = sqlx::query_as_with::<Postgres, T, _>(text(sql), bound(args));
                query.persistent(is_kept).fetch_all(&mut **tx).await?
            }
        })
    }

    pub async fn row<T: DbRow>(&mut self, sql: &str, args: Vec<Value>) -> Result<Option<T>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// Rows one after the other, however many there are.
    pub fn stream<'c, T: DbRow + 'c>(&'c mut self, sql: &str) -> BoxStream<'c, Result<T, sqlx::Error>> {
        match self {
            Self::Sqlite(tx) => sqlx::query_as::<Sqlite, T>(text(sql)).fetch(&mut **tx),
            Self::Postgres(tx) => sqlx::query_as::<Postgres, T>(text(sql)).fetch(&mut **tx),
        }
    }

    pub async fn run(&mut self, sql: &str, args: Vec<Value>) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlx::query_with(text(sql), bound(args)).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => sqlx::query_with(text(sql), bound(args)).execute(&mut **tx).await?.rows_affected(),
        })
    }

    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// Names the index that a statement is to use. Without statistics, SQLite takes a tenant for a good reason to walk all of
/// a table that is in the order of its key.
fn by_index(is_sqlite: bool, index: &str) -> String {
    if is_sqlite { format!("INDEXED BY {index}") } else { String::new() }
}

/// The places of a long statement without their numbers, for SQLite: it goes through all numbered places to find one,
/// for each of them. A value that stands in several places is bound for each.
fn without_numbers(sql: &str, args: Vec<Value>) -> (Cow<'_, str>, Vec<Value>) {
    if args.len() <= FEW_PLACES {
        return (sql.into(), args);
    }
    let mut pieces = sql.split('$');
    let mut places = pieces.next().unwrap_or_default().to_owned();
    let mut bound = Vec::with_capacity(args.len());
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let value = piece[..end].parse::<usize>().ok().and_then(|number| args.get(number.checked_sub(1)?));
        bound.extend(value.cloned());
        places.push(if value.is_some() { '?' } else { '$' });
        places.push_str(&piece[if value.is_some() { end } else { 0 }..]);
    }
    // A list whose places have no numbers (`with_list`) is as it should be.
    if bound.is_empty() { (sql.into(), args) } else { (places.into(), bound) }
}

/// A database address without its password, for messages.
fn redacted(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 < at => format!("{}…{}", &url[..scheme + 3], &url[at..]),
        _ => url.to_owned(),
    }
}
