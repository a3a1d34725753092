//! The demo is for show: never beside real data, and its buttons never on a real installation.

use axum::http::StatusCode;
use domain::role::Role;
use rstest::rstest;
use server::demo;
use server::generate::{Settings, demo_settings};

use crate::house::{Engine, House};

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn it_fills_an_empty_database_and_lets_every_role_in(#[case] engine: Engine) {
    let Some(house) = House::open_as(engine, "http://127.0.0.1:3000", true).await else { return };
    demo::check(&house.services, true).await.expect("empty");
    let small = |end| Settings { users: 40, sign_ins: 0, days: 30, ..demo_settings(end) };
    demo::fill(&house.services, &house.clock, small).await.expect("filled");
    demo::fill(&house.services, &house.clock, |_| panic!("filled already")).await.expect("nothing to do");
    demo::check(&house.services, true).await.expect("a demo may go on");
    for role in Role::ALL {
        let form = [("role", role.as_str()), ("return_to", "/users")];
        let answer = house.post("/sign-in/demo", &[], &form).await;
        assert_eq!(answer.header("location"), Some("/users"), "{role}: {}", answer.text);
        let cookie = answer.cookie().expect("a cookie");
        let overview = house.get("/api/v1/overview", &[("cookie", &cookie)]).await.json();
        assert!(overview["population"]["size"].as_i64() > Some(20), "{overview}");
        assert!(overview["tiles"]["registered"]["yes"].as_i64() > Some(0), "{overview}");
        assert!(!overview["registrations"].as_array().expect("a list").is_empty(), "{overview}");
    }
    assert_eq!(house.post("/sign-in/demo", &[], &[("role", "emperor")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn it_does_not_meet_real_data(#[case] engine: Engine) {
    let Some(real) = House::open(engine).await else { return };
    real.add_records().await;
    let refused = demo::check(&real.services, true).await.expect_err("refused").to_string();
    assert!(refused.contains("never shown beside real data"), "{refused}");
    demo::check(&real.services, false).await.expect("real data without a demo");
    assert_eq!(real.post("/sign-in/demo", &[], &[("role", "reports-reader")]).await.status, StatusCode::NOT_FOUND);

    let Some(demo_house) = House::open(engine).await else { return };
    demo_house.services.mark_demo().await.expect("empty");
    let refused = demo::check(&demo_house.services, false).await.expect_err("refused").to_string();
    assert!(refused.contains("takes no real data"), "{refused}");
}
