//! Refuses requests that change something and come from another site. One rule, no hidden form tokens.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::auth::identify::bearer;
use crate::config::public_url::PublicUrl;
use crate::state::AppState;

/// Lets a request through that reads, or that our own pages sent.
pub async fn enforce(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if is_allowed(request.method(), request.headers(), &state.public_url) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "This request came from another site.\n").into_response()
}

/// The rule: an unsafe method needs `Sec-Fetch-Site: same-origin` or `none`; without that header, our own `Origin`.
///
/// A bearer token without a cookie is let through: no browser adds one by itself.
#[must_use]
pub fn is_allowed(method: &Method, headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    if method.is_safe() || (bearer(headers).is_some() && !headers.contains_key(header::COOKIE)) {
        return true;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return false };
    public_url.is_origin(origin) || is_own_host(origin, text("host"), public_url)
}

/// Where the browser used another of the host's names: the origin must be the very host the request went to.
fn is_own_host(origin: &str, host: Option<&str>, public_url: &PublicUrl) -> bool {
    let scheme = if public_url.is_https() { "https://" } else { "http://" };
    match (origin.strip_prefix(scheme), host) {
        (Some(origin_host), Some(host)) => origin_host.eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://keyroll.example.org";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("name"), value.parse().expect("value"))).collect()
    }

    #[test]
    fn the_table_of_origins() {
        let public_url = ORIGIN.parse().expect("an address");
        for (allowed, pairs) in [
            (true, &[("sec-fetch-site", "same-origin")][..]),
            (true, &[("sec-fetch-site", "none")]),
            (false, &[("sec-fetch-site", "same-site")]),
            (false, &[("sec-fetch-site", "cross-site")]),
            (false, &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)]),
            (false, &[("sec-fetch-site", "SAME-ORIGIN")]),
            (true, &[("origin", ORIGIN)]),
            (false, &[("origin", "https://keyroll.example.org.evil.test")]),
            (false, &[("origin", "http://keyroll.example.org")]),
            (false, &[("origin", "null")]),
            (true, &[("origin", "https://other.test"), ("host", "other.test")]),
            (false, &[("origin", "https://other.test"), ("host", "keyroll.example.org")]),
            (false, &[]),
            (false, &[("cookie", "__Host-session=x")]),
            (true, &[("authorization", "Bearer kr_x")]),
            (false, &[("authorization", "Bearer kr_x"), ("cookie", "a=b")]),
            (false, &[("authorization", "Basic eDp5")]),
        ] {
            assert_eq!(is_allowed(&Method::POST, &headers(pairs), &public_url), allowed, "{pairs:?}");
            assert!(is_allowed(&Method::GET, &headers(pairs), &public_url), "reading is free: {pairs:?}");
        }
    }
}
