//! What an honest provider and a browser do together.

use axum::http::StatusCode;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use serde_json::json;
use server::auth::oidc::RoleRules;
use url::Url;

use super::provider::{ENTRA, GLOBAL_ADMINISTRATOR, Provider, Rsa, Twist};
use super::{Place, session_of};
use crate::house::{Engine, House, PASSWORD};

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_directory_role_decides_and_the_browser_comes_where_it_wanted(#[case] engine: Engine) {
    let Some(place) = Place::open_at(engine, ENTRA, RoleRules::default()).await else { return };
    let page = place.house.get("/sign-in?return_to=%2Fusers", &[]).await;
    assert!(page.text.contains("href=\"/sign-in/oidc?return_to=%2Fusers\""), "{}", page.text);

    let sent = place.send("/users?registered=no").await;
    let url = Url::parse(&sent.url).expect("an address");
    assert_eq!(format!("{}{}", url.origin().ascii_serialization(), url.path()), format!("{ENTRA}/authorize"));
    let parameter =
        |name: &str| url.query_pairs().find(|(given, _)| given == name).map(|(_, value)| value.into_owned());
    assert_eq!(parameter("response_type").as_deref(), Some("code"));
    assert_eq!(parameter("code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(parameter("redirect_uri").as_deref(), Some("http://127.0.0.1:3000/sign-in/oidc/callback"));
    for secret in ["state", "nonce", "code_challenge"] {
        assert_eq!(parameter(secret).map(|text| text.len()), Some(43), "{secret}: 256 bits");
    }

    let answer = place.come_back(&sent.cookie, &place.provider.authorize(&sent.url)).await;
    assert_eq!(answer.header("location"), Some("/users?registered=no"), "{}", answer.text);
    let session = session_of(&answer).expect("a session");
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|one| one.to_str().expect("text")).collect();
    assert!(cookies.iter().any(|one| one.starts_with("signing-in=;") && one.contains("Max-Age=0")), "{cookies:?}");
    let page = place.house.get("/overview", &[("cookie", &session)]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Ada Lovelace") && page.text.contains("Reports Reader"));
    assert_eq!(place.house.get("/settings/sources", &[("cookie", &session)]).await.status, StatusCode::FORBIDDEN);

    let (_, _, admin) = place.house.services.console(TenantId::ONLY);
    let people = admin.people().await.expect("people");
    assert_eq!(people.len(), 1);
    assert_eq!((people[0].user_name.as_str(), people[0].role), ("ada@contoso.com", Role::ReportsReader));
    assert_eq!(people[0].issuer.as_deref(), Some(ENTRA));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_person_stays_the_same_by_subject_and_is_nobody_else_by_name(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    let first = place.sign_in().await;
    place.provider.person(json!({ "name": "Ada King", "preferred_username": "ada.king@contoso.com" }));
    place.sign_in().await;
    let (_, _, admin) = place.house.services.console(TenantId::ONLY);
    let people = admin.people().await.expect("people");
    assert_eq!(people.len(), 1, "renamed, not another");
    assert_eq!(people[0].display_name, "Ada King");
    assert_eq!(place.house.get("/overview", &[("cookie", &first)]).await.status, StatusCode::OK, "both sessions");

    // A local account of the same name has nothing to do with them.
    place.house.add_person("ada.king@contoso.com", Role::GlobalAdministrator).await;
    let form = [("user_name", "ada.king@contoso.com"), ("password", "")];
    assert_eq!(place.house.post("/sign-in", &[], &form).await.status, StatusCode::UNAUTHORIZED);
    let session = place.sign_in().await;
    assert_eq!(place.house.get("/settings/sources", &[("cookie", &session)]).await.status, StatusCode::FORBIDDEN);
    let form = [("user_name", "ada.king@contoso.com"), ("password", PASSWORD)];
    assert_eq!(place.house.post("/sign-in", &[], &form).await.status, StatusCode::SEE_OTHER, "the way in without it");
}

#[rstest]
#[case::wids(json!({ "wids": [GLOBAL_ADMINISTRATOR] }), Role::GlobalAdministrator)]
#[case::app_roles(json!({ "wids": null, "roles": ["SecurityReader"] }), Role::SecurityReader)]
#[case::groups(json!({ "wids": null, "team": ["g-7", "g-8"] }), Role::SecurityAdministrator)]
#[tokio::test]
async fn roles_come_from_three_claims(#[case] claims: serde_json::Value, #[case] role: Role) {
    let values = [(Role::SecurityAdministrator, vec!["g-8".to_owned()])].into();
    let rules = RoleRules { claim: Some("team".to_owned()), values };
    let place = Place::open_at(Engine::Sqlite, "http://127.0.0.1:14000", rules).await.expect("SQLite");
    place.provider.person(claims);
    place.sign_in().await;
    let (_, _, admin) = place.house.services.console(TenantId::ONLY);
    assert_eq!(admin.people().await.expect("people")[0].role, role);
}

#[rstest]
#[case("RS256")]
#[case("PS256")]
#[tokio::test]
async fn rsa_signs_as_well_and_a_new_key_is_looked_for(#[case] algorithm: &'static str) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    place.sign_in().await;
    place.provider.twist(Twist {
        forge: Some(Box::new(move |_: &Provider, mut head, claims| {
            head["alg"] = json!(algorithm);
            head["kid"] = json!("key-2");
            Rsa::of_tests().sign(&head, &claims)
        })),
        keys: Some(Box::new(|keys| {
            let more = [Rsa::of_tests().public("key-2"), json!({ "kty": "OKP", "crv": "Ed25519", "kid": "key-3" })];
            keys["keys"].as_array_mut().expect("a list").extend(more);
        })),
        ..Twist::default()
    });
    assert_eq!(place.sign_in_to("/").await.status, StatusCode::BAD_GATEWAY, "asked within the minute already");
    place.house.clock.advance(60_000);
    place.sign_in().await;
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn who_came_in_is_written_down_and_what_let_them_in_is_not(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    place.sign_in().await;
    place.provider.person(json!({ "wids": [] }));
    place.sign_in_to("/").await;
    let log = place.house.services.access_log(TenantId::ONLY).after(0).await.expect("entries");
    let told: Vec<_> =
        log.iter().map(|entry| (entry.actor.as_str(), entry.action.as_str(), entry.outcome.as_str())).collect();
    assert_eq!(told, [("Ada Lovelace", "sign_in", "allowed"), ("", "sign_in", "refused")]);
    for entry in &log {
        assert_eq!(entry.target.as_deref(), Some("/sign-in/oidc/callback"), "without code and state");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn somebody_who_is_disabled_here_stays_outside(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    let session = place.sign_in().await;
    place.house.run_sql("UPDATE people SET is_disabled = 1").await;
    assert_eq!(place.house.get("/api/v1/data", &[("cookie", &session)]).await.status, StatusCode::UNAUTHORIZED);
    let answer = place.sign_in_to("/").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains("Your account here is disabled") && session_of(&answer).is_none());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_providers_people_have_no_password_here(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    let session = place.sign_in().await;
    let page = place.house.get("/preferences", &[("cookie", &session)]).await;
    assert!(page.status == StatusCode::OK && !page.text.contains("/preferences/password"), "{}", page.text);
    let form = [("current_password", ""), ("new_password", PASSWORD)];
    let answer = place.house.post("/preferences/password", &[("cookie", &session)], &form).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

/// The provider may know the browser, and answer without asking anybody.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn no_session_begins_without_a_persons_doing(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    let session = place.sign_in().await;
    let ended = |to: &str| format!("/sign-in?return_to={to}&notice=session-ended");
    for (how, headers) in [("idle", &[][..]), ("a page", &[("sec-fetch-mode", "navigate"), ("sec-fetch-site", "none")])]
    {
        place.house.clock.advance(30 * 60_000);
        let headers = [&[("cookie", session.as_str())], headers].concat();
        let led = place.house.get("/users", &headers).await;
        assert_eq!(led.header("location"), Some(ended("%2Fusers").as_str()), "{how}");
    }
    place.house.run_sql("DELETE FROM sessions").await;
    let led = place.house.get("/users", &[("cookie", &session)]).await;
    assert_eq!(led.header("location"), Some(ended("%2Fusers").as_str()));
    let page = place.house.get(&ended("%2Fusers"), &[("cookie", &session)]).await;
    assert!(page.status == StatusCode::OK && page.text.contains("Your session has ended"), "{}", page.text);
    assert!(page.text.contains("href=\"/sign-in/oidc?return_to=%2Fusers\""), "the person presses it: {}", page.text);
    assert!(!page.text.contains("http-equiv=\"refresh\""), "{}", page.text);

    let link = "/sign-in/oidc?return_to=%2Fusers";
    for site in ["cross-site", "same-site"] {
        let led = place.house.get(link, &[("sec-fetch-site", site)]).await;
        assert_eq!(led.header("location"), Some("/sign-in?return_to=%2Fusers"), "{site}");
        assert_eq!(led.header("set-cookie"), None, "{site}");
    }
    let led = place.house.get(link, &[("sec-fetch-site", "same-origin")]).await;
    assert!(led.header("location").is_some_and(|to| to.starts_with("http://127.0.0.1:14000/authorize?")));
}

#[tokio::test]
async fn without_a_provider_there_is_no_such_way() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    assert_eq!(house.get("/sign-in/oidc", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/sign-in/oidc/callback?code=x&state=y", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.post("/sign-in/oidc/logout", &[], &[("logout_token", "x")]).await.status, StatusCode::NOT_FOUND);
    assert!(!house.get("/sign-in", &[]).await.text.contains("/sign-in/oidc"));
}

#[rstest]
#[case::only_that_of_everybody(json!({ "wids": ["b79fbf4d-3ef9-4689-8143-76b194e85509"] }), "none of your roles opens Keyroll")]
#[case::of_another_kind(json!({ "wids": ["729827e3-9c14-49f7-bb1b-9608f156bbb8"] }), "none of your roles opens Keyroll")]
#[case::not_sent(json!({ "wids": null }), "does not say which roles you have")]
#[case::overage(json!({ "wids": null, "_claim_names": { "groups": "src1" } }), "in so many groups")]
#[tokio::test]
async fn without_a_role_there_is_a_page_that_says_why(#[case] person: serde_json::Value, #[case] sentence: &str) {
    let rules = RoleRules { claim: Some("groups".to_owned()), ..RoleRules::default() };
    let place = Place::open_at(Engine::Sqlite, "http://127.0.0.1:14000", rules).await.expect("SQLite");
    place.provider.person(person);
    let refused = place.sign_in_to("/").await;
    assert!(refused.text.contains(sentence), "{}", refused.text);
    place.refuses(&refused, StatusCode::FORBIDDEN).await;
}
