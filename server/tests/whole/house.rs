//! A server of one test: a database of its own, a clock that stands still, and people of every role.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use app::pages::SiteSettings;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use domain::connection::{CredentialKind, PullProblem, Resource};
use domain::instant::{DAY_MS, Instant};
use domain::method::{AuthMethod, MethodSet};
use domain::preferences::Language;
use domain::record::{
    Feature, Outcome, Record, RecordKind, ReportEvent, UserFacts, UserObservation, UserRef, UserType,
};
use domain::role::Role;
use domain::viewer::TenantId;
use server::auth::oidc::Oidc;
use server::auth::{password, secret};
use server::clock::Clock;
use server::config::{Intake, Reads, Settings, TrustedProxies};
use server::router::router;
use server::state::AppState;
use server::sync::Connector;
use server::vault::Vault;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use store::{
    ConnectionSecret, ConnectionSettings, NewImport, NewPerson, NewToken, Options, PullEnd, Services, TokenScope,
};
use tower::ServiceExt as _;

use crate::authenticator::Authenticators;
pub use crate::database::{Database, Engine};

pub const NOW: &str = "2026-11-20T12:00:00Z";
pub const PASSWORD: &str = "correct horse battery staple";
/// The largest answer a test reads.
const ANSWER_BYTES: usize = 64 << 20;

pub struct House {
    pub services: Services,
    pub clock: Clock,
    pub router: Router,
    /// What the listener for metrics answers.
    metrics: Router,
    state: AppState,
    /// What people have on their phones.
    pub authenticators: Authenticators,
    /// Held until the test ends: dropping it drops the database.
    database: Database,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

/// A file, read to its end.
pub struct Download {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The session cookie that the answer sets, as a `Cookie` header.
    pub fn cookie(&self) -> Option<String> {
        let set = self.header("set-cookie")?;
        Some(set.split(';').next().expect("a first part").to_owned())
    }
}

impl House {
    /// A server on plain-http loopback with an empty database.
    pub async fn open(engine: Engine) -> Option<Self> {
        Self::open_as(engine, "http://127.0.0.1:3000", false).await
    }

    pub async fn open_as(engine: Engine, public_url: &str, is_demo: bool) -> Option<Self> {
        Self::open_so(engine, public_url, is_demo, |_, _| ()).await
    }

    /// A server with limits of its own for what comes in.
    pub async fn open_with(engine: Engine, intake: Intake) -> Option<Self> {
        Self::open_so(engine, "http://127.0.0.1:3000", false, |state, _| *state = state.clone().with_intake(&intake))
            .await
    }

    /// A server with a way to tenants of its own; `connector` is told where its files may be.
    pub async fn open_with_tenants(
        engine: Engine,
        public_url: &str,
        is_demo: bool,
        connector: impl FnOnce(&std::path::Path) -> Connector,
    ) -> Option<Self> {
        Self::open_so(engine, public_url, is_demo, |state, dir| state.connector = connector(dir)).await
    }

    /// A server that lets each read so much within a minute.
    pub async fn open_for_readers(engine: Engine, per_minute: u32) -> Option<Self> {
        let change = move |state: &mut AppState, _: &std::path::Path| state.reads = reads(per_minute);
        Self::open_so(engine, "http://127.0.0.1:3000", false, change).await
    }

    /// A server behind proxies whose word it takes.
    pub async fn open_behind(engine: Engine, proxies: TrustedProxies) -> Option<Self> {
        Self::open_so(engine, "http://127.0.0.1:3000", false, |state, _| state.trusted_proxies = proxies.into()).await
    }

    /// A server that people come to from an identity provider.
    pub async fn open_with_provider(engine: Engine, oidc: Oidc) -> Option<Self> {
        let change = |state: &mut AppState, _: &std::path::Path| {
            state.site.provider = Some("Contoso’s provider".to_owned());
            state.oidc = Some(oidc);
        };
        Self::open_so(engine, "http://127.0.0.1:3000", false, change).await
    }

