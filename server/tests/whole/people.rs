//! Accounts and sessions: who sees them, who ends them.

use axum::http::StatusCode;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use store::TokenScope;

use crate::house::{Engine, House, PASSWORD};

const PAGE: &str = "/settings/people";

/// Signs in by the form, in a browser that calls itself so.
async fn sign_in(house: &House, user_name: &str, agent: &str) -> String {
    let form = [("user_name", user_name), ("password", PASSWORD)];
    let answer = house.sign_in_by_form(&[("user-agent", agent)], &form).await;
    answer.cookie().unwrap_or_else(|| panic!("{user_name}: {}", answer.text))
}

async fn is_in(house: &House, cookie: &str) -> bool {
    house.get("/api/v1/data", &[("cookie", cookie)]).await.status == StatusCode::OK
}

/// The ids in the page's forms, in their order.
fn ids(page: &str) -> Vec<String> {
    let mut ids: Vec<String> = page
        .split("/preferences/sessions/")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| *c != '"').collect())
        .collect();
    ids.dedup();
    ids
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_person_names_and_ends_their_sessions(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    house.add_person("bo", Role::ReportsReader).await;
    let bo = sign_in(&house, "bo", "curl").await;
    let first = sign_in(&house, "ada", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0").await;
    house.clock.advance(60_000);
    let second = sign_in(&house, "ada", "Mozilla/5.0 (iPhone) Safari/604.1").await;
    let page = house.get("/preferences", &[("cookie", &second)]).await.text;
    assert!(page.contains("Firefox, Linux") && page.contains("Safari, iPhone"), "{page}");
    let listed = ids(&page);
    assert_eq!(listed.len(), 2, "one's own, the last used first");
    assert_eq!(page.matches("this browser").count(), 1);

    // Somebody else's are not to be found, by name or by number.
    let path = format!("/preferences/sessions/{}", listed[1]);
    for form in [&[("change", "end")][..], &[("change", "rename"), ("name", "mine")]] {
        assert_eq!(house.post(&path, &[("cookie", &bo)], form).await.status, StatusCode::NOT_FOUND);
    }
    let renamed = house.post(&path, &[("cookie", &second)], &[("change", "rename"), ("name", " The <desk> ")]).await;
    assert_eq!(renamed.header("location"), Some("/preferences"));
    let page = house.get("/preferences", &[("cookie", &second)]).await.text;
    assert!(page.contains("value=\"The &lt;desk&gt;\""), "{page}");

    house.post(&path, &[("cookie", &second)], &[("change", "end")]).await;
    assert!(!is_in(&house, &first).await && is_in(&house, &second).await && is_in(&house, &bo).await);
    let third = sign_in(&house, "ada", "curl").await;
    house.post("/preferences/sessions", &[("cookie", &third)], &[]).await;
    assert!(!is_in(&house, &second).await && is_in(&house, &third).await && is_in(&house, &bo).await);

    let token = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let by_token = [("authorization", token.as_str())];
    assert_eq!(house.post("/preferences/sessions", &by_token, &[]).await.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn sessions_are_ended_after_a_fresh_sign_in_alone(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    let (first, second) = (sign_in(&house, "ada", "curl").await, sign_in(&house, "ada", "curl").await);
    house.clock.advance(10 * 60_000 + 1);
    let page = house.get("/preferences", &[("cookie", &second)]).await.text;
    assert!(page.contains("To end one, your sign-in may be at most 10 minutes old."), "{page}");
    assert!(!page.contains("value=\"end\"") && !page.contains("action=\"/preferences/sessions\""), "{page}");
    let other = format!("/preferences/sessions/{}", ids(&page)[1]);
    for (path, form) in [("/preferences/sessions", &[][..]), (&other, &[("change", "end")])] {
        let refused = house.post(path, &[("cookie", &second)], form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(refused.text.contains("or to end sessions"), "{}", refused.text);
    }
    assert!(is_in(&house, &first).await && is_in(&house, &second).await);
    let renamed = house.post(&other, &[("cookie", &second)], &[("change", "rename"), ("name", "The desk")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER, "a name is nothing to sign in for");

    let third = sign_in(&house, "ada", "curl").await;
    house.post(&other, &[("cookie", &third)], &[("change", "end")]).await;
    assert!(!is_in(&house, &first).await && is_in(&house, &second).await);
    let out = house.post("/sign-out", &[("cookie", &second)], &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(!is_in(&house, &second).await, "signing out asks nothing");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn an_administrator_ends_sessions_disables_and_gives_roles(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let boss = house.sign_in(Role::GlobalAdministrator).await;
    let ada = house.add_person("ada", Role::ReportsReader).await;
    let path = format!("{PAGE}/{ada}");
    let change = async |form: &[(&str, &str)]| house.post(&path, &[("cookie", &boss)], form).await;
    let sees = async || {
        let answer = house.get("/api/v1/settings/people", &[("cookie", &boss)]).await.json();
        let all = answer["items"].as_array().expect("a list").clone();
        all.into_iter().find(|one| one["user_name"] == "ada").expect("she is there")
    };

    let session = sign_in(&house, "ada", "curl").await;
    sign_in(&house, "ada", "curl").await;
    assert_eq!(sees().await["sessions"], 2);
    assert_eq!(change(&[("change", "end-sessions")]).await.header("location"), Some(PAGE));
    assert!(!is_in(&house, &session).await);
    assert_eq!((&sees().await["sessions"], &sees().await["issuer"]), (&0.into(), &serde_json::Value::Null));

    let session = sign_in(&house, "ada", "curl").await;
    change(&[("change", "role"), ("role", "security-reader")]).await;
    assert!(!is_in(&house, &session).await, "another role is another session");
    assert_eq!(sees().await["role"], "security-reader");

    let session = sign_in(&house, "ada", "curl").await;
    change(&[("change", "disable")]).await;
    assert!(!is_in(&house, &session).await);
    let form = [("user_name", "ada"), ("password", PASSWORD)];
    assert_eq!(house.post("/sign-in", &[], &form).await.status, StatusCode::UNAUTHORIZED);
    assert!(house.get(PAGE, &[("cookie", &boss)]).await.text.contains("disabled"));
    change(&[("change", "enable")]).await;
    sign_in(&house, "ada", "curl").await;

    assert_eq!(change(&[("change", "promote")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = house.post(&format!("{PAGE}/99"), &[("cookie", &boss)], &[("change", "enable")]).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn nobody_locks_themselves_out_and_nobody_else_may(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let boss = house.sign_in(Role::GlobalAdministrator).await;
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    let own = admin.people().await.expect("people")[0].id;
    for form in [&[("change", "disable")][..], &[("change", "role"), ("role", "reports-reader")]] {
        let answer = house.post(&format!("{PAGE}/{own}"), &[("cookie", &boss)], form).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
    }
    for role in Role::ALL.iter().filter(|role| **role != Role::GlobalAdministrator) {
        let cookie = house.sign_in(*role).await;
        let form = [("change", "role"), ("role", "global-administrator")];
        let answer = house.post(&format!("{PAGE}/{own}"), &[("cookie", &cookie)], &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role}");
        let expected = if role.may_read_settings() { StatusCode::OK } else { StatusCode::FORBIDDEN };
        for path in [PAGE, "/api/v1/settings/people"] {
            assert_eq!(house.get(path, &[("cookie", &cookie)]).await.status, expected, "{role} {path}");
        }
    }
}
