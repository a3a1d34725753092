//! Making bearer tokens: one rule for the console and the page.

use domain::instant::{DAY_MS, Instant};
use store::{Admin, NewToken, StoreError, TokenScope};

use crate::auth::secret;

/// A token that nobody looks at for longer is one that nobody looks after.
pub const MAX_DAYS: i64 = 366;
/// Names are for people.
pub const MAX_NAME_CHARS: usize = 80;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("a token needs a name of 1 to {MAX_NAME_CHARS} characters, on one line")]
    Name,
    #[error("a token is good for 1 to {MAX_DAYS} days")]
    Days,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the operating system has no random numbers to give")]
    Randomness,
}

/// Makes a token. The answer is the only place where it stands.
///
/// # Errors
/// Why there is none.
pub async fn create(
    admin: &Admin,
    name: &str,
    scope: TokenScope,
    good_for_ms: i64,
    now: Instant,
) -> Result<String, TokenError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(TokenError::Name);
    }
    if !(1..=MAX_DAYS * DAY_MS).contains(&good_for_ms) {
        return Err(TokenError::Days);
    }
    let token = secret::new_token().map_err(|_| TokenError::Randomness)?;
    let new = NewToken {
        name: name.to_owned(),
        scope,
        hash: secret::digest(&token),
        hint: secret::token_hint(&token),
        expires_at: now.plus_millis(good_for_ms),
        now,
    };
    admin.create_token(new).await?;
    Ok(token)
}
