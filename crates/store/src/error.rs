use domain::role::Role;

/// What can go wrong in the store. Not-found is no error: it is `Option`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database answered with an error: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database schema could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("`{0}` is not a database address; give sqlite:PATH or postgres://USER@HOST/NAME")]
    Address(String),
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

/// The viewer's role does not allow this; one of `needs` would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this needs the role {}", needs.iter().map(|role| role.title()).collect::<Vec<_>>().join(" or "))]
pub struct Forbidden {
    pub needs: Vec<Role>,
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
