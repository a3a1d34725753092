//! Security headers on every answer, whatever it is.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;

use crate::house::{Engine, House, request};

/// Pages, data, refusals, redirects and files.
const ANSWERS: &[&str] =
    &["/sign-in", "/overview", "/users.csv", "/api/v1/overview", "/api/none", "/assets/none.css", "/livez", "/no/page"];

#[tokio::test]
async fn every_answer_has_them() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let cookie = house.sign_in(Role::GlobalReader).await;
    for path in ANSWERS {
        for headers in [&[][..], &[("cookie", cookie.as_str())]] {
            let answer = house.get(path, headers).await;
            let policy = answer.header("content-security-policy").expect("a policy");
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
            assert!(nonce.len() >= 22, "{path}: 128 bits");
            let expected = format!(
                "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src \
                 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                 base-uri 'none'"
            );
            assert_eq!(policy, expected, "{path}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("cache-control", "no-store"),
            ] {
                assert_eq!(answer.header(name), Some(value), "{path} {name}");
            }
            assert!(answer.header("permissions-policy").is_some(), "{path}");
            assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 36), "{path}");
            assert_eq!(answer.header("strict-transport-security"), None, "{path}: plain http");
            assert_eq!(answer.header("server"), None, "{path}");
        }
    }
}

#[tokio::test]
async fn https_is_kept_by_browsers() {
    let house = House::open_as(Engine::Sqlite, "https://keyroll.example.org", false).await.expect("SQLite");
    let answer = house.get("/sign-in", &[]).await;
    assert!(answer.header("strict-transport-security").is_some_and(|value| value.starts_with("max-age=63072000")));
}

#[tokio::test]
async fn scripts_of_a_page_carry_the_nonce_of_its_policy() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let first = house.get("/sign-in", &[]).await;
    let second = house.get("/sign-in", &[]).await;
    let nonce = |answer: &crate::house::Answer| {
        let policy = answer.header("content-security-policy").expect("a policy").to_owned();
        policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned()
    };
    assert_ne!(nonce(&first), nonce(&second));
    for script in first.text.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap_or_default();
        assert!(tag.contains(&nonce(&first)) || tag.contains("src="), "<script{tag}>");
    }
    assert!(!first.text.contains(" style=\""), "the policy forbids styles in attributes");
    assert!(!first.text.contains(" onclick="), "the policy forbids handlers in attributes");
}

#[tokio::test]
async fn a_client_cannot_choose_its_request_id() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let answer = house.get("/livez", &[("x-request-id", "mine")]).await;
    assert_ne!(answer.header("x-request-id"), Some("mine"));
}

#[tokio::test]
async fn a_huge_form_is_refused() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let body = Body::from(format!("user_name={}&password=x", "a".repeat(100_000)));
    let headers = [kind, ("sec-fetch-site", "same-origin"), ("content-length", "100022")];
    let answer = house.send(request(Method::POST, "/sign-in", &headers, body)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_only_developers_ask_for_is_not_there() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let cookie = house.sign_in(Role::GlobalAdministrator).await;
    let as_administrator = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    for path in [
        "/.git/config",
        "/.env",
        "/assets/",
        "/pkg/",
        "/assets/%2e%2e/Cargo.toml",
        "/pkg/..%2f..%2fCargo.toml",
        "/metrics",
        "/debug",
        "/actuator",
        "/server-status",
    ] {
        for headers in [&[][..], &as_administrator] {
            let answer = house.get(path, headers).await;
            assert!(
                [StatusCode::NOT_FOUND, StatusCode::SEE_OTHER].contains(&answer.status),
                "{path}: {}",
                answer.status
            );
            assert!(!answer.text.contains("[package]") && !answer.text.contains("keyroll.wasm"), "{path}");
        }
        assert_eq!(house.get(path, &as_administrator).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/livez", "/users", "/api/v1/users", "/v1.0/users", "/no/page"] {
        let headers = [&as_administrator[..], &[("x-secret", "repeated")]].concat();
        let traced = house.send(request(Method::TRACE, path, &headers, Body::empty())).await;
        assert!(traced.status.is_client_error(), "{path}: {}", traced.status);
        assert!(!traced.text.contains("repeated"), "{path}");
    }
}

#[tokio::test]
async fn who_signs_out_leaves_nothing_behind() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let cookie = house.sign_in(Role::GlobalReader).await;
    assert_eq!(house.get("/users", &[("cookie", &cookie)]).await.header("clear-site-data"), None);
    let out = house.post("/sign-out", &[("cookie", &cookie)], &[]).await;
    assert_eq!((out.status, out.header("clear-site-data")), (StatusCode::SEE_OTHER, Some("\"cache\", \"storage\"")));
}
