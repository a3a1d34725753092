//! The access log: a chain without gaps, whoever writes; what is done to it is found; and an erased person is forgotten
//! without breaking it.

use domain::access::{Access, AccessAction, AccessOutcome, Actor, ActorKind};
use domain::query::{AccessLogQuery, ListQuery as _};
use domain::retention::Kept;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use store::{Listed as _, Options, Services};

use crate::support::{Engine, TestDb, at, details, person};

fn viewed(minute: i64, target: &str) -> Access {
    Access {
        at: at(minute),
        actor: Actor { kind: ActorKind::Person, id: Some(1), name: "Sara".into(), role: Some(Role::GlobalReader) },
        action: AccessAction::ViewPerson,
        outcome: AccessOutcome::Allowed,
        status: Some(200),
        route: "/users/{id}".into(),
        target: target.into(),
        salt: [9; 16],
        rows: None,
        request_id: "r".into(),
        address: "192.0.2.1".into(),
    }
}

async fn found(db: &TestDb) -> Vec<String> {
    let found = db.services.checker(TenantId::ONLY).check().await.expect("it can be checked");
    found.differences.into_iter().map(|d| format!("{} {}", d.table, d.key)).collect()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn writers_at_once_make_one_chain(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let other = Services::open(&db.url, Options::default()).await.expect("a second server");
    let logs = [db.services.access_log(TenantId::ONLY), other.access_log(TenantId::ONLY)];
    let writes = (0..50).map(|n| {
        let log = logs[n % 2].clone();
        let n = i64::try_from(n).expect("small");
        async move { log.append(vec![viewed(n, "/users/a"), viewed(n, "/users/b")]).await.expect("written") }
    });
    futures::future::join_all(writes).await;
    let entries = logs[0].after(0).await.expect("entries");
    assert_eq!(entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
    assert_eq!(logs[1].last().await.expect("the last"), 100);
    assert_eq!(logs[1].after(97).await.expect("the rest").len(), 3);
    assert_eq!(found(&db).await, Vec::<String>::new());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_list_is_searched_by_who_and_what_and_narrowed(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let log = db.services.access_log(TenantId::ONLY);
    let refused = Access { outcome: AccessOutcome::Refused, actor: Actor::nobody(), ..viewed(2, "/api/v1/users") };
    log.append(vec![viewed(1, "/users/ada%40contoso.com"), refused, viewed(3, "/users?q=S%C3%B6der")])
        .await
        .expect("written");
    let ids = async |query: &str| {
        let query = AccessLogQuery::parse(query, at(60)).expect("a query");
        let page = query.page(&db.reader()).await.expect("a page");
        assert_eq!(usize::try_from(page.total), Ok(page.items.len()));
        page.items.into_iter().map(|item| item.id).collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, [3, 2, 1], "newest first");
    assert_eq!(ids("sort=at").await, [1, 2, 3]);
    assert_eq!(ids("q=ada@contoso").await, [1]);
    assert_eq!(ids("q=SARA").await, [3, 1]);
    assert_eq!(ids("q=soder").await, [3]);
    assert_eq!(ids("outcome=refused").await, [2]);
    assert_eq!(ids("actor_kind=nobody&action=view_person").await, [2]);
    assert_eq!(ids("action=export").await, Vec::<i64>::new());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn an_erased_person_is_forgotten_and_the_chain_holds(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    const ID: &str = "7b0c1c52-1111-4222-8333-9a4f5e6d7c8b";
    let ada = person(ID, "ada@contoso.com");
    db.import_file(vec![details(ada, 5, true, &["fido2"])], 1, at(9)).await;
    let log = db.services.access_log(TenantId::ONLY);
    let others = "/users?q=bob";
    let targets = [format!("/users/{ID}"), "/users?q=Ada%40Contoso.com".into(), others.into(), "/users.csv".into()];
    log.append(targets.iter().map(|target| viewed(10, target)).collect()).await.expect("written");
    let eraser = db.services.console_eraser(TenantId::ONLY);
    let erasing = eraser.begin(ID, "Sara", [3; 32], at(11)).await.expect("begun").expect("she is known");
    eraser.go_on(erasing, at(12)).await.expect("erased");
    log.append(vec![viewed(13, "/users/ADA%40contoso.com")]).await.expect("written");

    let entries = log.after(0).await.expect("entries");
    let targets: Vec<Option<&str>> = entries.iter().map(|entry| entry.target.as_deref()).collect();
    assert_eq!(targets, [None, None, Some(others), Some("/users.csv"), Some("1 2"), Some("erased")]);
    assert_eq!(entries[4].action, AccessAction::Redact);
    let query = AccessLogQuery::parse("q=ada", at(60)).expect("a query");
    assert_eq!(query.page(&db.reader()).await.expect("a page").total, 0);
    assert_eq!(found(&db).await, Vec::<String>::new());
}

/// One entry a day, the first ten of which are of days that go.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn days_that_are_not_kept_go_and_the_chain_holds(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    const DAY: i64 = 24 * 60;
    let log = db.services.access_log(TenantId::ONLY);
    let (_, operator, admin) = db.services.console(TenantId::ONLY);
    log.append((0..40).map(|day| viewed(day * DAY, &format!("/users/{day}"))).collect()).await.expect("written");
    let now = at(40 * DAY);
    assert_eq!(operator.retain(now).await.expect("retained"), 0, "nothing goes without a rule");
    admin.set_retention(Kept::AccessLog, Some(30)).await.expect("a rule");
    let gone = operator.retain(now).await.expect("retained");
    let kept_from = db.services.console_settings(TenantId::ONLY).retention().await.expect("rules");
    let kept_from = kept_from.into_iter().find(|rule| rule.kept == Kept::AccessLog).and_then(|rule| rule.kept_from);
    let kept_from = kept_from.expect("it is noted from when on");
    let entries = log.after(0).await.expect("entries");
    assert!(entries.iter().all(|entry| entry.at >= kept_from), "{entries:#?}");
    assert_eq!((gone + entries.len(), entries.len() > 30), (41, true), "one more says which went");
    let last = entries.last().expect("the last");
    assert_eq!((last.action, last.rows), (AccessAction::Expire, i64::try_from(gone).ok()));
    assert_eq!(found(&db).await, Vec::<String>::new());
    assert_eq!(operator.retain(now).await.expect("retained"), 0, "only once");

    log.append(vec![viewed(40 * DAY, "/users/x")]).await.expect("it goes on");
    assert_eq!(found(&db).await, Vec::<String>::new());
    let before = AccessLogQuery::parse("q=x&range=30d", at(40 * DAY + 1)).expect("a query");
    let page = before.page(&db.reader()).await.expect("a page");
    assert_eq!((page.total, page.total_is_exact), (1, true));
    let before = AccessLogQuery::parse("q=x&range=90d", at(40 * DAY + 1)).expect("a query");
    let page = before.page(&db.reader()).await.expect("a page");
    assert_eq!((page.total, page.total_is_exact), (1, false), "nobody knows how many it would be");

    // Later all of them go but the one that says so.
    assert!(operator.retain(at(400 * DAY)).await.expect("retained") > 30);
    assert_eq!(log.after(0).await.expect("entries").len(), 1);
    assert_eq!(found(&db).await, Vec::<String>::new());
}
