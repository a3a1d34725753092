//! Conditional Access, addresses and places: not shown, not exported, not filterable, not sortable, not searchable for
//! those who may not have them, whichever way they ask.

use axum::http::StatusCode;
use domain::role::Role;
use rstest::rstest;
use serde_json::Value;
use store::TokenScope;

use crate::house::{Answer, Engine, House};
use crate::records::{RESTRICTED, SIGN_IN};

/// What a Reports Reader may not ask of a list.
const FORBIDDEN: &[(&str, &str)] = &[
    ("sign-ins", "ip=203.0.113.9"),
    ("sign-ins", "ca_result=success"),
    ("sign-ins", "ca_policy=Second%20factor%20everywhere"),
    ("sign-ins", "sort=ip"),
    ("sign-ins", "sort=-city"),
    ("sign-ins", "sort=ca_result"),
    ("sign-ins", "columns=ip"),
    ("sign-ins", "columns=id&columns=policies"),
    ("mfa/activity", "sort=ip"),
    ("mfa/activity", "columns=ip"),
];
/// Fields of a sign-in that not everybody gets.
const FIELDS: &[&str] = &["ip", "city", "country", "ca_result", "policies"];

struct Asker {
    house: House,
    token: String,
}

impl Asker {
    async fn open(engine: Engine, role: Role) -> Option<Self> {
        let house = House::open(engine).await?;
        let token = house.token("t", TokenScope::Role(role)).await;
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
async fn api_and_downloads_refuse_and_say_who_may(#[case] engine: Engine) {
    let Some(reader) = Asker::open(engine, Role::ReportsReader).await else { return };
    for (list, query) in FORBIDDEN {
        let refused = reader.get(&format!("/api/v1/{list}?{query}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{list}?{query}: {}", refused.text);
        assert_eq!(refused.header("content-type"), Some("application/problem+json"), "{list}?{query}");
        assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("Security Reader")));
        for format in ["csv", "jsonl", "xlsx"] {
            let refused = reader.get(&format!("/{list}.{format}?{query}")).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{list}.{format}?{query}");
            assert_eq!(refused.header("content-disposition"), None, "{list}.{format}?{query}");
            assert!(refused.text.contains("Security Reader"), "{}", refused.text);
        }
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn pages_refuse_and_say_who_may(#[case] engine: Engine) {
    let Some(reader) = Asker::open(engine, Role::ReportsReader).await else { return };
    reader.house.add_all_records().await;
    for (list, query) in FORBIDDEN {
        let refused = reader.get(&format!("/{list}?{query}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{list}?{query}");
        assert!(refused.text.contains("Security Reader"), "{list}?{query}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn others_may_ask_for_all_of_it(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    for role in Role::ALL.iter().filter(|role| role.may_see_conditional_access()) {
        let token = house.token(role.as_str(), TokenScope::Role(*role)).await;
        for (list, query) in FORBIDDEN {
            for path in [format!("/api/v1/{list}?{query}"), format!("/{list}.csv?{query}"), format!("/{list}?{query}")]
            {
                let answer = house.get(&path, &[("authorization", &token)]).await;
                assert_eq!(answer.status, StatusCode::OK, "{role} {path}: {}", answer.text);
            }
        }
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn nothing_of_it_is_shown_or_found(#[case] engine: Engine) {
    let Some(reader) = Asker::open(engine, Role::ReportsReader).await else { return };
    reader.house.add_all_records().await;
    for path in [
        "/api/v1/sign-ins",
        "/api/v1/mfa/activity",
        "/api/v1/usage",
        "/sign-ins.csv",
        "/sign-ins.jsonl",
        "/mfa/activity.csv",
        "/mfa/activity.jsonl",
        "/sign-ins",
        "/mfa/activity",
        "/mfa/blocked-users",
        "/mfa/fraud-alerts",
        "/usage",
        &format!("/api/v1/sign-ins/{SIGN_IN}"),
        &format!("/sign-ins/{SIGN_IN}"),
        "/api/v1/users/ada@contoso.com",
        "/users/ada@contoso.com",
    ] {
        let answer = reader.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        for secret in RESTRICTED {
            assert!(!answer.text.contains(secret), "{path} shows {secret}: {}", answer.text);
        }
    }
    for query in ["203.0.113.9", "203.0.113", "Sundsvall", "Second%20factor%20everywhere"] {
        for list in ["sign-ins", "mfa/activity"] {
            let found = reader.get(&format!("/api/v1/{list}?q={query}")).await.json();
            assert_eq!(found["total"], 0, "{list}?q={query}");
        }
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_not_shown_is_absent_and_not_blank(#[case] engine: Engine) {
    let Some(reader) = Asker::open(engine, Role::ReportsReader).await else { return };
    reader.house.add_all_records().await;
    let has = |object: &Value, field: &str| object.as_object().expect("an object").contains_key(field);
    let list = reader.get("/api/v1/sign-ins").await.json();
    let report = reader.get(&format!("/api/v1/sign-ins/{SIGN_IN}")).await.json();
    let csv = reader.get("/sign-ins.csv").await.text;
    let jsonl = reader.get("/sign-ins.jsonl").await.text;
    let line: Value = serde_json::from_str(jsonl.lines().next().expect("a line")).expect("JSON");
    let header: Vec<&str> = csv.lines().next().expect("a header").split(',').collect();
    for field in FIELDS {
        assert!(!has(&list["items"][0], field) && !has(&report, field) && !has(&line, field), "{field}");
        assert!(!header.contains(field), "{field}: {header:?}");
    }
    assert!(has(&report, "steps") && !has(&report, "conditional_access"), "{report}");
    assert!(header.contains(&"component"), "{header:?}");
    assert!(!reader.get("/mfa/activity.csv").await.text.lines().next().expect("a header").contains("ip"));

    // Those who may get all of it, in the same places.
    let token = reader.house.token("more", TokenScope::Role(Role::SecurityReader)).await;
    let get = |path: String| {
        let (house, token) = (&reader.house, &token);
        async move { house.get(&path, &[("authorization", token)]).await }
    };
    let list = get("/api/v1/sign-ins?sort=at".to_owned()).await.json();
    let report = get(format!("/api/v1/sign-ins/{SIGN_IN}")).await.json();
    let header = get("/sign-ins.csv".to_owned()).await.text;
    for field in FIELDS {
        assert!(has(&list["items"][0], field) && has(&report, field), "{field}");
        assert!(header.lines().next().is_some_and(|header| header.split(',').any(|name| name == *field)), "{field}");
    }
    let ada = &list["items"][0];
    assert_eq!(
        (&ada["ip"], &ada["country"], &ada["ca_result"]),
        (&"203.0.113.9".into(), &"SE".into(), &"success".into())
    );
    assert_eq!(report["conditional_access"]["policies"][0]["name"], "Second factor everywhere");
    assert_eq!(report["conditional_access"]["policies"][0]["grant_controls"], serde_json::json!(["Mfa"]));
}
