//! The certificate and its key: two files, checked before anybody is served with them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls_pki_types::pem::{Error as PemError, PemObject as _};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{Error as TlsError, ServerConfig};

/// What is agreed on inside the handshake; the first is preferred.
const PROTOCOLS: &[&[u8]] = &[b"h2", b"http/1.1"];

/// Where the certificate, with those between it and its authority, and its key are: PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// The two cannot be used; the text names the file.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    #[error("{} cannot be read: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{} is not PEM: {error}", path.display())]
    NotPem { path: PathBuf, error: PemError },
    #[error("{} has no certificate (a part that begins with -----BEGIN CERTIFICATE-----)", .0.display())]
    NoCertificate(PathBuf),
    #[error("{} has no private key (a part that begins with -----BEGIN PRIVATE KEY-----)", .0.display())]
    NoKey(PathBuf),
    #[error("the key in {} is not that of the first certificate in {}", key.display(), certificate.display())]
    Strangers { certificate: PathBuf, key: PathBuf },
    #[error("the certificate in {} and the key in {} cannot be used: {error}", certificate.display(), key.display())]
    Unusable { certificate: PathBuf, key: PathBuf, error: TlsError },
}

impl Pair {
    /// Reads both files: TLS 1.2 and 1.3 with this certificate.
    ///
    /// # Errors
    /// A file cannot be read, has not what it should, or the two do not belong together.
    pub fn read(&self) -> Result<Arc<ServerConfig>, PairError> {
        let chain = CertificateDer::pem_slice_iter(&bytes(&self.certificate)?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| PairError::NotPem { path: self.certificate.clone(), error })?;
        if chain.is_empty() {
            return Err(PairError::NoCertificate(self.certificate.clone()));
        }
        let key = PrivateKeyDer::from_pem_slice(&bytes(&self.key)?).map_err(|error| match error {
            PemError::NoItemsFound => PairError::NoKey(self.key.clone()),
            error => PairError::NotPem { path: self.key.clone(), error },
        })?;
        let (certificate, key_file) = (self.certificate.clone(), self.key.clone());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| match error {
                TlsError::InconsistentKeys(_) => PairError::Strangers { certificate, key: key_file },
                error => PairError::Unusable { certificate, key: key_file, error },
            })?;
        config.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
        Ok(Arc::new(config))
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, PairError> {
    std::fs::read(path).map_err(|error| PairError::Unreadable { path: path.to_owned(), error })
}
