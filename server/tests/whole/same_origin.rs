//! No other site can make a browser post here.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;

use crate::house::{Engine, House, request};

/// Every route that takes a post.
const POSTS: &[&str] = &[
    "/sign-in",
    "/sign-in/demo",
    "/sign-out",
    "/setup",
    "/preferences",
    "/preferences/password",
    "/views",
    "/views/1/rename",
    "/views/1/delete",
    "/mfa/notes",
    "/api/v1/views",
    "/api/v1/mfa/notes",
    "/api/v1/mfa/servers",
];

#[tokio::test]
async fn posts_of_other_sites_are_refused_before_anything_happens() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let cookie = house.sign_in(Role::GlobalAdministrator).await;
    for path in POSTS {
        for header in [
            Some(("sec-fetch-site", "cross-site")),
            Some(("sec-fetch-site", "same-site")),
            Some(("origin", "https://evil.test")),
            Some(("origin", "null")),
            None,
        ] {
            let mut headers = vec![("cookie", cookie.as_str())];
            headers.extend(header);
            for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"] {
                let headers = [&headers[..], &[("content-type", kind)]].concat();
                let answer = house.send(request(Method::POST, path, &headers, Body::from("a=b"))).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {header:?} {kind}");
                assert_eq!(answer.header("set-cookie"), None, "{path}");
            }
        }
    }
    let still = house.get("/api/v1/data", &[("cookie", &cookie)]).await;
    assert_eq!(still.status, StatusCode::OK, "nobody was signed out");
}

#[tokio::test]
async fn our_own_pages_may_post() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    for header in [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", "http://127.0.0.1:3000")] {
        let answer = house.send(request(Method::POST, "/sign-out", &[header], Body::empty())).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{header:?}");
    }
}
