//! Secrets and certificates, and what the authority has against them.

use domain::connection::{CredentialFault, PullProblem, Resource};
use domain::instant::MINUTE_MS;
use graph::{Certificate, CertificateError, Client, Credential, Ended, Limiters};
use graph_server::{CLIENT_ID, DIRECTORY, World};

use crate::support::{Memory, client_with, clock, done, people, run, server, tenant_of};

/// Made for these tests with `openssl req -x509 -newkey rsa:2048 -nodes`.
const CERTIFICATE: &str = include_str!("testdata/certificate.pem");
const OTHER: &str = include_str!("testdata/other.pem");

fn credential_fault(ended: Ended<std::convert::Infallible>) -> Option<CredentialFault> {
    match ended {
        Ended::Problem(PullProblem::Credential { fault, .. }) => Some(fault),
        _ => None,
    }
}

/// What the authority keeps of a certificate.
fn registered(pem: &str) -> (Vec<u8>, Vec<u8>) {
    use ring::signature::KeyPair as _;
    use rustls_pki_types::pem::PemObject as _;
    let certificate = rustls_pki_types::CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate");
    let key = rustls_pki_types::PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).expect("a key");
    let key = ring::signature::RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).expect("RSA");
    (certificate.to_vec(), key.public_key().as_ref().to_vec())
}

#[tokio::test(start_paused = true)]
async fn a_certificate_signs_in() {
    let certificate = || Certificate::from_pem(CERTIFICATE.as_bytes()).expect("a certificate");
    let server = server(World { users: people(3), ..World::default() });
    let pull = async |ahead_ms| {
        let client = client_with(&server, Credential::Certificate(certificate()), ahead_ms);
        run(&client, Resource::Users, &mut Memory::default()).await
    };
    assert_eq!(credential_fault(pull(0).await), Some(CredentialFault::CertificateRefused), "nobody registered it");
    server.world(|world| world.certificate = Some(registered(CERTIFICATE)));
    assert_eq!(pull(0).await, done());
    for ahead_ms in [-4 * MINUTE_MS, 4 * MINUTE_MS] {
        assert_eq!(pull(ahead_ms).await, done(), "a clock may be wrong by minutes");
    }
    server.world(|world| world.certificate = Some(registered(OTHER)));
    assert_eq!(credential_fault(pull(0).await), Some(CredentialFault::CertificateRefused));
}

#[test]
fn a_file_that_is_no_certificate_says_why() {
    let parts = |begin: &str| {
        let from = CERTIFICATE.find(&format!("-----BEGIN {begin}")).expect("there");
        let to = CERTIFICATE[from..].find("-----END").expect("there") + from;
        CERTIFICATE[from..=to + CERTIFICATE[to..].find('\n').expect("a line")].to_owned()
    };
    let error = |pem: &str| Certificate::from_pem(pem.as_bytes()).err();
    let (certificate, key) = (parts("CERTIFICATE"), parts("PRIVATE KEY"));
    assert_eq!(error(&format!("{key}{certificate}")), None, "in any order");
    assert_eq!(error(&certificate), Some(CertificateError::NoKey));
    assert_eq!(error(&key), Some(CertificateError::NoCertificate));
    assert_eq!(error(""), Some(CertificateError::NoCertificate));
    let elliptic = include_str!("testdata/elliptic.pem");
    assert_eq!(error(elliptic), Some(CertificateError::NotRsa));
}

#[tokio::test(start_paused = true)]
async fn the_authoritys_reason_is_told() {
    let server = server(World { users: people(3), ..World::default() });
    let wrong = client_with(&server, Credential::Secret("wrong".into()), 0);
    let ended = run(&wrong, Resource::Users, &mut Memory::default()).await;
    let problem = PullProblem::Credential { fault: CredentialFault::SecretWrong, code: Some(7_000_215) };
    assert_eq!(ended, Ended::Problem(problem));
    let other = "7a1c0de0-0000-4000-8000-00000000000f";
    for (directory, client_id, fault) in
        [(other, CLIENT_ID, CredentialFault::TenantUnknown), (DIRECTORY, other, CredentialFault::ApplicationUnknown)]
    {
        let door = std::sync::Arc::new(server.door());
        let secret = Credential::Secret(graph_server::SECRET.into());
        let tenant = tenant_of(directory, client_id);
        let client = Client::new(tenant, secret, door, &Limiters::default(), clock(&server, 0));
        let ended = run(&client, Resource::Users, &mut Memory::default()).await;
        assert_eq!(credential_fault(ended), Some(fault));
    }
    assert_eq!(server.world(|world| world.asked.len()), 0, "Graph was not asked");
}

#[test]
fn a_secret_is_never_printed() {
    assert_eq!(format!("{:?}", Credential::Secret("hunter2".into())), "Credential::Secret");
}
