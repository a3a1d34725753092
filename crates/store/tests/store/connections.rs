//! Connected tenants: who is among them, and how far their pulls have come.

use domain::connection::{CredentialKind, PullProblem, Resource, SecretPlace};
use domain::instant::Instant;
use domain::record::{Record, RecordKind};
use domain::viewer::TenantId;
use rstest::rstest;
use store::{ConnectionSecret, ConnectionSettings, NewImport, Options, PullEnd, StoreError};

use crate::support::{Engine, TestDb, at, details, person};

fn settings(name: &str) -> ConnectionSettings {
    ConnectionSettings {
        name: name.into(),
        directory: "contoso.com".into(),
        client_id: "7a1c0de0-0000-4000-8000-000000000002".into(),
        authority: "https://login.microsoftonline.com".into(),
        graph_root: "https://graph.microsoft.com".into(),
        credential: CredentialKind::Secret,
    }
}

fn end(problem: Option<PullProblem>, now: Instant) -> PullEnd {
    PullEnd { problem, without_details: false, requests: 3, throttled: 1, now }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_connection_is_added_changed_and_removed(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let (_, operator, admin) = db.services.console(TenantId::ONLY);
    let sealed = ConnectionSecret::Sealed("x1:abc".into());
    let id = admin.add_connection(settings("Contoso"), sealed.clone(), at(0)).await.expect("added");
    let taken = admin.add_connection(settings("CONTOSO"), ConnectionSecret::File("/x".into()), at(0)).await;
    assert!(matches!(taken, Err(StoreError::Exists { .. })));
    operator.store_pull_mark(id, Resource::SignIns, "{}".into(), Some(at(5))).await.expect("stored");

    let renamed = ConnectionSettings { credential: CredentialKind::Certificate, ..settings("contoso") };
    admin.change_connection(id, renamed, None).await.expect("changed");
    let kept = admin.usable_connection(id).await.expect("an answer").expect("there");
    assert_eq!((kept.item.name.as_str(), &kept.secret), ("contoso", &sealed), "the secret stays");
    assert_eq!(kept.item.resources.len(), 1, "and how far the pull has come");
    assert!(!format!("{kept:?}").contains("abc"), "nobody prints it");

    let elsewhere = ConnectionSettings { directory: "fabrikam.com".into(), ..settings("contoso") };
    let secret = ConnectionSecret::Environment("GRAPH_SECRET".into());
    admin.change_connection(id, elsewhere, Some(secret)).await.expect("changed");
    let changed = admin.usable_connection(id).await.expect("an answer").expect("there");
    assert_eq!(changed.item.secret_place, SecretPlace::Environment);
    assert_eq!(changed.item.secret_name.as_deref(), Some("GRAPH_SECRET"));
    assert_eq!(changed.item.resources, [], "another tenant begins anew");
    assert_eq!(operator.pull_mark(id, Resource::SignIns).await.expect("an answer"), None);

    admin.remove_connection(id).await.expect("removed");
    assert!(matches!(admin.remove_connection(id).await, Err(StoreError::Missing { .. })));
    operator.store_pull_mark(id, Resource::SignIns, "{}".into(), None).await.expect("a pull that goes on is no error");
    assert_eq!(operator.usable_connections().await.expect("an answer"), []);
    assert_eq!(operator.pull_mark(id, Resource::SignIns).await.expect("an answer"), None);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_failure_is_kept_beside_the_last_success(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let (reader, operator, admin) = db.services.console(TenantId::ONLY);
    let secret = ConnectionSecret::File("/run/secrets/graph".into());
    let id = admin.add_connection(settings("Contoso"), secret, at(0)).await.expect("added");
    let resource = Resource::DirectoryAudits;
    operator.store_pull_mark(id, resource, r#"{"x":1}"#.into(), Some(at(9))).await.expect("stored");
    operator.finish_pull(id, resource, end(None, at(10))).await.expect("stored");
    let missing = PullProblem::PermissionMissing { permissions: vec!["AuditLog.Read.All".into()] };
    operator.finish_pull(id, resource, end(Some(missing.clone()), at(20))).await.expect("stored");
    let tenant = reader.connected_tenants().await.expect("an answer").remove(0);
    let item = &tenant.resources[0];
    assert_eq!((item.last_success, item.last_tried, item.covered_to), (Some(at(10)), Some(at(20)), Some(at(9))));
    assert_eq!((item.problem.as_ref(), item.requests, item.throttled), (Some(&missing), 6, 2));
    assert_eq!(operator.pull_mark(id, resource).await.expect("an answer").as_deref(), Some(r#"{"x":1}"#));
    operator.finish_pull(id, resource, end(None, at(30))).await.expect("stored");
    let tenant = reader.connected_tenants().await.expect("an answer").remove(0);
    assert_eq!((tenant.resources[0].last_success, &tenant.resources[0].problem), (Some(at(30)), &None));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn one_at_a_time_pulls(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let (one, two) = (db.operator(), db.operator());
    let lock = one.pull_lock().await.expect("an answer").expect("nobody pulls");
    assert!(two.pull_lock().await.expect("an answer").is_none());
    lock.release().await.expect("released");
    let lock = two.pull_lock().await.expect("an answer").expect("nobody pulls any more");
    drop(lock);
    // Postgres lets go of it when the session is closed, a moment later.
    while one.pull_lock().await.expect("an answer").is_none() {
        tokio::task::yield_now().await;
    }
}

/// What is read whole each time adds nothing where it says what it said.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn looking_again_writes_what_has_changed_alone(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let operator = db.operator();
    let timeless = |department: &str| {
        let Record::User(mut user) = details(person("ada", "Ada"), 0, true, &["email"]) else { unreachable!("a user") };
        user.kind = RecordKind::User;
        user.observed_at = None;
        user.facts.department = Some(department.to_owned());
        user.digest = [u8::try_from(department.len()).expect("short"); 32];
        vec![Record::User(user)]
    };
    let look = async |department: &str, minute: i64| {
        let import = NewImport { file_name: "users".into(), sha256: [1; 32], now: at(minute) };
        let started = operator.begin_import(import).await.expect("begun");
        let applied = operator.apply_current(started.id, timeless(department), at(minute), at(minute)).await;
        let applied = applied.expect("applied");
        if applied.accepted == 0 {
            operator.forget_import(started.id, &Default::default(), at(minute)).await.expect("forgotten");
        }
        (applied.accepted, applied.duplicate)
    };
    assert_eq!(look("HR", 1).await, (1, 0));
    assert_eq!(look("HR", 2).await, (0, 1));
    assert_eq!(look("Sales", 3).await, (1, 0));
    assert_eq!(look("HR", 4).await, (1, 0), "and back");
    assert_eq!(look("HR", 5).await, (0, 1));
    assert_eq!(db.reader().imports().await.expect("an answer").len(), 3, "what brought nothing is not kept");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_taken_back_is_pulled_again(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let (_, operator, admin) = db.services.console(TenantId::ONLY);
    let id =
        admin.add_connection(settings("Contoso"), ConnectionSecret::File("/x".into()), at(0)).await.expect("added");
    for resource in [Resource::RegistrationDetails, Resource::SignIns] {
        operator.store_pull_mark(id, resource, r#"{"x":1}"#.into(), Some(at(9))).await.expect("stored");
    }
    let import = db.import_file(vec![details(person("a", "a@x.example"), 1, true, &["email"])], 1, at(10)).await;
    let undo = operator.begin_undo(import, "console").await.expect("an answer").expect("it can be undone");
    operator.undo(undo, at(11)).await.expect("it is undone");
    let mark = async |resource| operator.pull_mark(id, resource).await.expect("an answer");
    assert_eq!(mark(Resource::RegistrationDetails).await.as_deref(), Some("{}"), "from the beginning");
    assert_eq!(mark(Resource::SignIns).await.as_deref(), Some(r#"{"x":1}"#), "no sign-in has gone");
}
