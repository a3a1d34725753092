//! Saved views by form and by API: saved, seen, renamed, deleted, refused.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use serde_json::json;
use store::TokenScope;

use crate::house::{Engine, House, request};

const JSON: (&str, &str) = ("content-type", "application/json");

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_form_saves_what_is_on_screen_and_leads_back_to_it(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    let form = [("name", "No <method>"), ("page", "users"), ("query", "method_class=none&tz=UTC"), ("shared", "yes")];
    let saved = house.post("/views", &headers, &form).await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, Some("/users?method_class=none")));
    for page in ["/users", "/overview", "/events", "/views"] {
        let page = house.get(page, &headers).await;
        assert!(page.text.contains("No &lt;method&gt;"), "{}", page.text);
        assert!(page.text.contains("/users?method_class=none"));
    }
    // Everybody sees it; not everybody may change it.
    let other = house.sign_in(Role::SecurityReader).await;
    let other = [("cookie", other.as_str())];
    assert!(house.get("/views", &other).await.text.contains("No &lt;method&gt;"));
    let refused = house.post("/views/1/delete", &other, &[]).await;
    assert_eq!(refused.header("location"), Some("/views?notice=view-not-yours"));
    let renamed = house.post("/views/1/rename", &headers, &[("name", "Nothing at all")]).await;
    assert_eq!(renamed.header("location"), Some("/views?notice=view-renamed"));
    assert!(house.get("/views", &other).await.text.contains("Nothing at all"));
    house.post("/views/1/delete", &headers, &[]).await;
    assert!(!house.get("/views", &other).await.text.contains("Nothing at all"));
}

#[tokio::test]
async fn what_no_page_can_show_is_not_saved() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    let wrong =
        house.post("/views", &headers, &[("name", "x"), ("page", "users"), ("query", "registered=maybe")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let nameless = house.post("/views", &headers, &[("name", "  "), ("page", "users")]).await;
    assert_eq!(nameless.header("location"), Some("/views?notice=view-name-wrong"));
    assert!(house.get("/api/v1/views", &headers).await.json()["items"].as_array().expect("items").is_empty());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn programs_save_list_and_delete_views(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let token = house.token("t", TokenScope::Role(Role::GlobalReader)).await;
    let headers = [("authorization", token.as_str()), JSON];
    let send = |method, path: &str, body: serde_json::Value| {
        house.send(request(method, path, &headers, Body::from(body.to_string())))
    };
    let view = json!({"name": "Last week", "page": "events", "query": "range=7d&lang=en", "shared": true});
    let saved = send(Method::POST, "/api/v1/views", view).await;
    assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.text);
    let saved = saved.json();
    assert_eq!(
        (&saved["query"], &saved["author"], &saved["works"]),
        (&json!("range=7d"), &json!("Global Reader"), &json!(true))
    );
    let listed = house.get("/api/v1/views", &headers).await.json();
    assert_eq!(listed["items"], json!([saved]));

    for (body, parameter) in [
        (json!({"name": "x", "page": "events", "query": "range=1y"}), Some("range")),
        (json!({"name": "", "page": "events"}), None),
        (json!({"name": "x", "page": "nowhere"}), None),
        (json!({"name": "x", "page": "events", "colour": "red"}), None),
    ] {
        let refused = send(Method::POST, "/api/v1/views", body).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.json()["parameter"].as_str(), parameter);
    }
    assert_eq!(send(Method::DELETE, "/api/v1/views/1", json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(send(Method::DELETE, "/api/v1/views/1", json!({})).await.status, StatusCode::NOT_FOUND);
}
