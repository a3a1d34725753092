//! Review notes: who may add one, what one may say, and where it is seen.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use serde_json::{Value, json};
use store::TokenScope;

use crate::house::{Answer, Engine, House, request};

const LISTS: &[&str] = &["mfa/blocked-users", "mfa/bypassed-users", "mfa/fraud-alerts"];

async fn post_json(house: &House, token: &str, body: &Value) -> Answer {
    let headers = [("authorization", token), ("content-type", "application/json")];
    house.send(request(Method::POST, "/api/v1/mfa/notes", &headers, Body::from(body.to_string()))).await
}

async fn post_form(house: &House, cookie: &str, form: &[(&str, &str)]) -> Answer {
    house.post("/mfa/notes", &[("cookie", cookie)], form).await
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn readers_may_not_add_notes(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    for role in Role::ALL.iter().filter(|role| !role.may_operate()) {
        let cookie = house.sign_in(*role).await;
        let form =
            post_form(&house, &cookie, &[("about", "x"), ("text", "x"), ("return_to", "/mfa/blocked-users")]).await;
        assert_eq!(form.status, StatusCode::FORBIDDEN, "{role}");
        assert!(form.text.contains("Security Administrator"), "{}", form.text);
        let token = house.token(role.as_str(), TokenScope::Role(*role)).await;
        let refused = post_json(&house, &token, &json!({"about": "x", "text": "x"})).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}");
        assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("Security Administrator")));
    }
    let push = house.token("push", TokenScope::Ingest).await;
    assert_eq!(post_json(&house, &push, &json!({"about": "x", "text": "x"})).await.status, StatusCode::FORBIDDEN);
    let nobody = house.post("/mfa/notes", &[], &[("about", "x"), ("text", "x")]).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_note_is_a_text_about_something_that_is_there(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let cookie = house.sign_in(Role::SecurityAdministrator).await;
    let token = house.token("t", TokenScope::Role(Role::GlobalAdministrator)).await;
    let long = "å".repeat(1001);
    for text in ["", " \r\n ", "a\0b", long.as_str()] {
        let form = post_form(&house, &cookie, &[("about", "x"), ("text", text)]).await;
        assert_eq!(form.status, StatusCode::BAD_REQUEST, "{text:?}: {}", form.text);
        assert!(form.text.contains("1000 characters"), "{}", form.text);
        let refused = post_json(&house, &token, &json!({"about": "x", "text": text})).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{text:?}");
        assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("1000 characters")));
    }
    for about in ["no-such-thing", "", "a\0b"] {
        let form = post_form(&house, &cookie, &[("about", about), ("text", "Called her.")]).await;
        assert_eq!(form.status, StatusCode::NOT_FOUND, "{about:?}: {}", form.text);
        let missing = post_json(&house, &token, &json!({"about": about, "text": "Called her."})).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{about:?}: {}", missing.text);
    }
    for body in
        [json!({"about": "x"}), json!({"text": "x"}), json!({"about": "x", "text": "x", "author": "Eve"}), json!(7)]
    {
        assert_eq!(post_json(&house, &token, &body).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_note_keeps_author_and_time_and_is_seen_by_everybody(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let cookie = house.sign_in(Role::SecurityAdministrator).await;
    let token = house.token("review bot", TokenScope::Role(Role::GlobalAdministrator)).await;
    for list in LISTS {
        let read = || async { house.get(&format!("/api/v1/{list}"), &[("authorization", &reader)]).await.json() };
        let before = read().await;
        // A fraud alert that blocks stands in two lists: what is said of it in one is read in the other.
        let rows = before["items"].as_array().expect("rows");
        let row = rows.iter().rfind(|row| row["notes"] == json!([])).expect("a row without notes");
        let about = row["id"].as_str().expect("an id").to_owned();

        let return_to = format!("/{list}?range=7d");
        let form = [("about", about.as_str()), ("text", " Called <her>:\r\nit was she. "), ("return_to", &return_to)];
        let added = post_form(&house, &cookie, &form).await;
        assert_eq!((added.status, added.header("location")), (StatusCode::SEE_OTHER, Some(return_to.as_str())));
        house.clock.advance(1000);
        let added = post_json(&house, &token, &json!({"about": about, "text": "Rang +46 70 123 45 67"})).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);

        let after = read().await;
        let row = after["items"].as_array().expect("rows").iter().find(|row| row["id"] == *about).expect("the row");
        let notes = row["notes"].as_array().expect("notes");
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert_eq!(notes[0]["text"], "Called <her>:\nit was she.");
        assert_eq!(notes[0]["author"], "security-administrator");
        assert_eq!(notes[1], added.json());
        assert_eq!((&notes[1]["author"], &notes[1]["text"]), (&json!("review bot"), &json!("Rang +XX XX XXX XX 67")));
        let page = house.get(&format!("/{list}"), &[("authorization", &reader)]).await.text;
        assert!(page.contains("Called &lt;her&gt;"), "{list}: {page}");
        let csv = house.get(&format!("/{list}.csv"), &[("authorization", &reader)]).await.text;
        assert!(csv.contains("review bot: Rang +XX"), "{list}: {csv}");
    }
    let elsewhere = [("about", "x"), ("text", "x"), ("return_to", "//evil.test")];
    assert_ne!(post_form(&house, &cookie, &elsewhere).await.header("location"), Some("//evil.test"));
}
