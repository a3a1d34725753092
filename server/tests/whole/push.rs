//! Records that programs push: who may, in which shapes, what the answer promises, and what `/data` shows of it.

use std::io::Write as _;

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use domain::instant::HOUR_MS;
use domain::role::Role;
use flate2::Compression;
use flate2::write::GzEncoder;
use rstest::rstest;
use serde_json::{Value, json};
use server::config::Intake;
use store::TokenScope;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::house::{Answer, Engine, House, request};
use crate::records::{AUDITS, SIGN_INS};

type Headers<'a> = &'a [(&'a str, &'a str)];

pub const PATH: &str = "/api/v1/ingest";

/// The records of a page of Graph, one for each line.
pub fn lines(page: &str) -> String {
    let page: Value = serde_json::from_str(page).expect("JSON");
    page["value"].as_array().expect("records").iter().map(|record| format!("{record}\n")).collect()
}

async fn push(house: &House, token: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let headers = [headers, &[("authorization", token)]].concat();
    house.send(request(Method::POST, PATH, &headers, body.into())).await
}

async fn total(house: &House, reader: &str, path: &str) -> Value {
    house.get(path, &[("authorization", reader)]).await.json()["total"].clone()
}

async fn imports(house: &House, reader: &str) -> Vec<Value> {
    let data = house.get("/api/v1/data", &[("authorization", reader)]).await.json();
    data["imports"].as_array().expect("imports").clone()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn operators_and_senders_push_and_nobody_else(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let body = lines(SIGN_INS);
    for role in Role::ALL {
        let token = house.token(role.as_str(), TokenScope::Role(*role)).await;
        let status = push(&house, &token, &[], body.clone()).await.status;
        let expected = if role.may_operate() { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(status, expected, "{role}");
    }
    let session = house.sign_in(Role::SecurityAdministrator).await;
    let from_a_page = [("cookie", session.as_str()), ("sec-fetch-site", "same-origin")];
    assert_eq!(house.send(request(Method::POST, PATH, &from_a_page, body.clone().into())).await.status, StatusCode::OK);
    let from_elsewhere = [("cookie", session.as_str()), ("sec-fetch-site", "cross-site")];
    let refused = house.send(request(Method::POST, PATH, &from_elsewhere, body.clone().into())).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for nobody in ["", "Bearer kr_x"] {
        let headers = [("authorization", nobody), ("sec-fetch-site", "none")];
        let refused = house.send(request(Method::POST, PATH, &headers, body.clone().into())).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{nobody}");
    }
    // A token that sends sees nothing, not even what came of it.
    let sender = house.token("push", TokenScope::Ingest).await;
    assert_eq!(push(&house, &sender, &[], body).await.status, StatusCode::OK);
    for path in ["/api/v1/data", "/api/v1/overview", "/overview", "/data", "/users.csv", PATH] {
        assert_eq!(house.get(path, &[("authorization", &sender)]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_shape_is_taken_and_every_record_counts_once(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let token = house.token("collector", TokenScope::Ingest).await;
    let reader = house.token("reader", TokenScope::Role(Role::SecurityReader)).await;
    let records: Value = serde_json::from_str(SIGN_INS).expect("JSON");
    let text = lines(SIGN_INS);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).expect("memory");
    let gzip = gzip.finish().expect("memory");

    // As syslog-ng sends it: no newline after the last record.
    let ndjson = [("content-type", "application/x-ndjson")];
    let first = push(&house, &token, &ndjson, text.trim_end().to_owned()).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let expected = json!({"import": 1, "records": 3, "stored": 3, "skipped": 0, "rejected": 0,
        "by_kind": {"signIn": 3}, "rejections": []});
    assert_eq!(first.json(), expected);
    assert_eq!(total(&house, &reader, "/api/v1/sign-ins").await, 3);

    let encoded = [("content-encoding", "gzip"), ("content-type", "application/x-ndjson")];
    let bodies: [(&str, Headers<'_>, Vec<u8>); 7] = [
        ("the same lines", &ndjson, text.clone().into_bytes()),
        ("a page of Graph", &[("content-type", "application/json")], SIGN_INS.as_bytes().to_vec()),
        ("an array", &[], records["value"].to_string().into_bytes()),
        ("an Event Hub batch", &[], json!({"records": records["value"]}).to_string().into_bytes()),
        ("batches, one for each line", &[], format!("{0}\n{0}", json!({"records": records["value"]})).into_bytes()),
        ("gzip that says so", &encoded, gzip.clone()),
        ("gzip that does not", &ndjson, gzip),
    ];
    for (what, headers, body) in bodies {
        let answer = push(&house, &token, headers, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{what}: {}", answer.text);
        assert_eq!(answer.json()["rejected"], 0, "{what}");
        assert_eq!(total(&house, &reader, "/api/v1/sign-ins").await, 3, "{what}");
    }
    let imports = imports(&house, &reader).await;
    assert_eq!(imports.len(), 1, "one sender, one hour, one import: {imports:?}");
    assert_eq!(
        (&imports[0]["door"], &imports[0]["file_name"], &imports[0]["status"]),
        (&json!("push"), &json!("collector"), &json!("done"))
    );
    let expected = json!({"files": 0, "records": 27, "accepted": 3, "duplicate": 24, "replaced": 0, "skipped": 0,
        "rejected": 0, "by_kind": {"signIn": 27}});
    assert_eq!(imports[0]["counts"], expected);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_sender_has_an_import_for_every_hour(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let (one, other) = (house.token("one", TokenScope::Ingest).await, house.token("other", TokenScope::Ingest).await);
    let import_of = async |token: &str, body: String| push(&house, token, &[], body).await.json()["import"].clone();
    assert_eq!(import_of(&one, lines(SIGN_INS)).await, 1);
    assert_eq!(import_of(&other, lines(AUDITS)).await, 2);
    house.clock.advance(HOUR_MS - 1);
    assert_eq!(import_of(&one, lines(AUDITS)).await, 1);
    house.clock.advance(1);
    assert_eq!(import_of(&one, lines(SIGN_INS)).await, 3);
    let names: Vec<Value> = imports(&house, &reader).await.into_iter().map(|one| one["file_name"].clone()).collect();
    assert_eq!(names, ["one", "other", "one"]);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_cannot_be_read_is_listed_and_set_aside_and_the_rest_is_stored(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let token = house.token("collector", TokenScope::Ingest).await;
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let good = lines(SIGN_INS);
    let mut good = good.lines();
    let storage = r#"{"category":"StorageRead","time":"2026-11-19T10:00:00Z","operationName":"GetBlob"}"#;
    let body = [good.next().expect("a line"), "{broken", storage, good.next().expect("a line"), "[1]"].join("\n");
    let answer = push(&house, &token, &[], body).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = answer.json();
    let counts = ["records", "stored", "skipped", "rejected"].map(|name| answer[name].clone());
    assert_eq!(counts, [json!(5), json!(2), json!(1), json!(2)], "{answer}");
    assert_eq!((&answer["rejections"][0]["line"], &answer["rejections"][1]["line"]), (&json!(2), &json!(5)));
    assert!(answer["rejections"][0]["reason"].as_str().is_some_and(|why| why.contains("not valid JSON")), "{answer}");
    assert_eq!(total(&house, &reader, "/api/v1/sign-ins").await, 2);

    let import = house.get("/api/v1/data/1", &[("authorization", &reader)]).await.json();
    assert_eq!(import["quarantined"].as_array().map(Vec::len), Some(2), "{import}");
    assert_eq!(import["quarantined"][0]["excerpt"], "{broken");
    assert_eq!((&import["counts"]["skipped"], &import["counts"]["rejected"]), (&json!(1), &json!(2)));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn where_nothing_can_be_read_the_answer_is_a_problem(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let token = house.token("collector", TokenScope::Ingest).await;
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    for body in ["", "\n\n", "hello", "{", "[]]", "{\"a\":1}\n{\"b\":2}\n", "\u{1f}\u{8b}", "<html>"] {
        let answer = push(&house, &token, &[], body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body:?}: {}", answer.text);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{body:?}");
        let problem = answer.json();
        assert!(problem["rejections"][0]["reason"].is_string(), "{body:?}: {problem}");
    }
    // What nobody else has is kept where people see it.
    let rejected = imports(&house, &reader).await[0]["counts"]["rejected"].clone();
    assert_eq!(rejected, 9);
    let encoded = push(&house, &token, &[("content-encoding", "br")], lines(SIGN_INS)).await;
    assert_eq!(encoded.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(encoded.header("accept-encoding"), Some("gzip, zstd"));
}

/// A body that is sent piece by piece.
fn arriving() -> (mpsc::Sender<std::io::Result<Bytes>>, Body) {
    let (sender, parts) = mpsc::channel(1);
    (sender, Body::from_stream(ReceiverStream::new(parts)))
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_and_what_came_before_is_stored() {
    let intake = Intake { max_body_mib: 1, ..Intake::default() };
    let house = House::open_with(Engine::Sqlite, intake).await.expect("SQLite is always there");
    let token = house.token("collector", TokenScope::Ingest).await;
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let refused = push(&house, &token, &[], vec![b'\n'; (1 << 20) + 1]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", refused.text);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));

    let (parts, body) = arriving();
    let sending = async {
        parts.send(Ok(lines(SIGN_INS).into())).await.expect("wanted");
        for _ in 0..17 {
            // The reader may have had enough of it.
            let _ = parts.send(Ok(vec![b'\n'; 64 << 10].into())).await;
        }
        drop(parts);
    };
    let (answer, ()) = tokio::join!(push(&house, &token, &[], body), sending);
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text);
    assert_eq!(total(&house, &reader, "/api/v1/sign-ins").await, 3);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_success() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let token = house.token("collector", TokenScope::Ingest).await;
    let (parts, body) = arriving();
    let sending = async {
        parts.send(Ok(lines(SIGN_INS).into())).await.expect("wanted");
        parts.send(Err(std::io::ErrorKind::ConnectionReset.into())).await.expect("wanted");
    };
    let (answer, ()) = tokio::join!(push(&house, &token, &[], body), sending);
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn whoever_comes_when_all_places_are_taken_comes_again(#[case] engine: Engine) {
    let intake = Intake { places: 1, ..Intake::default() };
    let Some(house) = House::open_with(engine, intake).await else { return };
    let token = house.token("collector", TokenScope::Ingest).await;
    let (parts, body) = arriving();
    let others = async {
        // Taken: the first of these is under way as soon as the second is wanted.
        parts.send(Ok(lines(SIGN_INS).into())).await.expect("wanted");
        parts.send(Ok("\n".into())).await.expect("wanted");
        let refused = push(&house, &token, &[], lines(AUDITS)).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text);
        assert!(refused.header("retry-after").is_some_and(|after| after.parse::<u32>().is_ok_and(|n| n > 0)));
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
        drop(parts);
    };
    let (first, ()) = tokio::join!(push(&house, &token, &[], body), others);
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    assert_eq!(push(&house, &token, &[], lines(AUDITS)).await.status, StatusCode::OK);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn many_at_once_are_all_stored_once(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let template = lines(SIGN_INS).lines().next().expect("a line").to_owned();
    let id = serde_json::from_str::<Value>(&template).expect("JSON")["id"].as_str().expect("an id").to_owned();
    // Each of 8 senders pushes its own 20 records, and one that all have.
    let mut tokens = Vec::new();
    for sender in 0..8 {
        tokens.push(house.token(&format!("collector {sender}"), TokenScope::Ingest).await);
    }
    let body = |sender: usize, n: usize| {
        let own = format!("b01b1726-0147-425e-a7f7-2100{sender:04}{n:04}");
        format!("{}\n{template}", template.replace(&id, &own))
    };
    let pushes = (0..8).flat_map(|sender| (0..20).map(move |n| (sender, n)));
    let pushes = pushes.map(|(sender, n)| push(&house, &tokens[sender], &[], body(sender, n)));
    for answer in futures::future::join_all(pushes).await {
        // Places for 128, and so many come at once.
        assert!([StatusCode::OK, StatusCode::TOO_MANY_REQUESTS].contains(&answer.status), "{}", answer.text);
    }
    // Whoever was turned away comes again, and so does everybody else.
    for (sender, token) in tokens.iter().enumerate() {
        for n in 0..20 {
            assert_eq!(push(&house, token, &[], body(sender, n)).await.status, StatusCode::OK);
        }
    }
    assert_eq!(total(&house, &reader, "/api/v1/sign-ins").await, 161);
    let imports = imports(&house, &reader).await;
    assert_eq!(imports.len(), 8);
    let accepted: i64 = imports.iter().filter_map(|import| import["counts"]["accepted"].as_i64()).sum();
    assert_eq!(accepted, 161);
}

#[tokio::test]
async fn a_demo_takes_nothing() {
    let house = House::open_as(Engine::Sqlite, "http://127.0.0.1:3000", true).await.expect("SQLite is always there");
    let token = house.token("collector", TokenScope::Ingest).await;
    assert_eq!(push(&house, &token, &[], lines(SIGN_INS)).await.status, StatusCode::FORBIDDEN);
}
