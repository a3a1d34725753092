//! The way in does not matter: records imported again, in pieces or in another order leave the same behind, and what
//! is known to the letter is not even written.

use crate::support::{Engine, TestDb, at, audit, details, person};
use domain::method::AuthMethod;
use domain::record::{Feature, Outcome, Record, RecordKind, ReportEvent};
use domain::report::{ImportCounts, ImportStatus};
use domain::viewer::TenantId;
use rstest::rstest;
use store::{NewImport, Options, Services};

const PROGRESS: &str = "Self-service password reset flow activity progress";
const REGISTERED: &str = "User registered security info";

/// Users by id and by name, a name that moves on, a name that gets its id later, copies that lose, flows and events.
fn records() -> Vec<Record> {
    let named = |id, name| person(id, name);
    let mut records = vec![
        details(named("a", "ann@x.example"), 10, false, &[]),
        details(named("a", "ann@x.example"), 50, true, &["mobilePhone"]),
        details(named("b", "bo@x.example"), 20, true, &["fido2"]),
        // At one time the greater digest, of the registered, wins; the loser's name was borne all the same.
        details(named("b", "bosse@x.example"), 20, false, &[]),
        details(named("", "carl@x.example"), 15, false, &["newThing"]),
        details(named("c", "carl@x.example"), 40, true, &["email"]),
        details(named("", "dan@x.example"), 5, true, &[]),
        // Ann's name goes to another.
        details(named("e", "ann@x.example"), 70, false, &[]),
        details(named("", "ann@x.example"), 75, true, &["email"]),
    ];
    let sms = |step| format!("User {step} the mobile SMS verification option");
    for audit in [
        audit("1", 1, PROGRESS, &sms("started"), Some("f"), named("a", "ann@x.example")),
        audit("2", 2, PROGRESS, &sms("completed"), Some("f"), named("a", "ann@x.example")),
        audit("3", 30, REGISTERED, "User registered Fido", None, named("", "bosse@x.example")),
        audit("4", 31, REGISTERED, "User registered Fido", None, named("only-seen", "")),
    ] {
        records.push(Record::Audit(Box::new(audit)));
    }
    for (minutes, name) in [(3, "dan@x.example"), (60, "nobody-else@x.example")] {
        let mut digest = [9; 32];
        digest[..8].copy_from_slice(&i64::to_be_bytes(minutes));
        records.push(Record::Event(Box::new(ReportEvent {
            kind: RecordKind::UserCredentialUsageDetails,
            feature: Feature::Registration,
            user: named("", name),
            at: at(minutes),
            method: AuthMethod::Email,
            raw_method: None,
            outcome: Outcome::Success,
            reason: None,
            digest,
        })));
    }
    records
}

/// Everything derived, without the numbers that depend on who came first.
const LEFT_BEHIND: [&str; 5] = [
    "SELECT id || ' ' || valid_from || ' ' || valid_to || ' ' || cell || ' ' || COALESCE(display_name, '-') || ' ' || \
     COALESCE(user_name, '-') || ' ' || COALESCE(methods, -1) || ' ' || COALESCE(raw_methods, '-') || ' ' || \
     COALESCE(updated_at, -1) FROM user_states",
    "SELECT tier || ' ' || bucket_at || ' ' || cell || ' ' || n FROM state_rollups WHERE n <> 0",
    "SELECT e.event_id || ' ' || e.at || ' ' || e.outcome || ' ' || COALESCE(u.object_id, u.name_key, '-') \
     FROM events e LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.user_id = e.user_id",
    "SELECT source || ' ' || feature || ' ' || tier || ' ' || bucket_at || ' ' || method || ' ' || outcome || ' ' || n \
     FROM event_rollups WHERE n <> 0",
    "SELECT kind || ' ' || covers_from || ' ' || covers_to || ' ' || records FROM sources",
];

