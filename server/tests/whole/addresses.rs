//! Addresses in disguise, wherever somebody may write one: none is asked, whatever the settings trust. Those that a provider's
//! document names are in `oidc/attacks.rs`.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::role::Role;
use graph_server::{CLIENT_ID, DIRECTORY, GraphServer, SECRET, World};
use server::config::{OidcSettings, Settings};
use server::sync::{Connector, SyncSettings};
use server::vault::Vault;

use crate::cli::{Console, err};
use crate::house::{Engine, House, now};

/// What is trusted all the same, so that it is the disguise that is refused and not the host.
const TRUSTED: [&str; 8] = [
    "127.0.0.1:8080",
    "localhost:8080",
    "graph.internal",
    "169.254.169.254",
    "0.0.0.0:8080",
    "[::]:8080",
    "metadata.google.internal",
    "127.0.0.1.nip.io",
];

/// Each with the trick that it is.
pub const ELSEWHERE: [(&str, &str); 56] = [
    ("an address as one number", "http://2130706433:8080"),
    ("the same by https", "https://2130706433"),
    ("an address in octal", "http://0177.0.0.1:8080"),
    ("one number in octal", "http://017700000001:8080"),
    ("an address in hexadecimal", "http://0x7f.0.0.1:8080"),
    ("one number in hexadecimal", "http://0x7f000001:8080"),
    ("two parts", "http://127.1:8080"),
    ("three parts", "http://127.0.1:8080"),
    ("the number 0", "http://0:8080"),
    ("any address", "http://0.0.0.0:8080"),
    ("any address by https", "https://0.0.0.0:8080"),
    ("any address of IPv6", "http://[::]:8080"),
    ("any address of IPv6 by https", "https://[::]:8080"),
    ("an address mapped to IPv6", "http://[::ffff:127.0.0.1]:8080"),
    ("the same in hexadecimal", "http://[::ffff:7f00:1]:8080"),
    ("an address compatible with IPv6", "https://[::127.0.0.1]:8080"),
    ("this computer of IPv6, written in full", "http://[0:0:0:0:0:0:0:1]:8080"),
    ("an address behind 6to4", "https://[2002:7f00:1::]:8080"),
    ("an address behind NAT64", "https://[64:ff9b::7f00:1]:8080"),
    ("an address with a zone", "http://[fe80::1%25eth0]:8080"),
    ("a link-local address of IPv6", "https://[fe80::1]:8080"),
    ("metadata of machines", "http://169.254.169.254"),
    ("metadata of machines by https", "https://169.254.169.254"),
    ("metadata as a number", "https://2852039166"),
    ("metadata in octal", "https://0251.0376.0251.0376"),
    ("metadata mapped to IPv6", "https://[::ffff:169.254.169.254]"),
    ("metadata of Amazon over IPv6", "https://[fd00:ec2::254]"),
    ("metadata of Alibaba", "https://100.100.100.200"),
    ("metadata of Azure's host", "https://168.63.129.16"),
    ("metadata by name", "https://metadata.google.internal"),
    ("a broadcast", "https://255.255.255.255"),
    ("a multicast", "https://224.0.0.1"),
    ("a trailing dot", "http://localhost.:8080"),
    ("a trailing dot by https", "https://graph.internal."),
    ("a name below localhost", "http://x.localhost:8080"),
    ("a name that says an address", "https://127.0.0.1.nip.io"),
    ("a name that says an address with hyphens", "https://127-0-0-1.nip.io"),
    ("a user before the host", "http://graph.microsoft.com@127.0.0.1:8080"),
    ("an empty user", "http://@127.0.0.1:8080"),
    ("a password", "https://user:secret@graph.internal"),
    ("a backslash", "http://127.0.0.1:8080\\@graph.microsoft.com"),
    ("backslashes for slashes", "http:\\\\127.0.0.1:8080"),
    ("a slash in percents", "https://graph.internal%2f.example.com"),
    ("a host in percents", "http://%31%32%37.0.0.1:8080"),
    ("digits of another script", "http://①②⑦.⓪.⓪.①:8080"),
    ("wide digits", "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1:8080"),
    ("an ideographic full stop", "http://127。0。0。1:8080"),
    ("a tab in the host", "http://127.0.0\t.1:8080"),
    ("a line feed in the host", "http://127.0.\n0.1:8080"),
    ("a file", "file:///etc/passwd"),
    ("gopher", "gopher://127.0.0.1:8080/_x"),
    ("ftp", "ftp://127.0.0.1:8080"),
    ("data", "data:application/json,{}"),
    ("plain http to elsewhere", "http://graph.internal"),
    ("port 0", "http://127.0.0.1:0"),
    ("a port that is none", "http://127.0.0.1:80800"),
];

