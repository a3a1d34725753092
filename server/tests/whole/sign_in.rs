//! Signing in and out.

use axum::http::StatusCode;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use server::auth::limiter::TRIES_PER_NAME;

use crate::house::{Engine, House, PASSWORD};

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_password_and_a_code_begin_a_session_that_ends_at_sign_out(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("Ada", Role::ReportsReader).await;
    let form = [("user_name", " ADA "), ("password", PASSWORD), ("return_to", "/users?registered=no")];
    let answer = house.sign_in_by_form(&[], &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.header("location"), Some("/users?registered=no"));
    let set = answer.header("set-cookie").expect("a cookie");
    assert!(set.starts_with("session=") && set.len() > 50, "{set}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(!set.contains("Secure"), "plain http on loopback");
    let cookie = answer.cookie().expect("a cookie");
    assert_eq!(house.get("/api/v1/data", &[("cookie", &cookie)]).await.status, StatusCode::OK);

    let out = house.post("/sign-out", &[("cookie", &cookie)], &[]).await;
    assert_eq!(out.header("location"), Some("/sign-in?notice=signed-out"));
    assert!(out.header("set-cookie").is_some_and(|set| set.contains("Max-Age=0")));
    assert_eq!(house.get("/api/v1/data", &[("cookie", &cookie)]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn with_https_the_cookie_belongs_to_this_host_alone() {
    let house = House::open_as(Engine::Sqlite, "https://keyroll.example.org", false).await.expect("SQLite");
    house.add_person("ada", Role::ReportsReader).await;
    let form = [("user_name", "ada"), ("password", PASSWORD)];
    let answer = house.post("/sign-in", &[], &form).await;
    let set = answer.header("set-cookie").expect("a cookie");
    assert!(set.starts_with("__Host-sign-in-step=") && set.contains("Secure") && set.contains("HttpOnly"), "{set}");
    let answer = house.sign_in_by_form(&[], &form).await;
    let set = answer.header("set-cookie").expect("a cookie");
    assert!(set.starts_with("__Host-session=") && set.contains("Secure") && set.contains("Path=/"), "{set}");
    assert!(!set.contains("Domain"), "{set}");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_refusal_does_not_say_what_was_wrong(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    house.add_person("gone", Role::ReportsReader).await;
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    admin.set_disabled("gone", true).await.expect("disabled");
    let mut pages = Vec::new();
    for (name, password) in [("ada", "wrong password"), ("nobody", PASSWORD), ("gone", PASSWORD), ("", "")] {
        let answer = house.post("/sign-in", &[], &[("user_name", name), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
        assert_eq!(answer.header("set-cookie"), None, "{name}");
        let nonce = answer.header("content-security-policy").and_then(|policy| policy.split("'nonce-").nth(1));
        let nonce = nonce.and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        pages.push(answer.text.replace(&nonce, ""));
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "the same page for all");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_guesser_is_slowed_down(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    let wrong = [("user_name", "ada"), ("password", "wrong")];
    for _ in 0..TRIES_PER_NAME {
        assert_eq!(house.post("/sign-in", &[], &wrong).await.status, StatusCode::UNAUTHORIZED);
    }
    let right = [("user_name", "ada"), ("password", PASSWORD)];
    let answer = house.post("/sign-in", &[], &right).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), Some("60"));
    house.clock.advance(60_000);
    assert_eq!(house.post("/sign-in", &[], &right).await.status, StatusCode::SEE_OTHER);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_planted_session_ends_at_sign_in(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let planted = house.sign_in(Role::ReportsReader).await;
    house.add_person("ada", Role::GlobalAdministrator).await;
    let form = [("user_name", "ada"), ("password", PASSWORD)];
    let answer = house.sign_in_by_form(&[("cookie", &planted)], &form).await;
    assert_ne!(answer.cookie().as_deref(), Some(planted.as_str()));
    assert_eq!(house.get("/api/v1/data", &[("cookie", &planted)]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_way_back_stays_on_this_site() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    house.add_person("ada", Role::ReportsReader).await;
    for elsewhere in ["//evil.test", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"] {
        let form = [("user_name", "ada"), ("password", PASSWORD), ("return_to", elsewhere)];
        assert_eq!(house.sign_in_by_form(&[], &form).await.header("location"), Some("/"), "{elsewhere}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn an_idle_session_ends(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    let form = [("user_name", "ada"), ("password", PASSWORD)];
    let answer = house.sign_in_by_form(&[], &form).await;
    let cookie = answer.cookie().expect("a cookie");
    let minute = 60_000;
    for _ in 0..15 {
        house.clock.advance(29 * minute);
        assert_eq!(house.get("/api/v1/data", &[("cookie", &cookie)]).await.status, StatusCode::OK);
    }
    house.clock.advance(30 * minute);
    let idle = house.get("/api/v1/data", &[("cookie", &cookie)]).await;
    assert_eq!(idle.status, StatusCode::UNAUTHORIZED, "thirty minutes without a request");

    let cookie = house.sign_in_by_form(&[], &form).await.cookie().expect("a cookie");
    for _ in 0..19 {
        house.clock.advance(25 * minute);
        let _ = house.get("/api/v1/data", &[("cookie", &cookie)]).await;
    }
    house.clock.advance(5 * minute);
    let old = house.get("/api/v1/data", &[("cookie", &cookie)]).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED, "eight hours, used or not");
}
