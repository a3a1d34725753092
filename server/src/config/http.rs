//! `[http]`: where the program listens and what it is called from outside.

use std::net::{Ipv4Addr, SocketAddr};

use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    pub listen: SocketAddr,
    /// The address in people's browsers; absent: the address listened on.
    pub public_url: Option<String>,
}

impl Default for Http {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)), public_url: None }
    }
}
