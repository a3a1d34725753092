//! A database for each test: SQLite in a temporary folder, and one of its own on the Postgres of `TEST_DATABASE_URL`.

use std::path::{Path, PathBuf};

use domain::instant::Instant;
use domain::viewer::TenantId;
use server::clock::Clock;
use server::import::progress::Progress;
use server::import::{FileReport, ImportSettings, Input, import_file};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::{Operator, Options, Reader, Services};
use tempfile::TempDir;

/// The engines to test: `None` where there is no Postgres, which is a failure in CI.
pub fn postgres_url() -> Option<String> {
    let url = std::env::var("TEST_DATABASE_URL").ok();
    if url.is_none() {
        assert!(std::env::var_os("CI").is_none(), "TEST_DATABASE_URL must name a Postgres in CI");
        eprintln!("skipped on Postgres: TEST_DATABASE_URL is not set");
    }
    url
}

pub struct Database {
    pub reader: Reader,
    pub operator: Operator,
    pub clock: Clock,
    _folder: TempDir,
}

impl Database {
    pub async fn sqlite(now: Instant) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("recount.db").display());
        Self::open(&url, folder, now).await
    }

    /// A fresh database beside the one the URL names.
    pub async fn postgres(url: &str, name: &str, now: Instant) -> Self {
        let name = format!("keyroll_recount_{name}");
        let mut connection = PgConnection::connect(url).await.expect("TEST_DATABASE_URL answers");
        for statement in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("a database can be made");
        }
        let (server, query) = url.split_once('?').unwrap_or((url, ""));
        let (server, _) = server.rsplit_once('/').expect("a URL with a database");
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::open(&format!("{server}/{name}?{query}"), folder, now).await
    }

    async fn open(url: &str, folder: TempDir, now: Instant) -> Self {
        let services = Services::open(url, Options::default()).await.expect("an empty database opens");
        let (reader, operator, _) = services.console(TenantId::ONLY);
        Self { reader, operator, clock: Clock::fixed(now), _folder: folder }
    }

    /// Imports a file as `keyroll import --observed-at` does.
    pub async fn import(&self, path: &Path, observed_at: Instant) -> FileReport {
        let input = Input { path: path.to_owned(), name: name_of(path) };
        let settings = ImportSettings { observed_at: Some(observed_at), ..ImportSettings::default() };
        import_file(&self.operator, &self.clock, &input, settings, &Progress::hidden()).await.expect("the file imports")
    }

    pub async fn import_all(&self, paths: &[PathBuf], observed_at: Instant) -> Vec<FileReport> {
        let mut reports = Vec::new();
        for path in paths {
            reports.push(self.import(path, observed_at).await);
        }
        reports
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
