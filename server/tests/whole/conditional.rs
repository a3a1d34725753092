//! Conditional requests of the API: a tag on everything that is read, 304 for whoever has it already, another tag
//! whenever the answer is another.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::instant::DAY_MS;
use domain::role::Role;
use rstest::rstest;
use store::TokenScope;

use crate::house::{Answer, Engine, House, request, user};
use crate::records::SIGN_IN;

/// Lists, reports and single items; the person and the import are among the records.
const READ: &[&str] = &[
    "/api/v1/openapi.json",
    "/api/v1/overview",
    "/api/v1/overview/trend",
    "/api/v1/sms-and-voice",
    "/api/v1/users",
    "/api/v1/users?size=1&columns=user_name",
    "/api/v1/users/ada@contoso.com",
    "/api/v1/events",
    "/api/v1/usage",
    "/api/v1/usage/users",
    "/api/v1/sign-ins",
    "/api/v1/mfa/activity/summary",
    "/api/v1/reasons",
    "/api/v1/data/1",
    "/api/v1/views",
    "/api/v1/settings/people",
    "/api/v1/settings/retention",
];

struct Asker {
    house: House,
    token: String,
}

impl Asker {
    async fn open(engine: Engine) -> Option<Self> {
        let house = House::open(engine).await?;
        house.add_all_records().await;
        let token = house.token("t", TokenScope::Role(Role::GlobalAdministrator)).await;
        Some(Self { house, token })
    }

    /// With what the program has already, where it says so.
    async fn ask(&self, method: Method, path: &str, known: Option<&str>) -> Answer {
        let mut headers = vec![("authorization", self.token.as_str())];
        headers.extend(known.map(|known| ("if-none-match", known)));
        self.house.send(request(method, path, &headers, Body::empty())).await
    }

