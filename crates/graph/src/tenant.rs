//! Which tenant, as which application, at which addresses.

use domain::connection::Cloud;
use url::Url;

use crate::address::safe_address;

/// A tenant and the application that reads it. Its addresses are checked: nothing else is ever asked.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub(crate) directory: String,
    pub(crate) client_id: String,
    pub(crate) authority: Url,
    pub(crate) graph_root: Url,
}

/// What is wrong with a tenant's names and addresses; each is about one field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("the tenant is an id such as 7a1c0de0-… or a domain such as contoso.com")]
    Directory,
    #[error("the application (client) id is a GUID")]
    ClientId,
    #[error("the authority is none of Microsoft's and not among [sync] trusted_hosts")]
    Authority,
    #[error("the Graph root is none of Microsoft's and not among [sync] trusted_hosts")]
    GraphRoot,
}

impl Tenant {
    /// `trusted_hosts` (`host` or `host:port`) are those besides Microsoft's that a token may be sent to.
    ///
    /// # Errors
    /// A name is not well-formed, or an address leads to a host that is not trusted, or in the open.
    pub fn new(
        directory: &str,
        client_id: &str,
        authority: &str,
        graph_root: &str,
        trusted_hosts: &[String],
    ) -> Result<Self, AddressError> {
        let is_name = |text: &str| {
            !text.is_empty()
                && text.len() <= 253
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
                && text.split('.').all(|label| !label.is_empty())
        };
        if !is_name(directory) {
            return Err(AddressError::Directory);
        }
        if uuid::Uuid::try_parse(client_id).is_err() {
            return Err(AddressError::ClientId);
        }
        let of_microsoft = |pick: fn((&'static str, &'static str)) -> &'static str, url: &str| {
            Cloud::ALL.iter().filter_map(|cloud| cloud.addresses()).any(|addresses| pick(addresses) == url)
        };
        let address = |url: &str, is_microsofts: bool| {
            let parsed = safe_address(url)?;
            (is_microsofts || is_trusted(&parsed, trusted_hosts)).then_some(parsed)
        };
        let authority = authority.trim_end_matches('/');
        let graph_root = graph_root.trim_end_matches('/');
        Ok(Self {
            directory: directory.to_owned(),
            client_id: client_id.to_owned(),
            authority: address(authority, of_microsoft(|(authority, _)| authority, authority))
                .ok_or(AddressError::Authority)?,
            graph_root: address(graph_root, of_microsoft(|(_, root)| root, graph_root))
                .ok_or(AddressError::GraphRoot)?,
        })
    }

    pub(crate) fn token_url(&self) -> Url {
        self.under(&self.authority, &format!("/{}/oauth2/v2.0/token", self.directory))
    }

    /// `path_and_query` begins with a slash.
    pub(crate) fn graph_url(&self, path_and_query: &str) -> Url {
        self.under(&self.graph_root, path_and_query)
    }

    fn under(&self, root: &Url, path_and_query: &str) -> Url {
        let (path, query) = path_and_query.split_once('?').map_or((path_and_query, None), |(p, q)| (p, Some(q)));
        let mut url = root.clone();
        url.set_path(path);
        url.set_query(query);
        url
    }

    /// Whether a link leads to this tenant's Graph: a token goes nowhere else.
    pub(crate) fn is_graphs(&self, link: &Url) -> bool {
        link.origin() == self.graph_root.origin() && link.username().is_empty() && link.password().is_none()
    }
}

/// A root whose host the settings name.
fn is_trusted(url: &Url, trusted_hosts: &[String]) -> bool {
    let Some(host) = url.host().map(|host| host.to_string()) else { return false };
    let is_root = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let with_port = url.port().map(|port| format!("{host}:{port}"));
    is_root && trusted_hosts.iter().any(|trusted| Some(trusted) == with_port.as_ref() || *trusted == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7a1c0de0-0000-4000-8000-000000000001";

    fn tenant(authority: &str, graph_root: &str) -> Result<Tenant, AddressError> {
        let trusted = ["127.0.0.1:8080".to_owned(), "graph.internal".to_owned()];
        Tenant::new("contoso.com", ID, authority, graph_root, &trusted)
    }

    #[test]
    fn every_cloud_is_trusted_and_what_the_settings_name() {
        for (authority, graph_root) in Cloud::ALL.iter().filter_map(|cloud| cloud.addresses()) {
            assert!(tenant(authority, graph_root).is_ok(), "{graph_root}");
        }
        let microsofts = "https://login.microsoftonline.com";
        assert!(tenant(microsofts, "https://graph.microsoft.com/").is_ok());
        assert!(tenant(microsofts, "http://127.0.0.1:8080").is_ok());
        assert!(tenant(microsofts, "https://graph.internal").is_ok());
    }

    #[test]
    fn no_other_address_gets_a_token() {
        let microsofts = "https://login.microsoftonline.com";
        for root in [
            "https://graph.example.com",
            "https://login.microsoftonline.com",
            "https://graph.microsoft.com.example.com",
            "https://graph.microsoft.com@example.com",
            "https://user:secret@graph.internal",
            "http://graph.internal",
            "http://graph.microsoft.com",
            "https://graph.internal/path",
            "https://graph.internal?x=y",
            "http://127.0.0.1:8081",
            "http://127.0.0.1",
            "http://2130706433:8081",
            "http://0x7f.1:81",
            "http://[::ffff:127.0.0.1]:8080",
            "http://[::1]:8080",
            "http://169.254.169.254",
            "https://0251.0376.0251.0376",
            "https://localhost",
            "file:///etc/passwd",
            "gopher://graph.internal",
            "//graph.internal",
            "",
        ] {
            assert_eq!(tenant(microsofts, root).err(), Some(AddressError::GraphRoot), "{root}");
        }
        assert_eq!(tenant("https://example.com", "https://graph.microsoft.com").err(), Some(AddressError::Authority));
    }

    #[test]
    fn a_link_elsewhere_is_known() {
        let tenant = tenant("https://login.microsoftonline.com", "https://graph.microsoft.com").expect("fine");
        let leads = |link: &str| tenant.is_graphs(&Url::parse(link).expect("a link"));
        assert!(leads("https://graph.microsoft.com/v1.0/users?$skiptoken=a%2Fb"));
        assert!(leads("https://graph.microsoft.com:443/v1.0/users"));
        for link in [
            "http://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com:444/v1.0/users",
            "https://graph.microsoft.us/v1.0/users",
            "https://a:b@graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com.example.com/v1.0/users",
        ] {
            assert!(!leads(link), "{link}");
        }
    }

    #[test]
    fn names_are_checked() {
        let new = |directory: &str, client_id: &str| {
            let root = "https://graph.microsoft.com";
            Tenant::new(directory, client_id, "https://login.microsoftonline.com", root, &[]).err()
        };
        assert_eq!(new(ID, ID), None);
        for wrong in ["", "a/b", "a b", "../x", "a..b", "a?b", "a%2fb"] {
            assert_eq!(new(wrong, ID), Some(AddressError::Directory), "{wrong}");
        }
        assert_eq!(new("contoso.com", "x"), Some(AddressError::ClientId));
    }
}
