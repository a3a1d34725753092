//! What a person chooses is on every page of theirs, wherever they sign in; what a URL says is stronger.

use axum::http::StatusCode;
use domain::role::Role;
use rstest::rstest;

use crate::house::{Engine, House, PASSWORD};

async fn signed_in(house: &House, name: &str) -> String {
    let form = [("user_name", name), ("password", PASSWORD)];
    house.sign_in_by_form(&[], &form).await.cookie().expect("a cookie")
}

/// The tag that says language and theme.
fn html_tag(text: &str) -> &str {
    let from = text.find("<html").expect("a document");
    let rest = &text[from..];
    &rest[..=rest.find('>').expect("an end")]
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn choices_are_remembered_after_signing_out_and_in(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    house.add_person("eve", Role::ReportsReader).await;
    let cookie = signed_in(&house, "ada").await;
    let plain = house.get("/overview", &[("cookie", &cookie)]).await;
    assert_eq!(html_tag(&plain.text), "<html lang=\"en\">");

    let form = [("return_to", "/users?q=a"), ("language", "sv"), ("theme", "dark"), ("time_zone", "Asia/Tokyo")];
    let answer = house.post("/preferences", &[("cookie", &cookie)], &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.header("location"), Some("/users?q=a"), "back to the same screen");
    house.post("/sign-out", &[("cookie", &cookie)], &[]).await;

    let cookie = signed_in(&house, "ada").await;
    let page = house.get("/overview", &[("cookie", &cookie)]).await;
    let tag = html_tag(&page.text);
    assert!(tag.contains("lang=\"sv\"") && tag.contains("data-theme=\"dark\""), "{tag}");
    assert!(page.text.contains("Översikt") && page.text.contains("Asia/Tokyo"));
    let link = house.get("/overview?lang=en&tz=Europe/Stockholm", &[("cookie", &cookie)]).await;
    assert!(html_tag(&link.text).contains("lang=\"en\""), "a link is shown as it was made");
    assert!(link.text.contains("Europe/Stockholm") && !link.text.contains("Asia/Tokyo"));
    let eve = house.get("/overview", &[("cookie", &signed_in(&house, "eve").await)]).await;
    assert_eq!(html_tag(&eve.text), "<html lang=\"en\">", "somebody else chose nothing");

    let missing = house.get("/no/page", &[("cookie", &cookie)]).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text.contains("Sidan finns inte"));
}

#[tokio::test]
async fn a_zone_that_is_none_is_said_on_the_page() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite");
    house.add_person("ada", Role::ReportsReader).await;
    let cookie = signed_in(&house, "ada").await;
    let wrong = [("time_zone", "Mars/Base"), ("return_to", "//elsewhere.test")];
    let answer = house.post("/preferences", &[("cookie", &cookie)], &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("There is no such time zone"));
    let other = house.post("/preferences", &[("cookie", &cookie)], &[("return_to", "//elsewhere.test")]).await;
    assert_eq!(other.header("location"), Some("/"), "never to another site");
    let nobody = house.post("/preferences", &[], &[("theme", "dark")]).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn before_anybody_is_known_the_browser_says_the_language() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite");
    let swedish = [("accept-language", "sv-SE,sv;q=0.9,en;q=0.5")];
    let page = house.get("/sign-in", &swedish).await;
    assert_eq!(html_tag(&page.text), "<html lang=\"sv\">");
    assert!(page.text.contains("Lösenord"));
    let wrong = house.post("/sign-in", &swedish, &[("user_name", "x"), ("password", "y")]).await;
    assert!(wrong.text.contains("Fel användarnamn eller lösenord."));
    assert!(house.get("/sign-in?lang=en", &swedish).await.text.contains("<html lang=\"en\">"));
}
