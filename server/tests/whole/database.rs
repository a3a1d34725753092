//! A database of one test, on either engine.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// An empty database that goes away with the test.
pub struct Database {
    pub url: String,
    dir: TempDir,
    postgres: Option<(String, String)>,
}

impl Database {
    /// `None` where the test is skipped: no Postgres, and not in CI.
    pub async fn new(engine: Engine) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a directory");
        if engine == Engine::Sqlite {
            let url = format!("sqlite:{}", dir.path().join("keyroll.db").display());
            return Some(Self { url, dir, postgres: None });
        }
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "TEST_DATABASE_URL must name a Postgres in CI");
            eprintln!("skipped: TEST_DATABASE_URL names no Postgres");
            return None;
        };
        Some(Self::on(server, "template1", dir).await)
    }

    /// A database somewhere else, that is not ours to drop.
    pub fn at(url: String) -> Self {
        Self { url, dir: tempfile::tempdir().expect("a directory"), postgres: None }
    }

    /// Another database that holds the same. Nobody may have this one open.
    pub async fn copy(&self) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        if let Some((server, name)) = &self.postgres {
            return Self::on(server.clone(), name, dir).await;
        }
        // A program that ends leaves the log beside the database.
        for name in ["keyroll.db", "keyroll.db-wal"] {
            let file = self.dir().join(name);
            if file.exists() {
                std::fs::copy(file, dir.path().join(name)).expect("a file of its own");
            }
        }
        Self { url: format!("sqlite:{}", dir.path().join("keyroll.db").display()), dir, postgres: None }
    }

    async fn on(server: String, template: &str, dir: TempDir) -> Self {
        let name = format!("keyroll_server_{}", uuid::Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(&server).await.expect("Postgres answers");
        let create = AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"));
        sqlx::raw_sql(create).execute(&mut connection).await.expect("a database of our own");
        let (base, query) = server.split_once('?').map_or((server.as_str(), None), |(base, query)| (base, Some(query)));
        let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
        let url = query.map_or(format!("{base}/{name}"), |query| format!("{base}/{name}?{query}"));
        Self { url, dir, postgres: Some((server, name)) }
    }

    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = self.postgres.take() else { return };
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await.expect("Postgres answers");
                let drop = AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"));
                sqlx::raw_sql(drop).execute(&mut connection).await.expect("dropped");
            });
        });
        if dropping.join().is_err() {
            eprintln!("a test's database was left behind");
        }
    }
}
