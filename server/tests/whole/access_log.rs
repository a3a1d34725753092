//! Who was answered what is written down before the answer goes out: every route says what of it, and what cannot be
//! written down does not go out.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use domain::access::{AccessAction, AccessOutcome, ActorKind};
use domain::report::AccessItem;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use server::jobs::access_stream::{Sink, Stream};
use server::router::{router, undeclared};
use server::state::AppState;
use store::{Options, Services, TokenScope};
use tower::ServiceExt as _;

use crate::house::{Engine, House, PASSWORD, now, request};

async fn entries(house: &House) -> Vec<AccessItem> {
    house.services.access_log(TenantId::ONLY).after(0).await.expect("entries")
}

/// The entries that a request makes, as words.
pub async fn written(house: &House, before: usize) -> Vec<String> {
    let entries = entries(house).await.split_off(before);
    let word = |entry: AccessItem| {
        let rows = entry.rows.map_or_else(String::new, |rows| format!(" {rows} rows"));
        let target = entry.target.unwrap_or_default();
        format!("{} {} {} {target}{rows}", entry.actor_kind, entry.action, entry.outcome)
    };
    entries.into_iter().map(word).collect()
}

async fn is_sound(house: &House) {
    let found = house.services.checker(TenantId::ONLY).check().await.expect("it can be checked");
    assert_eq!(found.total, 0, "{:#?}", found.differences);
}

#[tokio::test]
async fn every_route_says_what_of_it_is_written_down() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let routes = house.routes();
    for known in ["/users/{id}", "/users.csv", "/api/v1/users", "/v1.0/{*path}", "/settings/sources/{id}/test"] {
        assert!(routes.contains(known), "{known} is not among {routes:?}");
    }
    assert_eq!(undeclared(&house.router), Vec::<String>::new(), "declare them in server/src/access/routes.rs");
    let more = house.router.clone().route("/new", get(|| async {}));
    assert_eq!(undeclared(&more), ["/new"], "and a server with one does not start");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn requests_are_written_down_as_their_routes_say(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let token = house.token("siem", TokenScope::Role(Role::GlobalReader)).await;
    let sender = house.token("push", TokenScope::Ingest).await;
    let person = [("cookie", cookie.as_str())];
    let program = [("authorization", token.as_str())];
    let pusher = [("authorization", sender.as_str())];
    let users = house.get("/api/v1/users?population=everyone", &program).await.json()["total"].as_i64().expect("users");
    let all = format!("token view allowed /api/v1/users?population=everyone {users} rows");
    assert_eq!(written(&house, 0).await, [all]);

    for (path, headers, expected) in [
        ("/users?q=Ada", &person[..], vec!["person view allowed /users?q=Ada"]),
        ("/users/ada%40contoso.com", &person, vec!["person view_person allowed /users/ada%40contoso.com"]),
        ("/users/nobody", &person, vec!["person view_person failed /users/nobody"]),
        ("/users?sort=nothing", &person, vec!["person view failed /users?sort=nothing"]),
        ("/api/v1/users/none", &program, vec!["token view_person failed /api/v1/users/none"]),
        ("/v1.0/users?$top=1", &program, vec!["token view allowed /v1.0/users?$top=1 1 rows"]),
        ("/users", &pusher, vec!["token view refused /users"]),
        ("/api/v1/users", &[], vec!["nobody view refused /api/v1/users"]),
        ("/api/v1/none", &[], vec!["nobody other refused /api/v1/none"]),
        ("/settings/retention", &person, vec!["person other refused /settings/retention"]),
        ("/overview", &person, vec![]),
        ("/users", &[], vec![]),
        ("/api/docs", &person, vec![]),
        ("/livez", &[], vec![]),
        ("/no/such/page", &person, vec![]),
    ] {
        let before = entries(&house).await.len();
        house.get(path, headers).await;
        assert_eq!(written(&house, before).await, expected, "{path}");
    }
    let before = entries(&house).await.len();
    let form = [("theme", "dark"), ("language", "en"), ("time_zone", "UTC")];
    house.post("/preferences", &person, &form).await;
    assert_eq!(written(&house, before).await, ["person change allowed /preferences"]);
    let other_site =
        request(Method::POST, "/views", &[("cookie", &cookie), ("sec-fetch-site", "cross-site")], Body::empty());
    house.send(other_site).await;
    assert_eq!(written(&house, before + 1).await, ["nobody change refused /views"]);
    let batch = r#"{"requests":[{"id":"1","method":"GET","url":"/users/ada@contoso.com"}]}"#;
    let batch = request(Method::POST, "/v1.0/$batch", &[("authorization", &token)], Body::from(batch));
    house.send(batch).await;
    assert_eq!(written(&house, before + 2).await, ["token view allowed /v1.0/$batch /users/ada@contoso.com"]);

    let last = entries(&house).await.pop().expect("entries");
    assert_eq!((last.actor.as_str(), last.role, last.status), ("siem", Some(Role::GlobalReader), Some(200)));
    assert!(last.request_id.is_some() && last.at == now() && last.actor_id.is_some());
    is_sound(&house).await;
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn who_signs_in_and_who_cannot_is_written_down(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_person("sara@contoso.com", Role::GlobalAdministrator).await;
    let try_it = async |name: &str, password: &str| {
        house.post("/sign-in", &[], &[("user_name", name), ("password", password)]).await
    };
    try_it("SARA@contoso.com", "wrong").await;
    try_it("my password in the wrong field", "x").await;
    let signed_in = try_it("sara@contoso.com", PASSWORD).await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER);
    let form = [("user_name", "sara@contoso.com"), ("password", PASSWORD)];
    house.sign_in_by_form(&[], &form).await;
    let cookie = house.sign_in_by_form(&[], &form).await.cookie().expect("a session");
    house.post("/sign-out", &[("cookie", &cookie)], &[]).await;
    assert_eq!(
        written(&house, 0).await,
        [
            "nobody sign_in refused /sign-in?user_name=sara%40contoso.com&factor=password",
            "nobody sign_in refused /sign-in",
            "nobody sign_in allowed /sign-in?user_name=sara%40contoso.com&factor=password",
            "nobody sign_in allowed /sign-in?user_name=sara%40contoso.com&factor=password",
            "person change allowed /sign-in/set-up-second-step?user_name=sara%40contoso.com&factor=totp",
            "nobody sign_in allowed /sign-in?user_name=sara%40contoso.com&factor=password",
            "person sign_in allowed /sign-in/second-step?user_name=sara%40contoso.com&factor=totp",
            "person sign_out allowed /sign-out",
        ]
    );
}

