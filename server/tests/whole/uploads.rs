//! Files that come through the form on `/data` and through the watched folder, and what `/data/{import}` shows of them.

use std::path::Path;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use serde_json::{Value, json};
use server::config::Intake;
use server::jobs::watch::Watch;
use store::TokenScope;

use crate::house::{Answer, Engine, House, request};
use crate::push::lines;
use crate::records::{AUDITS, SIGN_INS};

const BOUNDARY: &str = "----a-boundary";

/// A form with files, as a browser sends it.
fn form(files: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, text) in files {
        body += &format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n{text}\r\n"
        );
    }
    body + &format!("--{BOUNDARY}--\r\n")
}

async fn upload(house: &House, headers: &[(&str, &str)], files: &[(&str, &str)]) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let own = [("content-type", kind.as_str()), ("sec-fetch-site", "same-origin")];
    let headers = [headers, &own].concat();
    house.send(request(Method::POST, "/data", &headers, Body::from(form(files)))).await
}

/// The import, once it has been read to its end.
async fn finished(house: &House, reader: &str, import: &str) -> Value {
    loop {
        let import = house.get(&format!("/api/v1/data/{import}"), &[("authorization", reader)]).await.json();
        if import["status"] != "running" {
            return import;
        }
        tokio::task::yield_now().await;
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn operators_upload_files_and_see_what_became_of_them(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let session = house.sign_in(Role::SecurityAdministrator).await;
    let cookie = [("cookie", session.as_str())];
    let page = house.get("/data", &cookie).await;
    assert!(page.text.contains("<input type=\"file\" name=\"files\" multiple required"), "{}", page.text);

    let sent = format!("{}{{broken\n=1+1,\"x\"\n", lines(SIGN_INS));
    let answer = upload(&house, &cookie, &[("C:\\logs\\signIns.jsonl", &sent)]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, Some("/data/1")));
    let import = finished(&house, &reader, "1").await;
    assert_eq!((&import["file_name"], &import["door"]), (&json!("signIns.jsonl"), &json!("upload")));
    assert_eq!((&import["counts"]["accepted"], &import["counts"]["rejected"]), (&json!(3), &json!(2)), "{import}");

    let page = house.get("/data/1", &cookie).await;
    for part in ["signIns.jsonl", "not valid JSON", "{broken", "/data/1/rejected.csv", "/data/1/rejected.jsonl"] {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    let csv = house.get("/data/1/rejected.csv", &cookie).await;
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"rejected-1.csv\""));
    let rows: Vec<&str> = csv.text.lines().collect();
    assert_eq!((rows.len(), rows[0]), (3, "line,byte,reason,excerpt"), "{}", csv.text);
    assert!(rows[1].starts_with("4,") && rows[2].contains("\"'=1+1,"), "{}", csv.text);
    let jsonl = house.get("/data/1/rejected.jsonl", &cookie).await;
    let first: Value = serde_json::from_str(jsonl.text.lines().next().expect("a line")).expect("JSON");
    assert_eq!((&first["line"], &first["excerpt"]), (&json!(4), &json!("{broken")));
    assert_eq!(house.get("/data/99/rejected.csv", &cookie).await.status, StatusCode::NOT_FOUND);

    // Several at once; scripts are told where to go.
    let scripted = [("cookie", session.as_str()), ("accept", "application/json")];
    let answer = upload(&house, &scripted, &[("audits.json", AUDITS), ("nothing.txt", "hello")]).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"location": "/data", "imports": [2, 3]})));
    assert_eq!(finished(&house, &reader, "2").await["status"], "done");
    let refused = finished(&house, &reader, "3").await;
    assert_eq!(refused["status"], "refused");
    assert!(refused["refusal"].as_str().is_some_and(|why| why.contains("neither JSON nor a table")), "{refused}");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn others_neither_upload_nor_see_the_form(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    for role in Role::ALL.iter().filter(|role| !role.may_operate()) {
        let token = house.token(role.as_str(), TokenScope::Role(*role)).await;
        let caller = [("authorization", token.as_str())];
        assert_eq!(upload(&house, &caller, &[("a.json", SIGN_INS)]).await.status, StatusCode::FORBIDDEN, "{role}");
        assert!(!house.get("/data", &caller).await.text.contains("type=\"file\""), "{role}");
    }
    let sender = house.token("push", TokenScope::Ingest).await;
    let refused = upload(&house, &[("authorization", &sender)], &[("a.json", SIGN_INS)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "a token that pushes fills in no form");
    assert_eq!(upload(&house, &[], &[("a.json", SIGN_INS)]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_no_upload_is_said_so() {
    let house = House::open_with(Engine::Sqlite, Intake { max_body_mib: 1, ..Intake::default() })
        .await
        .expect("SQLite is always there");
    let token = house.token("t", TokenScope::Role(Role::SecurityAdministrator)).await;
    let caller = [("authorization", token.as_str())];
    let told = async |files: &[(&str, &str)]| {
        let answer = upload(&house, &caller, files).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.header("location").map(str::to_owned).expect("a place to go")
    };
    assert_eq!(told(&[]).await, "/data?notice=no-file-chosen");
    assert_eq!(told(&[("", "")]).await, "/data?notice=no-file-chosen");
    assert_eq!(told(&[("large.json", &"x".repeat((1 << 20) + 1))]).await, "/data?notice=upload-too-large");
    let page = house.get("/data?notice=no-file-chosen", &caller).await;
    assert!(page.text.contains("No file was chosen."), "{}", page.text);
    let plain = house.post("/data", &caller, &[("files", "x")]).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
    let demo = House::open_as(Engine::Sqlite, "http://127.0.0.1:3000", true).await.expect("SQLite is always there");
    let token = demo.token("t", TokenScope::Role(Role::SecurityAdministrator)).await;
    let answer = upload(&demo, &[("authorization", &token)], &[("a.json", SIGN_INS)]).await;
    assert_eq!(answer.header("location"), Some("/data?notice=demo-takes-nothing"));
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let files = entries.map(|entry| entry.expect("an entry")).filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn files_of_the_watched_folder_are_imported_when_they_are_complete(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path();
    let (_, operator, _) = house.services.console(TenantId::ONLY);
    let mut watch = Watch::new(folder.to_owned(), operator, house.clock.clone()).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");

    let text = lines(SIGN_INS);
    write("signIns.jsonl", &text[..10]);
    write("audits.json", AUDITS);
    write("wrong.txt", "hello");
    write(".hidden.json", AUDITS);
    write("more.json.part", AUDITS);
    assert!(watch.look().await.expect("a look").is_empty(), "everything may still be written");
    write("signIns.jsonl", &text);
    let reports = watch.look().await.expect("a look");
    let names: Vec<&str> = reports.iter().map(|report| report.name.as_str()).collect();
    assert_eq!(names, ["audits.json", "wrong.txt"], "the third has grown");
    let reports = watch.look().await.expect("a look");
    assert_eq!((reports.len(), reports[0].counts.accepted), (1, 3));
    assert!(watch.look().await.expect("a look").is_empty());
    assert_eq!(names_in(folder), [".hidden.json", "more.json.part"]);
    assert_eq!(names_in(&folder.join("done")), ["audits.json", "signIns.jsonl"]);
    assert_eq!(names_in(&folder.join("failed")), ["wrong.txt"]);

    // The same name again: neither file is lost, and no record counts twice.
    write("signIns.jsonl", &text);
    watch.look().await.expect("a look");
    let again = watch.look().await.expect("a look");
    assert_eq!((again[0].counts.accepted, again[0].counts.duplicate), (0, 3));
    assert_eq!(names_in(&folder.join("done")), ["4-signIns.jsonl", "audits.json", "signIns.jsonl"]);

    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let data = house.get("/api/v1/data", &[("authorization", &reader)]).await.json();
    let doors: Vec<&Value> = data["imports"].as_array().expect("imports").iter().map(|one| &one["door"]).collect();
    assert_eq!(doors, ["folder"; 4]);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_said_at_once() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let (_, operator, _) = house.services.console(TenantId::ONLY);
    let missing = Path::new("/no/such/folder").to_owned();
    assert!(Watch::new(missing, operator, house.clock.clone()).is_err());
}
