//! The address people reach the program at: makes links, the cookie's name, and what counts as the same origin.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::Uri;
use axum::http::uri::{Authority, Scheme};

/// Scheme, host and port; no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    is_https: bool,
    authority: Authority,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address such as https://keyroll.example.org: scheme, host and port, no path")]
pub struct NotAPublicUrl(String);

impl FromStr for PublicUrl {
    type Err = NotAPublicUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAPublicUrl(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let is_https = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(wrong()),
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(wrong)?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(wrong());
        }
        Ok(Self { is_https, authority: authority.clone() })
    }
}

impl PublicUrl {
    /// The address the program listens on.
    ///
    /// # Errors
    /// Never for an address that can be listened on.
    pub fn of_listener(listen: SocketAddr, is_https: bool) -> Result<Self, NotAPublicUrl> {
        let scheme = if is_https { "https" } else { "http" };
        format!("{scheme}://{listen}").parse()
    }

    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// Host and port.
    #[must_use]
    pub const fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The name that passkeys are bound to; `None` for an IP address, which no passkey can be bound to.
    #[must_use]
    pub fn passkey_name(&self) -> Option<&str> {
        let host = self.authority.host();
        let is_name = !host.starts_with('[') && host.parse::<IpAddr>().is_err();
        is_name.then_some(host)
    }

    /// Whether only this computer can reach the address.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.authority.host();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether an `Origin` header names this address.
    #[must_use]
    pub fn is_origin(&self, origin: &str) -> bool {
        origin.eq_ignore_ascii_case(&self.to_string())
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_path() {
        let url: PublicUrl = "https://keyroll.example.org/".parse().expect("an address");
        assert_eq!(url.to_string(), "https://keyroll.example.org");
        assert!(url.is_https() && !url.is_loopback());
        for wrong in ["keyroll.example.org", "ftp://a", "https://a/b", "https://a/?b", "https://me@a", ""] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn passkeys_are_bound_to_names() {
        let name = |url: &str| url.parse::<PublicUrl>().expect("an address").passkey_name().map(str::to_owned);
        assert_eq!(name("https://keyroll.example.org:8443").as_deref(), Some("keyroll.example.org"));
        assert_eq!(name("http://localhost:3000").as_deref(), Some("localhost"));
        for address in ["http://127.0.0.1:3000", "http://[::1]:3000", "https://192.0.2.7"] {
            assert_eq!(name(address), None, "{address}");
        }
    }

    #[test]
    fn loopback_is_told() {
        for url in ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000"] {
            assert!(url.parse::<PublicUrl>().expect("an address").is_loopback(), "{url}");
        }
        assert!(!"http://localhost.example.org".parse::<PublicUrl>().expect("an address").is_loopback());
    }
}