fn connector(server: &GraphServer) -> Connector {
    let trusted_hosts = TRUSTED.map(str::to_owned).to_vec();
    let settings = SyncSettings { trusted_hosts, ..SyncSettings::default() };
    Connector::new(settings, Vault::of(Some("k".repeat(44)), None, None)).through(Arc::new(server.door()))
}

#[tokio::test]
async fn no_source_leads_elsewhere() {
    let server = GraphServer::new(World { latency_ms: 0, ..World::default() }, "http://127.0.0.1:8080", now());
    let house = House::open_with_tenants(Engine::Sqlite, "http://127.0.0.1:3000", false, |_| connector(&server));
    let house = house.await.expect("SQLite is always there");
    let cookie = house.sign_in(Role::GlobalAdministrator).await;
    let add = async |name: &str, authority: &str, graph_root: &str| {
        let form = [
            ("name", name),
            ("directory", DIRECTORY),
            ("client_id", CLIENT_ID),
            ("cloud", "other"),
            ("authority", authority),
            ("graph_root", graph_root),
            ("credential", "secret"),
            ("place", "environment"),
            ("secret_name", "GRAPH_SECRET"),
            ("secret", SECRET),
        ];
        house.post("/settings/sources", &[("cookie", &cookie)], &form).await
    };
    for (at, fine) in ["http://127.0.0.1:8080", "http://localhost:8080", "https://graph.internal"].iter().enumerate() {
        let taken = add(&format!("Source {at}"), fine, fine).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{fine}: {}", taken.text);
    }
    for (trick, address) in ELSEWHERE {
        for (authority, graph_root, said) in [
            (address, "http://127.0.0.1:8080", "The authority must be one of"),
            ("http://127.0.0.1:8080", address, "The Graph root must be one of"),
        ] {
            let refused = add("Elsewhere", authority, graph_root).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{trick}: {address}");
            assert!(refused.text.contains(said), "{trick}: {address}: {}", refused.text);
        }
    }
    assert_eq!(house.count("connections").await, 3);
}

#[test]
fn no_provider_is_elsewhere() {
    let settings = |issuer: &str| OidcSettings {
        issuer: issuer.to_owned(),
        client_id: "keyroll".to_owned(),
        client_secret_file: None,
        client_certificate_file: None,
        scopes: None,
        name: None,
        roles_claim: None,
        roles: std::collections::BTreeMap::new(),
    };
    for (trick, address) in ELSEWHERE {
        for issuer in [address.to_owned(), format!("{address}/tenant/v2.0")] {
            let refused = settings(&issuer).open(None).err().unwrap_or_else(|| panic!("{trick}: {issuer} was taken"));
            assert!(refused.to_string().contains(&issuer), "{trick}: {refused}");
        }
    }
    for fine in
        ["https://login.example.org:8443/x", "https://10.0.0.5/x", "http://localhost:9", "https://[2001:db8::7]"]
    {
        assert!(settings(fine).open(None).is_ok(), "{fine}");
    }
}

/// The program says so before it listens, and does not ask.
#[tokio::test]
async fn a_setting_that_leads_elsewhere_is_named() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    let refused = |settings: &str| {
        console.write("keyroll.toml", settings);
        let output = console.run(&["--config", "keyroll.toml", "serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(output.status.code(), Some(1), "{settings}");
        err(&output)
    };
    let said = refused("[oidc]\nissuer = \"https://2852039166/x\"\nclient_id = \"keyroll\"\n");
    assert!(said.contains("oidc.issuer `https://2852039166/x`"), "{said}");
    for stream in ["http://169.254.169.254/x", "https://siem.example.org", "file:///etc/passwd", "tcp://127.0.0.1:514"]
    {
        let said = refused(&format!("[access_log]\nstream = \"{stream}\"\n"));
        assert!(said.contains("a file, or `-`"), "{stream}: {said}");
        let settings = [("KEYROLL_ACCESS_LOG_STREAM".to_owned(), stream.to_owned())];
        assert!(Settings::load(None, settings).is_err(), "{stream}");
    }
}