async fn left_behind(db: &TestDb) -> Vec<String> {
    let mut all = Vec::new();
    for sql in LEFT_BEHIND {
        let mut rows = db.texts(sql).await;
        rows.sort();
        assert!(!rows.is_empty(), "{sql}");
        all.extend(rows);
    }
    all
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn one_batch_or_many_in_any_order_leave_the_same_behind(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import(records()).await;
    let expected = left_behind(&db).await;
    let n = records().len();
    for (size, step) in [(1, 1), (1, n - 1), (2, 7), (4, 11), (n, 2)] {
        let Some(db) = TestDb::open(engine, Options::default()).await else { return };
        let all = records();
        // A step without a common divisor with the number of records visits each of them once.
        let order: Vec<Record> = (0..n).map(|i| all[i * step % n].clone()).collect();
        assert_eq!(order.iter().filter(|record| **record == all[0]).count(), 1, "{step} visits each record once");
        for batch in order.chunks(size) {
            db.import(batch.to_vec()).await;
        }
        assert_eq!(left_behind(&db).await, expected, "batches of {size}, every {step}th record");
        let again = db.import(all).await;
        assert_eq!((again.accepted, again.replaced), (0, 0));
        assert_eq!(left_behind(&db).await, expected, "again after batches of {size}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn an_unchanged_import_writes_no_row_but_its_own(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    // Without the copy that loses: to refuse it, it has to be looked at.
    let records: Vec<Record> = records().into_iter().enumerate().filter(|(i, _)| *i != 3).map(|(_, r)| r).collect();
    db.import(records.clone()).await;
    let written = db.watch_writes().await;
    let operator = db.operator();
    let now = at(2_000_000);
    let import = NewImport { file_name: "another".into(), sha256: [8; 32], now };
    let started = operator.begin_import(import).await.expect("the import begins");
    let n = i64::try_from(records.len()).expect("small");
    let applied = operator.apply(started.id, records, started.first_seen_at, now).await.expect("the batch is stored");
    assert_eq!((applied.accepted, applied.duplicate, applied.replaced), (0, n, 0));
    let by_kind = RecordKind::ALL.iter().map(|kind| (kind.to_string(), 1)).collect();
    let counts = ImportCounts { by_kind, ..ImportCounts::default() };
    let done = operator.finish_import(started.id, ImportStatus::Done, None, &counts, now).await;
    done.expect("the import ends");
    assert_eq!(db.written_since(written).await, ["imports", "sources"]);
    let sources = db.reader().sources().await.expect("what is known of the sources");
    assert!(!sources.is_empty() && sources.iter().all(|source| source.last_refreshed == now));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn indexes_that_a_first_import_puts_off_come_back_whatever_happens(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let indexes = match engine {
        Engine::Sqlite => "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
        Engine::Postgres => "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY indexname",
    };
    let all = db.texts(indexes).await;
    db.operator().defer_indexes().await.expect("the indexes are put off");
    let needed = db.texts(indexes).await;
    assert!(needed.len() < all.len());
    let import = NewImport { file_name: "test".into(), sha256: [1; 32], now: at(1) };
    let started = db.operator().begin_import(import).await.expect("the import begins");
    db.operator().apply(started.id, records(), at(1), at(1)).await.expect("the batch is stored");
    Services::open(&db.url, Options::default()).await.expect("opens");
    assert_eq!(db.texts(indexes).await, needed, "somebody imports still");
    // The import breaks off.
    drop(started);
    Services::open(&db.url, Options::default()).await.expect("opens");
    assert_eq!(db.texts(indexes).await, all);
    db.operator().defer_indexes().await.expect("there are users: nothing is put off");
    assert_eq!(db.texts(indexes).await, all);
    let once = left_behind(&db).await;
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import(records()).await;
    assert_eq!(left_behind(&db).await, once);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn an_import_that_nobody_does_any_more_has_broken_off(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let begin = |sha256| {
        let operator = db.operator();
        async move {
            let import = NewImport { file_name: "test".into(), sha256: [sha256; 32], now: at(1) };
            operator.begin_import(import).await.expect("the import begins")
        }
    };
    let statuses = || async {
        let reopened = Services::open(&db.url, Options::default()).await.expect("opens");
        let imports = reopened.console(TenantId::ONLY).0.imports().await.expect("the imports");
        let mut imports: Vec<_> = imports.into_iter().map(|import| (import.id, import.status)).collect();
        imports.sort();
        imports.into_iter().map(|(_, status)| status).collect::<Vec<_>>()
    };
    let (first, second) = (begin(1).await, begin(2).await);
    drop(first);
    assert_eq!(statuses().await, [ImportStatus::Running, ImportStatus::Running], "somebody imports still");
    drop(second);
    assert_eq!(statuses().await, [ImportStatus::Interrupted, ImportStatus::Interrupted]);
    let third = begin(3).await;
    assert_eq!(statuses().await, [ImportStatus::Interrupted, ImportStatus::Interrupted, ImportStatus::Running]);
    let (operator, counts) = (db.operator(), ImportCounts::default());
    operator.finish_import(third.id, ImportStatus::Done, None, &counts, at(2)).await.expect("the import ends");
    drop(third);
    assert_eq!(statuses().await, [ImportStatus::Interrupted, ImportStatus::Interrupted, ImportStatus::Done]);
}
