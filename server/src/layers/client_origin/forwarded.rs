//! `X-Forwarded-For`, `-Proto` and `-Host`, as far as whoever wrote them is trusted.
//!
//! The standard's `Forwarded` is not read: a proxy writes one of the two and lets the other through as the client sent it,
//! so that to believe both is to believe the client.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use axum::http::uri::{Authority, Scheme};

use crate::config::TrustedProxies;

/// What is believed of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The nearest address that is no trusted proxy.
    pub client: IpAddr,
    /// As the proxy saw it that the client came to.
    pub scheme: Option<Scheme>,
    pub authority: Option<Authority>,
}

impl Hop {
    /// Each proxy writes at the end whom it saw: lists are read from there, for as long as the writer is trusted.
    pub fn read(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> Self {
        let mut hop = Self { client: peer.to_canonical(), scheme: None, authority: None };
        if !trusted.contains(peer) {
            return hop;
        }
        // The place, from the end, of what the proxy wrote that the client came to.
        let mut place = 0;
        for text in values(headers, "x-forwarded-for") {
            let Some(address) = address(text) else { break };
            hop.client = address;
            if !trusted.contains(address) {
                break;
            }
            place += 1;
        }
        hop.scheme = value_at(headers, "x-forwarded-proto", place).and_then(scheme);
        hop.authority = value_at(headers, "x-forwarded-host", place).and_then(authority);
        hop
    }
}

/// The values of a list that may go on over several lines, the last one first. What is no text is empty.
fn values<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    let lines: Vec<&str> = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default()).collect();
    lines.into_iter().rev().flat_map(|line| line.rsplit(',').map(str::trim))
}

/// The value at a place from the end. Proxies that pass on what was there write no list: the first value is then theirs.
fn value_at<'a>(headers: &'a HeaderMap, name: &'static str, place: usize) -> Option<&'a str> {
    values(headers, name).take(place + 1).last()
}

/// An address, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    bare.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

fn scheme(text: &str) -> Option<Scheme> {
    [Scheme::HTTPS, Scheme::HTTP].into_iter().find(|scheme| text.eq_ignore_ascii_case(scheme.as_str()))
}

/// A host, with a port or without, and nothing else.
pub fn authority(text: &str) -> Option<Authority> {
    text.parse().ok().filter(|authority: &Authority| !authority.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn trusted() -> TrustedProxies {
        let networks = ["10.0.0.0/8", "192.0.2.7", "2001:db8:1::/48"].map(str::to_owned);
        TrustedProxies::try_from(networks.to_vec()).expect("networks")
    }

    fn read(peer: &str, lines: &[(&'static str, &str)]) -> Hop {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("a value"));
        }
        Hop::read(peer.parse().expect("an address"), &headers, &trusted())
    }

    #[test]
    fn the_table_of_clients() {
        let client = "198.51.100.9";
        for (expected, peer, lines) in [
            ("203.0.113.1", "203.0.113.1", &[client][..]),
            ("192.0.2.8", "192.0.2.8", &[client]),
            ("10.0.0.1", "10.0.0.1", &[]),
            (client, "10.0.0.1", &[client]),
            (client, "192.0.2.7", &[client]),
            (client, "::ffff:10.0.0.1", &[client]),
            (client, "2001:db8:1::1", &["  198.51.100.9 "]),
            ("2001:db8:2::1", "10.0.0.1", &["[2001:db8:2::1]:443"]),
            ("2001:db8:2::1", "10.0.0.1", &["[2001:db8:2::1]"]),
            (client, "10.0.0.1", &["198.51.100.9:51000"]),
            (client, "10.0.0.1", &["::ffff:198.51.100.9"]),
            // What the client wrote itself stands before.
            (client, "10.0.0.1", &["203.0.113.1, 198.51.100.9"]),
            (client, "10.0.0.1", &["10.0.0.3, 198.51.100.9, 10.0.0.2"]),
            (client, "10.0.0.1", &["203.0.113.1", "198.51.100.9,10.0.0.3", "10.0.0.2"]),
            // Somebody inside.
            ("10.0.0.3", "10.0.0.1", &["10.0.0.3, 10.0.0.2"]),
            // Nothing is believed beyond what makes no sense.
            ("10.0.0.1", "10.0.0.1", &["198.51.100.9, unknown"]),
            ("10.0.0.2", "10.0.0.1", &["198.51.100.9, , 10.0.0.2"]),
            ("10.0.0.1", "10.0.0.1", &["198.51.100.9;10.0.0.2"]),
        ] {
            let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            assert_eq!(read(peer, &lines).client.to_string(), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn scheme_and_host_are_those_of_the_proxy_that_the_client_came_to() {
        let chain = ("x-forwarded-for", "198.51.100.9, 10.0.0.2");
        for (expected, lines) in [
            ((None, None), &[chain][..]),
            ((Some("https"), Some("k.test")), &[("x-forwarded-proto", "HTTPS"), ("x-forwarded-host", "k.test")]),
            // The last word is the peer's, about a proxy of its own.
            (
                (Some("https"), Some("k.test")),
                &[chain, ("x-forwarded-proto", "https, http"), ("x-forwarded-host", "k.test, inside.test")],
            ),
            // The client's own words stand before those.
            (
                (Some("http"), Some("k.test:81")),
                &[
                    chain,
                    ("x-forwarded-proto", "https, http, http"),
                    ("x-forwarded-host", "evil.test, k.test:81, inside.test"),
                ],
            ),
            ((Some("https"), None), &[("x-forwarded-proto", "http,https"), ("x-forwarded-host", "k.test/?")]),
            ((None, None), &[("x-forwarded-proto", ""), ("x-forwarded-host", "me@k.test")]),
        ] {
            let hop = read("10.0.0.1", lines);
            let (scheme, authority) = expected;
            assert_eq!(hop.scheme.as_ref().map(Scheme::as_str), scheme, "{lines:?}");
            assert_eq!(hop.authority.as_ref().map(Authority::as_str), authority, "{lines:?}");
            let stranger = read("203.0.113.1", lines);
            assert_eq!((stranger.scheme, stranger.authority), (None, None), "{lines:?}");
        }
    }

    proptest! {
        #[test]
        fn a_client_cannot_choose_its_address(
            own_words in "[ -~]{0,40}",
            client in any::<u32>(),
            proxies in prop::collection::vec(any::<[u8; 3]>(), 0..4),
        ) {
            let client = IpAddr::from(client.to_be_bytes());
            prop_assume!(!trusted().contains(client));
            let mut list = format!("{own_words}, {client}");
            for [a, b, c] in proxies {
                list.push_str(&format!(", 10.{a}.{b}.{c}"));
            }
            prop_assert_eq!(read("10.0.0.1", &[("x-forwarded-for", &list)]).client, client);
            prop_assert_eq!(read(&client.to_string(), &[("x-forwarded-for", &own_words)]).client, client);
        }
    }
}
