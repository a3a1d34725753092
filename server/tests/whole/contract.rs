//! What schemathesis found (`end2end/clients/contract.py`): each stays mended.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use serde_json::{Value, json};
use server::api::openapi;
use store::TokenScope;

use crate::house::{Answer, Engine, House, request};

struct Api {
    house: House,
    token: String,
}

impl Api {
    async fn open(engine: Engine) -> Option<Self> {
        let house = House::open(engine).await?;
        house.add_all_records().await;
        let token = house.token("t", TokenScope::Role(Role::GlobalAdministrator)).await;
        Some(Self { house, token })
    }

    async fn get(&self, path: &str) -> Answer {
        self.house.get(path, &[("authorization", &self.token)]).await
    }

    async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        let headers = [("authorization", self.token.as_str()), ("content-type", "application/json")];
        self.house.send(request(Method::POST, path, &headers, body.into())).await
    }
}

fn is_problem(answer: &Answer, status: StatusCode, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
    let problem = answer.json();
    assert_eq!(problem["status"], status.as_u16(), "{what}");
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{what}");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn nothing_has_a_nul_in_it(#[case] engine: Engine) {
    let Some(api) = Api::open(engine).await else { return };
    for list in [
        "users?q=%00",
        "users?q=%00abc",
        "users?q=a%00b%00c",
        "users?department=%00",
        "events?user=%00",
        "sign-ins?ip=%00",
        "sign-ins?app=%00&ca_policy=%00",
        "mfa/activity?user=%00",
        "usage/users?q=a%00bcd",
        "mfa/servers?q=%00",
        "lists/mfa-methods?q=%00",
    ] {
        let answer = api.get(&format!("/api/v1/{list}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{list}: {}", answer.text);
        assert_eq!(answer.json()["total"], 0, "{list}");
    }
    for id in ["users/%00", "users/ada%00@contoso.com", "sign-ins/%00"] {
        is_problem(&api.get(&format!("/api/v1/{id}")).await, StatusCode::NOT_FOUND, id);
    }
    is_problem(&api.post("/api/v1/users/%00/erase", Body::empty()).await, StatusCode::NOT_FOUND, "erase");
}

#[tokio::test]
async fn what_layers_refuse_is_a_problem_document() {
    let api = Api::open(Engine::Sqlite).await.expect("SQLite is always there");
    for path in ["/api/v1/users/%ff", "/api/v1/sign-ins/%c3%28"] {
        is_problem(&api.get(path).await, StatusCode::BAD_REQUEST, path);
    }
    let long = vec![b' '; 70_000];
    for path in ["/api/v1/views", "/api/v1/mfa/notes", "/api/v1/mfa/servers", "/api/v1/settings/retention"] {
        is_problem(&api.post(path, long.clone()).await, StatusCode::PAYLOAD_TOO_LARGE, path);
        // Nothing says beforehand how long this one is.
        let pieces = long.chunks(9_000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>();
        let body = Body::from_stream(futures::stream::iter(pieces));
        is_problem(&api.post(path, body).await, StatusCode::PAYLOAD_TOO_LARGE, path);
    }
    let headers = [("authorization", api.token.as_str()), ("cookie", "session=x")];
    for path in ["/api/v1/views", "/api/v1/ingest", "/api/v1/data/1/undo"] {
        let answer = api.house.send(request(Method::POST, path, &headers, Body::empty())).await;
        is_problem(&answer, StatusCode::FORBIDDEN, path);
        assert!(answer.text.contains("another site"), "{}", answer.text);
    }
    let answer = api.post(openapi::PATH, Body::empty()).await;
    is_problem(&answer, StatusCode::METHOD_NOT_ALLOWED, openapi::PATH);
    assert!(answer.header("allow").is_some_and(|allow| allow.contains("GET")));
    let page = api.house.send(request(Method::POST, "/views", &[], Body::empty())).await;
    assert_eq!(page.header("content-type"), Some("text/plain; charset=utf-8"), "people read words");
}

#[tokio::test]
async fn before_the_year_1_there_is_nothing() {
    let api = Api::open(Engine::Sqlite).await.expect("SQLite is always there");
    let first = "0001-01-01T00:00:00.000Z";
    let query = format!("compare=previous&from={first}&to=2000-01-01T00:00:00Z");
    let overview = api.get(&format!("/api/v1/overview?{query}")).await.json();
    assert_eq!(overview["previous"], json!({"from": first, "to": first}));
    for path in ["overview", "overview/trend", "sms-and-voice", "usage", "users", "events", "sign-ins"] {
        let answer = api.get(&format!("/api/v1/{path}?range=12mo&as_of={first}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert!(!answer.text.contains("\"-0"), "{path}: {}", answer.text);
    }
}

/// Every value that the document names for a parameter of a list or a report is one that it takes; so is none.
#[tokio::test]
async fn what_the_document_allows_is_taken() {
    let api = Api::open(Engine::Sqlite).await.expect("SQLite is always there");
    let document: Value = serde_json::from_str(&openapi::pretty().expect("JSON")).expect("JSON");
    let mut asked = 0;
    for (path, operations) in
        document["paths"].as_object().expect("paths").iter().filter(|(path, _)| !path.contains('{'))
    {
        let parameters = operations["get"]["parameters"].as_array().into_iter().flatten();
        // The header of conditional requests is among them.
        for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
            let (name, schema) = (parameter["name"].as_str().expect("a name"), &parameter["schema"]);
            let values = schema["enum"].as_array().or_else(|| schema["items"]["enum"].as_array());
            let values = values.into_iter().flatten().map(|value| value.as_str().expect("text"));
            assert_eq!(parameter["allowEmptyValue"], true, "{path} {name}");
            for value in values.chain([""]) {
                let answer = api.get(&format!("{path}?{name}={}", value.replace(' ', "%20"))).await;
                assert_eq!(answer.status, StatusCode::OK, "{path} {name}={value}: {}", answer.text);
                asked += 1;
            }
        }
    }
    assert!(asked > 1_000, "{asked}");
}

#[tokio::test]
async fn bodies_are_taken_as_the_document_says() {
    let api = Api::open(Engine::Sqlite).await.expect("SQLite is always there");
    let wide = format!("{}a", " ".repeat(200));
    for (path, body) in [
        ("/api/v1/settings/retention", json!({"data": "events"})),
        ("/api/v1/settings/retention", json!({"data": "events", "days": 90.5})),
        ("/api/v1/settings/retention", json!({"data": "events", "days": 1e300})),
        ("/api/v1/settings/retention", json!({"data": "events", "days": 36_526})),
        ("/api/v1/views", json!({"name": wide, "page": "users"})),
        ("/api/v1/views", json!({"name": "a", "page": "users", "more": 1})),
        ("/api/v1/mfa/servers", json!({"name": wide})),
        ("/api/v1/mfa/servers", json!({"name": "a", "version": wide})),
        ("/api/v1/mfa/servers", json!({"name": " "})),
    ] {
        is_problem(&api.post(path, body.to_string()).await, StatusCode::BAD_REQUEST, &body.to_string());
    }
    let long = api.post("/api/v1/views", json!({"name": "å".repeat(80), "page": "users"}).to_string()).await;
    assert_eq!(long.status, StatusCode::CREATED, "{}", long.text);
    for days in ["90", "90.0", "9.0e1", "null"] {
        let answer = api.post("/api/v1/settings/retention", format!(r#"{{"data":"events","days":{days}}}"#)).await;
        assert_eq!(answer.status, StatusCode::OK, "{days}: {}", answer.text);
    }
}
