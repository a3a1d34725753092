//! Servers that say that they are there.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use serde_json::{Value, json};
use store::TokenScope;

use crate::house::{Answer, Engine, House, request};

const PATH: &str = "/api/v1/mfa/servers";

async fn beat(house: &House, authorization: &str, body: &Value) -> Answer {
    let headers = [("authorization", authorization), ("content-type", "application/json")];
    house.send(request(Method::POST, PATH, &headers, Body::from(body.to_string()))).await
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn only_operators_and_senders_are_heard(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let body = json!({"name": "MFA-01"});
    for role in Role::ALL.iter().filter(|role| !role.may_operate()) {
        let token = house.token(role.as_str(), TokenScope::Role(*role)).await;
        let refused = beat(&house, &token, &body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}");
        assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("Security Administrator")));
    }
    for nobody in ["", "Bearer kr_x", "Basic eDp5"] {
        let refused = beat(&house, nobody, &body).await;
        assert!([StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&refused.status), "{nobody}");
    }
    // The token may send, and nothing else: not even read what it has sent.
    let push = house.token("push", TokenScope::Ingest).await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let asked = request(method.clone(), PATH, &[("authorization", &push)], Body::empty());
        assert_eq!(house.send(asked).await.status, StatusCode::FORBIDDEN, "{method}");
    }
    let asked = request(Method::POST, "/api/v1/views", &[("authorization", &push)], Body::from("{}"));
    assert_eq!(house.send(asked).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_no_heartbeat_is_refused() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let push = house.token("push", TokenScope::Ingest).await;
    for body in [
        json!({}),
        json!([]),
        json!({"name": " "}),
        json!({"name": 7}),
        json!({"name": "a\nb"}),
        json!({"name": "a\0b"}),
        json!({"name": "x".repeat(201)}),
        json!({"name": "MFA-01", "address": "x".repeat(201)}),
        json!({"name": "MFA-01", "colour": "red"}),
        json!({"name": "MFA-01", "last_contact": "yesterday"}),
    ] {
        let refused = beat(&house, &push, &body).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(refused.header("content-type"), Some("application/problem+json"), "{body}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_latest_that_a_server_says_counts(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let push = house.token("push", TokenScope::Ingest).await;
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let servers = || async { house.get(PATH, &[("authorization", &reader)]).await.json() };
    let imports = || async { house.get("/api/v1/data", &[("authorization", &reader)]).await.json()["imports"].clone() };

    let first = json!({"name": "MFA-01", "version": "8.0.3", "status": "Online", "address": "192.0.2.7"});
    assert_eq!(beat(&house, &push, &first).await.status, StatusCode::NO_CONTENT);
    let item = servers().await["items"][0].clone();
    let expected = json!({"name": "MFA-01", "version": "8.0.3", "status": "Online", "address": "192.0.2.7",
        "last_contact": "2026-11-20T12:00:00.000Z", "stale": "no"});
    assert_eq!(item, expected);

    // Older news changes nothing; a clock that is fast is not believed; names are compared without case.
    let older = json!({"name": "mfa-01", "status": "Offline", "last_contact": "2026-11-20T11:00:00Z"});
    assert_eq!(beat(&house, &push, &older).await.status, StatusCode::NO_CONTENT);
    assert_eq!(servers().await["items"], json!([expected]));
    house.clock.advance(60_000);
    let fast =
        json!({"name": "mfa-01", "version": "8.0.4", "status": "Online", "last_contact": "2027-01-01T00:00:00Z"});
    assert_eq!(beat(&house, &push, &fast).await.status, StatusCode::NO_CONTENT);
    let after = servers().await;
    assert_eq!(after["total"], 1);
    assert_eq!(after["items"][0]["last_contact"], "2026-11-20T12:01:00.000Z");
    assert_eq!(after["items"][0]["version"], "8.0.4");

    for role in Role::ALL.iter().filter(|role| role.may_operate()) {
        let token = house.token(role.as_str(), TokenScope::Role(*role)).await;
        assert_eq!(beat(&house, &token, &json!({"name": role.as_str()})).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(servers().await["total"], 3);
    assert_eq!(imports().await, json!([]), "heartbeats are no imports");
    let page = house.get("/mfa/servers", &[("authorization", &reader)]).await;
    assert!(page.text.contains("8.0.4"), "{}", page.text);
}
