//! The roles of people whom the provider vouches for are theirs to change: a session asks for them again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::instant::{Instant, MINUTE_MS};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use store::{FederatedPerson, Federation, Session, StoreError};

use super::{OidcError, SignedIn, Subject};
use crate::auth::secret;
use crate::state::AppState;
use crate::vault::{Purpose, Vault, VaultError};

/// A role is no older than this when it is used.
pub const ROLE_GOOD_FOR_MS: i64 = 5 * MINUTE_MS;

/// What became of a session.
#[derive(Debug)]
pub enum Rechecked {
    /// It is as the provider says now.
    Still(Session),
    /// It has ended: the person signs in again.
    Ended,
    /// The provider does not answer: nobody knows what the person may do.
    Unknown,
}

/// Asks the provider again, where it has not said anything for too long. `text` is the session's cookie.
///
/// # Errors
/// The store does not answer.
pub async fn recheck(state: &AppState, text: &str, session: Session) -> Result<Rechecked, StoreError> {
    let now = state.clock.now();
    if is_fresh(&session, now) {
        return Ok(Rechecked::Still(session));
    }
    let (identity, hash) = (state.services.identity(), secret::digest(text));
    // A session of a provider that is not asked any more: what it gave is shown to no other.
    let is_of = |issuer: &str| session.federated.as_ref().is_some_and(|federated| federated.issuer == issuer);
    let Some(oidc) = state.oidc.as_ref().filter(|oidc| is_of(oidc.issuer())) else {
        identity.end_session(hash).await?;
        return Ok(Rechecked::Ended);
    };
    let turn = oidc.turn_of(hash);
    let _mine = turn.lock().await;
    // Whoever was first may have asked meanwhile.
    let Some(session) = identity.session_unused(hash, now).await? else { return Ok(Rechecked::Ended) };
    if is_fresh(&session, now) {
        return Ok(Rechecked::Still(session));
    }
    let Some(federated) = &session.federated else { return Ok(Rechecked::Still(session)) };
    let of = Subject { issuer: federated.issuer.clone(), id: federated.subject.clone() };
    let refresh = federated
        .federation
        .refresh_sealed
        .as_deref()
        .and_then(|sealed| vault(text).open(Purpose::Connection, sealed).ok());
    let Some(refresh) = refresh else {
        identity.end_session(hash).await?;
        return Ok(Rechecked::Ended);
    };
    match oidc.again(&refresh, &of, now).await {
        Ok(mut signed_in) => {
            signed_in.refresh.get_or_insert(refresh);
            signed_in.session = signed_in.session.or_else(|| federated.federation.provider_session.clone());
            let Some(_) = admit(state, &signed_in, now).await? else {
                identity.end_federated_sessions(&of.issuer, Some(&of.id), None).await?;
                return Ok(Rechecked::Ended);
            };
            match federation(text, signed_in, now) {
                Ok(federation) => identity.note_role_check(hash, federation).await?,
                Err(error) => tracing::error!(%error, "a token could not be sealed"),
            }
            // Another role has ended it.
            Ok(identity.session_unused(hash, now).await?.map_or(Rechecked::Ended, Rechecked::Still))
        }
        Err(error @ OidcError::Silent(_)) => {
            tracing::warn!(%error, "roles could not be asked for");
            Ok(Rechecked::Unknown)
        }
        Err(error) => {
            tracing::warn!(%error, "a session has ended, as its role could not be asked for");
            identity.end_session(hash).await?;
            Ok(Rechecked::Ended)
        }
    }
}

/// The number here of somebody whom the provider vouches for; `None` where they may not come in.
///
/// # Errors
/// The store does not answer.
pub async fn admit(state: &AppState, signed_in: &SignedIn, now: Instant) -> Result<Option<i64>, StoreError> {
    let Ok(role) = signed_in.role else { return Ok(None) };
    let person = FederatedPerson {
        issuer: signed_in.subject.issuer.clone(),
        subject: signed_in.subject.id.clone(),
        user_name: signed_in.names.user_name.clone(),
        display_name: signed_in.names.display_name.clone(),
        role,
        now,
    };
    state.services.identity().admit(person).await
}

/// What a session keeps of what the provider has just said.
///
/// # Errors
/// The operating system has no random numbers to give.
pub fn federation(text: &str, signed_in: SignedIn, now: Instant) -> Result<Federation, VaultError> {
    let refresh_sealed = signed_in.refresh.map(|token| vault(text).seal(Purpose::Connection, &token)).transpose()?;
    Ok(Federation { provider_session: signed_in.session, role_checked_at: now, refresh_sealed })
}

fn is_fresh(session: &Session, now: Instant) -> bool {
    session
        .federated
        .as_ref()
        .is_none_or(|federated| now.millis() - federated.federation.role_checked_at.millis() < ROLE_GOOD_FOR_MS)
}

/// Refresh tokens are sealed with a key that follows from the cookie, of which the database has the hash alone: who has
/// read the database cannot use them.
fn vault(text: &str) -> Vault {
    let key = Sha256::digest(format!("refresh token: {text}"));
    Vault::Key(SecretString::from(STANDARD.encode(key)))
}
