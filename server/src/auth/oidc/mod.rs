//! Signing in with the organisation's identity provider: OpenID Connect with the authorization code and PKCE.
//!
//! The signatures are `ring`'s; the rules around them are here, each with an attack in `tests/whole/oidc`. No library of
//! the field takes the time as an argument, refuses names that stand twice, or checks `azp` and `nbf`; the ones there are
//! bring a second implementation of all cryptography.

pub mod attempt;
mod claims;
mod jws;
mod provider;
pub mod recheck;
mod roles;

use std::collections::HashMap;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use domain::instant::Instant;
use domain::record::Digest;
use domain::role::Role;
use graph::{Answer, Credential, Door};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use self::attempt::Attempt;
use self::claims::Expected;
pub use self::claims::{ClaimProblem, LoggedOut, Names, Subject};
use self::jws::{Claims, JwsError};
use self::provider::Provider;
pub use self::roles::{NoRole, RoleRules};

/// Where the provider sends the browser back to.
pub const CALLBACK: &str = "/sign-in/oidc/callback";
/// Where the provider says that a session of its own has ended.
pub const LOGOUT: &str = "/sign-in/oidc/logout";
/// What is asked for unless the settings say otherwise. `offline_access`: a token to ask for the roles again with.
pub const SCOPES: &str = "openid profile email offline_access";
const ID_TOKEN_TYPES: &[&str] = &["JWT"];
const LOGOUT_TOKEN_TYPES: &[&str] = &["JWT", "logout+jwt"];

/// Why nobody has signed in. For the log; people are told what they can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// It may answer in a moment.
    #[error("the identity provider does not answer: {0}")]
    Silent(String),
    #[error("the identity provider is not as it should be: {0}")]
    Provider(String),
    /// What came back is no answer to what this browser asked.
    #[error("the answer does not belong to a sign-in of this browser: {0}")]
    NotAsked(&'static str),
    /// The provider has said no.
    #[error("the identity provider refuses: {0}")]
    Refused(String),
    #[error("the token is not believed: {0}")]
    Token(#[from] JwsError),
    #[error("the token is not what was asked for: {0}")]
    Claims(#[from] ClaimProblem),
}

/// What the settings say of the provider.
pub struct RelyingParty {
    /// To the letter as the provider writes it.
    pub issuer: String,
    pub client_id: String,
    /// `None`: a client without a secret.
    pub credential: Option<Credential>,
    /// With spaces between them.
    pub scopes: String,
    pub rules: RoleRules,
}

/// Somebody whom the provider vouches for.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub subject: Subject,
    pub names: Names,
    /// The provider's name for its own session.
    pub session: Option<String>,
    /// When they last proved to the provider who they are, as far as it says.
    pub proven_at: Option<Instant>,
    pub role: Result<Role, NoRole>,
    /// To ask again with.
    pub refresh: Option<SecretString>,
}

/// What the browser brings back.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Callback {
    pub code: Option<String>,
    pub state: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// Tokens as the provider hands them out.
#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
    refresh_token: Option<String>,
}

/// A refusal (RFC 6749, section 5.2).
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// The way to the identity provider. Cheap to clone.
#[derive(Clone)]
pub struct Oidc(Arc<Inner>);

struct Inner {
    client_id: String,
    credential: Option<Credential>,
    scopes: String,
    rules: RoleRules,
    provider: Provider,
    /// Sessions whose roles are being asked for: a refresh token may be good for one request.
    rechecking: StdMutex<HashMap<Digest, Arc<Mutex<()>>>>,
}

impl Oidc {
    #[must_use]
    pub fn new(party: RelyingParty, door: Arc<dyn Door>) -> Self {
        Self(Arc::new(Inner {
            client_id: party.client_id,
            credential: party.credential,
            scopes: party.scopes,
            rules: party.rules,
            provider: Provider::new(party.issuer, door),
            rechecking: StdMutex::default(),
        }))
    }

