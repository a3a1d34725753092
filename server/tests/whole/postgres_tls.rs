//! A Postgres with a certificate: which one is taken for the database, and which is not.

use std::net::{IpAddr, UdpSocket};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::cli::{Console, err};
use crate::house::Database;
use crate::own_postgres::Postgres;

/// Somebody who says which key is whose.
fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("made")
}

/// The address that other computers would reach this one by; the kernel tells without sending anything.
fn outward() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|at| at.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

/// What `keyroll migrate` says of a database; nothing where it is content.
fn refusal(url: &str, environment: &[(&str, &str)]) -> String {
    let console = Console { database: Database::at(url.to_owned()) };
    let output = console.command(&["migrate"]).envs(environment.iter().copied()).output().expect("the binary runs");
    assert_eq!(output.status.success(), err(&output).is_empty(), "{}", err(&output));
    err(&output)
}

#[tokio::test]
async fn a_postgres_elsewhere_proves_who_it_is() {
    let outward = outward();
    let (ours, others) = (authority("ours"), authority("others"));
    let key = KeyPair::generate().expect("a key");
    let names = ["localhost".to_owned()].into_iter().chain(outward.map(|ip| ip.to_string())).collect::<Vec<_>>();
    let certificate = CertificateParams::new(names).expect("names").signed_by(&key, &ours).expect("signed");
    let Some(postgres) = Postgres::start_with_tls(&certificate.pem(), &key.serialize_pem()) else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let file = |name: &str, pem: String| {
        std::fs::write(dir.path().join(name), pem).expect("written");
        dir.path().join(name).display().to_string()
    };
    let (ours, others) = (file("ours.pem", ours.pem()), file("others.pem", others.pem()));

    // On this computer, as the address says.
    let at = |host: &str, query: &str| postgres.url_at(host, query);
    assert_eq!(refusal(&at("127.0.0.1", ""), &[]), "");
    assert_eq!(refusal(&at("localhost", &format!("sslmode=verify-full&sslrootcert={ours}")), &[]), "");
    let another_name = refusal(&at("127.0.0.1", &format!("sslmode=verify-full&sslrootcert={ours}")), &[]);
    assert!(another_name.contains("not valid for name"), "{another_name}");
    for roots in [format!("&sslrootcert={others}"), String::new()] {
        let unknown = refusal(&at("localhost", &format!("sslmode=verify-full{roots}")), &[]);
        assert!(unknown.contains("UnknownIssuer"), "{unknown}");
    }

    let Some(outward) = outward.map(|ip| ip.to_string()) else {
        eprintln!("skipped: this computer has no address that others would reach");
        return;
    };
    // Elsewhere: without a word, TLS and its certificate are demanded, also where the environment says otherwise.
    let without_tls = [("PGSSLMODE", "disable")];
    assert_eq!(refusal(&at(&outward, &format!("sslrootcert={ours}")), &without_tls), "");
    let unknown = refusal(&at(&outward, ""), &without_tls);
    assert!(unknown.contains("UnknownIssuer"), "{unknown}");
    for mode in ["disable", "allow", "prefer", "require", "verify-ca"] {
        let url = at(&outward, &format!("sslmode={mode}&sslrootcert={ours}"));
        let sentence = refusal(&url, &[]);
        assert!(sentence.contains("allow_unverified_tls") && sentence.contains(&outward), "{mode}: {sentence}");
        assert_eq!(refusal(&url, &[("KEYROLL_DATABASE_ALLOW_UNVERIFIED_TLS", "true")]), "", "{mode}");
    }
    // And by the other doors to a database.
    let here = Console { database: Database::at(at("127.0.0.1", "")) };
    let there = at(&outward, "sslmode=require");
    let moved = here.run(&["move", "--to", &there]);
    assert!(err(&moved).contains("allow_unverified_tls"), "{}", err(&moved));
    assert!(here.run(&["backup", "all.backup"]).status.success());
    let file = here.database.dir().join("all.backup").display().to_string();
    let restored = Console { database: Database::at(there) }.run(&["restore", &file]);
    assert!(err(&restored).contains("allow_unverified_tls"), "{}", err(&restored));
}
