//! `GET /live`: who is told that figures have changed, and until when.

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::instant::{DAY_MS, MINUTE_MS};
use domain::role::Role;
use domain::viewer::TenantId;
use futures::StreamExt as _;
use rstest::rstest;
use store::{NewImport, Options, Services, TokenScope};
use tower::ServiceExt as _;

use crate::house::{Engine, House, event, request, user};

/// The events of a stream, one after the other.
struct Events {
    body: BodyDataStream,
    read: String,
}

impl Events {
    async fn open(house: &House, headers: &[(&str, &str)]) -> Self {
        let response = answer(house, headers).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(response.headers().get("content-encoding").is_none(), "what is compressed waits for more");
        Self { body: response.into_body().into_data_stream(), read: String::new() }
    }

    /// Name and data of the next event; comments are passed over. `None`: the stream has ended.
    async fn next(&mut self) -> Option<(String, String)> {
        loop {
            while let Some((event, rest)) = self.read.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                let (name, data) = (field("event: "), field("data: "));
                self.read = rest.to_owned();
                if let (Some(name), Some(data)) = (name, data) {
                    return Some((name, data));
                }
            }
            let part = self.body.next().await?.expect("the stream goes on");
            self.read += std::str::from_utf8(&part).expect("UTF-8");
        }
    }

    async fn number(&mut self) -> i64 {
        let (name, data) = self.next().await.expect("an event");
        assert_eq!(name, "number", "{data}");
        data.parse().expect("a number")
    }
}

async fn answer(house: &House, headers: &[(&str, &str)]) -> Response {
    house.router.clone().oneshot(request(Method::GET, "/live", headers, Body::empty())).await.expect("an answer")
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn viewers_are_told_of_every_change_by_whichever_process(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let session = house.sign_in(Role::ReportsReader).await;
    let cookie = [("cookie", session.as_str())];
    let mut events = Events::open(&house, &cookie).await;
    let first = events.number().await;
    house.add_records().await;
    let second = events.number().await;
    assert!(second > first);
    let page = house.get("/overview", &cookie).await.text;
    let number = page.split("data-number=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("its number");
    assert!(number.parse::<i64>().expect("a number") >= second, "the page says of which data it is: {number}");
    assert!(page.contains("Updated 12:00:00"), "{page}");

    let another = Services::open(house.database_url(), Options::default()).await.expect("another process");
    let (_, operator, _) = another.console(TenantId::ONLY);
    let new = NewImport { file_name: "elsewhere".to_owned(), sha256: [8; 32], now: house.clock.now() };
    operator.begin_import(new).await.expect("begun");
    assert!(events.number().await > second);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_stream_ends_with_the_session_and_does_not_prolong_it(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let session = house.sign_in(Role::ReportsReader).await;
    let cookie = [("cookie", session.as_str())];
    let mut events = Events::open(&house, &cookie).await;
    events.number().await;
    house.clock.advance(DAY_MS - MINUTE_MS);
    house.add_records().await;
    events.number().await;
    let refresh = [("cookie", session.as_str()), ("keyroll-refresh", "1")];
    assert_eq!(house.get("/overview", &refresh).await.status, StatusCode::OK);
    house.clock.advance(MINUTE_MS);
    house.apply(vec![event("00000000-0000-0000-0000-000000000002", "bo@contoso.com")]).await;
    assert_eq!(events.next().await, Some(("ended".to_owned(), "session".to_owned())));
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_stream_ends_when_its_viewer_has_another_role() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let session = house.sign_in(Role::SecurityReader).await;
    let mut events = Events::open(&house, &[("cookie", &session)]).await;
    events.number().await;
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    admin.set_role("security-reader", Role::ReportsReader).await.expect("a change");
    house.apply(vec![user("00000000-0000-0000-0000-000000000003", "cy@contoso.com", "Cy", true)]).await;
    assert_eq!(events.next().await.map(|(name, _)| name).as_deref(), Some("ended"));
}

#[tokio::test]
async fn nobody_else_is_told() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let sender = house.token("push", TokenScope::Ingest).await;
    for headers in [&[][..], &[("cookie", "keyroll_session=none")], &[("authorization", sender.as_str())]] {
        let mut events = Events::open(&house, headers).await;
        assert_eq!(events.next().await, Some(("ended".to_owned(), "session".to_owned())));
        assert_eq!(events.next().await, None);
    }
}
