//! Another password, by whoever knows the present one.

use axum::http::StatusCode;
use domain::instant::MINUTE_MS;
use domain::role::Role;
use rstest::rstest;
use server::auth::limiter::TRIES_PER_NAME;

use super::{is_over, session};
use crate::access_log::written;
use crate::authenticator::{CODE, PERIOD_MS};
use crate::house::{Answer, Engine, House, PASSWORD};

const PATH: &str = "/preferences/password";
const OTHER: &str = "seven green bicycles at dawn";

impl House {
    async fn change_password(&self, cookie: &str, from: &str, to: &str) -> Answer {
        self.post(PATH, &[("cookie", cookie)], &[("current_password", from), ("new_password", to)]).await
    }

    /// Whether a password leads on to the second step.
    async fn leads_on(&self, user_name: &str, password: &str) -> bool {
        let answer = self.post("/sign-in", &[], &[("user_name", user_name), ("password", password)]).await;
        answer.status == StatusCode::SEE_OTHER && answer.header("location") == Some(CODE)
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn who_knows_the_present_password_sets_another(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    house.add_person("bo", Role::ReportsReader).await;
    let (_, bo) = house.with_app("bo").await;
    let (app, elsewhere) = house.with_app("ada").await;
    house.clock.advance(PERIOD_MS);
    let here = house.try_code(&house.password("ada").await, &app.code(house.clock.now())).await;
    let here = session(&here).expect("a session");
    let page = house.get("/preferences", &[("cookie", &here)]).await.text;
    for part in [
        "autocomplete=\"username\" value=\"ada\"",
        "autocomplete=\"current-password\"",
        "autocomplete=\"new-password\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    house.clock.advance(9 * MINUTE_MS);
    let step = house.password("ada").await;
    let before = written(&house, 0).await.len();

    let changed = house.change_password(&here, PASSWORD, OTHER).await;
    assert_eq!(changed.header("location"), Some("/preferences?notice=password-changed"), "{}", changed.text);
    assert_eq!(written(&house, before).await, ["person change allowed /preferences/password"]);
    let anew = session(&changed).expect("the session has another secret");
    assert!(house.is_in(&anew).await && house.is_in(&bo).await);
    assert!(!house.is_in(&here).await, "whoever else has the cookie");
    assert!(!house.is_in(&elsewhere).await);
    is_over(&house.try_code(&step, &app.code(house.clock.now())).await);
    let page = house.get("/preferences?notice=password-changed", &[("cookie", &anew)]).await.text;
    assert!(page.contains("Your password is changed"), "{page}");
    assert!(!house.leads_on("ada", PASSWORD).await && house.leads_on("ada", OTHER).await);
    assert!(house.leads_on("bo", PASSWORD).await);

    // It is no new sign-in: what asks for a young one goes by the same hour.
    let app = [("change", "remove")];
    let young = house.post("/preferences/factors/totp", &[("cookie", &anew)], &app).await;
    assert_eq!(young.status, StatusCode::CONFLICT, "the only one");
    house.clock.advance(MINUTE_MS + 1);
    let old = house.post("/preferences/factors/totp", &[("cookie", &anew)], &app).await;
    assert_eq!(old.status, StatusCode::FORBIDDEN);
    assert!(old.text.contains("older than 10 minutes"), "{}", old.text);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn whoever_found_a_session_guesses_no_password(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    let (_, here) = house.with_app("ada").await;
    for (from, to, status, says) in [
        ("wrong", OTHER, StatusCode::FORBIDDEN, "The current password is wrong"),
        ("", OTHER, StatusCode::FORBIDDEN, "The current password is wrong"),
        (PASSWORD, "elevenchars", StatusCode::UNPROCESSABLE_ENTITY, "12 to 1,024 characters"),
    ] {
        let answer = house.change_password(&here, from, to).await;
        assert_eq!((answer.status, session(&answer)), (status, None), "{from}");
        assert!(answer.text.contains(says) && answer.text.contains(PATH), "{}", answer.text);
    }
    for _ in 3..TRIES_PER_NAME {
        assert_eq!(house.change_password(&here, "wrong", OTHER).await.status, StatusCode::FORBIDDEN);
    }
    let slowed = house.change_password(&here, PASSWORD, OTHER).await;
    assert_eq!((slowed.status, slowed.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, Some("60")));
    let sign_in = house.post("/sign-in", &[], &[("user_name", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(sign_in.status, StatusCode::TOO_MANY_REQUESTS, "they are counted together");
    let log = written(&house, 0).await;
    assert!(log.iter().any(|entry| entry == "person change refused /preferences/password"), "{log:?}");
    house.clock.advance(MINUTE_MS);
    assert_eq!(house.change_password(&here, PASSWORD, OTHER).await.status, StatusCode::SEE_OTHER);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn of_two_changes_at_once_one_is_made(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    let (_, here) = house.with_app("ada").await;
    let (one, two) =
        tokio::join!(house.change_password(&here, PASSWORD, OTHER), house.change_password(&here, PASSWORD, OTHER));
    let made =
        [&one, &two].into_iter().filter(|answer| answer.status == StatusCode::SEE_OTHER && session(answer).is_some());
    assert_eq!(made.count(), 1, "{} {}", one.status, two.status);
    assert!(house.leads_on("ada", OTHER).await);
}
