//! The first person: one link, once, for an hour.

use axum::http::StatusCode;
use domain::instant::MINUTE_MS;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use server::auth::setup;

use crate::house::{Engine, House, PASSWORD};

impl House {
    /// The path and query of a new setup link, and its token.
    pub async fn setup_link(&self) -> Option<(String, String)> {
        let public_url = "http://127.0.0.1:3000".parse().expect("an address");
        let link = setup::new_link(&self.services, &self.clock, &public_url).await.expect("the store answers")?;
        let path = link.strip_prefix("http://127.0.0.1:3000").expect("a link to us").to_owned();
        let token = path.split_once("token=").expect("a token").1.to_owned();
        Some((path, token))
    }
}

fn form<'a>(token: &'a str, password: &'a str) -> [(&'a str, &'a str); 4] {
    [("token", token), ("user_name", "ada"), ("display_name", "Ada"), ("password", password)]
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_link_makes_the_first_administrator_once(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let (path, token) = house.setup_link().await.expect("nobody is there");
    assert_eq!(house.get(&path, &[]).await.status, StatusCode::OK);
    let answer = house.post("/setup", &[], &form(&token, PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.header("location"), Some("/sign-in/set-up-second-step"));
    let step = answer.cookie().expect("a step");
    assert_eq!(house.get("/api/v1/data", &[("cookie", &step)]).await.status, StatusCode::UNAUTHORIZED);
    let (answer, _) = house.set_up_app(&[("cookie", &step)]).await;
    let cookie = answer.cookie().expect("signed in");
    assert_eq!(house.get("/api/v1/data", &[("cookie", &cookie)]).await.status, StatusCode::OK);
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    let people = admin.people().await.expect("people");
    assert_eq!(people.len(), 1);
    assert_eq!((people[0].user_name.as_str(), people[0].role), ("ada", Role::GlobalAdministrator));

    assert_eq!(house.get(&path, &[]).await.status, StatusCode::GONE);
    assert_eq!(house.post("/setup", &[], &form(&token, PASSWORD)).await.status, StatusCode::GONE);
    assert_eq!(house.setup_link().await, None, "somebody is there");
    assert_eq!(admin.people().await.expect("people").len(), 1);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_link_ends_after_an_hour_and_with_the_next(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let (first, _) = house.setup_link().await.expect("nobody is there");
    let (second, token) = house.setup_link().await.expect("nobody is there");
    assert_eq!(house.get(&first, &[]).await.status, StatusCode::GONE, "the second replaced it");
    assert_eq!(house.get(&second, &[]).await.status, StatusCode::OK);
    house.clock.advance(60 * MINUTE_MS);
    assert_eq!(house.get(&second, &[]).await.status, StatusCode::GONE);
    assert_eq!(house.post("/setup", &[], &form(&token, PASSWORD)).await.status, StatusCode::GONE);
    for path in ["/setup", "/setup?token=", "/setup?token=guessed"] {
        assert_eq!(house.get(path, &[]).await.status, StatusCode::GONE, "{path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_refused_form_does_not_use_the_link_up(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let (_, token) = house.setup_link().await.expect("nobody is there");
    let long = "x".repeat(1025);
    for (name, display_name, password) in
        [("ada", "Ada", "elevenchars"), ("ada", "Ada", long.as_str()), (" ", "Ada", PASSWORD), ("ada", " ", PASSWORD)]
    {
        let form =
            [("token", token.as_str()), ("user_name", name), ("display_name", display_name), ("password", password)];
        let answer = house.post("/setup", &[], &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {display_name}");
        assert!(answer.text.contains(&token), "the form can be sent again");
    }
    assert_eq!(house.post("/setup", &[], &form(&token, "twelve chars")).await.status, StatusCode::SEE_OTHER);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn of_two_at_once_one_wins(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let (_, token) = house.setup_link().await.expect("nobody is there");
    let other = [("token", token.as_str()), ("user_name", "bo"), ("display_name", "Bo"), ("password", PASSWORD)];
    let form = form(&token, PASSWORD);
    let (one, two) = tokio::join!(house.post("/setup", &[], &form), house.post("/setup", &[], &other));
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::GONE]);
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    assert_eq!(admin.people().await.expect("people").len(), 1);
}
