//! Who has a session and goes to the provider proves anew who they are; a provider that knows them already is no proof.

use axum::http::StatusCode;
use domain::instant::MINUTE_MS;
use rstest::rstest;
use serde_json::{Value, json};
use url::Url;

use super::provider::Twist;
use super::{Place, Sent, session_of};
use crate::house::{Answer, Engine};

const END: &str = "/preferences/sessions";

impl Place {
    /// Somebody with a session follows the link of the sign-in page.
    async fn send_anew(&self, session: &str) -> Sent {
        let answer = self.house.get("/sign-in/oidc?return_to=%2Fpreferences", &[("cookie", session)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let cookie = format!("{session}; {}", answer.cookie().expect("a cookie"));
        Sent { cookie, url: answer.header("location").expect("a place").to_owned() }
    }

    async fn sign_in_anew(&self, session: &str) -> Answer {
        let sent = self.send_anew(session).await;
        self.come_back(&sent.cookie, &self.provider.authorize(&sent.url)).await
    }

    async fn end_others(&self, session: &str) -> Answer {
        self.house.post(END, &[("cookie", session)], &[]).await
    }

    async fn is_in(&self, session: &str) -> bool {
        self.house.get("/api/v1/data", &[("cookie", session)]).await.status == StatusCode::OK
    }
}

/// What the provider is asked beside the usual.
fn asked(url: &str) -> Vec<(String, String)> {
    let url = Url::parse(url).expect("an address");
    url.query_pairs().into_owned().filter(|(name, _)| ["prompt", "max_age"].contains(&name.as_str())).collect()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_providers_people_end_sessions_when_they_have_been_asked_anew(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    assert_eq!(asked(&place.send("/").await.url), [], "who comes from outside may be known there");
    let (other, session) = (place.sign_in().await, place.sign_in().await);
    let refused = place.end_others(&session).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "nobody says that they were asked");
    assert!(refused.text.contains("/sign-in?return_to=%2Fpreferences"), "{}", refused.text);
    assert!(!refused.text.contains("End all other sessions"), "{}", refused.text);
    assert!(refused.text.contains("the identity provider has to say"), "{}", refused.text);
    assert!(place.is_in(&other).await);

    let sent = place.send_anew(&session).await;
    let anew = [("prompt", "login"), ("max_age", "0")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(asked(&sent.url), anew);
    let answer = place.come_back(&sent.cookie, &place.provider.authorize(&sent.url)).await;
    assert_eq!(answer.header("location"), Some("/preferences"), "{}", answer.text);
    let anew = session_of(&answer).expect("a session");
    assert!(!place.is_in(&session).await, "the one before has ended");
    let page = place.house.get("/preferences", &[("cookie", &anew)]).await.text;
    assert!(page.contains("End all other sessions"), "{page}");

    // What the provider says of roles in between is no proof of who sits there.
    place.house.clock.advance(10 * MINUTE_MS + 1);
    assert!(place.is_in(&anew).await && place.is_in(&other).await);
    assert_eq!(place.end_others(&anew).await.status, StatusCode::FORBIDDEN);
    let anew = session_of(&place.sign_in_anew(&anew).await).expect("a session");
    assert_eq!(place.end_others(&anew).await.status, StatusCode::SEE_OTHER);
    assert!(place.is_in(&anew).await && !place.is_in(&other).await);
}

impl Place {
    /// When the provider asked, as it says from here on, in seconds; `None`: it does not.
    fn say_asked_at(&self, auth_time: fn(i64) -> Option<Value>) {
        let told = auth_time(self.house.clock.now().millis() / 1000);
        self.provider.twist(Twist {
            claims: Some(Box::new(move |claims| match &told {
                Some(told) => claims["auth_time"] = told.clone(),
                None => _ = claims.as_object_mut().expect("an object").remove("auth_time"),
            })),
            ..Twist::default()
        });
    }
}

#[rstest]
#[case::a_day_before(|now: i64| Some(json!(now - 86_400)))]
#[case::before_it_was_asked_to(|now: i64| Some(json!(now - 61)))]
#[tokio::test]
async fn a_provider_that_did_not_ask_is_not_believed(#[case] auth_time: fn(i64) -> Option<Value>) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let session = place.sign_in().await;
    place.say_asked_at(auth_time);
    let answer = place.sign_in_anew(&session).await;
    assert_eq!((answer.status, session_of(&answer)), (StatusCode::BAD_GATEWAY, None), "{}", answer.text);
    assert!(place.is_in(&session).await, "as it was before");
    assert_eq!(place.end_others(&session).await.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::not_told(|_: i64| None)]
#[case::to_come(|now: i64| Some(json!(now + 61)))]
#[case::a_text(|now: i64| Some(json!(now.to_string())))]
#[tokio::test]
async fn where_the_provider_does_not_say_when_it_asked_nothing_is_proven(#[case] auth_time: fn(i64) -> Option<Value>) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let (other, session) = (place.sign_in().await, place.sign_in().await);
    place.say_asked_at(auth_time);
    let anew = session_of(&place.sign_in_anew(&session).await).expect("a session");
    assert!(place.is_in(&anew).await && !place.is_in(&session).await);
    let refused = place.end_others(&anew).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("the identity provider has to say"), "{}", refused.text);
    assert!(place.is_in(&other).await);
}

#[tokio::test]
async fn who_was_asked_there_a_moment_ago_is_not_asked_twice() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let now = place.house.clock.now().millis() / 1000;
    for (auth_time, status) in [(now - 601, StatusCode::FORBIDDEN), (now - 600, StatusCode::SEE_OTHER)] {
        place.provider.person(json!({ "auth_time": auth_time }));
        assert_eq!(place.end_others(&place.sign_in().await).await.status, status);
    }
}

#[tokio::test]
async fn a_browser_that_takes_the_mark_away_has_proven_nothing() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let session = place.sign_in().await;
    place.say_asked_at(|_| None);
    let sent = place.send_anew(&session).await;
    let cookie = sent.cookie.strip_suffix(".anew").expect("a mark");
    let answer = place.come_back(cookie, &place.provider.authorize(&sent.url)).await;
    let session = session_of(&answer).expect("signed in as somebody whom the provider knows");
    assert_eq!(place.end_others(&session).await.status, StatusCode::FORBIDDEN);
}
