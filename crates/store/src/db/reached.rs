//! How a Postgres is reached: one that is not on this computer has to prove who it is.

use std::net::IpAddr;
use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::redacted;
use crate::StoreError;

/// What is demanded of a Postgres on another computer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PostgresTls {
    /// TLS, and a certificate of an authority that is trusted, for the host's name.
    #[default]
    Verified,
    /// What its address asks for, also where that is less.
    AsAsked,
}

/// Parts of an address that say how sure one wants to be.
const MODE: [&str; 2] = ["sslmode", "ssl-mode"];

/// What an address says, and what is demanded where it says nothing.
pub(super) fn options(url: &str, tls: PostgresTls) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::Address(redacted(url)))?;
    if is_here(&options) {
        return Ok(options);
    }
    if !says_mode(url) {
        return Ok(options.ssl_mode(PgSslMode::VerifyFull));
    }
    match (options.get_ssl_mode(), tls) {
        (PgSslMode::VerifyFull, _) | (_, PostgresTls::AsAsked) => Ok(options),
        _ => Err(StoreError::Unverified { host: options.get_host().to_owned() }),
    }
}

/// What goes there never leaves this computer.
fn is_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// The environment (`PGSSLMODE`) is not asked: it would be easy to overlook.
fn says_mode(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    query.split('&').any(|part| MODE.contains(&part.split('=').next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    /// The mode that is used; `None` where it is refused.
    fn used(url: &str, tls: PostgresTls) -> Option<PgSslMode> {
        match options(url, tls) {
            Ok(options) => Some(options.get_ssl_mode()),
            Err(StoreError::Unverified { .. }) => None,
            Err(error) => panic!("{url}: {error}"),
        }
    }

    fn is_full(mode: Option<PgSslMode>) -> bool {
        matches!(mode, Some(PgSslMode::VerifyFull))
    }

    const ELSEWHERE: [&str; 8] = [
        "postgres://keyroll:secret@db.example.org/keyroll",
        "postgresql://keyroll@10.0.0.5:5433/keyroll",
        "postgres://keyroll@[2001:db8::1]/keyroll",
        "postgres://keyroll@0.0.0.0/keyroll",
        "postgres://keyroll@localhost.example.org/keyroll",
        "postgres://keyroll@127.0.0.1.example.org/keyroll",
        "postgres://keyroll@127.0.0.1/keyroll?host=db.example.org",
        "postgres://keyroll@127.0.0.1/keyroll?hostaddr=192.0.2.1",
    ];

    fn with_mode(url: &str, name: &str, mode: &str) -> String {
        format!("{url}{}{name}={mode}", if url.contains('?') { '&' } else { '?' })
    }

    #[test]
    fn another_computer_proves_who_it_is() {
        for url in ELSEWHERE {
            for tls in [PostgresTls::Verified, PostgresTls::AsAsked] {
                assert!(is_full(used(url, tls)), "{url}: nothing is said");
                let hidden = with_mode(url, "application_name", "sslmode");
                assert!(is_full(used(&hidden, tls)), "{hidden}");
                // The driver reads it, and it is not what is looked for: so it counts as unsaid.
                let encoded = with_mode(url, "ssl%6Dode", "disable");
                assert!(is_full(used(&encoded, tls)), "{encoded}");
            }
            for (name, mode) in MODE.iter().flat_map(|name| ALL.map(|mode| (name, mode))) {
                let said = with_mode(url, name, mode);
                assert_eq!(is_full(used(&said, PostgresTls::Verified)), mode == "verify-full", "{said}");
                assert_eq!(used(&said, PostgresTls::Verified).is_none(), mode != "verify-full", "{said}");
                assert_eq!(is_full(used(&said, PostgresTls::AsAsked)), mode == "verify-full", "{said}");
                assert!(used(&said, PostgresTls::AsAsked).is_some(), "{said}");
            }
        }
    }

    #[test]
    fn this_computer_is_asked_as_the_address_says() {
        for url in [
            "postgres://keyroll@127.0.0.1:5500/keyroll",
            "postgres://keyroll@127.9.9.9/keyroll",
            "postgres://keyroll@localhost/keyroll",
            "postgres://keyroll@LOCALHOST/keyroll",
            "postgres://keyroll@[::1]/keyroll",
            "postgres://keyroll@[::ffff:127.0.0.1]/keyroll",
            "postgres://keyroll@%2Fvar%2Frun%2Fpostgresql/keyroll",
            "postgres:///keyroll?host=/var/run/postgresql",
        ] {
            for mode in ALL {
                let said = with_mode(url, "sslmode", mode);
                assert_eq!(is_full(used(&said, PostgresTls::Verified)), mode == "verify-full", "{said}");
            }
            assert!(used(url, PostgresTls::Verified).is_some() && !is_full(used(url, PostgresTls::Verified)), "{url}");
        }
    }
}