/// Asking without a right cannot fill the log: the rest of a minute's refusals are counted in one entry.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_flood_of_refusals_is_counted(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let cookie = house.sign_in(Role::ReportsReader).await;
    for _ in 0..70 {
        assert_eq!(house.get("/api/v1/users", &[]).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(entries(&house).await.len(), 60);
    // Whoever is known has an entry of their own for each.
    house.get("/settings/people", &[("cookie", &cookie)]).await;
    assert_eq!(written(&house, 60).await, ["person view refused /settings/people"]);
    house.clock.advance(60_000);
    house.get("/api/v1/users", &[]).await;
    let [flood, next] = &written(&house, 61).await[..] else { panic!("two more entries") };
    let minute = now();
    assert_eq!(*flood, format!("nobody flood refused {minute}/{minute} 10 rows"));
    assert_eq!(next, "nobody view refused /api/v1/users");
    is_sound(&house).await;
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_download_is_written_down_when_it_begins_and_when_it_ends(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    let path = "/users.csv?population=everyone";
    let lines = house.get(path, &headers).await.text.lines().count();
    let begun = format!("person export allowed {path}");
    let ended = format!("person export_end allowed {path} {} rows", lines - 1);
    assert_eq!(written(&house, 0).await, [begun.clone(), ended.clone()]);
    for format in ["xlsx", "jsonl"] {
        let before = entries(&house).await.len();
        house.download(&path.replace("csv", format), &headers).await;
        assert_eq!(written(&house, before).await, [begun.replace("csv", format), ended.replace("csv", format)]);
    }
    let before = entries(&house).await.len();
    let unread = house.router.clone().oneshot(request(Method::GET, path, &headers, Body::empty())).await;
    assert_eq!(written(&house, before).await, [begun], "before a byte of it was read");
    drop(unread);
    let broken_off = async {
        while entries(&house).await.len() < before + 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), broken_off).await.expect("an entry");
    assert_eq!(written(&house, before + 1).await, [format!("person export_end failed {path} 0 rows")]);
    is_sound(&house).await;
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_cannot_be_written_down_does_not_go_out(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    house.run_sql("ALTER TABLE access_log RENAME TO elsewhere").await;
    for path in ["/users.csv", "/users", "/users/ada@contoso.com", "/api/v1/users", "/v1.0/users"] {
        let answer = house.get(path, &headers).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(!answer.text.to_lowercase().contains("ada"), "{path}: {}", answer.text);
        assert!(answer.text.contains("cannot be written into the access log"), "{path}: {}", answer.text);
    }
    assert_eq!(house.get("/api/v1/users", &headers).await.header("content-type"), Some("application/problem+json"));
    assert_eq!(house.get("/overview", &headers).await.status, StatusCode::OK, "nobody by name");
    assert_eq!(house.get("/api/v1/users", &[]).await.status, StatusCode::UNAUTHORIZED);
    house.run_sql("ALTER TABLE elsewhere RENAME TO access_log").await;
    assert_eq!(house.get("/users.csv", &headers).await.status, StatusCode::OK, "and it goes on");
    is_sound(&house).await;
}

/// The log goes on while the file goes out, or the file is no whole one.
#[tokio::test]
async fn a_download_whose_end_cannot_be_written_down_breaks_off() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let asked = request(Method::GET, "/users.csv", &[("cookie", &cookie)], Body::empty());
    let response = house.router.clone().oneshot(asked).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    house.run_sql("ALTER TABLE access_log RENAME TO elsewhere").await;
    let read = axum::body::to_bytes(response.into_body(), usize::MAX).await;
    assert!(read.is_err(), "half a file");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_log_is_read_by_those_who_may_see_settings(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    // What is written now belongs to a window that ends later.
    let window = "range=24h&as_of=2026-11-20T13:00:00Z";
    let mut reader = String::new();
    for role in Role::ALL {
        let cookie = house.sign_in(*role).await;
        if *role == Role::GlobalReader {
            reader.clone_from(&cookie);
        }
        let headers = [("cookie", cookie.as_str())];
        let expected = if role.may_read_settings() { StatusCode::OK } else { StatusCode::FORBIDDEN };
        for path in ["/settings/access-log", "/api/v1/settings/access-log", "/settings/access-log.csv"] {
            let answer = house.get(&format!("{path}?{window}"), &headers).await;
            assert_eq!(answer.status, expected, "{role} {path}");
        }
        let navigation = house.get("/overview", &headers).await.text;
        assert_eq!(navigation.contains("href=\"/settings/access-log\""), role.may_read_settings(), "{role}");
    }
    let headers = [("cookie", reader.as_str())];
    house.get("/users/ada@contoso.com", &headers).await;
    let page = house.get(&format!("/settings/access-log?{window}&q=ada@contoso&action=view_person"), &headers).await;
    assert!(page.text.contains("href=\"/users/ada@contoso.com\""), "{}", page.text);
    assert!(page.text.contains("Viewed a person") && page.text.contains("1 entry"), "{}", page.text);
    let refused =
        house.get(&format!("/api/v1/settings/access-log?{window}&outcome=refused&sort=at"), &headers).await.json();
    assert_eq!(refused["total"], 9);
    assert_eq!(refused["items"][0]["route"], "/settings/access-log");
    // What is looked at here is written down too.
    let last = entries(&house).await.pop().expect("entries");
    assert_eq!((last.route.as_str(), last.actor_kind), ("/api/v1/settings/access-log", ActorKind::Person));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_on_two_servers_make_one_chain(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let services = Services::open(house.database_url(), Options::default()).await.expect("a second server");
    let other = router(AppState::new(
        services,
        house.clock.clone(),
        app::pages::SiteSettings {
            organisation: "Contoso".to_owned(),
            time_zone: "UTC".to_owned(),
            language: domain::preferences::Language::English,
            is_demo: false,
            provider: None,
            stale_after: server::config::Settings::default().stale_after,
        },
        "http://127.0.0.1:3000".parse().expect("an address"),
        server::config::Settings::default().sessions,
    ));
    let asked = (0..50).map(|n| {
        let server = if n % 2 == 0 { house.router.clone() } else { other.clone() };
        let path = format!("/api/v1/users?size={}", n + 1);
        let asked = request(Method::GET, &path, &[("authorization", &token)], Body::empty());
        async move { server.oneshot(asked).await.expect("an answer").status() }
    });
    let statuses = futures::future::join_all(asked).await;
    assert!(statuses.iter().all(|status| *status == StatusCode::OK), "{statuses:?}");
    let entries = entries(&house).await;
    assert_eq!(entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), (1..=50).collect::<Vec<_>>());
    let targets: BTreeSet<_> = entries.iter().map(|entry| entry.target.clone()).collect();
    assert_eq!(targets.len(), 50, "each its own");
    let is_view = |entry: &AccessItem| (entry.action, entry.outcome) == (AccessAction::View, AccessOutcome::Allowed);
    assert!(entries.iter().all(is_view));
    is_sound(&house).await;
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn entries_are_streamed_as_lines_of_json_and_go_on_where_the_file_ends(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("access.jsonl");
    let log = || house.services.access_log(TenantId::ONLY);
    let open = async || Stream::open(log(), Sink::File(file.clone())).await.expect("it opens");
    let ids = || -> Vec<i64> {
        let text = std::fs::read_to_string(&file).expect("lines");
        let line = |line: &str| serde_json::from_str::<AccessItem>(line).expect("an entry").id;
        text.lines().filter(|line| !line.starts_with("{\"id\":99")).map(line).collect()
    };
    house.get("/users?q=%0D%0Aa%22", &headers).await;
    let mut stream = open().await;
    assert_eq!(stream.write_new().await.expect("written"), 1);
    house.get("/users", &headers).await;
    house.get("/events", &headers).await;
    assert_eq!(stream.write_new().await.expect("written"), 2);
    assert_eq!(stream.write_new().await.expect("nothing new"), 0);
    assert_eq!(ids(), [1, 2, 3]);
    // A line that broke off with the program, and another program.
    let broken = std::fs::OpenOptions::new().append(true).open(&file).map(|mut file| {
        std::io::Write::write_all(&mut file, b"{\"id\":99").expect("written");
    });
    broken.expect("the file");
    house.get("/sign-ins", &headers).await;
    assert_eq!(open().await.write_new().await.expect("written"), 1);
    assert_eq!(ids(), [1, 2, 3, 4]);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_file_of_the_background_is_written_down_as_its_list_with_its_rows(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    house.add_records().await;
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let id = house.asked(&token, "users", "population=everyone&q=contoso", "csv").await;
    assert_eq!(written(&house, 0).await, ["token change allowed /api/v1/exports"]);
    house.write_exports().await;
    for path in [format!("/exports/{id}/download"), format!("/api/v1/exports/{id}/file")] {
        let before = entries(&house).await.len();
        assert_eq!(house.get(&path, &[("authorization", &token)]).await.status, StatusCode::OK);
        let told = written(&house, before).await;
        assert_eq!(told.len(), 2, "{told:?}");
        for (entry, (begins, ends)) in told
            .iter()
            .zip([("token export allowed /users.csv?", ""), ("token export_end allowed /users.csv?", " 2 rows")])
        {
            assert!(entry.starts_with(begins) && entry.ends_with(ends) && entry.contains("q=contoso"), "{told:?}");
        }
    }
    is_sound(&house).await;
}
