//! The same over real connections of this computer.

use std::sync::Arc;

use domain::connection::Resource;
use graph::{Client, Credential, Door as _, HttpDoor, Limiters, Tenant};
use graph_server::{CLIENT_ID, DIRECTORY, GraphServer, Kind, SECRET, World};

use crate::support::{Memory, clock, done, minutes, people, run, start};

#[tokio::test]
async fn pages_come_over_the_network() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = listener.local_addr().expect("an address").to_string();
    let root = format!("http://{host}");
    let world = World {
        users: people(300),
        events: minutes(Kind::SignIn, 40),
        page_size: 40,
        latency_ms: 0,
        ..World::default()
    };
    let server = GraphServer::new(world, &root, start());
    let serving = tokio::spawn(axum::serve(listener, server.router()).into_future());
    let tenant = Tenant::new(DIRECTORY, CLIENT_ID, &root, &root, &[host]).expect("trusted");
    let door = Arc::new(HttpDoor::new(Vec::new()).expect("a client"));
    let secret = Credential::Secret(SECRET.into());
    let client = Client::new(tenant, secret, door, &Limiters::default(), clock(&server, 0));
    for (resource, records) in [(Resource::Users, 300), (Resource::SignIns, 40)] {
        let mut memory = Memory::default();
        assert_eq!(run(&client, resource, &mut memory).await, done(), "{resource}");
        assert_eq!(memory.records.len(), records);
    }
    serving.abort();
}

/// Whoever answers with another address is not followed there: the address and the token stay where they are.
#[tokio::test]
async fn a_redirect_is_an_answer() {
    let elsewhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let moved = format!("http://{}/latest/meta-data", elsewhere.local_addr().expect("an address"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url: url::Url =
        format!("http://{}/v1.0/users", listener.local_addr().expect("an address")).parse().expect("one");
    let target = moved.clone();
    let answer = move || async move { (axum::http::StatusCode::TEMPORARY_REDIRECT, [("location", target)]) };
    let serving = tokio::spawn(axum::serve(listener, axum::Router::new().fallback(answer)).into_future());
    let door = HttpDoor::new(Vec::new()).expect("a client");
    let got = door.get(url.clone(), http::HeaderMap::new()).await.expect("an answer");
    assert_eq!((got.status, got.headers["location"].to_str().ok()), (307, Some(moved.as_str())));
    assert_eq!(door.post_token(url, "client_secret=x".to_owned()).await.expect("an answer").status, 307);
    let asked = futures::FutureExt::now_or_never(elsewhere.accept());
    assert!(asked.is_none(), "nobody came");
    serving.abort();
}
