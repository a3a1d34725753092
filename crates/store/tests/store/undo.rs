//! An import taken back leaves nothing behind, and takes nothing that others brought.

use domain::instant::Instant;
use domain::population::Population;
use domain::query::{Report, SignInFilters, Span};
use domain::report::ImportStatus;
use domain::window::Window;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rstest::rstest;
use store::{ImportId, Options, Undo, UndoRefused};

use crate::sign_ins::{DECLINED, DONE, START, list, records, sign_in};
use crate::support::{Engine, TestDb, at, details, person};
use crate::undo_records::file;

/// Everything that is stored, without the numbers that depend on who came first.
const STORED: [&str; 19] = [
    "SELECT 'state ' || id || ' ' || valid_from || ' ' || valid_to || ' ' || cell || ' ' || COALESCE(display_name, '-') || ' ' || \
     COALESCE(user_name, '-') || ' ' || COALESCE(methods, -1) || ' ' || COALESCE(updated_at, -1) FROM user_states",
    "SELECT 'states ' || tier || ' ' || bucket_at || ' ' || cell || ' ' || n FROM state_rollups WHERE n <> 0",
    "SELECT 'search ' || text || ' ' || cell FROM user_search",
    "SELECT 'user ' || COALESCE(u.object_id, u.name_key, '-') || ' ' || COALESCE(m.object_id, '-') || ' ' || \
     COALESCE(u.first_event_at, -1) || ' ' || COALESCE(u.event_display_name, '-') || ' ' || COALESCE(u.event_user_name, '-') \
     FROM users u LEFT JOIN users m ON m.tenant_id = u.tenant_id AND m.user_id = u.merged_into",
    "SELECT 'name ' || n.name_key || ' ' || n.last_at || ' ' || COALESCE(u.object_id, '-') FROM user_names n \
     LEFT JOIN users u ON u.tenant_id = n.tenant_id AND u.user_id = n.user_id",
    "SELECT 'observed ' || COALESCE(u.object_id, u.name_key) || ' ' || observed_at || ' ' || digest FROM user_observations o \
     JOIN users u ON u.tenant_id = o.tenant_id AND u.user_id = o.subject_id",
    "SELECT 'audit ' || record_id || ' ' || at || ' ' || digest || ' ' || COALESCE(u.object_id, u.name_key, '-') FROM audit_records a \
     LEFT JOIN users u ON u.tenant_id = a.tenant_id AND u.user_id = a.user_id",
    "SELECT 'event ' || e.event_id || ' ' || e.at || ' ' || e.outcome || ' ' || COALESCE(e.reason, '-') || ' ' || \
     COALESCE(u.object_id, u.name_key, '-') || ' ' || COALESCE(e.user_name, '-') || ' ' || COALESCE(e.display_name, '-') \
     FROM events e LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.user_id = e.user_id",
    "SELECT 'events ' || source || ' ' || feature || ' ' || tier || ' ' || bucket_at || ' ' || method || ' ' || outcome || ' ' || n \
     FROM event_rollups WHERE n <> 0",
    "SELECT 'passwords ' || tier || ' ' || bucket_at || ' ' || kind || ' ' || n FROM password_rollups WHERE n <> 0",
    "SELECT 'sign-in ' || s.at || ' ' || c.facts || ' ' || c.traits || ' ' || c.error_code || ' ' || s.is_unmet || ' ' || \
     s.completeness || ' ' || s.digest || ' ' || COALESCE(u.object_id, u.name_key, '-') || ' ' || \
     COALESCE(a.client_id, '-') || ' ' || COALESCE(p.ip, '-') FROM sign_ins s \
     JOIN sign_in_classes c ON c.tenant_id = s.tenant_id AND c.class_id = s.class_id \
     LEFT JOIN users u ON u.tenant_id = s.tenant_id AND u.user_id = s.user_id \
     LEFT JOIN apps a ON a.tenant_id = s.tenant_id AND a.app_no = s.app_no \
     LEFT JOIN places p ON p.tenant_id = s.tenant_id AND p.place_id = s.place_id",
    "SELECT 'step ' || digest FROM sign_in_steps",
    "SELECT 'app ' || client_id FROM apps",
    "SELECT 'place ' || ip FROM places",
    "SELECT 'label ' || COALESCE(u.object_id, u.name_key) || ' ' || l.name_key || ' ' || l.display_name_folded FROM user_labels l \
     LEFT JOIN users u ON u.tenant_id = l.tenant_id AND u.user_id = l.subject_id",
    "SELECT 'activity ' || activity_id || ' ' || COALESCE(u.object_id, u.name_key) FROM mfa_activity a \
     LEFT JOIN users u ON u.tenant_id = a.tenant_id AND u.user_id = a.user_id",
    "SELECT 'action ' || action_id || ' ' || COALESCE(u.object_id, u.name_key) FROM mfa_actions a \
     LEFT JOIN users u ON u.tenant_id = a.tenant_id AND u.user_id = a.user_id",
    "SELECT 'server ' || name || ' ' || digest FROM mfa_servers",
    "SELECT 'source ' || kind || ' ' || covers_from || ' ' || covers_to || ' ' || records FROM sources",
];