    async fn tag(&self, path: &str) -> String {
        let answer = self.ask(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.header("etag").unwrap_or_else(|| panic!("{path} has a tag")).to_owned()
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn whoever_has_it_already_is_sent_nothing(#[case] engine: Engine) {
    let Some(asker) = Asker::open(engine).await else { return };
    for path in READ {
        let tag = asker.tag(path).await;
        assert!(tag.starts_with("W/\"") && tag.ends_with('"'), "{path}: {tag}");
        let strong = tag.trim_start_matches("W/").to_owned();
        for known in [&tag, &strong, &format!("\"other\", {tag}"), "*"] {
            for method in [Method::GET, Method::HEAD] {
                let same = asker.ask(method.clone(), path, Some(known)).await;
                assert_eq!(same.status, StatusCode::NOT_MODIFIED, "{method} {path} {known}");
                assert_eq!(same.text, "", "{method} {path}");
                assert_eq!(same.header("etag"), Some(tag.as_str()), "{method} {path}");
                assert_eq!(same.header("content-type"), None, "{method} {path}");
                assert!(same.header("vary").is_some_and(|vary| vary.contains("accept-encoding")), "{method} {path}");
            }
        }
        let other = asker.ask(Method::GET, path, Some("W/\"other\"")).await;
        assert_eq!(other.status, StatusCode::OK, "{path}");
        assert!(!other.text.is_empty(), "{path}");
        let head = asker.ask(Method::HEAD, path, None).await;
        assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""), "{path}");
        assert_eq!(head.header("etag"), Some(tag.as_str()), "HEAD {path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn another_answer_has_another_tag(#[case] engine: Engine) {
    let Some(asker) = Asker::open(engine).await else { return };
    let paths = [
        "/api/v1/overview?range=7d",
        "/api/v1/overview?range=24h&compare=previous",
        "/api/v1/overview/trend?range=24h",
        "/api/v1/sms-and-voice",
        "/api/v1/users",
        "/api/v1/users?size=1",
        "/api/v1/data",
    ];
    // What is said to have changed since the window's beginning has its instant too; no record lies at an end of it.
    asker.house.clock.advance(2 * DAY_MS - 1_234_567);
    let token = asker.house.token("later", TokenScope::Role(Role::GlobalAdministrator)).await;
    let asker = Asker { token, ..asker };
    assert!(asker.ask(Method::GET, paths[1], None).await.json()["change"].is_object());
    let mut before = Vec::new();
    for path in paths {
        before.push(asker.tag(path).await);
    }
    asker.house.clock.advance(1_000);
    for (path, before) in paths.iter().zip(&before) {
        let later = asker.ask(Method::GET, path, Some(before)).await;
        assert_eq!(later.status, StatusCode::NOT_MODIFIED, "{path}: only the time is another");
    }
    let carol = user("00000000-0000-0000-0000-000000000003", "carol@contoso.com", "Carol", true);
    asker.house.apply(vec![carol]).await;
    for (path, before) in paths.iter().zip(&before) {
        let later = asker.ask(Method::GET, path, Some(before)).await;
        assert_eq!(later.status, StatusCode::OK, "{path}: somebody has come");
        assert_ne!(later.header("etag"), Some(before.as_str()), "{path}");
    }
    // What leaves the window changes figures without any import.
    let usage = asker.tag("/api/v1/usage?range=24h").await;
    asker.house.clock.advance(40 * DAY_MS);
    let token = asker.house.token("much-later", TokenScope::Role(Role::GlobalAdministrator)).await;
    let later = Asker { token, ..asker };
    assert_ne!(later.tag("/api/v1/usage?range=24h").await, usage);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn who_sees_less_has_another_tag(#[case] engine: Engine) {
    let Some(asker) = Asker::open(engine).await else { return };
    let less = asker.house.token("less", TokenScope::Role(Role::ReportsReader)).await;
    for path in ["/api/v1/sign-ins".to_owned(), format!("/api/v1/sign-ins/{SIGN_IN}")] {
        let tag = asker.tag(&path).await;
        let headers = [("authorization", less.as_str()), ("if-none-match", tag.as_str())];
        let answer = asker.house.get(&path, &headers).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_ne!(answer.header("etag"), Some(tag.as_str()), "{path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn refusals_and_changes_have_none(#[case] engine: Engine) {
    let Some(asker) = Asker::open(engine).await else { return };
    for (path, status) in [
        ("/api/v1/users?registered=maybe", StatusCode::BAD_REQUEST),
        ("/api/v1/users/nobody@contoso.com", StatusCode::NOT_FOUND),
        ("/api/v1/nothing", StatusCode::NOT_FOUND),
    ] {
        let refused = asker.ask(Method::GET, path, Some("*")).await;
        assert_eq!((refused.status, refused.header("etag")), (status, None), "{path}");
        assert_eq!(refused.header("cache-control"), Some("no-store"), "{path}");
    }
    let nobody = asker.house.get("/api/v1/users", &[("if-none-match", "*")]).await;
    assert_eq!((nobody.status, nobody.header("etag")), (StatusCode::UNAUTHORIZED, None));
    let changed = asker.ask(Method::POST, "/api/v1/users", Some("*")).await;
    assert_eq!((changed.status, changed.header("etag")), (StatusCode::METHOD_NOT_ALLOWED, None));
}

#[tokio::test]
async fn programs_may_keep_it_and_browsers_may_not() {
    let asker = Asker::open(Engine::Sqlite).await.expect("SQLite is always there");
    let cookie = asker.house.sign_in(Role::GlobalReader).await;
    let by_program = asker.ask(Method::GET, "/api/v1/users", None).await;
    let by_person = asker.house.get("/api/v1/users", &[("cookie", &cookie)]).await;
    assert_eq!(by_program.header("cache-control"), Some("private, no-cache"));
    assert_eq!(by_person.header("cache-control"), Some("no-store"));
    for answer in [&by_program, &by_person] {
        assert_eq!(answer.header("vary"), Some("authorization, cookie, accept-encoding"));
    }
    let open = asker.house.get("/api/v1/openapi.json", &[]).await;
    assert_eq!(open.header("cache-control"), Some("no-cache"));
}

#[tokio::test]
async fn compressed_it_is_the_same_answer() {
    let asker = Asker::open(Engine::Sqlite).await.expect("SQLite is always there");
    let tag = asker.tag("/api/v1/users").await;
    let headers = [("authorization", asker.token.as_str()), ("accept-encoding", "gzip")];
    let small = asker.house.download("/api/v1/users", &headers).await;
    assert_eq!(small.headers["content-encoding"], "gzip");
    assert_eq!(small.headers["etag"], tag.as_str());
    assert_eq!(small.headers.get_all("vary").iter().count(), 1);
    let again = [("accept-encoding", "gzip"), ("authorization", &asker.token), ("if-none-match", &tag)];
    let same = asker.house.download("/api/v1/users", &again).await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
    assert!(same.bytes.is_empty() && same.headers.get("content-encoding").is_none());
}
