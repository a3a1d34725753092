//! Roles are the provider's to give and to take, also while somebody is signed in.

use axum::http::StatusCode;
use rstest::rstest;
use serde_json::json;

use super::provider::{GLOBAL_ADMINISTRATOR, Twist};
use super::{Place, session_of};
use crate::house::Engine;

const FIVE_MINUTES: i64 = 5 * 60_000;

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_provider_is_asked_again_after_five_minutes(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    let session = place.sign_in().await;
    for round in 0..4 {
        place.house.clock.advance(FIVE_MINUTES - 1);
        assert_eq!(place.house.get("/overview", &[("cookie", &session)]).await.status, StatusCode::OK);
        assert_eq!(place.provider.asked("refresh_token"), round, "not yet");
        place.house.clock.advance(1);
        place.provider.person(json!({ "name": format!("Ada {round}") }));
        let page = place.house.get("/overview", &[("cookie", &session)]).await;
        assert!(page.text.contains(&format!("Ada {round}")), "the name of now");
        assert_eq!(place.provider.asked("refresh_token"), round + 1, "each time with the token that came last");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn another_role_is_another_session(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    let session = place.sign_in().await;
    place.provider.person(json!({ "wids": [GLOBAL_ADMINISTRATOR] }));
    place.house.clock.advance(FIVE_MINUTES);
    let led = place.house.get("/users?q=ada", &[("cookie", &session)]).await;
    let to = "/sign-in?return_to=%2Fusers%3Fq%3Dada&notice=session-ended";
    assert_eq!(led.header("location"), Some(to), "the person goes on, with the new role");
    assert_eq!(place.house.get("/api/v1/data", &[("cookie", &session)]).await.status, StatusCode::UNAUTHORIZED);
    let session = session_of(&place.sign_in_to("/settings/sources").await).expect("a session");
    assert_eq!(place.house.get("/settings/sources", &[("cookie", &session)]).await.status, StatusCode::OK);

    // And down again: what was allowed is no more.
    place.provider.person(json!({ "wids": [super::provider::REPORTS_READER] }));
    place.house.clock.advance(FIVE_MINUTES);
    let answer = place.house.get("/settings/sources", &[("cookie", &session)]).await;
    assert_eq!(answer.header("location"), Some("/sign-in?return_to=%2Fsettings%2Fsources&notice=session-ended"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_role_that_was_taken_away_is_gone_within_five_minutes(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    let (session, other) = (place.sign_in().await, place.sign_in().await);
    place.provider.person(json!({ "wids": [] }));
    place.house.clock.advance(FIVE_MINUTES);
    assert_eq!(place.house.get("/overview", &[("cookie", &session)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.house.get("/api/v1/data", &[("cookie", &other)]).await.status, StatusCode::UNAUTHORIZED);
    let refused = place.sign_in_to("/").await;
    assert_eq!((refused.status, session_of(&refused)), (StatusCode::FORBIDDEN, None));
}

#[rstest]
#[case::token_is_revoked(None)]
#[case::somebody_else(Some(json!({ "sub": "pairwise-eve" })))]
#[tokio::test]
async fn whom_the_provider_does_not_vouch_for_is_out(#[case] person: Option<serde_json::Value>) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let session = place.sign_in().await;
    match person {
        Some(person) => place.provider.person(person),
        None => place.provider.forget_refresh_tokens(),
    }
    place.house.clock.advance(FIVE_MINUTES);
    let answer = place.house.get("/api/v1/data", &[("cookie", &session)]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(place.house.get("/overview", &[("cookie", &session)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_provider_that_is_down_gives_nobody_a_role_and_takes_no_session() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let session = place.sign_in().await;
    let down = ("token", (StatusCode::SERVICE_UNAVAILABLE, "down"));
    place.provider.twist(Twist { answers: [down].into(), ..Twist::default() });
    place.house.clock.advance(FIVE_MINUTES);
    for path in ["/overview", "/users.csv", "/api/v1/data", "/v1.0/users"] {
        let answer = place.house.get(path, &[("cookie", &session)]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}: {}", answer.text);
        assert!(answer.text.contains("identity provider does not answer"), "{path}: {}", answer.text);
    }
    place.provider.twist(Twist::default());
    assert_eq!(place.house.get("/overview", &[("cookie", &session)]).await.status, StatusCode::OK, "it goes on");
}

#[tokio::test]
async fn a_session_of_another_provider_ends_and_its_token_is_shown_to_nobody() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let session = place.sign_in().await;
    place.house.run_sql("UPDATE people SET issuer = 'https://the-provider-before.test'").await;
    place.house.clock.advance(FIVE_MINUTES);
    assert_eq!(place.house.get("/api/v1/data", &[("cookie", &session)]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(place.provider.asked("refresh_token"), 0);
}

#[tokio::test]
async fn requests_that_come_together_ask_once() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let session = place.sign_in().await;
    place.house.clock.advance(FIVE_MINUTES);
    let asking = (0..12).map(|_| async { place.house.get("/api/v1/data", &[("cookie", &session)]).await.status });
    let statuses = futures::future::join_all(asking).await;
    assert!(statuses.iter().all(|status| *status == StatusCode::OK), "{statuses:?}");
    assert_eq!(place.provider.asked("refresh_token"), 1, "a token may be good for one request");
}

#[tokio::test]
async fn the_database_alone_opens_nothing() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let session = place.sign_in().await;
    let path = place.house.database_url().trim_start_matches("sqlite:").to_owned();
    let mut bytes = std::fs::read(&path).expect("a database");
    bytes.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    let secrets = place.provider.refresh_tokens();
    assert_eq!(secrets.len(), 1);
    let cookie = session.trim_start_matches("session=").to_owned();
    for secret in secrets.iter().chain([&cookie]) {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "a secret in the database");
    }
    assert!(bytes.windows(3).any(|window| window == b"x1:"), "the sealed one is there");
}
