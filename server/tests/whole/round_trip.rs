//! The list of users as a file, imported into an empty database, is the same list.

use domain::instant::DAY_MS;
use domain::method::MethodSet;
use domain::record::{Record, RecordKind, UserFacts, UserObservation, UserRef, UserType};
use domain::role::Role;
use rstest::rstest;
use server::auth::secret;

use crate::house::{Engine, House, now};

#[rstest]
#[case(Engine::Sqlite, "csv")]
#[case(Engine::Postgres, "csv")]
#[case(Engine::Sqlite, "jsonl")]
#[case(Engine::Postgres, "jsonl")]
#[tokio::test]
async fn an_export_imported_again_gives_the_same_export(#[case] engine: Engine, #[case] format: &str) {
    let (Some(first), Some(second)) = (House::open(engine).await, House::open(engine).await) else { return };
    first.apply(organisation()).await;
    let path = format!("/users.{format}?population=everyone&sort=user_name");
    let exported = list(&first, &first.sign_in(Role::ReportsReader).await, &path).await;
    let report = second.import(&format!("users.{format}"), &exported).await;
    assert_eq!((report.counts.accepted, report.counts.rejected, report.refusal), (9, 0, None));
    // Also to the time: `updated_at` is when the row was observed.
    assert_eq!(list(&second, &second.sign_in(Role::ReportsReader).await, &path).await, exported);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_file_with_some_columns_sets_only_these(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.apply(organisation()).await;
    let path = "/users.jsonl?population=everyone&sort=user_name&columns=user_name&columns=department&columns=methods\
                &columns=registered&columns=admin";
    let cookie = house.sign_in(Role::ReportsReader).await;
    let before = list(&house, &cookie, path).await;
    let report = house.import("departments.csv", "user_name,department\r\nQUOTED@contoso.com,'=New\r\n").await;
    assert_eq!(report.counts.accepted, 1);
    let after = list(&house, &cookie, path).await;
    let changed: Vec<(&str, &str)> = before.lines().zip(after.lines()).filter(|(old, new)| old != new).collect();
    let [(old, new)] = changed[..] else { panic!("one user changes: {changed:?}") };
    let old = old.replace("quoted@contoso.com", "QUOTED@contoso.com");
    assert_eq!(new, old.replace("\"department\":\"Sales, North\"", "\"department\":\"=New\""));
}

async fn list(house: &House, cookie: &str, path: &str) -> String {
    house.get(path, &[("cookie", cookie)]).await.text
}

/// Everybody whose row is hard to write down or to read again.
fn organisation() -> Vec<Record> {
    let named = |name: &str| UserFacts { display_name: Some(name.to_owned()), ..UserFacts::default() };
    let methods = |names: &[&str]| Some(MethodSet::from_names(names.iter().copied()));
    let everything = UserFacts {
        user_type: Some(UserType::Member),
        account_enabled: Some(true),
        admin: Some(true),
        methods: methods(&["mobilePhone", "email", "carrierPigeon", "Smoke signal"]),
        registered: Some(true),
        enabled: Some(true),
        capable: Some(false),
        mfa_registered: Some(true),
        mfa_capable: Some(false),
        passwordless_capable: Some(true),
        default_method: Some("microsoftAuthenticatorPush".to_owned()),
        department: Some("Sales, North".to_owned()),
        country: Some("SE".to_owned()),
        ..named("Quoted, \"Q\"")
    };
    let guest = UserFacts {
        user_type: Some(UserType::Guest),
        account_enabled: Some(false),
        admin: Some(false),
        methods: methods(&[]),
        registered: Some(false),
        department: Some("-".to_owned()),
        ..named("=1+1")
    };
    let some = UserFacts { methods: Some(MethodSet::some_unknown()), enabled: Some(true), ..named("''@sum") };
    vec![
        person(Some(1), "quoted@contoso.com", everything),
        person(Some(2), "guest_x#EXT#@contoso.com", guest),
        person(Some(3), "some@contoso.com", some),
        person(Some(4), "lines@contoso.com", named("Two\r\nlines\nand a third")),
        person(Some(5), "apostrophe@contoso.com", named("'s-Gravenhage")),
        person(Some(6), "=formula@contoso.com", named("'=x")),
        person(Some(7), "sv@contoso.com", named("Åsa Öberg \u{1f431}")),
        person(None, "name.only@contoso.com", named("-")),
        person(None, "Upper@Contoso.com", UserFacts { methods: methods(&[]), ..UserFacts::default() }),
    ]
}

fn person(id: Option<i64>, user_name: &str, facts: UserFacts) -> Record {
    let user = UserRef {
        object_id: id.map(|id| format!("00000000-0000-0000-0000-{id:012}")),
        user_name: Some(user_name.to_owned()),
        display_name: facts.display_name.clone(),
    };
    let facts = UserFacts { user_name: user.user_name.clone(), ..facts };
    Record::User(Box::new(UserObservation {
        kind: RecordKind::UserRegistrationDetails,
        observed_at: Some(now().plus_millis(-DAY_MS + id.unwrap_or(99))),
        digest: secret::digest(user_name),
        user,
        facts,
    }))
}
