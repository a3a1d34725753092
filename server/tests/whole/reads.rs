//! How much one person or program reads within a minute: beyond it is a refusal that says when to go on.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use serde_json::json;
use store::TokenScope;

use crate::access_log::written;
use crate::house::{Answer, Engine, House, request};

const MOST: u32 = 3;

/// Refused until the minute is over: the clock stands still, so that is all of it.
fn is_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{what}: {}", answer.text);
    assert_eq!(answer.header("retry-after"), Some("60"), "{what}");
    assert!(!answer.text.contains("ada@contoso.com"), "{what}: {}", answer.text);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_program_reads_so_much_a_minute_by_whichever_door(#[case] engine: Engine) {
    let Some(house) = House::open_for_readers(engine, MOST).await else { return };
    house.add_records().await;
    let token = house.token("one", TokenScope::Role(Role::GlobalReader)).await;
    let other = house.token("other", TokenScope::Role(Role::GlobalReader)).await;
    let (headers, other) = ([("authorization", token.as_str())], [("authorization", other.as_str())]);
    for path in ["/api/v1/users", "/v1.0/users", "/users.csv"] {
        assert_eq!(house.get(path, &headers).await.status, StatusCode::OK, "{path}");
    }
    for path in ["/api/v1/users", "/api/v1/users/00000000-0000-0000-0000-000000000001"] {
        let refused = house.get(path, &headers).await;
        is_refused(&refused, path);
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
        let problem = refused.json();
        assert_eq!((&problem["status"], &problem["title"]), (&json!(429), &json!("Too many reads")));
        let sentence = problem["detail"].as_str().expect("a sentence");
        assert!(sentence.ends_with("Go on in 60 seconds."), "{sentence}");
    }
    for path in ["/v1.0/users", "/beta/auditLogs/signIns"] {
        let refused = house.get(path, &headers).await;
        is_refused(&refused, path);
        assert_eq!(refused.json()["error"]["code"], "TooManyRequests", "{}", refused.text);
    }
    let head = house.send(request(Method::HEAD, "/api/v1/users", &headers, Body::empty())).await;
    assert_eq!(head.status, StatusCode::TOO_MANY_REQUESTS);
    is_refused(&house.get("/users.jsonl", &headers).await, "a file");

    // What is nobody's data is answered, and so is everybody else.
    for path in ["/api/v1/overview", "/api/v1/openapi.json", "/api/v1/views", "/livez"] {
        assert_eq!(house.get(path, &headers).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(house.get("/api/v1/users", &other).await.status, StatusCode::OK);
    house.clock.advance(60_000);
    assert_eq!(house.get("/api/v1/users", &headers).await.status, StatusCode::OK, "another minute");
}

#[tokio::test]
async fn each_request_of_a_batch_is_one() {
    let house = House::open_for_readers(Engine::Sqlite, MOST).await.expect("SQLite is always there");
    house.add_records().await;
    let token = house.token("one", TokenScope::Role(Role::GlobalReader)).await;
    let single = |id: &str| json!({"id": id, "method": "GET", "url": "/users"});
    let batch = json!({"requests": [single("1"), single("2"), single("3"), single("4")]}).to_string();
    let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
    let send = || house.send(request(Method::POST, "/v1.0/$batch", &headers, Body::from(batch.clone())));
    let answer = send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let responses = answer.json()["responses"].as_array().expect("responses").clone();
    let statuses: Vec<_> = responses.iter().map(|one| one["status"].as_i64()).collect();
    assert_eq!(statuses, [Some(200), Some(200), Some(200), Some(429)]);
    assert_eq!(responses[3]["headers"]["Retry-After"], "60");
    assert_eq!(responses[3]["body"]["error"]["code"], "TooManyRequests");
    is_refused(&send().await, "another batch");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_person_is_told_by_a_page_and_stands_in_the_access_log(#[case] engine: Engine) {
    let Some(house) = House::open_for_readers(engine, MOST).await else { return };
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    for path in ["/users", "/users/00000000-0000-0000-0000-000000000001", "/events"] {
        assert_eq!(house.get(path, &headers).await.status, StatusCode::OK, "{path}");
    }
    let before = written(&house, 0).await.len();
    let refused = house.get("/users?q=ada", &headers).await;
    is_refused(&refused, "a page");
    assert!(refused.text.contains("as many pages with people’s data as one may"), "{}", refused.text);
    assert!(refused.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    assert_eq!(house.get("/overview", &headers).await.status, StatusCode::OK, "where the page leads");
    assert_eq!(written(&house, before).await, ["person view refused /users?q=ada"]);

    // Going on asking cannot fill the log.
    for _ in 0..69 {
        is_refused(&house.get("/users", &headers).await, "again");
    }
    assert_eq!(written(&house, before).await.len(), 60);
    house.clock.advance(60_000);
    assert_eq!(house.get("/users", &headers).await.status, StatusCode::OK);
    let log = written(&house, before + 60).await;
    let [flood, _] = &log[..] else { panic!("two more entries: {log:?}") };
    assert!(flood.starts_with("person flood refused ") && flood.ends_with(" 10 rows"), "{flood}");
}
