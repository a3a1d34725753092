//! What the API answers, and how it says no.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use store::TokenScope;

use crate::house::{Answer, Engine, House, request};
use crate::records::SIGN_IN;

struct Api {
    house: House,
    token: String,
}

impl Api {
    async fn open(engine: Engine) -> Option<Self> {
        let house = House::open(engine).await?;
        house.add_records().await;
        let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
        Some(Self { house, token })
    }

    async fn get(&self, path: &str) -> Answer {
        self.house.get(path, &[("authorization", &self.token)]).await
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_overview_counts_the_records(#[case] engine: Engine) {
    let Some(api) = Api::open(engine).await else { return };
    let overview = api.get("/api/v1/overview?range=7d").await.json();
    assert_eq!(overview["as_of"], "2026-11-20T12:00:00.000Z");
    assert_eq!(overview["window"]["from"], "2026-11-13T12:00:00.000Z");
    assert_eq!(overview["population"]["size"], 2);
    assert_eq!(overview["tiles"]["registered"], serde_json::json!({"yes": 1, "no": 1, "unknown": 0}));
    assert_eq!(overview["tiles"]["mfa_capable"], serde_json::json!({"yes": 0, "no": 0, "unknown": 2}));
    assert_eq!(overview["registrations"], serde_json::json!([{"method": "sms", "success": 1, "failure": 0}]));
    assert_eq!(overview["resets"], serde_json::json!([]));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn lists_page_and_project(#[case] engine: Engine) {
    let Some(api) = Api::open(engine).await else { return };
    let first = api.get("/api/v1/users?size=1&sort=user_name&columns=user_name&columns=registered").await;
    assert!(first.text.contains(r#""items":[{"user_name":"ada@contoso.com","registered":"yes"}]"#), "{}", first.text);
    let first = first.json();
    assert_eq!((&first["total"], &first["total_is_exact"]), (&2.into(), &true.into()));
    let next = first["next"].as_str().expect("a second page");
    let second = api.get(&format!("/api/v1/users?size=1&sort=user_name&after={next}")).await.json();
    assert_eq!(second["items"][0]["user_name"], "bo@contoso.com");
    assert_eq!(second["next"], serde_json::Value::Null);
    assert_eq!(api.get("/api/v1/users?registered=no").await.json()["total"], 1);
    assert_eq!(api.get("/api/v1/events?feature=registration&status=success&method=sms").await.json()["total"], 1);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn one_user_is_found_by_id_and_name(#[case] engine: Engine) {
    let Some(api) = Api::open(engine).await else { return };
    for id in ["00000000-0000-0000-0000-000000000001", "ada@contoso.com", "ADA%40contoso.com"] {
        let user = api.get(&format!("/api/v1/users/{id}")).await.json();
        assert_eq!(user["state"]["registered"], "yes", "{id}");
        assert_eq!(user["events_total"], 1, "{id}");
    }
    let before = api.get("/api/v1/users/ada@contoso.com?as_of=2020-01-01T00:00:00Z").await.json();
    assert_eq!(before["state"], serde_json::Value::Null);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_refusal_is_a_problem_document(#[case] engine: Engine) {
    let Some(api) = Api::open(engine).await else { return };
    for (path, status, parameter) in [
        ("/api/v1/overview?range=3d", StatusCode::BAD_REQUEST, Some("range")),
        ("/api/v1/overview?range=7d&from=2026-01-01T00:00:00Z", StatusCode::BAD_REQUEST, Some("range")),
        ("/api/v1/overview?colour=red", StatusCode::BAD_REQUEST, Some("colour")),
        ("/api/v1/users?registered=maybe", StatusCode::BAD_REQUEST, Some("registered")),
        ("/api/v1/users?size=1001", StatusCode::BAD_REQUEST, Some("size")),
        ("/api/v1/users?after=x", StatusCode::BAD_REQUEST, Some("after")),
        ("/api/v1/events?sort=colour", StatusCode::BAD_REQUEST, Some("sort")),
        ("/api/v1/events?as_of=yesterday", StatusCode::BAD_REQUEST, Some("as_of")),
        ("/api/v1/data?q=x", StatusCode::BAD_REQUEST, Some("q")),
        ("/api/v1/users/nobody@contoso.com", StatusCode::NOT_FOUND, None),
        ("/api/v1/sign-ins?mfa_status=nonsense", StatusCode::BAD_REQUEST, Some("mfa_status")),
        ("/api/v1/sign-ins?challenged=unknown", StatusCode::BAD_REQUEST, Some("challenged")),
        ("/api/v1/sign-ins?error_code=x", StatusCode::BAD_REQUEST, Some("error_code")),
        ("/api/v1/usage?q=x", StatusCode::BAD_REQUEST, Some("q")),
        ("/api/v1/usage/users?app=x", StatusCode::BAD_REQUEST, Some("app")),
        ("/api/v1/mfa/activity?call_result=BUSY", StatusCode::BAD_REQUEST, Some("call_result")),
        ("/api/v1/mfa/activity/summary?component=nps", StatusCode::BAD_REQUEST, Some("component")),
        ("/api/v1/mfa/servers?status=open", StatusCode::BAD_REQUEST, Some("status")),
        ("/api/v1/lists/mfa-methods?columns=id", StatusCode::BAD_REQUEST, Some("columns")),
        ("/api/v1/reasons?actor=boss", StatusCode::BAD_REQUEST, Some("actor")),
        ("/api/v1/sign-ins/none", StatusCode::NOT_FOUND, None),
        ("/api/v1/data/99", StatusCode::NOT_FOUND, None),
        ("/api/v1/data/x", StatusCode::NOT_FOUND, None),
        ("/api/v1/nothing", StatusCode::NOT_FOUND, None),
        ("/api/", StatusCode::NOT_FOUND, None),
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        let problem = answer.json();
        assert_eq!(problem["status"], status.as_u16(), "{path}");
        assert_eq!(problem["type"], "about:blank", "{path}");
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{path}");
        assert_eq!(problem["parameter"].as_str(), parameter, "{path}");
    }
    let posted = request(Method::POST, "/api/v1/users", &[("authorization", &api.token)], Body::empty());
    let answer = api.house.send(posted).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert!(answer.header("allow").is_some_and(|allow| allow.contains("GET")));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn sign_ins_are_listed_counted_and_shown(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    let token = house.token("t", TokenScope::Role(Role::SecurityReader)).await;
    let api = Api { house, token };
    let usage = api.get("/api/v1/usage?range=7d").await.json();
    assert_eq!(usage["sign_ins"]["total"], 3);
    assert_eq!(usage["required"], serde_json::json!({"yes": 2, "no": 1, "unknown": 0}));
    assert_eq!(usage["challenged"], 2);
    assert_eq!(usage["users"]["challenged"], 2);
    assert_eq!(usage["users"]["unable"], 1);
    for (query, total) in [
        ("", 3),
        ("challenged=yes", 2),
        ("unable=yes", 1),
        ("mfa_result=denied", 1),
        ("mfa_status=none", 1),
        ("mfa_status=completed_in_cloud&mfa_status=user_declined", 2),
        ("required_by=conditional_access", 1),
        ("method=none", 1),
        ("error_code=500121", 1),
        ("app=Office%20365&interactive=no", 1),
        ("user=bo@contoso.com", 2),
        ("ca_policy=Second%20factor%20everywhere", 2),
        ("ip=203.0.113.9", 3),
    ] {
        let list = api.get(&format!("/api/v1/sign-ins?{query}")).await.json();
        assert_eq!((&list["total"], &list["total_is_exact"]), (&total.into(), &true.into()), "{query}");
    }
    let report = api.get(&format!("/api/v1/sign-ins/{SIGN_IN}")).await.json();
    assert_eq!(report["detail"], "+XX XXXXXXX64", "masked");
    assert_eq!(report["steps"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["related_total"], 0);
    let components = api.get("/api/v1/mfa/activity/summary").await.json();
    let server =
        components["components"].as_array().expect("components").iter().find(|c| c["component"] == "mfa_server");
    let server = server.expect("MFA Server");
    assert_eq!((&server["authenticated"], &server["not_authenticated"]), (&1.into(), &1.into()));
}
