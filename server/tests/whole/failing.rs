//! A part that cannot be read takes nothing else of its page with it.

use axum::http::StatusCode;
use domain::role::Role;
use rstest::rstest;

use crate::house::{Engine, House};

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_list_that_cannot_be_read_says_so_and_keeps_its_page(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    assert_eq!(house.get("/events?q=ada", &headers).await.status, StatusCode::OK);
    house.run_sql("ALTER TABLE events RENAME TO events_that_were").await;

    let page = house.get("/events?q=ada", &headers).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    let id = page.header("x-request-id").expect("a number").to_owned();
    for part in ["could not be read", &id, "href=\"/events?q=ada\"", "name=\"q\"", "value=\"ada\"", "href=\"/users\""] {
        assert!(page.text.contains(part), "{part} is missing: {}", page.text);
    }
    let (_, main) = page.text.split_once("<main").expect("a main part");
    let (main, _) = main.split_once("</main>").expect("its end");
    assert!(!main.contains("<table"), "an error is never an empty table");
    assert_eq!(house.get("/users", &headers).await.status, StatusCode::OK);
}

#[tokio::test]
async fn views_that_cannot_be_read_leave_the_list() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    house.run_sql("ALTER TABLE views RENAME TO views_that_were").await;
    let list = house.get("/users", &headers).await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.text.contains("Saved views could not be read") && list.text.contains("<table"));
    assert_eq!(house.get("/views", &headers).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_page_behind_the_last_leads_to_the_first() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    let first = house.get("/users?size=1", &headers).await.text;
    let at = first.find("rel=\"next\" href=\"").expect("two pages") + "rel=\"next\" href=\"".len();
    let next = first[at..].split('"').next().expect("an end").replace("&amp;", "&");
    let second = house.get(&next, &headers).await;
    assert!(second.text.contains("page 2"), "the title says which page it is");
    // The same cursor among a search that ends before it.
    let beyond = house.get(&format!("{next}&q=ada"), &headers).await;
    let expected =
        beyond.status == StatusCode::OK || beyond.header("location").is_some_and(|to| !to.contains("after="));
    assert!(expected, "{}: {:?}", beyond.status, beyond.header("location"));
}
