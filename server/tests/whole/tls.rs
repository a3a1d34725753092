//! `keyroll serve --tls-cert --tls-key`: what is agreed on, which certificate is shown when, and what is refused.

use std::io::{Read as _, Write as _};
use std::net::TcpStream as StdStream;
use std::process::Stdio;
use std::sync::Arc;

use rcgen::generate_simple_self_signed;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};

use crate::cli::{Console, err};
use crate::house::{Engine, PASSWORD};
use crate::served::{self, ANSWER_WITHIN, Server, sign_in};

const FLAGS: &[&str] = &["--tls-cert", "certificate.pem", "--tls-key", "key.pem"];

/// A certificate for this computer and its key, as PEM.
pub struct Pair {
    pub certificate: String,
    pub key: String,
}

impl Pair {
    pub fn make() -> Self {
        let made = generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("made");
        Self { certificate: made.cert.pem(), key: made.signing_key.serialize_pem() }
    }

    pub fn write(&self, console: &Console) {
        console.write("certificate.pem", &self.certificate);
        console.write("key.pem", &self.key);
    }

    fn certificate(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(self.certificate.as_bytes()).expect("PEM")
    }

    /// Shakes hands with somebody who must have this certificate.
    async fn connect(
        &self,
        server: &Server,
        versions: &[&'static SupportedProtocolVersion],
        protocols: &[&str],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate()).expect("a certificate");
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let stream = TcpStream::connect(server.address()).await.expect("it listens");
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").expect("a name"), stream).await
    }

    /// A client that trusts this certificate alone.
    pub fn client(&self) -> reqwest::ClientBuilder {
        let root = reqwest::Certificate::from_pem(self.certificate.as_bytes()).expect("PEM");
        served::client().tls_certs_only([root])
    }
}

async fn console_with(pair: &Pair) -> Console {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    pair.write(&console);
    console
}

#[tokio::test]
async fn both_versions_and_both_protocols_are_agreed_on() {
    let pair = Pair::make();
    let console = console_with(&pair).await;
    let server = Server::start_with(&console, FLAGS);
    for (version, expected) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        for (offered, agreed) in [(&["h2", "http/1.1"][..], "h2"), (&["http/1.1"], "http/1.1")] {
            let stream = pair.connect(&server, &[version], offered).await.expect("they shake hands");
            assert_eq!(stream.get_ref().1.protocol_version(), Some(expected));
            assert_eq!(stream.get_ref().1.alpn_protocol(), Some(agreed.as_bytes()), "{expected:?}");
        }
    }
}

#[tokio::test]
async fn older_versions_are_refused() {
    let console = console_with(&Pair::make()).await;
    let server = Server::start_with(&console, FLAGS);
    // A hello of TLS 1.1 with a suite and signatures that 1.2 would take: it is the version that is refused.
    let extensions = [&[0, 13, 0, 4, 0, 2, 4, 3][..], &[0, 10, 0, 4, 0, 2, 0, 29], &[0, 11, 0, 2, 1, 0]].concat();
    let body = [&[3, 2][..], &[7; 32], &[0], &[0, 2, 0xc0, 0x2b], &[1, 0], &[0, 20 + 2], &extensions].concat();
    let hello = [&[22, 3, 1, 0, body.len() as u8 + 4, 1, 0, 0, body.len() as u8], &body[..]].concat();
    let mut stream = StdStream::connect(server.address()).expect("it listens");
    stream.set_read_timeout(Some(ANSWER_WITHIN)).expect("a limit");
    stream.write_all(&hello).expect("taken");
    let mut alert = [0; 7];
    stream.read_exact(&mut alert).expect("an answer");
    assert_eq!((alert[0], alert[5], alert[6]), (21, 2, 70), "fatal: protocol version");
}

