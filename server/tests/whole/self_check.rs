//! What the hourly self-check came to: at the foot of every page, in both languages, and in the API.

use domain::report::SelfCheck;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use serde_json::{Value, json};
use store::TokenScope;

use crate::house::{Engine, House, NOW, now};

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_page_says_what_the_last_check_came_to(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let cookie = house.sign_in(Role::ReportsReader).await;
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let get = async |path: &str| house.get(path, &[("cookie", &cookie), ("authorization", &token)]).await;
    let in_api = async || house.get("/api/v1/data", &[("authorization", &token)]).await.json()["self_check"].clone();
    assert_eq!(in_api().await, Value::Null);
    assert!(!get("/data").await.text.contains("Figures checked"));

    let checker = house.services.checker(TenantId::ONLY);
    let mut check = SelfCheck { at: now(), hours: 24, differences: 0 };
    checker.note_self_check(&check).await.expect("it is kept");
    for path in ["/data", "/overview", "/users", "/no-such-page"] {
        assert!(get(path).await.text.contains("12:00: no differences"), "{path}");
    }
    let at = NOW.replace('Z', ".000Z");
    assert_eq!(in_api().await, json!({ "at": at, "hours": 24, "differences": 0 }));

    check.differences = 3;
    checker.note_self_check(&check).await.expect("it is kept");
    assert!(get("/data").await.text.contains("12:00: 3 differences. Run keyroll doctor"));
    assert!(get("/data?lang=sv").await.text.contains("12:00: 3 avvikelser. Kör keyroll doctor"));
    assert_eq!(in_api().await["differences"], 3);
}
