//! What the provider says of itself: its document (OpenID Connect Discovery 1.0), its keys, and its answers.

use std::sync::Arc;

use domain::instant::{HOUR_MS, Instant, MINUTE_MS};
use graph::{Answer, Door, is_loopback, safe_address};
use http::HeaderMap;
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::OidcError;
use super::jws::Keys;

/// How long what the provider says of itself is believed.
const KNOWN_FOR_MS: i64 = HOUR_MS;
/// Between two looks for a key that a token names and we do not know.
const LOOK_AGAIN_AFTER_MS: i64 = MINUTE_MS;
/// No document of a provider's is as large.
const MAX_BYTES: usize = 1 << 20;

/// A provider, by its issuer. Remembers what it says of itself.
pub struct Provider {
    /// To the letter: tokens name it, and so does its document.
    issuer: String,
    door: Arc<dyn Door>,
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    document: Document,
    keys: Keys,
    /// When the document and the keys were read.
    at: Instant,
    keys_at: Instant,
}

/// The provider's document, as far as it is used.
#[derive(Debug, Clone)]
pub struct Document {
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    jwks_uri: Url,
    /// Whether it says who it is in its answers too (RFC 9207).
    pub names_itself: bool,
}

/// The same as it is written.
#[derive(Deserialize)]
struct WrittenDocument {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Provider {
    /// `issuer` must be https, or of this computer.
    #[must_use]
    pub fn new(issuer: String, door: Arc<dyn Door>) -> Self {
        Self { issuer, door, known: Mutex::default() }
    }

    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Its document.
    ///
    /// # Errors
    /// It does not answer, or with something else.
    pub async fn document(&self, now: Instant) -> Result<Document, OidcError> {
        Ok(self.known(now).await?.document)
    }

    /// Its keys, read again where `has_known` says that the key of a token is not among them.
    ///
    /// # Errors
    /// It does not answer, or with something else.
    pub async fn keys(&self, now: Instant) -> Result<Keys, OidcError> {
        Ok(self.known(now).await?.keys)
    }

    /// Its keys as they are now, where they have not been looked at within the minute: whoever sends tokens with made-up
    /// keys must not make us ask each time.
    ///
    /// # Errors
    /// It does not answer, or with something else.
    pub async fn newer_keys(&self, now: Instant) -> Result<Option<Keys>, OidcError> {
        let mut known = self.known.lock().await;
        let Some(old) = known.as_mut().filter(|old| now.millis() - old.keys_at.millis() >= LOOK_AGAIN_AFTER_MS) else {
            return Ok(None);
        };
        // Also where it fails: the next token asks no sooner.
        old.keys_at = now;
        old.keys = self.read_keys(&old.document).await?;
        Ok(Some(old.keys.clone()))
    }

    /// What a request for tokens is answered with.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn ask_for_tokens(&self, url: Url, form: String) -> Result<Answer, OidcError> {
        let answer = self.door.post_token(url, form).await.map_err(|error| OidcError::Silent(error.to_string()))?;
        if answer.status >= 500 || answer.status == 429 {
            return Err(OidcError::Silent(format!("status {}", answer.status)));
        }
        if answer.body.len() > MAX_BYTES {
            return Err(OidcError::Provider("an answer is longer than 1 MiB".to_owned()));
        }
        Ok(answer)
    }

    async fn known(&self, now: Instant) -> Result<Known, OidcError> {
        // Held while it asks: others wait for the one answer.
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| now.millis() - known.at.millis() < KNOWN_FOR_MS) {
            return Ok(known.clone());
        }
        let document = self.read_document().await?;
        let keys = self.read_keys(&document).await?;
        Ok(known.insert(Known { document, keys, at: now, keys_at: now }).clone())
    }

    async fn read_document(&self) -> Result<Document, OidcError> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|error| OidcError::Provider(error.to_string()))?;
        let body = self.get(url).await?;
        let written: WrittenDocument =
            serde_json::from_slice(&body).map_err(|error| OidcError::Provider(format!("its document: {error}")))?;
        if written.issuer != self.issuer {
            return Err(OidcError::Provider(format!("its document is that of `{}`", written.issuer)));
        }
        Ok(Document {
            authorization_endpoint: self.endpoint(&written.authorization_endpoint)?,
            token_endpoint: self.endpoint(&written.token_endpoint)?,
            jwks_uri: self.endpoint(&written.jwks_uri)?,
            names_itself: written.authorization_response_iss_parameter_supported,
        })
    }

    /// An address of the document. A provider of this computer may lead to others of it; one of the world must not lead
    /// into the house, nor to another address without a name.
    fn endpoint(&self, text: &str) -> Result<Url, OidcError> {
        let issuer = Url::parse(&self.issuer).ok();
        let is_local = issuer.as_ref().is_some_and(is_loopback);
        let is_safe = |url: &Url| {
            let is_its_own = issuer.as_ref().is_some_and(|issuer| issuer.host() == url.host());
            is_loopback(url) == is_local && (is_local || is_its_own || url.domain().is_some())
        };
        let url = safe_address(text).filter(is_safe);
        url.ok_or_else(|| OidcError::Provider(format!("its document leads to `{text}`")))
    }

    async fn read_keys(&self, document: &Document) -> Result<Keys, OidcError> {
        let body = self.get(document.jwks_uri.clone()).await?;
        Keys::read(&body).map_err(|error| OidcError::Provider(format!("its keys: {error}")))
    }

    async fn get(&self, url: Url) -> Result<bytes::Bytes, OidcError> {
        let path = url.path().to_owned();
        let answer = self
            .door
            .get(url, HeaderMap::new())
            .await
            .map_err(|error| OidcError::Silent(format!("{path}: {error}")))?;
        if answer.status != 200 || answer.body.len() > MAX_BYTES {
            return Err(OidcError::Silent(format!("{path}: status {}", answer.status)));
        }
        Ok(answer.body)
    }
}
