//! Which addresses are asked at all: https anywhere that is no machine's own affair, plain http on this computer alone; and
//! only such as are written the way they are read, so that nobody takes `2130706433` for something else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Services that tell a virtual machine its secrets, besides those at link-local addresses.
const TELLTALES_V4: [Ipv4Addr; 3] =
    [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(168, 63, 129, 16), Ipv4Addr::new(192, 0, 0, 192)];
const TELLTALE_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);
const TELLTALE_NAMES: [&str; 3] = ["metadata.google.internal", "metadata", "instance-data"];

/// An address that may be asked: `https://`, or `http://` on this computer (for development); a host and perhaps a port,
/// spelled as they are read; no user, and no address that is a machine's own affair.
#[must_use]
pub fn safe_address(text: &str) -> Option<Url> {
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let scheme_fits = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    let written = text.split_once("://")?.1.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let (host, port) = (url.host()?.to_string(), url.port_or_known_default()?);
    let is_plain = written == format!("{host}:{port}") || (written == host && url.port().is_none());
    (scheme_fits && is_plain && port != 0 && is_plain_host(url.host()?)).then_some(url)
}

/// Whether an address is of this computer.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn is_plain_host(host: Host<&str>) -> bool {
    match host {
        Host::Ipv4(ip) => !is_own_affair(IpAddr::V4(ip)),
        Host::Ipv6(ip) => !is_own_affair(IpAddr::V6(ip)),
        Host::Domain("localhost") => true,
        Host::Domain(name) => {
            let labels: Vec<&str> = name.split('.').collect();
            // Names that say which address they resolve to: `127.0.0.1.example`, `127-0-0-1.example`.
            let says_an_address = is_dotted(&labels) || labels.iter().any(|label| is_dotted(&parts(label)));
            labels.iter().all(|label| !label.is_empty())
                && labels.last() != Some(&"localhost")
                && !says_an_address
                && !TELLTALE_NAMES.contains(&name)
        }
    }
}

fn parts(label: &str) -> Vec<&str> {
    label.split('-').collect()
}

/// Four numbers in a row, as of an address of version 4.
fn is_dotted(parts: &[&str]) -> bool {
    let is_number = |part: &&str| part.len() <= 3 && part.parse::<u8>().is_ok();
    parts.windows(4).any(|four| four.iter().all(is_number))
}

/// Addresses that mean something else on every machine, or in disguise; those of private networks are not among them: an
/// organisation's identity provider may be in its own.
fn is_own_affair(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            ip.octets()[0] == 0
                || ip.is_link_local()
                || ip.is_broadcast()
                || ip.is_multicast()
                || TELLTALES_V4.contains(&ip)
        }
        IpAddr::V6(ip) => {
            let [first, second, third, fourth, fifth, sixth, ..] = ip.segments();
            // Mapped, compatible (but for `::1`), 6to4, Teredo and NAT64: each hides an address of version 4.
            let hides_another = (first, second, third, fourth, fifth) == (0, 0, 0, 0, 0)
                && (sixth == 0xffff || sixth == 0)
                && !ip.is_loopback()
                || first == 0x2002
                || (first, second) == (0x2001, 0)
                || (first, second) == (0x64, 0xff9b);
            hides_another || ip.is_unspecified() || ip.is_unicast_link_local() || ip.is_multicast() || ip == TELLTALE_V6
        }
    }
}

/// Whether an address that a name resolves to may be asked. `is_named`: the settings name the host, so that it may be this
/// computer; any other name that leads here is meant to.
pub(crate) fn may_be_reached(name: &str, ip: IpAddr, is_named: bool) -> bool {
    let is_here = ip.is_loopback();
    !is_own_affair(ip) && (!is_here || is_named || name == "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_here_is_not_followed() {
        for (name, ip, is_named, may) in [
            ("login.example.org", "203.0.113.9", false, true),
            ("login.example.org", "10.0.0.5", false, true),
            ("login.example.org", "fd12:3456::1", false, true),
            ("login.example.org", "127.0.0.1", false, false),
            ("login.example.org", "127.0.1.1", true, true),
            ("login.example.org", "::1", false, false),
            ("localhost", "127.0.0.1", false, true),
            ("login.example.org", "169.254.169.254", true, false),
            ("login.example.org", "fe80::1", true, false),
            ("login.example.org", "::ffff:127.0.0.1", true, false),
            ("login.example.org", "::ffff:169.254.169.254", false, false),
            ("login.example.org", "64:ff9b::a9fe:a9fe", false, false),
            ("login.example.org", "0.0.0.0", true, false),
            ("login.example.org", "::", true, false),
            ("login.example.org", "fd00:ec2::254", true, false),
            ("localhost", "169.254.169.254", false, false),
        ] {
            assert_eq!(may_be_reached(name, ip.parse().expect("an address"), is_named), may, "{name} at {ip}");
        }
    }
}
