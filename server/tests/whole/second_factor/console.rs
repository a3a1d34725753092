//! Recovery is the console's, and what it tells.

use domain::role::Role;
use rstest::rstest;
use serde_json::json;

use super::session;
use crate::access_log::written;
use crate::authenticator::PERIOD_MS;
use crate::cli::{Console, err, out};
use crate::house::{Database, Engine, House, PASSWORD};

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_console_tells_factors_and_takes_them_away(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::ReportsReader).await;
    let (app, here) = house.with_app("ada").await;
    let console = Console { database: Database::at(house.database_url().to_owned()) };
    let listed = || {
        let listed = console.run(&["user", "list", "--json"]);
        serde_json::from_str::<serde_json::Value>(&out(&listed)).expect("JSON")
    };
    assert_eq!((&listed()[0]["factors"], &listed()[1]["factors"]), (&json!(["totp"]), &json!([])));
    let text = out(&console.run(&["user", "list"]));
    assert!(text.contains("enabled\ttotp") && text.contains("enabled\tno second factor yet"), "{text}");
    let api = house.get("/api/v1/settings/people", &[("cookie", &here)]).await.json();
    assert_eq!((&api["items"][0]["factors"], &api["items"][1]["factors"]), (&json!(["totp"]), &json!([])));
    let page = house.get("/settings/people", &[("cookie", &here)]).await.text;
    assert!(page.contains("Authenticator app") && page.contains("none yet"), "{page}");

    let step = house.password("ada").await;
    let reset = console.run(&["user", "reset-factors", "ADA"]);
    assert!(reset.status.success(), "{}", err(&reset));
    assert!(!house.is_in(&here).await, "sessions have ended");
    house.clock.advance(PERIOD_MS);
    assert_eq!(session(&house.try_code(&step, &app.code(house.clock.now())).await), None);
    assert_eq!(listed()[0]["factors"], json!([]));
    let (_, here) = house.with_app("ada").await;

    let other = console.run_with_input(&["user", "password", "ada"], "another long password\n");
    assert!(other.status.success(), "{}", err(&other));
    assert!(!house.is_in(&here).await, "sessions have ended");
    let old = house.post("/sign-in", &[], &[("user_name", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(old.status, axum::http::StatusCode::UNAUTHORIZED);
    let new = house.post("/sign-in", &[], &[("user_name", "ada"), ("password", "another long password")]).await;
    assert_eq!(new.header("location"), Some(crate::authenticator::CODE), "factors stay");
    let short = console.run_with_input(&["user", "password", "ada"], "short\n");
    assert_eq!(short.status.code(), Some(1), "{}", err(&short));
    let nobody = console.run(&["user", "reset-factors", "nobody"]);
    assert_eq!(nobody.status.code(), Some(1), "{}", err(&nobody));
    let log = written(&house, 0).await;
    for change in ["console change allowed ADA", "console change allowed ada"] {
        assert!(log.iter().any(|entry| entry == change), "{change}: {log:?}");
    }
}

#[rstest]
#[case(Engine::Sqlite, Engine::Postgres)]
#[case(Engine::Postgres, Engine::Sqlite)]
#[tokio::test]
async fn factors_are_in_backups(#[case] from: Engine, #[case] to: Engine) {
    let (Some(house), Some(empty)) = (House::open_named(from).await, Database::new(to).await) else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::ReportsReader).await;
    let (mut ada, _) = house.with_passkey("ada").await;
    let (bo, _) = house.with_app("bo").await;
    house.clock.advance(PERIOD_MS);
    let console = Console { database: Database::at(house.database_url().to_owned()) };
    let file = console.database.dir().join("all.backup").display().to_string();
    let written = console.run(&["backup", &file]);
    assert!(written.status.success(), "{}", err(&written));
    let restored = Console { database: empty };
    let read = restored.run(&["restore", &file]);
    assert!(read.status.success(), "{}", err(&read));
    let house = house.moved_to(restored.database).await;
    assert!(session(&house.pass(&mut ada).await).is_some());
    assert!(session(&house.try_code(&house.password("bo").await, &bo.code(house.clock.now())).await).is_some());
}
