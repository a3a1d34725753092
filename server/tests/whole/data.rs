//! `/data` and its twin: how every source stands, and what pages say of one that is old.

use axum::body::Body;
use axum::http::Method;
use domain::instant::HOUR_MS;
use domain::role::Role;
use rstest::rstest;
use serde_json::{Value, json};
use store::TokenScope;

use crate::house::{Engine, House, request};
use crate::push::{PATH, lines};
use crate::records::SIGN_INS;

struct Room {
    house: House,
    sender: String,
    reader: String,
}

impl Room {
    async fn open(engine: Engine) -> Option<Self> {
        let house = House::open(engine).await?;
        let sender = house.token("collector", TokenScope::Ingest).await;
        let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
        Some(Self { house, sender, reader })
    }

    async fn push(&self, body: String) {
        let headers = [("authorization", self.sender.as_str())];
        let answer = self.house.send(request(Method::POST, PATH, &headers, Body::from(body))).await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }

    async fn text(&self, path: &str) -> String {
        self.house.get(path, &[("authorization", &self.reader)]).await.text
    }

    async fn data(&self) -> Value {
        serde_json::from_str(&self.text("/api/v1/data").await).expect("JSON")
    }
}

/// A sign-in of another time, with what is to be changed in it.
fn sign_in(id: u32, at: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut record: Value = serde_json::from_str(lines(SIGN_INS).lines().next().expect("a line")).expect("JSON");
    record["id"] = json!(format!("00000000-0000-0000-0000-{id:012}"));
    record["correlationId"] = json!(format!("10000000-0000-0000-0000-{id:012}"));
    record["createdDateTime"] = json!(at);
    change(&mut record);
    record.to_string()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_source_tells_its_period_copies_and_gaps(#[case] engine: Engine) {
    let Some(room) = Room::open(engine).await else { return };
    let days = ["2026-11-10T10:30:00Z", "2026-11-11T09:00:00Z", "2026-11-15T08:00:00Z", "2026-11-20T11:00:00Z"];
    let body: Vec<String> = days.iter().zip(1..).map(|(at, id)| sign_in(id, at, |_| ())).collect();
    room.push(body.join("\n")).await;
    room.push(body.join("\n")).await;
    room.push(sign_in(1, days[0], |record| record["status"]["additionalDetails"] = json!("MFA completed in Azure AD")))
        .await;
    let data = room.data().await;
    let source = &data["sources"][0];
    assert_eq!(source["source"], "signIn", "{data}");
    assert_eq!(
        (&source["covers_from"], &source["covers_to"]),
        (&json!("2026-11-10T10:30:00.000Z"), &json!("2026-11-20T11:00:00.000Z"))
    );
    assert_eq!(source["records"], 4);
    let again = source["duplicate"].as_i64().expect("a number") + source["replaced"].as_i64().expect("a number");
    assert_eq!(again, 5, "{source}");
    let gaps = json!([
        {"from": "2026-11-11T10:00:00.000Z", "to": "2026-11-15T08:00:00.000Z"},
        {"from": "2026-11-15T09:00:00.000Z", "to": "2026-11-20T11:00:00.000Z"},
    ]);
    assert_eq!(source["gaps"], gaps);
    assert_eq!((&source["stale_after_hours"], &source["stale"]), (&json!(6), &json!(false)));
    assert_eq!(data["last_30_days"]["records"], 9);
    let page = room.text("/data").await;
    assert!(page.contains("15 Nov 2026, 09:00 – 20 Nov 2026, 11:00"), "{page}");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn audit_records_and_activity_have_gaps_too(#[case] engine: Engine) {
    let Some(room) = Room::open(engine).await else { return };
    room.house.add_all_records().await;
    let data = room.data().await;
    let gaps_of = |name: &str| {
        let sources = data["sources"].as_array().expect("sources");
        sources.iter().find(|source| source["source"] == name).unwrap_or_else(|| panic!("{name}"))["gaps"].clone()
    };
    for watched in ["directoryAudit", "mfaActivity", "signIn"] {
        assert_eq!(gaps_of(watched), json!([]), "{watched}");
    }
    assert_eq!(gaps_of("userRegistrationDetails"), Value::Null, "it does not come all the time");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn values_that_are_not_known_are_counted(#[case] engine: Engine) {
    let Some(room) = Room::open(engine).await else { return };
    let text = |id, text: &'static str| {
        sign_in(id, "2026-11-19T10:00:00Z", move |record| {
            record["status"]["additionalDetails"] = json!(text);
            record["authenticationDetails"] = json!([]);
        })
    };
    let new = "MFA requirement satisfied by quantum handshake";
    room.push([text(1, new), text(2, new), text(3, "MFA denied; the moon is full")].join("\n")).await;
    let storage = r#"{"category":"StorageRead","time":"2026-11-19T10:00:00Z","operationName":"GetBlob"}"#;
    room.push(format!("{storage}\n{storage}")).await;
    let data = room.data().await;
    let values: Vec<(&str, &str, i64)> = data["unclassified"]
        .as_array()
        .expect("values")
        .iter()
        .map(|value| {
            let text = |name: &str| value[name].as_str().expect("text");
            (text("field"), text("value"), value["count"].as_i64().expect("a number"))
        })
        .collect();
    assert!(values.contains(&("mfa_result", new, 2)), "{values:?}");
    assert_eq!(data["last_30_days"]["skipped"], 2, "{data}");
    let page = room.text("/data").await;
    assert!(page.contains("quantum handshake"), "{page}");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_page_whose_source_is_old_says_so(#[case] engine: Engine) {
    let Some(room) = Room::open(engine).await else { return };
    room.push(lines(SIGN_INS)).await;
    let sentence = "Sign-ins last came in 20 Nov 2026, 12:00, more than 6 hours ago";
    let says_so = async |path: &str| room.text(path).await.contains(sentence);
    room.house.clock.advance(6 * HOUR_MS);
    assert!(!says_so("/usage").await, "not yet");
    room.house.clock.advance(1);
    for path in ["/usage", "/sign-ins", "/usage/users", "/mfa/fraud-alerts"] {
        assert!(says_so(path).await, "{path}");
    }
    for path in ["/overview", "/users", "/reasons", "/usage?as_of=2026-11-20T12:00:00Z"] {
        assert!(!says_so(path).await, "{path}");
    }
    assert_eq!(room.data().await["sources"][0]["stale"], true);
    assert!(room.text("/data").await.contains("Old: nothing for more than 6 h"));
    // What is known already is a sign of life.
    room.push(lines(SIGN_INS)).await;
    assert!(!says_so("/usage").await);
    room.house.clock.advance(7 * HOUR_MS);
    assert!(room.text("/usage").await.contains("Sign-ins last came in 20 Nov 2026, 18:00"));
}
