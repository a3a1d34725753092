//! Who may come in: the setup link, people, sessions and tokens, on both engines; and that the engines' schemas agree.

use crate::support::{Engine, TestDb, at};
use domain::instant::{HOUR_MS, Instant, MINUTE_MS};
use domain::preferences::{Language, Preferences, Theme};
use domain::role::Role;
use domain::viewer::{Sender, TenantId, Viewer};
use rstest::rstest;
use store::{Bearer, NewPerson, NewToken, Options, StoreError, TokenScope};

fn new_person(name: &str, role: Role) -> NewPerson {
    NewPerson {
        user_name: name.into(),
        display_name: name.to_uppercase(),
        role,
        password_hash: "not a hash".into(),
        now: at(0),
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_setup_link_works_once_and_not_for_ever(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let identity = db.services.identity();
    identity.create_setup_link([1; 32], at(60)).await.expect("a link");
    assert!(identity.setup_link_is_valid([1; 32], at(59)).await.expect("an answer"));
    assert!(!identity.setup_link_is_valid([1; 32], at(60)).await.expect("an answer"), "it has expired");
    assert!(!identity.setup_link_is_valid([2; 32], at(1)).await.expect("an answer"), "it is another");
    let wrong = identity.redeem_setup_link([2; 32], new_person("eve", Role::GlobalAdministrator)).await;
    assert_eq!(wrong.expect("an answer"), None);
    let first = identity.redeem_setup_link([1; 32], new_person("ann", Role::GlobalAdministrator)).await;
    assert_eq!(first.expect("an answer"), Some(1));
    let again = identity.redeem_setup_link([1; 32], new_person("eve", Role::GlobalAdministrator)).await;
    assert_eq!(again.expect("an answer"), None);
    identity.create_setup_link([3; 32], at(60)).await.expect("a link");
    assert!(!identity.setup_link_is_valid([3; 32], at(1)).await.expect("an answer"), "somebody is there already");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn sessions_end_by_idleness_age_role_and_disabling(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let (_, _, admin) = db.services.console(TenantId::ONLY);
    let identity = db.services.identity();
    let id = admin.add_person(new_person("Ann@x.example", Role::ReportsReader)).await.expect("a person");
    let taken = admin.add_person(new_person("ANN@x.example", Role::ReportsReader)).await;
    assert!(matches!(taken, Err(StoreError::Exists { .. })));
    let begin = |hash| identity.create_session([hash; 32], id, at(0), 30 * MINUTE_MS, at(480));
    let role_at = async |hash: u8, now: Instant| {
        identity.session([hash; 32], now).await.expect("an answer").map(|session| session.viewer.role)
    };
    begin(1).await.expect("a session");
    assert_eq!(role_at(1, at(29)).await, Some(Role::ReportsReader));
    assert_eq!(role_at(1, at(58)).await, Some(Role::ReportsReader), "use pushes the idle limit on");
    assert_eq!(role_at(1, at(88)).await, None, "idle");
    begin(2).await.expect("a session");
    for minutes in (20..480).step_by(20) {
        assert!(role_at(2, at(minutes)).await.is_some(), "used until {minutes}");
    }
    assert_eq!(role_at(2, at(480)).await, None, "too old");
    begin(3).await.expect("a session");
    admin.set_role("ann@X.example", Role::GlobalReader).await.expect("a change");
    assert_eq!(role_at(3, at(1)).await, None, "a change of role ends sessions");
    begin(4).await.expect("a session");
    assert_eq!(role_at(4, at(1)).await, Some(Role::GlobalReader));
    admin.set_disabled("ann@x.example", true).await.expect("a change");
    assert_eq!(role_at(4, at(1)).await, None);
    begin(5).await.expect("a session");
    identity.end_session([5; 32]).await.expect("an end");
    assert_eq!(role_at(5, at(1)).await, None);
    let demo = identity.create_demo_session([6; 32], Role::ReportsReader, at(0), HOUR_MS, at(60)).await;
    assert!(matches!(demo, Err(StoreError::Missing { .. })), "no demo sessions beside real data");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn tokens_expire_and_are_revoked(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let (_, _, admin) = db.services.console(TenantId::ONLY);
    let identity = db.services.identity();
    let token = |hash: u8, scope| NewToken {
        name: format!("t{hash}"),
        scope,
        hash: [hash; 32],
        hint: "kr_abc".into(),
        expires_at: at(100),
        now: at(0),
    };
    admin.create_token(token(1, TokenScope::Role(Role::SecurityReader))).await.expect("a token");
    admin.create_token(token(2, TokenScope::Ingest)).await.expect("a token");
    let taken = admin.create_token(NewToken { hash: [9; 32], ..token(1, TokenScope::Ingest) }).await;
    assert!(matches!(taken, Err(StoreError::Exists { .. })));
    let viewer = Viewer { tenant: TenantId::ONLY, name: "t1".into(), role: Role::SecurityReader, person_id: None };
    assert_eq!(identity.token([1; 32], at(99)).await.expect("an answer"), Some(Bearer::Viewer { viewer, token_id: 1 }));
    let sender = Sender { tenant: TenantId::ONLY, token_id: 2, name: "t2".into() };
    assert_eq!(identity.token([2; 32], at(1)).await.expect("an answer"), Some(Bearer::Sender(sender)));
    assert_eq!(identity.token([1; 32], at(100)).await.expect("an answer"), None, "it has expired");
    admin.revoke_token("t2", at(5)).await.expect("a change");
    assert_eq!(identity.token([2; 32], at(6)).await.expect("an answer"), None);
    assert!(matches!(admin.revoke_token("t2", at(5)).await, Err(StoreError::Missing { .. })));
}

#[rstest]
#[case(Engine::Sqlite)]
#[tokio::test]
async fn services_are_given_by_role(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    for role in Role::ALL {
        let viewer = Viewer { tenant: TenantId::ONLY, name: String::new(), role: *role, person_id: None };
        assert_eq!(db.services.operate(&viewer).is_ok(), role.may_operate(), "{role} operates");
        assert_eq!(db.services.settings(&viewer).is_ok(), role.may_read_settings(), "{role} reads settings");
        assert_eq!(db.services.admin(&viewer).is_ok(), role.may_administer(), "{role} administers");
    }
    let reader = Viewer { tenant: TenantId::ONLY, name: String::new(), role: Role::ReportsReader, person_id: None };
    let Err(forbidden) = db.services.admin(&reader) else { panic!("a reader is no administrator") };
    assert_eq!(forbidden.needs, [Role::GlobalAdministrator]);
}

/// The two folders of migrations differ in types' names only, and in what a file says at its end to be one engine's own.
#[test]
fn the_schemas_of_both_engines_agree() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let names = |engine: &str| -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder.join(engine))
            .expect("a folder of migrations")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    for name in names("sqlite") {
        let read = |engine: &str| {
            let text = std::fs::read_to_string(folder.join(engine).join(&name)).expect("a migration");
            text.split("-- Of this engine alone:").next().unwrap_or_default().to_owned()
        };
        let sqlite =
            read("sqlite").replace(" STRICT, WITHOUT ROWID", "").replace(" STRICT", "").replace("INTEGER", "BIGINT");
        let postgres = read("postgres").replace(" COLLATE \"C\"", "").replace("BYTEA", "BLOB");
        assert_eq!(sqlite.replace(") ;", ");"), postgres.replace(") ;", ");"), "{name}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn choices_stay_with_the_person_and_with_a_demo_session(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.services.mark_demo().await.expect("an empty database");
    let (_, _, admin) = db.services.console(TenantId::ONLY);
    let identity = db.services.identity();
    let ann = admin.add_person(new_person("ann", Role::ReportsReader)).await.expect("a person");
    let eve = admin.add_person(new_person("eve", Role::ReportsReader)).await.expect("a person");
    let begin = |hash: u8, person| identity.create_session([hash; 32], person, at(0), 30 * MINUTE_MS, at(480));
    let chosen_in = async |hash: u8| {
        identity.session([hash; 32], at(1)).await.expect("an answer").map(|session| session.preferences)
    };
    begin(1, ann).await.expect("a session");
    begin(2, eve).await.expect("a session");
    identity.create_demo_session([3; 32], Role::GlobalReader, at(0), 30 * MINUTE_MS, at(480)).await.expect("a session");
    identity.create_demo_session([4; 32], Role::GlobalReader, at(0), 30 * MINUTE_MS, at(480)).await.expect("a session");
    assert_eq!(chosen_in(1).await, Some(Preferences::default()));

    let chosen = Preferences {
        language: Some(Language::Swedish),
        theme: Theme::Dark,
        time_zone: Some("Asia/Tokyo".into()),
        shortcuts: false,
    };
    identity.set_preferences([1; 32], &chosen).await.expect("remembered");
    identity.end_session([1; 32]).await.expect("an end");
    begin(5, ann).await.expect("a session");
    assert_eq!(chosen_in(5).await, Some(chosen.clone()), "the next session is the same person's");
    assert_eq!(chosen_in(2).await, Some(Preferences::default()), "somebody else chose nothing");
    identity.set_preferences([5; 32], &Preferences::default()).await.expect("remembered");
    assert_eq!(chosen_in(5).await, Some(Preferences::default()), "a choice can be taken back");

    identity.set_preferences([3; 32], &chosen).await.expect("remembered");
    assert_eq!(chosen_in(3).await, Some(chosen.clone()));
    assert_eq!(chosen_in(4).await, Some(Preferences::default()), "another visitor of the demo");
    identity.set_preferences([9; 32], &chosen).await.expect("no session, nothing to remember");
    assert_eq!(chosen_in(9).await, None);
}
