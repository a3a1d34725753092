//! The provider says that a session of its own has ended (OpenID Connect Back-Channel Logout 1.0).

use axum::http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use super::Place;
use super::provider::Provider;
use crate::house::{Answer, Engine};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn logout(provider: &Provider, changes: &Value) -> String {
    let mut claims = provider.common_claims();
    claims["events"] = json!({ EVENT: {} });
    claims["jti"] = json!("one");
    for (name, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    let mut head = Provider::head();
    head["typ"] = json!("logout+jwt");
    provider.sign(&head, &claims)
}

/// As the provider sends it: no browser, no cookie, no word of where it comes from.
async fn send(place: &Place, token: &str) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", token).finish();
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let body = axum::body::Body::from(body);
    place.house.send(crate::house::request(axum::http::Method::POST, "/sign-in/oidc/logout", &kind, body)).await
}

async fn is_in(place: &Place, session: &str) -> bool {
    place.house.get("/api/v1/data", &[("cookie", session)]).await.status == StatusCode::OK
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn one_session_or_all_of_a_person(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    let first = place.sign_in().await;
    place.provider.person(json!({ "sid": "session-2" }));
    let second = place.sign_in().await;
    place.provider.person(json!({ "sid": "session-3", "sub": "pairwise-bo" }));
    let other = place.sign_in().await;

    let answer = send(&place, &logout(&place.provider, &json!({ "sid": "session-1" }))).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, Some("no-store")));
    assert!(!is_in(&place, &first).await && is_in(&place, &second).await && is_in(&place, &other).await);

    send(&place, &logout(&place.provider, &json!({ "sub": "pairwise-ada" }))).await;
    assert!(!is_in(&place, &second).await && is_in(&place, &other).await);
}

#[rstest]
#[case::nobody(json!({}))]
#[case::no_event(json!({ "events": null, "sub": "pairwise-ada" }))]
#[case::another_event(json!({ "events": { "http://schemas.openid.net/event/other": {} }, "sub": "pairwise-ada" }))]
#[case::an_id_token(json!({ "nonce": "n", "sub": "pairwise-ada" }))]
#[case::another_issuer(json!({ "iss": "https://evil.test", "sub": "pairwise-ada" }))]
#[case::for_another(json!({ "aud": "another", "sub": "pairwise-ada" }))]
#[case::expired(json!({ "exp": 1, "sub": "pairwise-ada" }))]
#[case::long_ago(json!({ "iat": 1, "sub": "pairwise-ada" }))]
#[tokio::test]
async fn what_is_no_logout_ends_nothing(#[case] changes: Value) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let session = place.sign_in().await;
    let answer = send(&place, &logout(&place.provider, &changes)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let unsigned = format!("{}x", logout(&place.provider, &json!({ "sub": "pairwise-ada" })));
    assert_eq!(send(&place, &unsigned).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(send(&place, "").await.status, StatusCode::BAD_REQUEST);
    assert!(is_in(&place, &session).await);
}