    async fn open_so(
        engine: Engine,
        public_url: &str,
        is_demo: bool,
        change: impl FnOnce(&mut AppState, &std::path::Path),
    ) -> Option<Self> {
        let database = Database::new(engine).await?;
        let services = Services::open(&database.url, Options::default()).await.expect("opens");
        let clock = Clock::fixed(now());
        let site = SiteSettings {
            organisation: "Contoso".to_owned(),
            time_zone: "UTC".to_owned(),
            language: Language::English,
            is_demo,
            stale_after: Settings::default().stale_after,
            provider: None,
        };
        let public_url = public_url.parse().expect("an address");
        let sessions = Settings::default().sessions;
        let mut state = AppState::new(services.clone(), clock.clone(), site, public_url, sessions);
        state.vault = vault();
        // Its clock stands still, and so its minute does not end.
        state.reads = reads(u32::MAX);
        change(&mut state, database.dir());
        Some(Self::of(state, database))
    }

    fn of(state: AppState, database: Database) -> Self {
        Self {
            services: state.services.clone(),
            clock: state.clock.clone(),
            router: router(state.clone()),
            metrics: server::metrics::router(&state),
            authenticators: Authenticators::default(),
            state,
            database,
        }
    }

    /// The same database with another key of secrets.
    pub fn with_vault(&self, vault: Vault) -> Self {
        Self::of(AppState { vault, ..self.state.clone() }, Database::at(self.database.url.clone()))
    }

    /// A server on another database, with the same key of secrets.
    pub async fn moved_to(&self, database: Database) -> Self {
        let services = Services::open(&database.url, Options::default()).await.expect("opens");
        let (site, public_url) = (self.state.site.clone(), (*self.state.public_url).clone());
        let state = AppState::new(services, self.clock.clone(), site, public_url, self.state.sessions);
        Self::of(AppState { vault: self.state.vault.clone(), ..state }, database)
    }

    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    pub fn routes(&self) -> BTreeSet<String> {
        server::router::routes(&self.router)
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        Self::ask(&self.router, request).await
    }

    /// What a supervisor reads.
    pub async fn scrape(&self) -> Answer {
        Self::ask(&self.metrics, request(Method::GET, "/metrics", &[], Body::empty())).await
    }

    async fn ask(router: &Router, request: Request<Body>) -> Answer {
        let response = router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, ANSWER_BYTES).await.expect("the body ends well");
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Changes the database behind the program's back.
    pub async fn run_sql(&self, sql: &'static str) {
        let url = &self.database.url;
        if url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(url).await.expect("SQLite answers");
            sqlx::raw_sql(sql).execute(&mut connection).await.expect("SQL");
        } else {
            let mut connection = PgConnection::connect(url).await.expect("Postgres answers");
            sqlx::raw_sql(sql).execute(&mut connection).await.expect("SQL");
        }
    }

