//! Behind a proxy: whose address counts, and whose word is taken for it.

use std::net::SocketAddr;
use std::process::Stdio;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, StatusCode};
use server::auth::limiter::TRIES_PER_NAME;
use server::config::TrustedProxies;

use crate::cli::Console;
use crate::house::{Engine, House, request};
use crate::served::Server;

const PROXY: &str = "10.0.0.1";

fn proxies(network: &str) -> TrustedProxies {
    TrustedProxies::try_from(vec![network.to_owned()]).expect("a network")
}

/// Tries a wrong password: from a peer that says it speaks for others.
async fn try_from(house: &House, peer: &str, forwarded_for: &str) -> StatusCode {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-for", forwarded_for),
    ];
    let mut request = request(Method::POST, "/sign-in", &headers, Body::from("user_name=ada&password=wrong"));
    let peer = SocketAddr::new(peer.parse().expect("an address"), 50_000);
    request.extensions_mut().insert(ConnectInfo(peer));
    house.send(request).await.status
}

#[tokio::test]
async fn who_guesses_is_told_apart_behind_a_proxy() {
    let house = House::open_behind(Engine::Sqlite, proxies("10.0.0.0/8")).await.expect("SQLite is always there");
    for n in 0..TRIES_PER_NAME {
        // What the client writes itself changes nothing, nor does another proxy on the way.
        let list = format!("192.0.2.{n}, 198.51.100.9, 10.0.0.{}", 2 + n);
        assert_eq!(try_from(&house, PROXY, &list).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(try_from(&house, PROXY, "198.51.100.9").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(try_from(&house, "198.51.100.9", "").await, StatusCode::TOO_MANY_REQUESTS, "the same without the proxy");
    assert_eq!(try_from(&house, PROXY, "198.51.100.10").await, StatusCode::UNAUTHORIZED, "somebody else");
}

#[tokio::test]
async fn nobody_else_is_believed() {
    for house in [House::open(Engine::Sqlite).await, House::open_behind(Engine::Sqlite, proxies("10.0.0.2")).await] {
        let house = house.expect("SQLite is always there");
        for n in 0..TRIES_PER_NAME {
            assert_eq!(try_from(&house, PROXY, &format!("192.0.2.{n}")).await, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(try_from(&house, PROXY, "192.0.2.99").await, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn a_proxy_that_nobody_is_told_of_is_noticed() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    let mut server = Server::start_with(&console, &["--public-url", "https://keyroll.example.org"]);
    let line = server.logged("no trusted_proxies");
    assert!(line.contains("WARN"), "{line}");

    let mut command =
        console.command(&["serve", "--listen", "127.0.0.1:0", "--public-url", "https://keyroll.example.org"]);
    command.env("KEYROLL_HTTP_TRUSTED_PROXIES", "127.0.0.1").stderr(Stdio::piped());
    let mut server = Server::spawn(&mut command);
    server.signal("KILL");
    let (_, log) = server.ended();
    assert!(!log.contains("trusted_proxies"), "{log}");
}