    /// As the provider names itself.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.0.provider.issuer()
    }

    /// The address at the provider that an attempt begins at.
    ///
    /// # Errors
    /// The provider cannot be asked what it is.
    pub async fn begin(&self, attempt: &Attempt, redirect_uri: &str, now: Instant) -> Result<Url, OidcError> {
        let mut url = self.0.provider.document(now).await?.authorization_endpoint;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("response_mode", "query")
            .append_pair("client_id", &self.0.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &self.0.scopes)
            .append_pair("state", &attempt.state())
            .append_pair("nonce", &attempt.nonce())
            .append_pair("code_challenge", &attempt.challenge())
            .append_pair("code_challenge_method", "S256");
        if attempt.is_anew() {
            // Some know the one, some the other; the second has the provider say when it was.
            url.query_pairs_mut().append_pair("prompt", "login").append_pair("max_age", "0");
        }
        Ok(url)
    }

    /// Who has signed in at the provider, after it has sent the browser back.
    ///
    /// # Errors
    /// Why that is not known.
    pub async fn finish(
        &self,
        attempt: &Attempt,
        callback: &Callback,
        redirect_uri: &str,
        now: Instant,
    ) -> Result<SignedIn, OidcError> {
        if !callback.state.as_deref().is_some_and(|state| attempt.is_state(state)) {
            return Err(OidcError::NotAsked("state"));
        }
        let document = self.0.provider.document(now).await?;
        // Another provider's answer must not be taken to this one.
        let is_ours = match &callback.iss {
            Some(issuer) => issuer == self.0.provider.issuer(),
            None => !document.names_itself,
        };
        if !is_ours {
            return Err(OidcError::NotAsked("iss"));
        }
        if let Some(error) = &callback.error {
            return Err(OidcError::Refused(short(error)));
        }
        let code = callback.code.as_deref().filter(|code| !code.is_empty()).ok_or(OidcError::NotAsked("code"))?;
        let fields = [
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", redirect_uri.to_owned()),
            ("code_verifier", attempt.verifier()),
        ];
        let tokens = self.tokens(document.token_endpoint, fields, now).await?;
        let signed_in = self.signed_in(tokens, Some(&attempt.nonce()), now).await?;
        if attempt.is_anew() {
            claims::is_proven_since(signed_in.proven_at, attempt.begun_at())?;
        }
        Ok(signed_in)
    }

    /// The same person again, with the roles of now.
    ///
    /// # Errors
    /// The provider does not answer, or does not vouch for this person any more.
    pub async fn again(&self, refresh: &SecretString, of: &Subject, now: Instant) -> Result<SignedIn, OidcError> {
        let document = self.0.provider.document(now).await?;
        let fields = [
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", refresh.expose_secret().to_owned()),
            ("scope", self.0.scopes.clone()),
        ];
        let tokens = self.tokens(document.token_endpoint, fields, now).await?;
        let signed_in = self.signed_in(tokens, None, now).await?;
        if signed_in.subject != *of {
            return Err(OidcError::Claims(ClaimProblem::Wrong("sub")));
        }
        Ok(signed_in)
    }

    /// Whose sessions the provider has ended.
    ///
    /// # Errors
    /// It was not the provider who said so, or not now.
    pub async fn logged_out(&self, token: &str, now: Instant) -> Result<LoggedOut, OidcError> {
        let claims = self.believed(token, LOGOUT_TOKEN_TYPES, now).await?;
        Ok(claims::logged_out(&claims, self.expected(now))?)
    }

    async fn tokens<const N: usize>(
        &self,
        endpoint: Url,
        fields: [(&str, String); N],
        now: Instant,
    ) -> Result<Tokens, OidcError> {
        let client_id = &self.0.client_id;
        let own = self.0.credential.as_ref().map(|own| own.fields(client_id, endpoint.as_str(), now));
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .append_pair("client_id", client_id)
            .extend_pairs(own.into_iter().flatten())
            .finish();
        let Answer { status, body, .. } = self.0.provider.ask_for_tokens(endpoint, form).await?;
        if status != 200 {
            let error = serde_json::from_slice::<Refusal>(&body).map(|refusal| refusal.error);
            return Err(OidcError::Refused(error.map_or_else(|_| format!("status {status}"), |error| short(&error))));
        }
        serde_json::from_slice(&body).map_err(|error| OidcError::Provider(format!("its tokens: {error}")))
    }

    async fn signed_in(&self, tokens: Tokens, nonce: Option<&str>, now: Instant) -> Result<SignedIn, OidcError> {
        let Some(token) = tokens.id_token else { return Err(OidcError::Provider("it sends no ID token".to_owned())) };
        let claims = self.believed(&token, ID_TOKEN_TYPES, now).await?;
        let subject = claims::subject(&claims, self.expected(now), nonce)?;
        Ok(SignedIn {
            names: claims::names(&claims, &subject),
            session: claims::session(&claims),
            proven_at: claims::proven_at(&claims, now),
            role: roles::role(&claims, &self.0.rules),
            refresh: tokens.refresh_token.filter(|token| !token.is_empty()).map(Into::into),
            subject,
        })
    }

    async fn believed(&self, token: &str, types: &[&str], now: Instant) -> Result<Claims, OidcError> {
        let keys = self.0.provider.keys(now).await?;
        match jws::verified(token, &keys, types) {
            // The provider may have a new one.
            Err(JwsError::UnknownKey) => match self.0.provider.newer_keys(now).await? {
                Some(keys) => Ok(jws::verified(token, &keys, types)?),
                None => Err(JwsError::UnknownKey.into()),
            },
            verified => Ok(verified?),
        }
    }

    fn expected(&self, now: Instant) -> Expected<'_> {
        Expected { issuer: self.0.provider.issuer(), client_id: &self.0.client_id, now }
    }

    /// Where requests of one session wait for each other.
    fn turn_of(&self, session: Digest) -> Arc<Mutex<()>> {
        let mut turns = self.0.rechecking.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody else holds those that only the map has.
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(turns.entry(session).or_default())
    }
}

/// A word of somebody else's for the log: short, and on one line.
fn short(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic()).take(80).collect()
}
