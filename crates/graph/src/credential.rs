//! How the application shows who it is: a secret, or a statement signed with the key of its certificate.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::instant::{Instant, MINUTE_MS};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// Never printed, not even by `Debug`.
#[derive(Clone)]
pub enum Credential {
    Secret(SecretString),
    Certificate(Certificate),
}

/// A certificate of the application with its RSA key.
#[derive(Clone)]
pub struct Certificate {
    key: Arc<RsaKeyPair>,
    /// SHA-256 of the certificate: by this the authority finds it.
    thumbprint: String,
}

/// Why a file is no certificate that can sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    #[error("there is no certificate in it (PEM, BEGIN CERTIFICATE)")]
    NoCertificate,
    #[error("there is no private key in it (PEM, BEGIN PRIVATE KEY, without a password)")]
    NoKey,
    #[error("its private key is not an RSA key of 2,048 to 4,096 bits")]
    NotRsa,
}

/// How long a statement is good for.
const VALID_MS: i64 = 5 * MINUTE_MS;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Credential::Secret",
            Self::Certificate(_) => "Credential::Certificate",
        })
    }
}

impl Credential {
    /// The fields of a token request that show who asks.
    #[must_use]
    pub fn fields(&self, client_id: &str, token_url: &str, now: Instant) -> Vec<(&'static str, String)> {
        match self {
            Self::Secret(secret) => vec![("client_secret", secret.expose_secret().to_owned())],
            Self::Certificate(certificate) => match certificate.assertion(client_id, token_url, now) {
                Some(assertion) => {
                    vec![("client_assertion_type", ASSERTION_TYPE.to_owned()), ("client_assertion", assertion)]
                }
                None => Vec::new(),
            },
        }
    }
}

impl Certificate {
    /// A certificate and its key, both as PEM, in any order.
    ///
    /// # Errors
    /// One of them is missing, or the key is of another kind.
    pub fn from_pem(pem: &[u8]) -> Result<Self, CertificateError> {
        let certificate = CertificateDer::from_pem_slice(pem).map_err(|_| CertificateError::NoCertificate)?;
        let key = match PrivateKeyDer::from_pem_slice(pem).map_err(|_| CertificateError::NoKey)? {
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            _ => return Err(CertificateError::NotRsa),
        };
        let key = key.map_err(|_| CertificateError::NotRsa)?;
        Ok(Self { key: Arc::new(key), thumbprint: URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate)) })
    }

    /// A JWT by which the application names itself to the authority (PS256, as Entra asks for today).
    fn assertion(&self, client_id: &str, token_url: &str, now: Instant) -> Option<String> {
        let seconds = now.millis() / 1000;
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint });
        let claims = json!({
            "aud": token_url,
            "iss": client_id,
            "sub": client_id,
            "jti": uuid::Uuid::new_v4().to_string(),
            "nbf": seconds - VALID_MS / 1000,
            "iat": seconds,
            "exp": seconds + VALID_MS / 1000,
        });
        let encode = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
