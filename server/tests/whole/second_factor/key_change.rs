//! `keyroll key change`: every stored secret under a new key, or none.

use std::process::Output;

use axum::http::StatusCode;
use domain::connection::CredentialKind;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use secrecy::ExposeSecret as _;
use serde_json::json;
use server::vault::{Purpose, Vault};
use store::{ConnectionSecret, ConnectionSettings};

use super::session;
use crate::access_log::written;
use crate::authenticator::{PERIOD_MS, SET_UP};
use crate::cli::{Console, err, out};
use crate::house::{Database, Engine, House, KEY, vault};
use crate::served::Server;

const NEW_KEY: &str = "bmV3IGtleSBuZXcga2V5IG5ldyBrZXkgbmV3IGtleSE=";
const THIRD_KEY: &str = "dGhpcmQga2V5IHRoaXJkIGtleSB0aGlyZCBrZXkgISE=";

fn under(key: &str) -> Vault {
    Vault::of(Some(key.to_owned()), None, None)
}

/// The command line beside a house, which has the key of [`vault`].
fn console(house: &House) -> Console {
    let console = Console { database: Database::at(house.database_url().to_owned()) };
    console.write("new.key", &format!("{NEW_KEY}\n"));
    console
}

fn change(console: &Console, key: &str, flags: &[&str]) -> Output {
    console.command(&[&["key", "change"], flags].concat()).env("KEYROLL_KEY", key).output().expect("the binary runs")
}

async fn connect(house: &House, sealed: String) -> i64 {
    let settings = ConnectionSettings {
        name: "Contoso".to_owned(),
        directory: "contoso.com".to_owned(),
        client_id: "7a1c0de0-0000-4000-8000-000000000002".to_owned(),
        authority: "https://login.microsoftonline.com".to_owned(),
        graph_root: "https://graph.microsoft.com".to_owned(),
        credential: CredentialKind::Secret,
    };
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    admin.add_connection(settings, ConnectionSecret::Sealed(sealed), house.clock.now()).await.expect("connected")
}

async fn stored(house: &House, id: i64) -> String {
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    match admin.usable_connection(id).await.expect("an answer").expect("connected").secret {
        ConnectionSecret::Sealed(sealed) => sealed,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_stored_secret_opens_with_the_new_key_alone(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    // The command asks the computer whether what Bo begins below has expired.
    house.clock.advance(crate::sync::now().millis() - house.clock.now().millis());
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::ReportsReader).await;
    let (app, _) = house.with_app("ada").await;
    let id = connect(&house, vault().seal(Purpose::Connection, &"hunter2".into()).expect("sealed")).await;
    // Bo is just setting one up.
    let setting_up = house.password("bo").await;
    let shown = house.get(SET_UP, &[("cookie", &setting_up)]).await.text;

    let console = console(&house);
    let changed = change(&console, KEY, &["--to", "new.key", "--json"]);
    assert!(changed.status.success(), "{}", err(&changed));
    let numbers: serde_json::Value = serde_json::from_str(&out(&changed)).expect("JSON");
    assert_eq!(numbers, json!({ "connections": 1, "authenticator_apps": 2 }));
    assert!(!out(&changed).contains(NEW_KEY) && !err(&changed).contains(NEW_KEY));
    let log = written(&house, 0).await;
    assert_eq!(log.last().map(String::as_str), Some("console change allowed  3 rows"), "{log:?}");

    let sealed = stored(&house, id).await;
    assert!(vault().open(Purpose::Connection, &sealed).is_err());
    let opened = under(NEW_KEY).open(Purpose::Connection, &sealed).expect("the new key");
    assert_eq!(opened.expose_secret(), "hunter2");
    house.clock.advance(PERIOD_MS);
    let step = house.password("ada").await;
    let with_old = house.try_code(&step, &app.code(house.clock.now())).await;
    assert_eq!((with_old.status, session(&with_old)), (StatusCode::SERVICE_UNAVAILABLE, None), "{}", with_old.text);
    let again = house.with_vault(under(NEW_KEY));
    assert!(session(&again.try_code(&step, &app.code(house.clock.now())).await).is_some());
    let bo = crate::authenticator::Authenticator::of_page(&shown);
    let set_up = again.post(SET_UP, &[("cookie", &setting_up)], &[("code", &bo.code(house.clock.now()))]).await;
    assert!(session(&set_up).is_some(), "what was being set up goes on: {}", set_up.text);

    // And on to a third, from the environment.
    let mut third = console.command(&["key", "change"]);
    let third = third.env("KEYROLL_KEY", NEW_KEY).env("KEYROLL_NEW_KEY", THIRD_KEY).output().expect("runs");
    assert!(out(&third).contains("1 secrets of connected tenants and 2 of"), "{}", err(&third));
    assert!(under(THIRD_KEY).open(Purpose::Connection, &stored(&house, id).await).is_ok());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn where_one_cannot_be_opened_none_is_changed(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.with_app("ada").await;
    let id = connect(&house, vault().seal(Purpose::Connection, &"hunter2".into()).expect("sealed")).await;
    let before = stored(&house, id).await;
    let console = console(&house);
    console.write("short.key", "c2hvcnQ=\n");
    console.write("same.key", KEY);
    for (key, flags, sentence) in [
        (NEW_KEY, &["--to", "new.key"][..], "nothing was changed: the secret of the connected tenant Contoso"),
        (KEY, &["--to", "same.key"], "the new key is the one that it is under already"),
        (KEY, &["--to", "short.key"], "the new key cannot be used: the key is not 32 bytes"),
        (KEY, &["--to", "none.key"], "none.key cannot be read"),
        (KEY, &[], "a new key is needed"),
    ] {
        let refused = change(&console, key, flags);
        assert!(!refused.status.success() && err(&refused).contains(sentence), "{flags:?}: {}", err(&refused));
        assert_eq!(stored(&house, id).await, before, "{flags:?}");
    }
    // The tenant comes first, and would be changed if the app, which comes after it, could be.
    house.run_sql("UPDATE people SET totp_sealed = 'x1:AAAA' WHERE user_name = 'ada'").await;
    let refused = change(&console, KEY, &["--to", "new.key"]);
    assert!(err(&refused).contains("the secret of the authenticator app of ada stays"), "{}", err(&refused));
    assert_eq!(stored(&house, id).await, before);
    let log = written(&house, 0).await;
    assert!(!log.iter().any(|entry| entry.starts_with("console")), "{log:?}");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn beside_a_server_nothing_is_changed(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let id = connect(&house, vault().seal(Purpose::Connection, &"hunter2".into()).expect("sealed")).await;
    let before = stored(&house, id).await;
    let console = console(&house);
    let (one, two) = (Server::start(&console), Server::start(&console));
    drop(one);
    let refused = change(&console, KEY, &["--to", "new.key"]);
    assert!(err(&refused).contains("a server has the database open"), "{}", err(&refused));
    assert_eq!(stored(&house, id).await, before);
    drop(two);
    // Postgres has to notice that it is gone.
    let changed = loop {
        let changed = change(&console, KEY, &["--to", "new.key"]);
        if !err(&changed).contains("a server has the database open") {
            break changed;
        }
    };
    assert!(changed.status.success(), "{}", err(&changed));
    assert!(under(NEW_KEY).open(Purpose::Connection, &stored(&house, id).await).is_ok());
}