    /// Rows of a table.
    pub async fn count(&self, table: &'static str) -> i64 {
        let (url, sql) = (&self.database.url, AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}")));
        if url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(url).await.expect("SQLite answers");
            sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("a number")
        } else {
            let mut connection = PgConnection::connect(url).await.expect("Postgres answers");
            sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("a number")
        }
    }

    /// A file that need not be text.
    pub async fn download(&self, path: &str, headers: &[(&str, &str)]) -> Download {
        let request = request(Method::GET, path, headers, Body::empty());
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, ANSWER_BYTES).await.expect("the body ends well").to_vec();
        Download { status: parts.status, headers: parts.headers, bytes }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, headers, Body::empty())).await
    }

    /// Posts a form as our own pages do.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let headers = [headers, &[kind, ("sec-fetch-site", "same-origin")]].concat();
        self.send(request(Method::POST, path, &headers, Body::from(body))).await
    }

    /// Adds a person whose password is [`PASSWORD`].
    pub async fn add_person(&self, user_name: &str, role: Role) -> i64 {
        let (_, _, admin) = self.services.console(TenantId::ONLY);
        let person = NewPerson {
            user_name: user_name.to_owned(),
            display_name: user_name.to_owned(),
            role,
            password_hash: password_hash(),
            now: self.clock.now(),
        };
        admin.add_person(person).await.expect("added")
    }

    /// Adds a person and a session of theirs; returns the `Cookie` header.
    pub async fn sign_in(&self, role: Role) -> String {
        let id = self.add_person(role.as_str(), role).await;
        self.session(id).await
    }

    /// A session of a person.
    pub async fn session(&self, id: i64) -> String {
        let (text, now) = (secret::random_text().expect("random"), self.clock.now());
        let (hash, identity) = (secret::digest(&text), self.services.identity());
        identity.create_session(hash, id, now, DAY_MS, now.plus_millis(DAY_MS)).await.expect("a session");
        format!("session={text}")
    }

    /// Makes a token; returns the `Authorization` header.
    pub async fn token(&self, name: &str, scope: TokenScope) -> String {
        let (_, _, admin) = self.services.console(TenantId::ONLY);
        let (token, now) = (secret::new_token().expect("random"), self.clock.now());
        let new = NewToken {
            name: name.to_owned(),
            scope,
            hash: secret::digest(&token),
            hint: secret::token_hint(&token),
            expires_at: now.plus_millis(DAY_MS),
            now,
        };
        admin.create_token(new).await.expect("made");
        format!("Bearer {token}")
    }

    /// A connected tenant of which the audit log may not be read.
    pub async fn add_source(&self) {
        let (_, operator, admin) = self.services.console(TenantId::ONLY);
        let settings = ConnectionSettings {
            name: "Contoso".to_owned(),
            directory: "contoso.com".to_owned(),
            client_id: "7a1c0de0-0000-4000-8000-000000000002".to_owned(),
            authority: "https://login.microsoftonline.com".to_owned(),
            graph_root: "https://graph.microsoft.com".to_owned(),
            credential: CredentialKind::Secret,
        };
        let now = self.clock.now();
        let secret = ConnectionSecret::File("/run/secrets/graph".to_owned());
        let id = admin.add_connection(settings, secret, now).await.expect("connected");
        let problem = PullProblem::PermissionMissing { permissions: vec!["AuditLog.Read.All".to_owned()] };
        let end = PullEnd { problem: Some(problem), without_details: false, requests: 1, throttled: 0, now };
        operator.finish_pull(id, Resource::DirectoryAudits, end).await.expect("noted");
    }

    /// Two users and one event of the first.
    pub async fn add_records(&self) {
        self.apply(vec![
            user("00000000-0000-0000-0000-000000000001", "ada@contoso.com", "=Ada, \"A\"", true),
            user("00000000-0000-0000-0000-000000000002", "bo@contoso.com", "Bo", false),
            event("00000000-0000-0000-0000-000000000001", "ada@contoso.com"),
        ])
        .await;
    }

    pub async fn apply(&self, records: Vec<Record>) {
        let (_, operator, _) = self.services.console(TenantId::ONLY);
        let import = NewImport { file_name: "test.jsonl".to_owned(), sha256: [7; 32], now: self.clock.now() };
        let started = operator.begin_import(import).await.expect("begun");
        let now = self.clock.now();
        operator.apply(started.id, records, now, now).await.expect("applied");
    }
}

pub fn now() -> Instant {
    Instant::from_str(NOW).expect("an instant")
}

pub fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:3000");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(body).expect("a request")
}

fn reads(per_minute: u32) -> Reads {
    Reads { per_minute: per_minute.try_into().expect("not none") }
}

pub const KEY: &str = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=";

/// With a key that is no file.
pub fn vault() -> Vault {
    Vault::of(Some(KEY.to_owned()), None, None)
}

/// Hashed once: a debug build takes its time.
fn password_hash() -> String {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| password::hash(PASSWORD).expect("hashes")).clone()
}

pub fn user(id: &str, user_name: &str, display_name: &str, is_registered: bool) -> Record {
    let user = UserRef {
        object_id: Some(id.to_owned()),
        user_name: Some(user_name.to_owned()),
        display_name: Some(display_name.to_owned()),
    };
    let facts = UserFacts {
        display_name: user.display_name.clone(),
        user_name: user.user_name.clone(),
        user_type: Some(UserType::Member),
        account_enabled: Some(true),
        methods: Some(MethodSet::from_names(
            if is_registered { &["email", "mobilePhone"][..] } else { &[] }.iter().copied(),
        )),
        registered: Some(is_registered),
        enabled: Some(true),
        ..UserFacts::default()
    };
    Record::User(Box::new(UserObservation {
        kind: RecordKind::UserRegistrationDetails,
        observed_at: Some(now().plus_millis(-2 * DAY_MS)),
        digest: secret::digest(user_name),
        user,
        facts,
    }))
}

pub fn event(id: &str, user_name: &str) -> Record {
    Record::Event(Box::new(ReportEvent {
        kind: RecordKind::UserCredentialUsageDetails,
        feature: Feature::Registration,
        user: UserRef { object_id: Some(id.to_owned()), user_name: Some(user_name.to_owned()), display_name: None },
        at: now().plus_millis(-DAY_MS),
        method: AuthMethod::Sms,
        raw_method: Some("mobileSMS".to_owned()),
        outcome: Outcome::Success,
        reason: None,
        digest: secret::digest("an event"),
    }))
}