/// On several threads: the client answers on its other connections too while this one waits for the program's end.
#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_over_https() {
    let pair = Pair::make();
    let console = console_with(&pair).await;
    console.add_person("ada", "global-reader");
    let server = Server::start_with(&console, FLAGS);
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    let client = pair.client().build().expect("a client");

    let there = client.get(format!("{}/overview?range=7d", server.url)).send().await.expect("an answer");
    assert_eq!((there.status().as_u16(), there.version()), (303, reqwest::Version::HTTP_2));
    assert_eq!(there.headers()["location"], "/sign-in?return_to=%2Foverview%3Frange%3D7d");
    let hsts = there.headers().get("strict-transport-security").expect("browsers keep to https");
    assert!(hsts.to_str().expect("text").starts_with("max-age=63072000"));

    // By another of the host's names, as a browser that says nothing but the form's origin. HTTP/2 has no `Host`.
    let other_name = server.url.replace("127.0.0.1", "localhost");
    let signed_in = sign_in(&client, &other_name, &[("origin", &other_name)], ("ada", PASSWORD)).await;
    assert_eq!(signed_in.status(), 303);
    let cookie = signed_in.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.starts_with("__Host-session=") && cookie.contains("Secure"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a first part").to_owned();
    let page = client.get(format!("{}/overview", server.url)).header("cookie", &cookie).send().await.expect("a page");
    assert_eq!(page.status(), 200);

    // It ends as it does without TLS: whoever listens is let go.
    let mut server = server;
    let mut live = client.get(format!("{}/live", server.url)).header("cookie", &cookie).send().await.expect("events");
    assert!(live.chunk().await.expect("an event").is_some());
    server.signal("TERM");
    while live.chunk().await.expect("the stream ends well").is_some() {}
    let (status, _) = server.ended();
    assert!(status.success(), "{status}");
}

#[tokio::test]
async fn with_a_certificate_other_computers_may_come() {
    let pair = Pair::make();
    let console = console_with(&pair).await;
    let mut command = console.command(&[&["serve", "--listen", "0.0.0.0:0"], FLAGS].concat());
    let server = Server::spawn(command.stderr(Stdio::null()));
    let port = server.url.strip_prefix("https://0.0.0.0:").expect("what is listened on");
    let client = pair.client().build().expect("a client");
    let answer = client.get(format!("https://localhost:{port}/livez")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_hangup_has_the_certificate_read_again() {
    let (old, new) = (Pair::make(), Pair::make());
    let console = console_with(&old).await;
    let mut server = Server::start_with(&console, FLAGS);
    let both = &[&TLS13, &TLS12];
    let mut before = old.connect(&server, both, &["http/1.1"]).await.expect("the old one");
    assert!(new.connect(&server, both, &[]).await.is_err(), "nobody has the new one yet");

    new.write(&console);
    server.signal("HUP");
    server.logged("read again");
    assert!(old.connect(&server, both, &[]).await.is_err(), "the old one is gone");
    new.connect(&server, both, &[]).await.expect("the new one");

    console.write("key.pem", &old.key);
    server.signal("HUP");
    let line = server.logged("the certificate stays as it was");
    assert!(line.contains("key.pem is not that of the first certificate in certificate.pem"), "{line}");
    new.connect(&server, both, &[]).await.expect("the new one still");

    before.write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.expect("taken");
    let mut answer = Vec::new();
    before.read_to_end(&mut answer).await.expect("an answer");
    assert!(answer.ends_with(b"alive\n"), "whoever was there already goes on");
}

#[tokio::test]
async fn who_does_not_shake_hands_holds_up_nobody() {
    let pair = Pair::make();
    let console = console_with(&pair).await;
    let server = Server::start_with(&console, FLAGS);
    let silent: Vec<_> = (0..50).map(|_| StdStream::connect(server.address()).expect("it listens")).collect();
    let mut confused = StdStream::connect(server.address()).expect("it listens");
    confused.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("taken");
    let client = pair.client().build().expect("a client");
    let answer = client.get(format!("{}/livez", server.url)).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    drop(silent);
}

#[tokio::test]
async fn pairs_that_cannot_be_used_are_told() {
    let (pair, other) = (Pair::make(), Pair::make());
    let console = console_with(&pair).await;
    console.write("other.pem", &other.key);
    console.write("words.pem", "words\n");
    console.write("broken.pem", "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n");
    console.write("empty.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for (certificate, key, sentence) in [
        ("none.pem", "key.pem", "none.pem cannot be read: "),
        ("certificate.pem", "none.pem", "none.pem cannot be read: "),
        ("key.pem", "key.pem", "key.pem has no certificate"),
        ("words.pem", "key.pem", "words.pem has no certificate"),
        ("certificate.pem", "certificate.pem", "certificate.pem has no private key"),
        ("broken.pem", "key.pem", "broken.pem is not PEM: "),
        ("empty.pem", "key.pem", "the certificate in empty.pem and the key in key.pem cannot be used: "),
        (
            "certificate.pem",
            "other.pem",
            "the key in other.pem is not that of the first certificate in certificate.pem",
        ),
    ] {
        // As settings here, as flags elsewhere.
        let mut command = console.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("KEYROLL_HTTP_TLS_CERT", certificate).env("KEYROLL_HTTP_TLS_KEY", key);
        let output = command.output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(1), "{sentence}");
        assert!(err(&output).contains(sentence), "{sentence}: {}", err(&output));
    }
    let output = console.run(&[&["serve", "--public-url", "http://localhost"], FLAGS].concat());
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
}
