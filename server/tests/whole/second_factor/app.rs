//! Authenticator apps.

use axum::http::StatusCode;
use domain::instant::MINUTE_MS;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;

use super::{is_over, session};
use crate::authenticator::{Authenticator, CODE, PERIOD_MS, SET_UP};
use crate::house::{Engine, House, PASSWORD};

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_password_alone_begins_no_session_whatever_the_role(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    for role in Role::ALL {
        house.add_person(role.as_str(), *role).await;
        for _ in 0..2 {
            let step = house.password(role.as_str()).await;
            assert!(step.starts_with("sign-in-step="), "{step}");
            assert!(!house.is_in(&step).await, "{role}");
            assert!(!house.is_in(&step.replace("sign-in-step", "session")).await, "{role}");
        }
        let (_, session) = house.with_app(role.as_str()).await;
        assert!(house.is_in(&session).await, "{role}");
        let step = house.password(role.as_str()).await;
        assert!(!house.is_in(&step).await, "{role}");
        let page = house.get(SET_UP, &[("cookie", &step)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{role}: who has an app sets up no other with a password");
        let set_up = house.post(SET_UP, &[("cookie", &step)], &[("code", "123456")]).await;
        is_over(&set_up);
    }
    assert_eq!(house.count("sessions").await, 5);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn codes_are_good_for_a_period_around_theirs_and_once(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    let (app, _) = house.with_app("ada").await;
    let code = |periods: i64| app.code(house.clock.now().plus_millis(periods * PERIOD_MS));

    // The code that set the app up has been used.
    let step = house.password("ada").await;
    assert_eq!(house.try_code(&step, &code(0)).await.status, StatusCode::UNAUTHORIZED);
    // That of the phone which is early is good, and so none before it any more.
    let early = house.try_code(&step, &code(1)).await;
    assert!(session(&early).is_some(), "{}", early.text);
    assert!(
        early
            .headers
            .get_all("set-cookie")
            .iter()
            .any(|set| set.to_str().is_ok_and(|set| set.starts_with("sign-in-step=;")))
    );
    is_over(&house.try_code(&step, &code(1)).await);
    let step = house.password("ada").await;
    for used in [1, 0, -1, 2] {
        let answer = house.try_code(&step, &code(used)).await;
        assert_eq!((answer.status, session(&answer)), (StatusCode::UNAUTHORIZED, None), "{used}");
        assert!(answer.text.contains("name=\"code\""), "the form again");
    }
    house.clock.advance(3 * PERIOD_MS);
    let late = house.try_code(&house.password("ada").await, &code(-1)).await;
    assert!(session(&late).is_some(), "a phone that is late");
    house.clock.advance(3 * PERIOD_MS);
    let typed = code(0);
    let typed = house.try_code(&house.password("ada").await, &format!("{} {}", &typed[..3], &typed[3..])).await;
    assert!(session(&typed).is_some(), "with a space, as apps show it");
    house.clock.advance(3 * PERIOD_MS);
    let step = house.password("ada").await;
    for (code, what) in
        [(code(-2), "late"), (code(2), "early"), (String::new(), "none"), ("abcdef".to_owned(), "letters")]
    {
        assert_eq!(session(&house.try_code(&step, &code).await), None, "{what}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn five_wrong_codes_end_a_step(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    let (app, _) = house.with_app("ada").await;
    house.clock.advance(PERIOD_MS);
    let wrong = app.wrong_code(house.clock.now());
    let step = house.password("ada").await;
    for n in 0..4 {
        let answer = house.try_code(&step, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{n}");
        assert!(answer.text.contains("name=\"code\""), "the form again");
    }
    is_over(&house.try_code(&step, &wrong).await);
    is_over(&house.try_code(&step, &app.code(house.clock.now())).await);

    // A password that is known buys no more tries than one that is guessed.
    let step = house.password("ada").await;
    for _ in 0..3 {
        assert_eq!(house.try_code(&step, &wrong).await.status, StatusCode::UNAUTHORIZED);
    }
    let slowed = house.try_code(&step, &app.code(house.clock.now())).await;
    assert_eq!((slowed.status, slowed.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, Some("60")));
    house.clock.advance(MINUTE_MS);
    assert!(session(&house.try_code(&step, &app.code(house.clock.now())).await).is_some());
}

/// Whoever knows a password can ask from many addresses: the account itself counts.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn an_app_opens_nothing_after_fifty_wrong_codes(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::GlobalAdministrator).await;
    let (ada, _) = house.with_app("ada").await;
    let (bo, _) = house.with_app("bo").await;
    let guess = async |n: usize| {
        for _ in 0..n {
            house.clock.advance(MINUTE_MS);
            let step = house.password("ada").await;
            for _ in 0..5 {
                let wrong = house.try_code(&step, &ada.wrong_code(house.clock.now())).await;
                assert_eq!((wrong.status, session(&wrong)), (StatusCode::UNAUTHORIZED, None));
            }
        }
    };
    guess(9).await;
    house.clock.advance(MINUTE_MS);
    let right = house.try_code(&house.password("ada").await, &ada.code(house.clock.now())).await;
    assert!(session(&right).is_some(), "45 are not fifty, and one that is right begins anew");
    guess(10).await;
    house.clock.advance(MINUTE_MS);
    let right = house.try_code(&house.password("ada").await, &ada.code(house.clock.now())).await;
    assert_eq!(
        (right.status, session(&right)),
        (StatusCode::UNAUTHORIZED, None),
        "who knows the code has to wait, too"
    );
    assert!(right.text.contains("keyroll user reset-factors"), "{}", right.text);
    let other = house.try_code(&house.password("bo").await, &bo.code(house.clock.now())).await;
    assert!(session(&other).is_some(), "nobody else is concerned");
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    admin.reset_factors("ada").await.expect("reset");
    house.clock.advance(MINUTE_MS);
    let (anew, _) = house.with_app("ada").await;
    house.clock.advance(MINUTE_MS);
    let right = house.try_code(&house.password("ada").await, &anew.code(house.clock.now())).await;
    assert!(session(&right).is_some());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_step_is_its_browsers_and_ends(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::ReportsReader).await;
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    let (ada, _) = house.with_app("ada").await;
    let (bo, _) = house.with_app("bo").await;
    house.clock.advance(PERIOD_MS);
    let step = house.password("ada").await;
    assert_eq!(house.try_code(&step, &bo.code(house.clock.now())).await.status, StatusCode::UNAUTHORIZED, "of another");
    for other in ["", "sign-in-step=", "sign-in-step=guessed"] {
        is_over(&house.try_code(other, &ada.code(house.clock.now())).await);
        let page = house.get(CODE, &[("cookie", other)]).await;
        assert_eq!(page.header("location"), Some("/sign-in?notice=step-gone"));
    }
    house.clock.advance(10 * MINUTE_MS);
    is_over(&house.try_code(&step, &ada.code(house.clock.now())).await);

    // A second password in the same browser ends the first step.
    let first = house.password("ada").await;
    let form = [("user_name", "ada"), ("password", PASSWORD)];
    let second = house.post("/sign-in", &[("cookie", &first)], &form).await.cookie().expect("a step");
    is_over(&house.try_code(&first, &ada.code(house.clock.now())).await);
    assert!(session(&house.try_code(&second, &ada.code(house.clock.now())).await).is_some());

    house.clock.advance(2 * MINUTE_MS);
    let step = house.password("ada").await;
    admin.set_role("ada", Role::GlobalReader).await.expect("changed");
    is_over(&house.try_code(&step, &ada.code(house.clock.now())).await);
    let step = house.password("ada").await;
    admin.set_disabled("ada", true).await.expect("disabled");
    is_over(&house.try_code(&step, &ada.code(house.clock.now())).await);
    admin.set_disabled("ada", false).await.expect("enabled");
    is_over(&house.try_code(&step, &ada.code(house.clock.now())).await);
    house.clock.advance(MINUTE_MS);
    let step = house.password("ada").await;
    admin.reset_factors("ada").await.expect("reset");
    is_over(&house.try_code(&step, &ada.code(house.clock.now())).await);
    let (anew, _) = house.with_app("ada").await;
    assert_ne!(anew.code(house.clock.now()), ada.code(house.clock.now()), "another secret");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn setting_up_shows_one_secret_and_takes_its_code(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    let led = [("user_name", "ada"), ("password", PASSWORD), ("return_to", "/users?q=a")];
    let step = house.post("/sign-in", &[], &led).await.cookie().expect("a step");
    let step = [("cookie", step.as_str())];
    let early = house.post(SET_UP, &step, &[("code", "123456")]).await;
    assert_eq!(early.status, StatusCode::UNAUTHORIZED, "before anything was shown");
    let page = house.get(SET_UP, &step).await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    for part in ["class=\"qr\"", "otpauth://totp/Keyroll%20Contoso:ada?secret="] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let app = Authenticator::of_page(&page.text);
    let now = house.clock.now();
    let wrong = house.post(SET_UP, &step, &[("code", &app.wrong_code(now))]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    for text in [wrong.text, house.get(SET_UP, &step).await.text] {
        assert_eq!(Authenticator::of_page(&text).code(now), app.code(now), "the same secret");
    }
    // Another browser that knows the password is shown another one, and its step ends with the first that is set up.
    let other = house.password("ada").await;
    let others = Authenticator::of_page(&house.get(SET_UP, &[("cookie", &other)]).await.text);
    assert_ne!(others.code(now), app.code(now));
    let done = house.post(SET_UP, &step, &[("code", &app.code(now))]).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, Some("/users?q=a")));
    assert!(house.is_in(&session(&done).expect("a session")).await);
    is_over(&house.post(SET_UP, &[("cookie", &other)], &[("code", &others.code(now))]).await);
    is_over(&house.post(SET_UP, &step, &[("code", &app.code(now))]).await);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_stored_is_of_use_to_nobody_else(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::ReportsReader).await;
    let (ada, _) = house.with_app("ada").await;
    let (bo, _) = house.with_app("bo").await;
    house.clock.advance(PERIOD_MS);
    // Whoever can write to the database gives Ada the app of Bo.
    house
        .run_sql(
            "UPDATE people SET totp_sealed = (SELECT b.totp_sealed FROM people b WHERE b.user_name = 'bo') \
             WHERE user_name = 'ada'",
        )
        .await;
    for app in [&bo, &ada] {
        let answer = house.try_code(&house.password("ada").await, &app.code(house.clock.now())).await;
        assert_eq!((answer.status, session(&answer)), (StatusCode::SERVICE_UNAVAILABLE, None));
        assert!(answer.text.contains("keyroll user reset-factors"), "what to do about it");
    }
    assert!(session(&house.try_code(&house.password("bo").await, &bo.code(house.clock.now())).await).is_some());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn without_the_key_nothing_is_lost(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::GlobalAdministrator).await;
    let (app, _) = house.with_app("ada").await;
    house.clock.advance(PERIOD_MS);
    let step = house.password("ada").await;
    let keyless = house.with_vault(server::vault::Vault::of(None, Some("/nowhere/keyroll.key".into()), None));
    for _ in 0..7 {
        let answer = keyless.try_code(&step, &app.code(house.clock.now())).await;
        assert_eq!((answer.status, session(&answer)), (StatusCode::SERVICE_UNAVAILABLE, None));
    }
    let set_up = keyless.get(SET_UP, &[("cookie", &keyless.password("bo").await)]).await;
    assert_eq!(set_up.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(set_up.text.contains("its key is missing"), "{}", set_up.text);
    let other = house.with_vault(server::vault::Vault::of(Some("A".repeat(43) + "="), None, None));
    let answer = other.try_code(&step, &app.code(house.clock.now())).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "another key");
    assert!(session(&house.try_code(&step, &app.code(house.clock.now())).await).is_some(), "the key is back");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn an_app_is_replaced_after_a_fresh_sign_in_alone(#[case] engine: Engine) {
    const ADD: &str = "/preferences/factors";
    const APP: &str = "/preferences/factors/totp";
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    let (old, elsewhere) = house.with_app("ada").await;
    house.clock.advance(PERIOD_MS);
    let here = house.try_code(&house.password("ada").await, &old.code(house.clock.now())).await;
    let here = session(&here).expect("a session");
    let page = house.get("/preferences", &[("cookie", &here)]).await.text;
    assert!(page.contains("Ways to sign in") && page.contains("Authenticator app"), "{page}");
    let last = house.post(APP, &[("cookie", &here)], &[("change", "remove")]).await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    assert!(last.text.contains("the only second step") && last.text.contains("this browser"), "{}", last.text);
    assert!(house.is_in(&elsewhere).await && house.is_in(&here).await, "nothing has changed");

    house.clock.advance(10 * MINUTE_MS + 1);
    for (path, form) in [(ADD, &[][..]), (APP, &[("change", "remove")])] {
        let old = house.post(path, &[("cookie", &here)], form).await;
        assert_eq!(old.status, StatusCode::FORBIDDEN, "{path}");
        assert!(old.text.contains("older than 10 minutes"), "{}", old.text);
    }
    let page = house.get("/preferences", &[("cookie", &here)]).await.text;
    assert!(page.contains("/sign-in?return_to=%2Fpreferences"), "a way to sign in again");
    let here = house.try_code(&house.password("ada").await, &old.code(house.clock.now())).await;
    let here = session(&here).expect("a session");
    let led = house.post(ADD, &[("cookie", &here)], &[]).await;
    assert_eq!(led.header("location"), Some(SET_UP));
    let both = format!("{here}; {}", led.cookie().expect("a step"));
    let (done, new) = house.set_up_app(&[("cookie", &both)]).await;
    assert_eq!(done.header("location"), Some("/preferences"));
    let anew = session(&done).expect("a session");
    assert!(house.is_in(&anew).await && !house.is_in(&here).await && !house.is_in(&elsewhere).await);
    house.clock.advance(PERIOD_MS);
    let step = house.password("ada").await;
    assert_eq!(session(&house.try_code(&step, &old.code(house.clock.now())).await), None, "the old app");
    assert!(session(&house.try_code(&step, &new.code(house.clock.now())).await).is_some());
}

#[tokio::test]
async fn demo_sessions_and_tokens_have_no_factors() {
    let house = House::open_as(Engine::Sqlite, "http://127.0.0.1:3000", true).await.expect("SQLite");
    house.run_sql("UPDATE tenants SET is_demo = 1").await;
    let demo = house.post("/sign-in/demo", &[], &[("role", Role::GlobalAdministrator.as_str())]).await;
    let demo = session(&demo).expect("a session, as ever");
    let token = house.token("reader", store::TokenScope::Role(Role::GlobalAdministrator)).await;
    let page = house.get("/preferences", &[("cookie", &demo)]).await.text;
    assert!(!page.contains("Ways to sign in") && !page.contains("/preferences/password"), "{page}");
    for header in [("cookie", demo.as_str()), ("authorization", token.as_str())] {
        for path in ["factors", "factors/totp", "factors/passkeys/1", "password"] {
            let answer = house.post(&format!("/preferences/{path}"), &[header], &[("change", "remove")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}
