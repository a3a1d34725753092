//! Imports taken back, days that go and people who are erased: who may, by page, API and command line.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use serde_json::{Value, json};
use server::clock::Clock;
use server::jobs::keeping;
use store::TokenScope;

use crate::cli::{Console, err, out};
use crate::house::{Answer, Engine, House, request};

pub const DETAILS: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","userPrincipalName":"ada@contoso.com","userDisplayName":"Ada Byron","userType":"member","isAdmin":false,"isSsprRegistered":true,"isSsprEnabled":true,"isSsprCapable":true,"isMfaRegistered":true,"isMfaCapable":true,"isPasswordlessCapable":false,"methodsRegistered":["email"],"lastUpdatedDateTime":"2026-11-10T12:00:00Z"}
"#;

async fn post_json(house: &House, path: &str, token: &str, body: &Value) -> Answer {
    let headers = [("authorization", token), ("content-type", "application/json")];
    house.send(request(Method::POST, path, &headers, Body::from(body.to_string()))).await
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_to_go_is_said_by_those_who_may(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    for role in Role::ALL {
        let cookie = house.sign_in(*role).await;
        let token = house.token(role.as_str(), TokenScope::Role(*role)).await;
        let allowed = |may: bool, otherwise: StatusCode| if may { otherwise } else { StatusCode::FORBIDDEN };
        let undo = house.post("/data/77/undo", &[("cookie", &cookie)], &[]).await;
        assert_eq!(undo.status, allowed(role.may_operate(), StatusCode::NOT_FOUND), "{role}");
        let undo = post_json(&house, "/api/v1/data/77/undo", &token, &json!(null)).await;
        assert_eq!(undo.status, allowed(role.may_operate(), StatusCode::NOT_FOUND), "{role}");
        let page = house.get("/settings/retention", &[("cookie", &cookie)]).await;
        assert_eq!(page.status, allowed(role.may_read_settings(), StatusCode::OK), "{role}");
        assert_eq!(page.text.contains("name=\"days\""), role.may_administer(), "{role}");
        let rules = house.get("/api/v1/settings/retention", &[("cookie", &cookie)]).await;
        assert_eq!(rules.status, allowed(role.may_read_settings(), StatusCode::OK), "{role}");
        let rule = [("data", "sign_ins"), ("days", "90")];
        let set = house.post("/settings/retention", &[("cookie", &cookie)], &rule).await;
        assert_eq!(set.status, allowed(role.may_administer(), StatusCode::SEE_OTHER), "{role}: {}", set.text);
        let set = post_json(&house, "/api/v1/settings/retention", &token, &json!({"data": "events", "days": 3})).await;
        assert_eq!(set.status, allowed(role.may_administer(), StatusCode::BAD_REQUEST), "{role}");
        let erase = house.post("/users/nobody/erase", &[("cookie", &cookie)], &[]).await;
        assert_eq!(erase.status, allowed(role.may_administer(), StatusCode::NOT_FOUND), "{role}");
        let erase = post_json(&house, "/api/v1/users/nobody/erase", &token, &json!(null)).await;
        assert_eq!(erase.status, allowed(role.may_administer(), StatusCode::NOT_FOUND), "{role}");
    }
    let reader = house.token("another", TokenScope::Role(Role::GlobalReader)).await;
    let rules = house.get("/api/v1/settings/retention", &[("authorization", &reader)]).await.json();
    assert_eq!(rules["items"][0], json!({"kept": "sign_ins", "days": 90, "kept_from": null}));
    assert_eq!(rules["items"].as_array().map(Vec::len), Some(6));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_form_takes_an_import_back_and_another_erases(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.import("details.jsonl", DETAILS).await;
    let cookie = house.sign_in(Role::GlobalAdministrator).await;
    let headers = [("cookie", cookie.as_str())];
    let (_, operator, _) = house.services.console(domain::viewer::TenantId::ONLY);

    let asked = house.get("/users/00000000-0000-0000-0000-000000000001/erase", &headers).await;
    assert!(asked.text.contains("action=\"/users/00000000-0000-0000-0000-000000000001/erase\""), "{}", asked.text);
    let asked = house.get("/data/1/undo", &headers).await;
    assert!(asked.text.contains("action=\"/data/1/undo\""), "{}", asked.text);
    let begun = house.post("/data/1/undo", &headers, &[]).await;
    assert_eq!(begun.header("location"), Some("/data/1"));
    assert_eq!(house.get("/api/v1/data/1", &headers).await.json()["status"], "undoing");
    keeping::everything(&operator, &Clock::System).await.expect("what is to go goes");
    let undone = house.get("/api/v1/data/1", &headers).await.json();
    assert_eq!((&undone["status"], &undone["can_undo"]), (&json!("undone"), &json!(false)));
    assert!(undone["undone_at"].is_string() && undone["undone_by"].is_string());
    assert_eq!(house.get("/api/v1/users?population=everyone", &headers).await.json()["total"], 0);
    assert!(!house.get("/data/1", &headers).await.text.contains("/data/1/undo"));

    house.import("details.jsonl", DETAILS).await;
    assert_eq!(house.get("/api/v1/users?population=everyone", &headers).await.json()["total"], 1);
    let begun = house.post("/users/ada@contoso.com/erase", &headers, &[]).await;
    assert_eq!(begun.header("location"), Some("/users"), "{}", begun.text);
    keeping::everything(&operator, &Clock::System).await.expect("what is to go goes");
    for path in
        ["/users.csv?population=everyone", "/users.jsonl?population=everyone", "/users?population=everyone", "/data/2"]
    {
        let answer = house.get(path, &headers).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.text.to_lowercase().contains("byron") && !answer.text.contains("ada@"), "{path}");
    }
    house.import("again.jsonl", DETAILS).await;
    assert_eq!(house.get("/api/v1/users?population=everyone", &headers).await.json()["total"], 0);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_console_can_do_all_of_it(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    console.write("details.jsonl", DETAILS);
    console.run(&["import", "details.jsonl"]);
    let undone = console.run(&["import", "--undo", "1", "--json"]);
    assert_eq!((undone.status.code(), out(&undone).trim()), (Some(0), r#"{"rows":1,"undone":1}"#), "{}", err(&undone));
    let twice = console.run(&["import", "--undo", "1"]);
    assert_eq!(twice.status.code(), Some(1));
    assert!(err(&twice).contains("taken back already"), "{}", err(&twice));
    assert_eq!(console.run(&["import", "--undo", "1", "details.jsonl"]).status.code(), Some(2));

    let again = console.run(&["import", "details.jsonl", "--json"]);
    assert!(out(&again).contains(r#""accepted":1"#), "{}", out(&again));
    assert_eq!(console.run(&["retention", "set", "sign_ins", "--days", "3"]).status.code(), Some(2));
    assert_eq!(console.run(&["retention", "set", "sign_ins", "--days", "365"]).status.code(), Some(0));
    let rules = console.run(&["retention", "list"]);
    assert!(out(&rules).starts_with("sign_ins: 365 days\nevents: for ever\n"), "{}", out(&rules));
    assert_eq!(console.run(&["retention", "run"]).status.code(), Some(0));

    assert_eq!(console.run(&["user-data", "erase", "nobody"]).status.code(), Some(1));
    let erased = console.run(&["user-data", "erase", "ADA@contoso.com"]);
    assert_eq!(erased.status.code(), Some(0), "{}", err(&erased));
    let skipped = console.run(&["import", "details.jsonl", "--json"]);
    assert!(out(&skipped).contains(r#""accepted":0"#) && out(&skipped).contains(r#""skipped":1"#), "{}", out(&skipped));
    let exported = console.run(&["export", "users", "--format", "jsonl", "--population", "everyone"]);
    assert_eq!(out(&exported), "");
}
