//! Whatever happens on the way, the database ends with what one import of the truth has (`spec/quality.md` G-R11).
//!
//! Time is virtual for what talks to Microsoft Graph. The database answers from threads of its own, which tokio's paused
//! clock does not see: it would take the wait for an answer for idleness and run all time-outs down. So whatever touches
//! the database is done by a blocking task, for which that clock stands still, in a runtime whose own clock is true: the
//! store waits for moments of its own (`db/lots.rs`), and they must pass.

use std::io::Cursor;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use domain::connection::{ConnectionItem, CredentialKind, Resource, SecretPlace};
use domain::instant::{DAY_MS, Instant};
use domain::query::{EventsQuery, ListQuery, SignInsQuery, UsersQuery};
use domain::viewer::TenantId;
use graph::{Client, Count, Mark, Plan, Sink, pull};
use graph_server::{GraphServer, Schedule};
use ingest::Hints;
use serde_json::Value;
use server::clock::Clock;
use server::import::{FileReport, ImportError, Taking, take_in};
use server::sync::StoreSink;
use store::{
    ConnectionSecret, ConnectionSettings, Listed, NewImport, Operator, Options, Reader, Services, UsableConnection,
};
use tokio::runtime::Runtime;
use tokio::task::spawn_blocking;

/// All go through the store, each in a database of its own. `STORE_SCHEDULES` asks for more.
const SCHEDULES: u64 = 5;

const READ: [Resource; 5] = [
    Resource::Users,
    Resource::RegistrationDetails,
    Resource::DirectoryAudits,
    Resource::SignIns,
    Resource::NonInteractiveSignIns,
];

/// Time is true here.
static APART: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// Does it while the virtual clock stands still.
async fn apart<T: Send + 'static, F: Future<Output = T>>(work: impl FnOnce() -> F + Send + 'static) -> T {
    spawn_blocking(move || APART.block_on(work())).await.expect("it ends")
}

/// The store's own sink. A pull that is killed while it works loses it; what it was doing goes on to its end.
struct Apart {
    sink: Option<StoreSink>,
    time: Arc<AtomicI64>,
    server: GraphServer,
}

impl Apart {
    async fn with<T: Send + 'static>(&mut self, work: impl AsyncFnOnce(&mut StoreSink) -> T + Send + 'static) -> T {
        self.time.store(self.server.now().millis(), Ordering::SeqCst);
        let mut sink = self.sink.take().expect("one thing at a time");
        let (sink, done) = apart(move || async move {
            let done = work(&mut sink).await;
            (sink, done)
        })
        .await;
        self.sink = Some(sink);
        done
    }
}

impl Sink for Apart {
    type Error = ImportError;

    async fn page(&mut self, body: Bytes, seen_at: Instant) -> Result<(), ImportError> {
        self.with(async move |sink| sink.page(body, seen_at).await).await
    }

    async fn mark(&mut self, mark: &Mark) -> Result<(), ImportError> {
        let mark = mark.clone();
        self.with(async move |sink| sink.mark(&mark).await).await
    }
}

fn connection() -> (ConnectionSettings, UsableConnection) {
    let settings = ConnectionSettings {
        name: "Contoso".into(),
        directory: graph_server::DIRECTORY.into(),
        client_id: graph_server::CLIENT_ID.into(),
        authority: "http://127.0.0.1:8080".into(),
        graph_root: "http://127.0.0.1:8080".into(),
        credential: CredentialKind::Secret,
    };
    let item = ConnectionItem {
        id: 1,
        name: settings.name.clone(),
        directory: settings.directory.clone(),
        client_id: settings.client_id.clone(),
        authority: settings.authority.clone(),
        graph_root: settings.graph_root.clone(),
        credential: settings.credential,
        secret_place: SecretPlace::File,
        secret_name: None,
        created_at: Instant::from_millis(0),
        resources: Vec::new(),
    };
    (settings, UsableConnection { item, secret: ConnectionSecret::File("secret".into()) })
}

