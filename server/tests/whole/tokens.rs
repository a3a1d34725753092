//! `/settings/tokens`: tokens are made, shown once, and revoked.

use axum::http::StatusCode;
use domain::role::Role;
use rstest::rstest;

use crate::house::{Engine, House};

const PAGE: &str = "/settings/tokens";

/// The token that a page shows.
fn token_in(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("<code>kr_")?;
    Some(format!("kr_{}", rest.split('<').next()?))
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_token_is_shown_once_and_good_until_it_is_revoked(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let boss = house.sign_in(Role::GlobalAdministrator).await;
    let with = [("cookie", boss.as_str())];
    let form = [("name", " nightly report "), ("scope", "reports-reader"), ("days", "30")];
    let made = house.post(PAGE, &with, &form).await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, Some("no-store")));
    let token = token_in(&made.text).expect("it is shown");
    let bearer = format!("Bearer {token}");
    let reads = async || house.get("/api/v1/data", &[("authorization", &bearer)]).await.status;
    assert_eq!(reads().await, StatusCode::OK);

    let page = house.get(PAGE, &with).await.text;
    assert!(page.contains("nightly report") && page.contains("read as Reports Reader") && !page.contains(&token));
    assert_eq!(house.post(PAGE, &with, &form).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the name is taken");

    house.clock.advance(30 * 86_400_000 - 1);
    let boss = house.token("boss", store::TokenScope::Role(Role::GlobalAdministrator)).await;
    assert_eq!(reads().await, StatusCode::OK);
    let revoked = house.post(&format!("{PAGE}/1/revoke"), &[("authorization", &boss)], &[]).await;
    assert_eq!(revoked.header("location"), Some(PAGE), "{}", revoked.text);
    assert_eq!(reads().await, StatusCode::UNAUTHORIZED);
    let again = house.post(&format!("{PAGE}/1/revoke"), &[("authorization", &boss)], &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_no_token_is_refused_with_a_sentence() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let boss = house.sign_in(Role::GlobalAdministrator).await;
    for (name, days, sentence) in [
        ("", "30", "needs a name"),
        ("two\nlines", "30", "needs a name"),
        ("x", "0", "1 to 366 days"),
        ("x", "367", "1 to 366 days"),
        ("x", "soon", "1 to 366 days"),
    ] {
        let form = [("name", name), ("scope", "ingest"), ("days", days)];
        let answer = house.post(PAGE, &[("cookie", &boss)], &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(sentence) && token_in(&answer.text).is_none(), "{name:?} {days}");
    }
    let form = [("name", "x"), ("scope", "everything"), ("days", "30")];
    assert_eq!(house.post(PAGE, &[("cookie", &boss)], &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn others_look_or_see_nothing(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.token("made by the console", store::TokenScope::Ingest).await;
    for role in Role::ALL.iter().filter(|role| !role.may_administer()) {
        let cookie = house.sign_in(*role).await;
        let page = house.get(PAGE, &[("cookie", &cookie)]).await;
        let sees = page.text.contains("made by the console");
        assert_eq!(
            (page.status == StatusCode::OK, sees),
            (role.may_read_settings(), role.may_read_settings()),
            "{role}"
        );
        assert!(!page.text.contains("/revoke"), "{role}");
        let listed = house.get("/api/v1/settings/tokens", &[("cookie", &cookie)]).await;
        assert_eq!(listed.status, page.status, "{role}");
        if sees {
            let token = &listed.json()["items"][0];
            assert_eq!((&token["name"], &token["role"]), (&"made by the console".into(), &serde_json::Value::Null));
        }
        let form = [("name", "x"), ("scope", "global-administrator"), ("days", "30")];
        assert_eq!(house.post(PAGE, &[("cookie", &cookie)], &form).await.status, StatusCode::FORBIDDEN, "{role}");
        let revoked = house.post(&format!("{PAGE}/1/revoke"), &[("cookie", &cookie)], &[]).await;
        assert_eq!(revoked.status, StatusCode::FORBIDDEN, "{role}");
    }
}
