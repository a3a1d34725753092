//! Every route for everybody: who gets an answer, who is sent to sign in, who is refused.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use server::router::PAGES;
use store::TokenScope;

use crate::house::{Engine, House, request};
use crate::records::SIGN_IN;

/// Routes that anybody may ask for.
const OPEN: &[&str] = &["/livez", "/readyz", "/sign-in", "/api/v1/openapi.json"];
const DOWNLOADS: &[&str] = &[
    "/users.csv",
    "/users.jsonl",
    "/events.csv",
    "/events.jsonl",
    "/sign-ins.csv",
    "/sign-ins.jsonl",
    "/usage/users.csv",
    "/usage/applications.csv",
    "/usage/statuses.csv",
    "/mfa/activity.csv",
    "/mfa/activity.jsonl",
    "/mfa/blocked-users.csv",
    "/mfa/bypassed-users.csv",
    "/mfa/fraud-alerts.csv",
    "/mfa/servers.csv",
    "/lists/mfa-registered.csv",
    "/lists/mfa-not-registered.csv",
    "/lists/mfa-methods.csv",
    "/reasons.csv",
];
const API: &[&str] = &[
    "/api/v1/overview",
    "/api/v1/users",
    "/api/v1/events",
    "/api/v1/data",
    "/api/v1/usage",
    "/api/v1/usage/users",
    "/api/v1/usage/applications",
    "/api/v1/sign-ins",
    "/api/v1/mfa/activity",
    "/api/v1/mfa/activity/summary",
    "/api/v1/mfa/blocked-users",
    "/api/v1/mfa/bypassed-users",
    "/api/v1/mfa/fraud-alerts",
    "/api/v1/mfa/servers",
    "/api/v1/lists/mfa-registered",
    "/api/v1/lists/mfa-not-registered",
    "/api/v1/lists/mfa-methods",
    "/api/v1/reasons",
    "/api/v1/exports",
];
const GRAPH: &[&str] = &[
    "/v1.0/$metadata",
    "/v1.0/users",
    "/v1.0/auditLogs/signIns",
    "/v1.0/auditLogs/directoryAudits",
    "/v1.0/reports/authenticationMethods/userRegistrationDetails",
    "/v1.0/reports/authenticationMethods/usersRegisteredByFeature",
    "/v1.0/reports/authenticationMethods/usersRegisteredByMethod",
    "/beta/reports/authenticationMethods/userRegistrationActivity(period='d1')",
    "/beta/reports/authenticationMethods/userEventsSummary",
    "/beta/reports/authenticationMethods/userMfaSignInSummary",
    "/beta/reports/authenticationMethods/userSignInsByAuthMethodSummary(period='d7')",
    "/beta/reports/authenticationMethods/userPasswordResetsAndChangesSummary",
    "/beta/reports/credentialUserRegistrationDetails",
    "/beta/reports/userCredentialUsageDetails",
    "/beta/reports/getCredentialUserRegistrationCount",
    "/beta/reports/getCredentialUsageSummary(period='D30')",
];
/// Paths that take posts beside showing something.
const POSTED_TO: &[&str] = &["/data", "/views", "/exports", "/api/v1/exports", "/api/v1/mfa/servers"];

