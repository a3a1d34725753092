//! Databases with a generated organisation, and the way around the store to them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::instant::Instant;
use domain::viewer::TenantId;
use server::clock::Clock;
use server::generate::{FILES, Faults, Settings, write_files};
use server::import::progress::Progress;
use server::import::{ImportSettings, Input, import_file};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use store::{Options, Services, StoreError, TableSum};
use tempfile::TempDir;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub const END: &str = "2026-11-20T12:00:00Z";

pub fn end() -> Instant {
    END.parse().expect("an instant")
}

/// The address of a database that is not there yet (SQLite) or empty (Postgres); `None` without Postgres.
pub async fn new_url(engine: Engine, folder: &TempDir) -> Option<String> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    if engine == Engine::Sqlite {
        return Some(format!("sqlite:{}", folder.path().join(format!("trust{number}.db")).display()));
    }
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        assert!(std::env::var_os("CI").is_none(), "TEST_DATABASE_URL must name a Postgres in CI");
        eprintln!("skipped on Postgres: TEST_DATABASE_URL is not set");
        return None;
    };
    let unique = folder.path().file_name().and_then(|name| name.to_str()).expect("a name").replace(['.', '-'], "_");
    let name = format!("trust{unique}_{number}");
    let mut admin = PgConnection::connect(&server).await.expect("the test server answers");
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE \"{name}\""))).await.expect("a database for the test");
    let (base, _) = server.rsplit_once('/').expect("an address with a database name");
    Some(format!("{base}/{name}"))
}

pub struct Database {
    pub services: Services,
    pub url: String,
    pub folder: TempDir,
}

impl Database {
    pub async fn empty(engine: Engine) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = new_url(engine, &folder).await?;
        let services = Services::open(&url, Options::default()).await.expect("the database opens");
        Some(Self { services, url, folder })
    }

    /// With everything that the generator has, duplicates and late records too.
    pub async fn filled(engine: Engine) -> Option<Self> {
        let database = Self::empty(engine).await?;
        for path in database.write_organisation(5) {
            database.import(path).await;
        }
        Some(database)
    }

    /// Files of a generated organisation.
    pub fn write_organisation(&self, seed: u64) -> Vec<PathBuf> {
        let faults = Faults { duplicates: 3.0, late: 5.0, resent: 4.0, malformed: 1.0, future: 1.0 };
        let settings = Settings { users: 120, sign_ins: 2_000, days: 20, seed, end: end(), faults };
        let folder = self.folder.path().join(format!("seed{seed}"));
        write_files(&settings, &folder).expect("the organisation can be written");
        FILES.iter().map(|name| folder.join(name)).collect()
    }

    pub async fn import(&self, path: PathBuf) {
        let (_, operator, _) = self.services.console(TenantId::ONLY);
        let start = Instant::from_millis(end().millis() - 20 * 86_400_000);
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let settings = ImportSettings { observed_at: Some(start), ..ImportSettings::default() };
        let input = Input { path, name };
        import_file(&operator, &Clock::fixed(end()), &input, settings, &Progress::hidden()).await.expect("it imports");
    }

    /// Runs a statement past the store; answers how many rows it changed.
    pub async fn execute(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.url.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.url).await.expect("the file opens");
            conn.execute(sql).await.expect("it runs").rows_affected()
        } else {
            let mut conn = PgConnection::connect(&self.url).await.expect("the server answers");
            conn.execute(sql).await.expect("it runs").rows_affected()
        }
    }

    /// The first column of the only row.
    pub async fn bytes(&self, sql: &str) -> Vec<u8> {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.url.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.url).await.expect("the file opens");
            sqlx::query_scalar(sql).fetch_one(&mut conn).await.expect("an answer")
        } else {
            let mut conn = PgConnection::connect(&self.url).await.expect("the server answers");
            sqlx::query_scalar(sql).fetch_one(&mut conn).await.expect("an answer")
        }
    }

    /// Numbers of rows and hashes of all tables.
    pub async fn sums(&self) -> Vec<TableSum> {
        sums(&self.services).await
    }
}

pub async fn sums(services: &Services) -> Vec<TableSum> {
    let mut dump = services.dump().await.expect("a snapshot");
    let mut sums = Vec::new();
    for table in dump.tables().to_vec() {
        let none = async |_| Ok::<(), StoreError>(());
        sums.push(dump.rows(&table, none).await.expect("its rows"));
    }
    sums
}
