//! Lists that are written to files in the background: whole or not at all, their author's alone, and gone when they
//! have to be.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::export::ExportProblem;
use domain::instant::{DAY_MS, HOUR_MS, MINUTE_MS};
use domain::retention::Kept;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use serde_json::{Value, json};
use server::clock::Clock;
use server::config::Exports;
use server::jobs::exports::Writer;
use server::jobs::keeping;
use store::{Options, Services, TokenScope};

use crate::house::{Answer, Engine, House, event, request, user};
use crate::keeping::DETAILS;

/// More than a page of rows, and more bytes than a part.
const MANY: usize = 6_345;

impl House {
    async fn add_many(&self) {
        let records = (0..MANY).map(|n| {
            let id = format!("00000000-0000-0000-0000-{n:012}");
            user(&id, &format!("user{n}@contoso.com"), &format!("User, {n}"), n % 2 == 0)
        });
        self.apply(records.collect()).await;
    }

    /// What the program does in the background, to its end.
    pub async fn write_exports(&self) {
        written(&self.services, &self.clock, Exports::default()).await;
    }

    async fn ask_for(&self, authorization: &str, list: &str, query: &str, format: &str) -> Answer {
        let body = json!({"list": list, "query": query, "format": format}).to_string();
        let headers = [("authorization", authorization), ("content-type", "application/json")];
        self.send(request(Method::POST, "/api/v1/exports", &headers, Body::from(body))).await
    }

    pub async fn asked(&self, authorization: &str, list: &str, query: &str, format: &str) -> i64 {
        let answer = self.ask_for(authorization, list, query, format).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let id = answer.json()["id"].as_i64().expect("a number");
        assert_eq!(answer.header("location"), Some(format!("/api/v1/exports/{id}").as_str()));
        id
    }

    async fn export(&self, authorization: &str, id: i64) -> Value {
        self.get(&format!("/api/v1/exports/{id}"), &[("authorization", authorization)]).await.json()
    }

    async fn file_status(&self, headers: &[(&str, &str)], id: i64) -> StatusCode {
        self.download(&format!("/exports/{id}/download"), headers).await.status
    }
}

