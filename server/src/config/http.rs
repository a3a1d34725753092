//! `[http]`: where the program listens and what it is called from outside.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

use super::TrustedProxies;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    pub listen: SocketAddr,
    /// The address in people's browsers; absent: the address listened on.
    pub public_url: Option<String>,
    /// The certificate with those between it and its authority, as PEM; absent: plain http.
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key, as PEM.
    pub tls_key: Option<PathBuf>,
    /// Addresses and networks whose `X-Forwarded-…` headers are believed.
    pub trusted_proxies: TrustedProxies,
}

impl Default for Http {
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 3000));
        Self { listen, public_url: None, tls_cert: None, tls_key: None, trusted_proxies: TrustedProxies::default() }
    }
}
