//! Where a request comes from, and which address of ours it was sent to: past the proxies that are trusted.

mod forwarded;

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::uri::{Authority, Scheme};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use self::forwarded::Hop;
use crate::config::public_url::PublicUrl;
use crate::state::AppState;

/// The address of ours that the client asked, for links in answers; `https://keyroll.example.org:8443` as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientOrigin {
    pub scheme: Scheme,
    pub authority: Authority,
}

impl fmt::Display for ClientOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

/// The client's address, for whatever counts by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Puts [`ClientOrigin`] and, where the peer is known, [`ClientAddress`] on the request; and a `Host` where HTTP/2 has
/// none, so that nobody has to ask which version it is.
pub async fn put(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let hop = peer.map(|peer| Hop::read(peer, request.headers(), &state.trusted_proxies));
    let origin = origin(request.uri(), request.headers(), hop.as_ref(), &state.public_url);
    if let Some(authority) = request.uri().authority()
        && !request.headers().contains_key(header::HOST)
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        request.headers_mut().insert(header::HOST, host);
    }
    if let Some(hop) = hop {
        request.extensions_mut().insert(ClientAddress(hop.client));
    }
    request.extensions_mut().insert(origin);
    next.run(request).await
}

/// What trusted proxies say, else what the request says, else what we are called.
fn origin(uri: &Uri, headers: &HeaderMap, hop: Option<&Hop>, public_url: &PublicUrl) -> ClientOrigin {
    let asked = || {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        uri.authority().cloned().or_else(|| forwarded::authority(host?))
    };
    let ours = if public_url.is_https() { Scheme::HTTPS } else { Scheme::HTTP };
    let (scheme, authority) = hop.map_or((None, None), |hop| (hop.scheme.clone(), hop.authority.clone()));
    ClientOrigin {
        scheme: scheme.unwrap_or(ours),
        authority: authority.or_else(asked).unwrap_or_else(|| public_url.authority().clone()),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::TrustedProxies;

    use super::*;

    #[test]
    fn the_table_of_origins() {
        let proxies = TrustedProxies::try_from(vec!["10.0.0.0/8".to_owned()]).expect("a network");
        let public_url: PublicUrl = "https://keyroll.example.org".parse().expect("an address");
        let (outside, proxy) = ("192.0.2.1", "10.0.0.1");
        let (host, proto) = (("x-forwarded-host", "k.example.org:8443"), ("x-forwarded-proto", "http"));
        for (expected, peer, uri, pairs) in [
            ("https://keyroll.example.org", outside, "/", &[][..]),
            ("https://a.test:1", outside, "/", &[("host", "a.test:1")]),
            ("https://b.test", outside, "https://b.test/", &[]),
            ("https://keyroll.example.org", outside, "/", &[("host", "me@a.test")]),
            ("https://keyroll.example.org", outside, "/", &[("host", "a.test/path")]),
            ("https://a.test", outside, "/", &[("host", "a.test"), host, proto]),
            ("http://k.example.org:8443", proxy, "/", &[("host", "a.test"), host, proto]),
            ("http://a.test", proxy, "/", &[("host", "a.test"), proto]),
            ("https://a.test", proxy, "/", &[("host", "a.test"), ("x-forwarded-proto", "gopher")]),
            ("https://a.test", proxy, "/", &[("host", "a.test"), ("x-forwarded-host", "b.test/path")]),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().expect("a value"));
            }
            let hop = Hop::read(peer.parse().expect("an address"), &headers, &proxies);
            let uri = uri.parse().expect("a URI");
            assert_eq!(origin(&uri, &headers, Some(&hop), &public_url).to_string(), expected, "{peer} {uri} {pairs:?}");
        }
    }
}
