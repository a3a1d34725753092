//! A fresh database per test, on both engines. Postgres needs `TEST_DATABASE_URL`; with `CI=true` its absence fails.

use domain::instant::Instant;
use domain::method::MethodSet;
use domain::record::{AuditRecord, AuditResult, Record, RecordKind, UserFacts, UserObservation, UserRef};
use domain::report::{ImportCounts, ImportStatus};
use domain::viewer::TenantId;
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use store::{NewImport, Operator, Options, Reader, Services};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub struct TestDb {
    pub services: Services,
    pub url: String,
    _dir: Option<tempfile::TempDir>,
}

impl TestDb {
    /// `None` where Postgres is not there to be tested.
    pub async fn open(engine: Engine, options: Options) -> Option<Self> {
        let (url, dir) = match engine {
            Engine::Sqlite => {
                let dir = tempfile::tempdir().expect("a temporary folder");
                (format!("sqlite:{}", dir.path().join("test.db").display()), Some(dir))
            }
            Engine::Postgres => (postgres_database().await?, None),
        };
        let services = Services::open(&url, options).await.expect("the database opens");
        Some(Self { services, url, _dir: dir })
    }

    /// The same database in another program; gone with the first.
    pub async fn in_another_program(&self) -> Self {
        let services = Services::open(&self.url, Options::default()).await.expect("the database opens");
        Self { services, url: self.url.clone(), _dir: None }
    }

    pub fn reader(&self) -> Reader {
        self.services.console(TenantId::ONLY).0
    }

    pub fn operator(&self) -> Operator {
        self.services.console(TenantId::ONLY).1
    }

    /// Changes what is stored behind the store's back.
    pub async fn execute(&self, statement: &'static str) {
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("the file opens");
            connection.execute(statement).await.expect("the statement runs");
        } else {
            let mut connection = PgConnection::connect(&self.url).await.expect("the server answers");
            connection.execute(statement).await.expect("the statement runs");
        }
    }

    /// Imports records as one file to its end; answers its number.
    pub async fn import_file(&self, records: Vec<Record>, file: u8, now: Instant) -> store::ImportId {
        let operator = self.operator();
        let import = NewImport { file_name: format!("file {file}"), sha256: [file; 32], now };
        let started = operator.begin_import(import).await.expect("the import begins");
        let mut counts = ImportCounts { files: 1, ..ImportCounts::default() };
        for record in &records {
            *counts.by_kind.entry(record.kind().to_string()).or_default() += 1;
        }
        let applied =
            operator.apply(started.id, records, started.first_seen_at, now).await.expect("the batch is stored");
        (counts.accepted, counts.duplicate, counts.replaced) = (applied.accepted, applied.duplicate, applied.replaced);
        let done = operator.finish_import(started.id, ImportStatus::Done, None, &counts, now).await;
        done.expect("the import ends");
        started.id
    }

    /// Everything derived equals its recount.
    pub async fn assert_recounted(&self) {
        let found = self.services.checker(TenantId::ONLY).check().await.expect("it can be checked");
        assert_eq!(found.total, 0, "{:#?}", found.differences);
    }

    /// Imports records as one file.
    pub async fn import(&self, records: Vec<Record>) -> store::Applied {
        let now = at(1_000_000);
        let operator = self.operator();
        let import = NewImport { file_name: "test".into(), sha256: [7; 32], now };
        let started = operator.begin_import(import).await.expect("the import begins");
        operator.apply(started.id, records, started.first_seen_at, now).await.expect("the batch is stored")
    }
}

/// What tells whether rows were written since.
pub struct Watch(Vec<(String, Vec<String>)>);

/// Every table that imports write.
const TABLES: [&str; 30] = [
    "apps",
    "audit_records",
    "event_rollups",
    "events",
    "import_sources",
    "imports",
    "mfa_actions",
    "mfa_activity",
    "mfa_servers",
    "password_rollups",
    "places",
    "policy_sets",
    "record_copies",
    "rejected_records",
    "sign_in_classes",
    "sign_in_counts",
    "sign_in_steps",
    "sign_in_users",
    "sign_ins",
    "sources",
    "state_rollups",
    "subjects_to_recall",
    "tenants",
    "user_labels",
    "user_names",
    "user_observations",
    "user_search",
    "user_standings",
    "user_states",
    "users",
];

impl TestDb {
    /// Every text and every bytes column of every table, as one text without case; of SQLite the whole file as well.
    pub async fn every_byte(&self) -> String {
        let mut all = String::new();
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            self.execute("VACUUM").await;
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
            for file in [path.to_owned(), format!("{path}-wal")] {
                let bytes = std::fs::read(&file).unwrap_or_default();
                all.push_str(&String::from_utf8_lossy(&bytes).to_lowercase());
            }
            return all;
        }
        let columns = self
            .texts(
                "SELECT table_name || ' ' || column_name || ' ' || data_type FROM information_schema.columns \
                 WHERE table_schema = 'public' AND data_type IN ('text', 'bytea')",
            )
            .await;
        assert!(columns.len() > 50, "{columns:?}");
        for column in columns {
            let mut words = column.split(' ');
            let (table, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let value = if column.ends_with("bytea") { format!("encode({name}, 'escape')") } else { name.to_owned() };
            let rows = self.texts(&format!("SELECT {value} FROM {table} WHERE {name} IS NOT NULL")).await;
            all.push_str(&rows.join("\n").to_lowercase());
        }
        all
    }

