//! One try to sign in at the provider: a secret of the browser's, and what it is answered by.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::instant::{Instant, MINUTE_MS};
use domain::record::Digest;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::auth::{secret, session};
use crate::config::public_url::PublicUrl;
use crate::web::error::WebError;

/// How long a person may take at the provider.
const VALID_MS: i64 = 15 * MINUTE_MS;

/// 256 random bits that only the browser has; of them follow `state`, `nonce` and PKCE's verifier. So nothing that the
/// database or the provider knows is enough to answer in the browser's place, and beginning one writes nothing.
#[derive(Clone)]
pub struct Attempt {
    secret: String,
    begun_at: Instant,
    return_to: String,
    is_anew: bool,
}

/// At the end of a cookie whose attempt is one anew.
const ANEW: &str = "anew";

impl Attempt {
    /// `return_to`: where the browser wanted to go. `is_anew`: the provider is to ask, whomever it knows already.
    ///
    /// # Errors
    /// The operating system has no random numbers to give.
    pub fn new(return_to: &str, is_anew: bool, now: Instant) -> Result<Self, WebError> {
        let secret = secret::random_text().map_err(WebError::internal)?;
        Ok(Self { secret, begun_at: now, return_to: return_to.to_owned(), is_anew })
    }

    /// The one that the browser has begun, not too long ago.
    #[must_use]
    pub fn of(headers: &HeaderMap, public_url: &PublicUrl, now: Instant) -> Option<Self> {
        let jar = CookieJar::from_headers(headers);
        let mut parts = jar.get(cookie_name(public_url))?.value().splitn(4, '.');
        let secret = parts.next().filter(|secret| !secret.is_empty())?.to_owned();
        let begun_at = Instant::from_millis(parts.next()?.parse().ok()?);
        let return_to = String::from_utf8(URL_SAFE_NO_PAD.decode(parts.next()?).ok()?).ok()?;
        let is_young = begun_at <= now && now.millis() - begun_at.millis() < VALID_MS;
        // Whoever takes it away has a session that is not known to be proven.
        let is_anew = parts.next() == Some(ANEW);
        is_young.then_some(Self { secret, begun_at, return_to, is_anew })
    }

    /// Whether the person has a session already, and is to prove anew who they are.
    #[must_use]
    pub const fn is_anew(&self) -> bool {
        self.is_anew
    }

    #[must_use]
    pub const fn begun_at(&self) -> Instant {
        self.begun_at
    }

    /// Where the browser wanted to go, as the browser says.
    #[must_use]
    pub fn return_to(&self) -> &str {
        &self.return_to
    }

    /// When it is too old anyhow.
    #[must_use]
    pub fn expires_at(&self) -> Instant {
        self.begun_at.plus_millis(VALID_MS)
    }

    /// What is stored of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        secret::digest(&self.secret)
    }

    #[must_use]
    pub fn state(&self) -> String {
        self.derived("state")
    }

    #[must_use]
    pub fn is_state(&self, given: &str) -> bool {
        self.state().as_bytes().ct_eq(given.as_bytes()).into()
    }

    #[must_use]
    pub fn nonce(&self) -> String {
        self.derived("nonce")
    }

    /// PKCE's secret (RFC 7636): shown when the code is redeemed.
    #[must_use]
    pub fn verifier(&self) -> String {
        self.derived("code verifier")
    }

    /// What is shown of it before.
    #[must_use]
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier()))
    }

    fn derived(&self, what: &str) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{what}: {}", self.secret)))
    }

    /// The `Set-Cookie` value that begins it.
    ///
    /// # Errors
    /// Never.
    pub fn cookie(&self, public_url: &PublicUrl) -> Result<HeaderValue, WebError> {
        let return_to = URL_SAFE_NO_PAD.encode(&self.return_to);
        let anew = if self.is_anew { format!(".{ANEW}") } else { String::new() };
        let value = format!("{}.{}.{return_to}{anew}", self.secret, self.begun_at.millis());
        set_cookie(public_url, &value, VALID_MS / 1000)
    }
}

/// The `Set-Cookie` value that ends an attempt.
///
/// # Errors
/// Never.
pub fn end(public_url: &PublicUrl) -> Result<HeaderValue, WebError> {
    set_cookie(public_url, "", 0)
}

const fn cookie_name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_https() { "__Host-signing-in" } else { "signing-in" }
}

fn set_cookie(public_url: &PublicUrl, value: &str, max_age_seconds: i64) -> Result<HeaderValue, WebError> {
    session::set_cookie_named(cookie_name(public_url), public_url, value, max_age_seconds)
}
