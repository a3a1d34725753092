use domain::role::Role;

/// What can go wrong in the store. Not-found is no error: it is `Option`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database answered with an error: {0}")]
    Database(#[source] sqlx::Error),
    /// What was stored stays, and can be read.
    #[error("the disk that the database is on is full; make room, and do it again")]
    DiskFull,
    #[error("the database schema could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("`{0}` is not a database address; give sqlite:PATH or postgres://USER@HOST/NAME")]
    Address(String),
    /// Whatever answers there would be taken for the database.
    #[error(
        "Postgres at {host} is on another computer, and the sslmode of DATABASE_URL does not make sure that it is the one: \
         leave sslmode out, which is verify-full (with sslrootcert=FILE for an authority of your own), or say \
         `allow_unverified_tls = true` in [database]"
    )]
    Unverified { host: String },
    /// Nothing was changed.
    #[error(
        "the database is not of this program's schema, and the account at Postgres may not change that: run `keyroll migrate` \
         with the DATABASE_URL of the account that owns the tables (docs/running.md says which rights this one needs)"
    )]
    MayNotMigrate,
    /// A row that the code says cannot exist.
    #[error("table {table} holds something impossible: {what}")]
    Inconsistent { table: &'static str, what: String },
    /// A name that must be unique is taken.
    #[error("{what} `{name}` exists already")]
    Exists { what: &'static str, name: String },
    /// The caller named something that does not exist.
    #[error("there is no {what} `{name}`")]
    Missing { what: &'static str, name: String },
    /// What is to be filled holds something.
    #[error("the database is not empty: table {table} has rows; give one that nothing is stored in")]
    NotEmpty { table: String },
    /// A copy of a database that this program, or this database, is too old or too new for.
    #[error(
        "the data is of schema {wanted} and the database of schema {found}; give a new database to a Keyroll that is no older than the data"
    )]
    Schema { found: i64, wanted: i64 },
    /// The viewer's role does not allow what is asked for.
    #[error("{what}: {forbidden}")]
    Forbidden { what: String, forbidden: Forbidden },
}

/// SQLite's "full" and its log's index that cannot grow, and Postgres' "disk full".
const DISK_FULL: [&str; 3] = ["13", "4874", "53100"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code());
        if code.is_some_and(|code| DISK_FULL.contains(&code.as_ref())) { Self::DiskFull } else { Self::Database(error) }
    }
}

/// The viewer's role does not allow this; one of `needs` would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this needs the role {}", needs.iter().map(|role| role.title()).collect::<Vec<_>>().join(" or "))]
pub struct Forbidden {
    pub needs: Vec<Role>,
}

/// For what is written beside, while somebody only wants to read: on a full disk that goes on without it.
pub(crate) fn unless_full<T: Default>(written: Result<T, StoreError>) -> Result<T, StoreError> {
    if matches!(written, Err(StoreError::DiskFull)) {
        tracing::warn!("{}", StoreError::DiskFull);
        return Ok(T::default());
    }
    written
}

/// The enum member that a column's number stands for.
pub(crate) fn member<T>(
    table: &'static str,
    column: &str,
    code: i64,
    from_code: fn(i64) -> Option<T>,
) -> Result<T, StoreError> {
    from_code(code).ok_or_else(|| StoreError::Inconsistent { table, what: format!("{column} {code}") })
}