/// What is stored, and the figures over sign-ins, whose counters are packed, for windows of every tier.
pub async fn everything(db: &TestDb) -> Vec<String> {
    let mut all = Vec::new();
    for sql in STORED {
        let mut rows = db.texts(sql).await;
        rows.sort();
        all.extend(rows);
    }
    let reader = db.reader();
    let from = at(0).millis() - 86_400_000;
    for (from, to) in [
        (from, from + 5 * 86_400_000),
        (from, at(700).millis()),
        (at(0).millis(), at(1300).millis() + 1),
        (at(600).millis(), at(660).millis() + 78),
    ] {
        let window = Window { from: Instant::from_millis(from), to: Instant::from_millis(to) };
        let report =
            Report { span: Span::Window(window), population: Some(Population::Everyone), ..Report::new(at(10_000)) };
        let mut usage = reader.usage(&report).await.expect("usage");
        usage.over_time.retain(|point| point.sign_ins > 0);
        all.push(format!("usage {usage:?}"));
        let (total, items) = list(&reader, report, SignInFilters::default()).await;
        assert_eq!(total, i64::try_from(items.len()).expect("few"));
    }
    all
}

async fn undo(db: &TestDb, import: ImportId, now: Instant) -> usize {
    let operator = db.operator();
    let undo = operator.begin_undo(import, "console").await.expect("an answer").expect("it can be undone");
    operator.undo(undo, now).await.expect("it is undone")
}

/// What differs, for a message that can be read.
fn assert_same(found: &[String], expected: &[String], what: &str) -> Result<(), TestCaseError> {
    let more: Vec<_> = found.iter().filter(|row| !expected.contains(row)).collect();
    let less: Vec<_> = expected.iter().filter(|row| !found.contains(row)).collect();
    prop_assert!(
        more.is_empty() && less.is_empty() && found.len() == expected.len(),
        "{what}: more {more:#?}, less {less:#?}"
    );
    Ok(())
}

async fn check(
    engine: Engine,
    first: Vec<domain::record::Record>,
    second: Vec<domain::record::Record>,
) -> Result<(), TestCaseError> {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return Ok(()) };
    db.import_file(first, 1, at(20_000)).await;
    let alone = everything(&db).await;
    let wrong = db.import_file(second.clone(), 2, at(20_010)).await;
    let both = everything(&db).await;
    undo(&db, wrong, at(20_020)).await;
    db.assert_recounted().await;
    assert_same(&everything(&db).await, &alone, "taken back")?;
    db.import_file(second, 2, at(20_010)).await;
    assert_same(&everything(&db).await, &both, "imported again")
}

#[rstest]
#[case(Engine::Sqlite, 50)]
#[case(Engine::Postgres, 20)]
fn an_import_taken_back_has_never_been(#[case] engine: Engine, #[case] cases: u32) {
    let cases = std::env::var("UNDO_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() });
    let outcome = runner.run(&(file(), file()), |(first, second)| runtime.block_on(check(engine, first, second)));
    if let Err(error) = outcome {
        panic!("{}", format!("{error}").replace("minimal failing input: input = ", "with "));
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_breaks_off_is_gone_on_with(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import_file(records((0..300).map(|n| sign_in(&format!("s{n}"), "ada", START + n, DECLINED))), 1, at(1)).await;
    let alone = everything(&db).await;
    let mut second = records((200..3500).map(|n| sign_in(&format!("s{n}"), "bob", START + 1000 * n, DONE)));
    second.push(details(person("bob", "bob@contoso.com"), 3, true, &["email"]));
    let wrong = db.import_file(second, 2, at(2)).await;
    let operator = db.operator();
    let mut begun: Undo = operator.begin_undo(wrong, "ada").await.expect("an answer").expect("it can be undone");
    assert_eq!(operator.undo_some(&mut begun, at(3)).await.expect("a lot"), Some(1000));
    // The next lot is begun and dropped at some await.
    for polls in 1..40 {
        let mut going_on = begun.clone();
        let mut lot = Box::pin(operator.undo_some(&mut going_on, at(3)));
        for _ in 0..polls {
            if futures::poll!(&mut lot).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    db.assert_recounted().await;
    let item = db.reader().import(wrong.0).await.expect("an answer").expect("the import");
    assert_eq!((item.status, item.undone_by.as_deref(), item.undone_at), (ImportStatus::Undoing, Some("ada"), None));
    for undo in db.operator().begun_undos().await.expect("those that were begun") {
        assert_eq!(undo.import, wrong);
        operator.undo(undo, at(5)).await.expect("it is undone");
    }
    let item = db.reader().import(wrong.0).await.expect("an answer").expect("the import");
    assert_eq!((item.status, item.undone_at, item.can_undo), (ImportStatus::Undone, Some(at(5)), false));
    db.assert_recounted().await;
    assert_same(&everything(&db).await, &alone, "taken back").expect("nothing left behind");
    assert_eq!(operator.begin_undo(wrong, "ada").await.expect("an answer").err(), Some(UndoRefused::Undone));
    assert_eq!(operator.begin_undo(ImportId(77), "ada").await.expect("an answer").err(), Some(UndoRefused::Missing));
}