/// The pages with something in the place of their parameters.
fn pages() -> impl Iterator<Item = String> {
    PAGES.iter().map(|page| {
        let id = if page.starts_with("/sign-ins") { SIGN_IN } else { "ada@contoso.com" };
        page.replace("{id}", id).replace("{import}", "1")
    })
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn without_a_session_only_the_open_routes_answer(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    for path in OPEN {
        assert_eq!(house.get(path, &[]).await.status, StatusCode::OK, "{path}");
    }
    for path in pages().chain(DOWNLOADS.iter().map(ToString::to_string)).chain(["/no/such/page".to_owned()]) {
        let answer = house.get(&path, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").is_some_and(|to| to.starts_with("/sign-in")), "{path}");
        assert!(answer.text.is_empty(), "{path}");
    }
    for path in GRAPH.iter().chain(&["/v1.0", "/beta/none", "/v1.0/$batch"]) {
        let answer = house.get(path, &[]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.json()["error"]["code"], "InvalidAuthenticationToken", "{path}");
    }
    for path in API.iter().chain(&[
        "/api",
        "/api/v1/users/x",
        "/api/v1/sign-ins/x",
        "/api/v1/data/1",
        "/api/v1/none",
        "/api/v2",
    ]) {
        let answer = house.get(path, &[]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert!(answer.header("www-authenticate").is_some_and(|scheme| scheme.starts_with("Bearer")), "{path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_role_reads_every_report(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    for role in Role::ALL {
        let cookie = house.sign_in(*role).await;
        let token = house.token(role.as_str(), TokenScope::Role(*role)).await;
        let api = API.iter().map(ToString::to_string);
        let graph = GRAPH.iter().map(ToString::to_string);
        let paths = pages().chain(DOWNLOADS.iter().map(ToString::to_string)).chain(api).chain(graph);
        for path in paths {
            let by_session = house.get(&path, &[("cookie", &cookie)]).await;
            assert_eq!(by_session.status, StatusCode::OK, "{role} {path}: {}", by_session.text);
            let by_token = house.get(&path, &[("authorization", &token)]).await;
            assert_eq!(by_token.status, StatusCode::OK, "{role} {path}: {}", by_token.text);
        }
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn an_ingest_token_reads_nothing(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let token = house.token("push", TokenScope::Ingest).await;
    for path in API.iter().chain(DOWNLOADS).chain(PAGES) {
        let answer = house.get(path, &[("authorization", &token)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn ended_credentials_are_no_credentials(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let cookie = house.sign_in(Role::GlobalReader).await;
    let token = house.token("t", TokenScope::Role(Role::GlobalReader)).await;
    let revoked = house.token("revoked", TokenScope::Role(Role::GlobalReader)).await;
    let (_, _, admin) = house.services.console(domain::viewer::TenantId::ONLY);
    admin.revoke_token("revoked", house.clock.now()).await.expect("revoked");
    let status = async |name, value: &str| house.get("/api/v1/users", &[(name, value)]).await.status;
    assert_eq!(status("cookie", &cookie).await, StatusCode::OK);
    assert_eq!(status("authorization", &token).await, StatusCode::OK);
    assert_eq!(status("authorization", &revoked).await, StatusCode::UNAUTHORIZED);
    for nonsense in ["Bearer", "Bearer ", "Bearer kr_x", "Basic eDp5", "Bearer ö"] {
        assert_eq!(status("authorization", nonsense).await, StatusCode::UNAUTHORIZED, "{nonsense}");
    }
    assert_eq!(status("cookie", "session=guessed").await, StatusCode::UNAUTHORIZED);
    // A bad token is not made good by a session beside it.
    let both = [("authorization", "Bearer kr_x"), ("cookie", cookie.as_str())];
    assert_eq!(house.get("/api/v1/users", &both).await.status, StatusCode::UNAUTHORIZED);

    house.clock.advance(domain::instant::DAY_MS);
    assert_eq!(status("authorization", &token).await, StatusCode::UNAUTHORIZED, "expired");
    assert_eq!(status("cookie", &cookie).await, StatusCode::UNAUTHORIZED, "expired");
    let to = house.get("/users", &[("cookie", &cookie)]).await;
    assert_eq!(to.header("location"), Some("/sign-in?return_to=%2Fusers&notice=session-ended"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn lists_are_read_only(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let token = house.token("t", TokenScope::Role(Role::GlobalAdministrator)).await;
    for path in API.iter().chain(DOWNLOADS).chain(PAGES).filter(|path| !POSTED_TO.contains(path)) {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let asked = request(method.clone(), path, &[("authorization", &token)], Body::empty());
            assert_eq!(house.send(asked).await.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
}