    /// The answers of a query of one text column.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        if self.url.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.url).await.expect("the file opens");
            sqlx::query_scalar(sql).fetch_all(&mut conn).await.expect("an answer")
        } else {
            let mut conn = PgConnection::connect(&self.url).await.expect("the server answers");
            sqlx::query_scalar(sql).fetch_all(&mut conn).await.expect("an answer")
        }
    }

    /// From now on every row that is written shows, also where it is written as it was.
    pub async fn watch_writes(&self) -> Watch {
        if self.url.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.url).await.expect("the file opens");
            let mut sql = "CREATE TABLE writes (name TEXT);".to_owned();
            for table in TABLES {
                for what in ["INSERT", "UPDATE", "DELETE"] {
                    sql.push_str(&format!(
                        "CREATE TRIGGER {what}_{table} AFTER {what} ON {table} \
                         BEGIN INSERT INTO writes VALUES ('{table}'); END;"
                    ));
                }
            }
            conn.execute(sqlx::AssertSqlSafe(sql)).await.expect("triggers");
            return Watch(Vec::new());
        }
        let mut versions = Vec::new();
        for table in TABLES {
            versions.push((table.to_owned(), self.row_versions(table).await));
        }
        Watch(versions)
    }

    /// The tables in which rows were written.
    pub async fn written_since(&self, watch: Watch) -> Vec<String> {
        if self.url.starts_with("sqlite") {
            return self.texts("SELECT DISTINCT name FROM writes ORDER BY name").await;
        }
        let mut written = Vec::new();
        for (table, versions) in watch.0 {
            if self.row_versions(&table).await != versions {
                written.push(table);
            }
        }
        written
    }

    /// Who wrote, locked or deleted each row of a table of Postgres last, and where it lies.
    async fn row_versions(&self, table: &str) -> Vec<String> {
        self.texts(&format!("SELECT xmin || ' ' || xmax || ' ' || ctid FROM {table} ORDER BY ctid")).await
    }
}

async fn postgres_database() -> Option<String> {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs TEST_DATABASE_URL");
        eprintln!("skipped on Postgres: TEST_DATABASE_URL is not set");
        return None;
    };
    let unique = tempfile::tempdir().expect("a unique name");
    let unique = unique.path().file_name().and_then(|name| name.to_str()).expect("a name").replace(['.', '-'], "_");
    let name = format!("store{unique}");
    let mut admin = PgConnection::connect(&server).await.expect("the test server answers");
    let create = format!("CREATE DATABASE \"{name}\"");
    admin.execute(sqlx::AssertSqlSafe(create)).await.expect("a database for the test");
    let (base, _) = server.rsplit_once('/').expect("an address with a database name");
    Some(format!("{base}/{name}"))
}

/// Minutes after an arbitrary beginning.
pub fn at(minutes: i64) -> Instant {
    Instant::from_millis(1_760_000_000_000 + minutes * 60_000)
}

pub fn person(id: &str, name: &str) -> UserRef {
    UserRef {
        object_id: (!id.is_empty()).then(|| id.to_owned()),
        user_name: (!name.is_empty()).then(|| name.to_owned()),
        display_name: (!name.is_empty()).then(|| name.split('@').next().unwrap_or_default().to_owned()),
    }
}

pub fn details(user: UserRef, minutes: i64, registered: bool, methods: &[&str]) -> Record {
    let mut digest = [0; 32];
    digest[0] = u8::from(registered);
    digest[1..9].copy_from_slice(&minutes.to_be_bytes());
    Record::User(Box::new(UserObservation {
        kind: RecordKind::UserRegistrationDetails,
        user,
        observed_at: Some(at(minutes)),
        facts: UserFacts {
            registered: Some(registered),
            enabled: Some(true),
            capable: Some(registered),
            account_enabled: Some(true),
            methods: Some(MethodSet::from_names(methods.iter().copied())),
            ..UserFacts::default()
        },
        digest,
    }))
}

pub fn audit(id: &str, minutes: i64, activity: &str, reason: &str, flow: Option<&str>, user: UserRef) -> AuditRecord {
    AuditRecord {
        record_id: id.into(),
        at: at(minutes),
        log_at: None,
        activity: activity.into(),
        service: None,
        category: None,
        result: AuditResult::Success,
        reason: Some(reason.into()),
        correlation_id: flow.map(str::to_owned),
        user,
        tenant: None,
        digest: [1; 32],
        body: "{}".into(),
    }
}