async fn written(services: &Services, clock: &Clock, settings: Exports) {
    Writer::new(services.clone(), clock.clone(), settings).everything().await.expect("written");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_file_has_the_rows_of_the_screen_and_the_bytes_of_the_download(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_many().await;
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let headers = [("authorization", token.as_str())];
    let query = "registered=yes&sort=-user_name";
    let total = house.get(&format!("/api/v1/users?{query}"), &headers).await.json()["total"].clone();
    assert_eq!(total, 3_173);
    for format in ["csv", "jsonl", "xlsx"] {
        let id = house.asked(&token, "users", query, format).await;
        let waiting = house.export(&token, id).await;
        assert_eq!((&waiting["state"], &waiting["bytes"]), (&json!("queued"), &Value::Null));
        assert_eq!(house.file_status(&headers, id).await, StatusCode::CONFLICT, "there is no part of a file");
        let direct = house.download(&format!("/users.{format}?{query}"), &headers).await;
        // Asked for now: what happens until it is written is not of that instant.
        house.clock.advance(MINUTE_MS);
        house.write_exports().await;

        let done = house.export(&token, id).await;
        assert_eq!((&done["state"], &done["rows"], &done["rows_total"]), (&json!("done"), &total, &total), "{done}");
        let file = house.download(&format!("/exports/{id}/download"), &headers).await;
        assert_eq!(file.status, StatusCode::OK);
        assert_eq!(done["bytes"], file.bytes.len());
        assert_eq!(file.headers["content-length"], file.bytes.len().to_string());
        for header in ["content-type", "content-disposition"] {
            assert_eq!(file.headers[header], direct.headers[header]);
        }
        if format != "xlsx" {
            assert!(file.bytes == direct.bytes, "{format}: to the byte");
        }
        let by_api = house.download(&format!("/api/v1/exports/{id}/file"), &headers).await;
        assert!(by_api.bytes == file.bytes);
        let about = file.headers["link"].to_str().expect("text");
        let about = about.strip_prefix('<').and_then(|link| link.split('>').next()).expect("a link");
        let about = house.get(about, &headers).await.text;
        assert!(about.contains("\nRows: 3173\n") && about.starts_with("List: users\n"), "{about}");
        house.clock.advance(-MINUTE_MS);
    }
    let page = house.get("/exports", &headers).await.text;
    assert!(page.contains("3,173 rows"), "{page}");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_list_can_be_written(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let headers = [("authorization", token.as_str())];
    for list in [
        "users",
        "events",
        "usage/users",
        "usage/applications",
        "sign-ins",
        "mfa/activity",
        "mfa/blocked-users",
        "mfa/bypassed-users",
        "mfa/fraud-alerts",
        "mfa/servers",
        "lists/mfa-registered",
        "lists/mfa-not-registered",
        "lists/mfa-methods",
        "reasons",
    ] {
        let id = house.asked(&token, list, "", "csv").await;
        house.write_exports().await;
        let direct = house.get(&format!("/{list}.csv"), &headers).await.text;
        let file = house.get(&format!("/exports/{id}/download"), &headers).await;
        assert_eq!(file.text, direct, "{list}");
        assert!(!file.text.lines().next().expect("headings").contains("ca_result"), "{list}");
        let shown = house.get(&format!("/api/v1/{list}"), &headers).await.json()["total"].clone();
        assert_eq!(house.export(&token, id).await["rows"], shown, "{list}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_a_killed_server_had_begun_another_begins_again(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_many().await;
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let headers = [("authorization", token.as_str())];
    let id = house.asked(&token, "users", "", "jsonl").await;
    let direct = house.get("/users.jsonl", &headers).await.text;

    // As a server does that is killed amid the second part.
    let (exporter, now) = (house.services.exporter(TenantId::ONLY), house.clock.now());
    let lease = now.plus_millis(MINUTE_MS);
    let mut claimed = exporter.next("killed", now, lease).await.expect("the store answers").expect("it waits");
    exporter.put(&mut claimed, b"half a file", i64::MAX).await.expect("stored");
    exporter.progress(&claimed, 1_000, Some(6_345), now, lease).await.expect("noted");
    let running = house.export(&token, id).await;
    assert_eq!((&running["state"], &running["rows"]), (&json!("running"), &json!(1_000)));
    assert!(house.get("/exports", &headers).await.text.contains("1,000 of 6,345 rows"));

    let other = Services::open(house.database_url(), Options::default()).await.expect("opens");
    written(&other, &house.clock, Exports::default()).await;
    assert_eq!(house.export(&token, id).await["state"], "running", "while the lease lasts it is somebody's");
    house.clock.advance(MINUTE_MS);
    written(&other, &house.clock, Exports::default()).await;
    let done = house.export(&token, id).await;
    assert_eq!((&done["state"], &done["rows"]), (&json!("done"), &json!(MANY)), "{done}");
    assert_eq!(house.get(&format!("/exports/{id}/download"), &headers).await.text, direct);
    assert!(house.count("export_parts").await > 1, "a row has no large part of it");
    let late = exporter.put(&mut claimed, b"more of it", i64::MAX).await;
    assert!(late.is_err(), "whoever was thought dead adds nothing");

    // One that takes every server with it is not begun for ever.
    let id = house.asked(&token, "users", "", "csv").await;
    for n in 0..5 {
        let (now, name) = (house.clock.now(), format!("killed {n}"));
        assert!(exporter.next(&name, now, now.plus_millis(1)).await.expect("an answer").is_some());
        house.clock.advance(1);
    }
    house.write_exports().await;
    let failed = house.export(&token, id).await;
    assert_eq!((&failed["state"], &failed["problem"]), (&json!("failed"), &json!("broke_off")));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_cannot_be_written_says_so_and_is_no_file(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    let token = house.token("t", TokenScope::Role(Role::SecurityReader)).await;
    let headers = [("authorization", token.as_str())];
    let broken = house.asked(&token, "sign-ins", "", "jsonl").await;
    let fine = house.asked(&token, "users", "", "jsonl").await;
    house.run_sql("ALTER TABLE sign_ins RENAME TO sign_ins_of_old").await;
    house.write_exports().await;
    let failed = house.export(&token, broken).await;
    assert_eq!((&failed["state"], &failed["problem"]), (&json!("failed"), &json!("not_written")), "{failed}");
    assert_eq!(failed["detail"], ExportProblem::NotWritten.sentence());
    assert_eq!(house.file_status(&headers, broken).await, StatusCode::CONFLICT);
    assert!(house.get("/exports", &headers).await.text.contains("could not be written to its end"));
    assert_eq!(house.export(&token, fine).await["state"], "done", "others go on");
    house.run_sql("ALTER TABLE sign_ins_of_old RENAME TO sign_ins").await;

    let too_large = house.asked(&token, "users", "", "csv").await;
    written(&house.services, &house.clock, Exports { max_mib: 0, ..Exports::default() }).await;
    assert_eq!(house.export(&token, too_large).await["problem"], "no_room");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_file_is_its_authors_alone_and_for_one_role(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_all_records().await;
    let person = house.add_person("sara", Role::SecurityReader).await;
    let author = house.session(person).await;
    let author = [("cookie", author.as_str())];
    let form = [("list", "sign-ins"), ("query", "columns=ip&columns=user_name"), ("format", "csv")];
    let asked = house.post("/exports", &author, &form).await;
    assert_eq!((asked.status, asked.header("location")), (StatusCode::SEE_OTHER, Some("/exports")));
    house.write_exports().await;
    assert_eq!(house.file_status(&author, 1).await, StatusCode::OK);

    let other = house.sign_in(Role::GlobalReader).await;
    let token = house.token("t", TokenScope::Role(Role::SecurityReader)).await;
    let another = house.token("another", TokenScope::Role(Role::SecurityReader)).await;
    for headers in [[("cookie", other.as_str())], [("authorization", token.as_str())]] {
        assert_eq!(house.file_status(&headers, 1).await, StatusCode::NOT_FOUND);
        assert_eq!(house.get("/api/v1/exports/1", &headers).await.status, StatusCode::NOT_FOUND);
        assert_eq!(house.get("/api/v1/exports/1/about", &headers).await.status, StatusCode::NOT_FOUND);
        assert_eq!(house.get("/api/v1/exports", &headers).await.json()["items"], json!([]));
        house.post("/exports/1/delete", &headers, &[]).await;
    }
    assert_eq!(house.file_status(&author, 1).await, StatusCode::OK, "nobody else deletes it");
    let id = house.asked(&token, "users", "", "csv").await;
    house.write_exports().await;
    assert_eq!(house.file_status(&[("authorization", &another)], id).await, StatusCode::NOT_FOUND);

    // Who reads reports may not ask for what is not for them, nor get what was asked for with another role.
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    assert_eq!(house.ask_for(&reader, "sign-ins", "columns=ip", "csv").await.status, StatusCode::FORBIDDEN);
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    let waits = house.post("/exports", &author, &form).await;
    assert_eq!(waits.status, StatusCode::SEE_OTHER);
    admin.set_role("sara", Role::ReportsReader).await.expect("changed");
    let author = house.session(person).await;
    let author = [("cookie", author.as_str())];
    house.write_exports().await;
    assert_eq!(house.file_status(&author, 1).await, StatusCode::FORBIDDEN);
    let items = house.get("/api/v1/exports", &author).await.json()["items"].clone();
    assert_eq!((&items[0]["state"], &items[0]["problem"]), (&json!("failed"), &json!("role_changed")));
    let deleted = house.post("/exports/1/delete", &author, &[]).await;
    assert_eq!(deleted.header("location"), Some("/exports?notice=export-deleted"));
    assert_eq!(house.file_status(&author, 1).await, StatusCode::NOT_FOUND);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_few_wait_and_all_go_away_by_themselves(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let headers = [("authorization", token.as_str())];
    for _ in 0..3 {
        house.asked(&token, "users", "", "csv").await;
    }
    let refused = house.ask_for(&token, "users", "", "csv").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.json()["detail"].as_str().expect("a sentence").starts_with("3 exports are waiting"));
    assert!(refused.header("retry-after").is_some());
    let form = [("list", "users"), ("query", ""), ("format", "csv")];
    let refused = house.post("/exports", &headers, &form).await;
    assert_eq!(refused.header("location"), Some("/exports?notice=too-many-exports-waiting"));
    house.write_exports().await;
    house.asked(&token, "users", "", "csv").await;
    let other = house.token("other", TokenScope::Role(Role::ReportsReader)).await;
    house.asked(&other, "users", "", "csv").await;

    house.clock.advance(DAY_MS - HOUR_MS);
    house.write_exports().await;
    assert_eq!(house.file_status(&headers, 1).await, StatusCode::OK);
    // The token that takes another's place has what that one asked for.
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    admin.revoke_token("t", house.clock.now()).await.expect("revoked");
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let headers = [("authorization", token.as_str())];
    assert_eq!(house.file_status(&headers, 1).await, StatusCode::OK);
    house.clock.advance(HOUR_MS);
    assert_eq!(house.get("/api/v1/exports", &headers).await.json()["items"], json!([]));
    assert_eq!(house.file_status(&headers, 1).await, StatusCode::NOT_FOUND);
    house.write_exports().await;
    assert_eq!(house.count("exports").await, 0);
    assert_eq!(house.count("export_parts").await, 0);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn no_file_keeps_what_is_taken_away(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let person = house.add_person("sara", Role::GlobalAdministrator).await;
    let (_, operator, admin) = house.services.console(TenantId::ONLY);
    let form = [("list", "users"), ("query", "population=everyone"), ("format", "csv")];
    let ask = async |cookie: &str| {
        let headers = [("cookie", cookie)];
        house.post("/exports", &headers, &form).await;
        house.write_exports().await;
        let items = house.get("/api/v1/exports", &headers).await.json()["items"].clone();
        assert_eq!((&items[0]["state"], &items[0]["rows"]), (&json!("done"), &json!(1)), "{items}");
        items[0]["id"].as_i64().expect("a number")
    };
    let ended = async |cookie: &str, id: i64, why: &str| {
        let headers = [("cookie", cookie)];
        let item = house.get(&format!("/api/v1/exports/{id}"), &headers).await.json();
        assert_eq!((&item["state"], &item["problem"], &item["query"]), (&json!("ended"), &json!(why), &json!("")));
        assert_eq!(house.file_status(&headers, id).await, StatusCode::CONFLICT);
        assert_eq!(house.count("export_parts").await, 0);
        assert!(house.get("/exports", &headers).await.text.contains("data-state=\"ended\""));
    };

    let cookie = house.session(person).await;
    let headers = [("cookie", cookie.as_str())];
    house.import("details.jsonl", DETAILS).await;
    let id = ask(&cookie).await;
    // What is being written when it goes breaks off.
    house.post("/exports", &headers, &form).await;
    let (exporter, now) = (house.services.exporter(TenantId::ONLY), house.clock.now());
    let claimed = exporter.next("me", now, now.plus_millis(MINUTE_MS)).await.expect("an answer").expect("it waits");
    house.post("/data/1/undo", &headers, &[]).await;
    keeping::everything(&operator, &house.clock).await.expect("the import goes");
    assert!(exporter.finish(&claimed, 1, Some(1), "", now).await.is_err());
    ended(&cookie, id, "undone").await;

    house.import("details.jsonl", DETAILS).await;
    let id = ask(&cookie).await;
    house.post("/users/ada@contoso.com/erase", &headers, &[]).await;
    keeping::everything(&operator, &house.clock).await.expect("a person goes");
    ended(&cookie, id, "erased").await;

    let bo = "00000000-0000-0000-0000-000000000002";
    house.apply(vec![user(bo, "bo@contoso.com", "Bo", true), event(bo, "bo@contoso.com")]).await;
    house.clock.advance(40 * DAY_MS);
    let cookie = house.session(person).await;
    let id = ask(&cookie).await;
    keeping::everything(&operator, &house.clock).await.expect("nothing goes without a rule");
    assert_eq!(house.file_status(&[("cookie", &cookie)], id).await, StatusCode::OK);
    admin.set_retention(Kept::Events, Some(30)).await.expect("a rule");
    keeping::everything(&operator, &house.clock).await.expect("days go");
    ended(&cookie, id, "retained").await;
}

#[tokio::test]
async fn what_is_no_list_is_not_written() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    for (list, query, format) in [
        ("overview", "", "csv"),
        ("usage", "", "csv"),
        ("nowhere", "", "csv"),
        ("users", "", "txt"),
        ("users", "", "pdf"),
        ("users", "registered=maybe", "csv"),
    ] {
        let refused = house.ask_for(&token, list, query, format).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{list} {query} {format}");
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    }
    assert_eq!(house.get("/api/v1/exports", &[("authorization", &token)]).await.json()["items"], json!([]));
    let headers = [("authorization", token.as_str())];
    assert_eq!(house.get("/api/v1/exports/1", &headers).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/api/v1/exports/x/file", &headers).await.status, StatusCode::NOT_FOUND);
}
