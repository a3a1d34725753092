//! `trusted_proxies`: whose word is taken for where a request comes from.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;

/// Addresses and networks of proxies; nobody where there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct TrustedProxies(Vec<IpNet>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an address such as 192.0.2.1 nor a network such as 10.0.0.0/8")]
pub struct NotANetwork(String);

impl TrustedProxies {
    /// Whether nobody is believed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them has this address. An IPv4 address is one in the clothes of IPv6, too.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl TryFrom<Vec<String>> for TrustedProxies {
    type Error = NotANetwork;

    fn try_from(texts: Vec<String>) -> Result<Self, NotANetwork> {
        let network = |text: String| {
            let alone = text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
            alone.or_else(|_| text.parse::<IpNet>()).map_err(|_| NotANetwork(text))
        };
        texts.into_iter().map(network).collect::<Result<_, _>>().map(Self)
    }
}