async fn read_everything(client: Client, operator: &Operator, connection: &UsableConnection, server: &GraphServer) {
    let time = Arc::new(AtomicI64::new(server.now().millis()));
    let pulls = READ.map(|resource| {
        let sink = StoreSink::new(operator.clone(), Clock::Fixed(Arc::clone(&time)), connection, resource);
        let mut sink = Apart { sink: Some(sink), time: Arc::clone(&time), server: server.clone() };
        let client = &client;
        async move {
            let mark = sink.with(async |sink| sink.stored_mark().await.expect("an answer")).await;
            let mark = mark.map(|mark| serde_json::from_str(&mark).expect("a mark")).unwrap_or_default();
            pull(client, resource, mark, &Plan::default(), &Count::default(), &mut sink).await;
            sink.with(async |sink| sink.finish(None).await.expect("an answer")).await;
        }
    });
    futures::future::join_all(pulls).await;
}

async fn open(directory: &std::path::Path, name: &str) -> Services {
    let url = format!("sqlite:{}", directory.join(name).display());
    apart(move || async move { Services::open(&url, Options::default()).await.expect("opens") }).await
}

async fn items<Q: ListQuery + Listed>(reader: &Reader, now: Instant) -> Vec<Value>
where
    Q::Item: serde::Serialize,
{
    let (from, to) = (now.plus_millis(-60 * DAY_MS), now.plus_millis(DAY_MS));
    let query = Q::parse(&format!("size=1000&from={from}&to={to}"), now).expect("a query");
    let page = query.page_of(reader, None).await.expect("an answer");
    let mut items: Vec<Value> = page.items.iter().map(|item| serde_json::to_value(item).expect("JSON")).collect();
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        // When a report was made last is not the same where earlier ones were read, too.
        item.remove("updated_at");
    }
    items.sort_by_key(ToString::to_string);
    items
}

async fn everything(reader: Reader, now: Instant) -> [Vec<Value>; 3] {
    apart(move || async move {
        [
            items::<UsersQuery>(&reader, now).await,
            items::<EventsQuery>(&reader, now).await,
            items::<SignInsQuery>(&reader, now).await,
        ]
    })
    .await
}

async fn converges(seed: u64) {
    let directory = tempfile::tempdir().expect("a directory");
    let mut schedule = Schedule::new(seed);
    let server = schedule.server.clone();
    let (settings, connection) = connection();
    let pulled = open(directory.path(), "pulled.db").await;
    let (reader, operator, admin) = pulled.console(TenantId::ONLY);
    let began = server.now();
    let secret = connection.secret.clone();
    apart(move || async move { admin.add_connection(settings, secret, began).await.expect("added") }).await;
    schedule.pass(async |client| read_everything(client, &operator, &connection, &server).await).await;

    let now = server.now();
    let imported = open(directory.path(), "imported.db").await;
    let (truth, operator, _) = imported.console(TenantId::ONLY);
    let lines: Vec<u8> = schedule.records().iter().flat_map(|record| format!("{record}\n").into_bytes()).collect();
    apart(move || async move {
        let import = NewImport { file_name: "truth".into(), sha256: [7; 32], now };
        let started = operator.begin_import(import).await.expect("begun");
        let mut report = FileReport::new(started.id, "truth".into());
        let how = Taking { hints: Hints::default(), observed_at: now, is_current: false };
        take_in(&operator, &Clock::fixed(now), Cursor::new(lines), how, &mut report).await.expect("taken in");
        assert_eq!((report.counts.rejected, report.refusal), (0, None));
    })
    .await;
    let (pulled, truth) = (everything(reader, now).await, everything(truth, now).await);
    for (what, (pulled, truth)) in ["users", "events", "sign-ins"].iter().zip(pulled.iter().zip(&truth)) {
        assert_eq!(pulled, truth, "seed {seed}: {what}");
    }
    assert!(!truth[0].is_empty() && !truth[1].is_empty() && !truth[2].is_empty(), "seed {seed} tells something");
    assert_eq!(server.world(|world| world.over_budget), 0, "seed {seed}");
}

#[test]
fn every_schedule_converges_in_the_store() {
    let wanted = std::env::var("STORE_SCHEDULES").ok().and_then(|n| n.parse().ok()).unwrap_or(SCHEDULES);
    for seed in 0..wanted {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.expect("a runtime").block_on(converges(seed));
    }
}
