//! Secrets that are handed out once and stored as SHA-256 only: session cookies, setup links, bearer tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::record::Digest;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The beginning of every bearer token, so that scanners for leaked secrets can find one.
pub const TOKEN_PREFIX: &str = "kr_";
/// Characters of a token that are kept to recognise it by.
const HINT_CHARS: usize = 9;
const CHECKSUM_CHARS: usize = 8;
/// 32 bytes in base64url without padding.
const RANDOM_CHARS: usize = 43;

/// 32 random bytes of the operating system, as text for a cookie or a link.
///
/// # Errors
/// The operating system has no random numbers to give.
pub fn random_text() -> Result<String, rand::rand_core::OsError> {
    let mut bytes = [0_u8; 32];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The same as they are.
///
/// # Errors
/// The operating system has no random numbers to give.
pub fn random_bytes() -> Result<[u8; 32], rand::rand_core::OsError> {
    let mut bytes = [0_u8; 32];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes)
}

/// What is stored in place of a secret.
#[must_use]
pub fn digest(secret: &str) -> Digest {
    Sha256::digest(secret.as_bytes()).into()
}

/// A new bearer token: prefix, 256 random bits, and a checksum that tells a mistyped token without a look-up.
///
/// # Errors
/// The operating system has no random numbers to give.
pub fn new_token() -> Result<String, rand::rand_core::OsError> {
    let body = format!("{TOKEN_PREFIX}{}", random_text()?);
    let checksum = checksum(&body);
    Ok(body + &checksum)
}

/// The first characters of a token.
#[must_use]
pub fn token_hint(token: &str) -> String {
    token.chars().take(HINT_CHARS).collect()
}

/// Whether the text can be a token at all.
#[must_use]
pub fn is_well_formed_token(text: &str) -> bool {
    text.len() == TOKEN_PREFIX.len() + RANDOM_CHARS + CHECKSUM_CHARS
        && text.starts_with(TOKEN_PREFIX)
        && text
            .split_at_checked(TOKEN_PREFIX.len() + RANDOM_CHARS)
            .is_some_and(|(body, given)| bool::from(checksum(body).as_bytes().ct_eq(given.as_bytes())))
}

fn checksum(body: &str) -> String {
    let mut text = hex::encode(digest(body));
    text.truncate(CHECKSUM_CHARS);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_token_is_told_apart() {
        let token = new_token().expect("random numbers");
        assert!(is_well_formed_token(&token));
        assert_ne!(token, new_token().expect("random numbers"));
        let last = if token.ends_with('0') { "1" } else { "0" };
        let mistyped = format!("{}{last}", &token[..token.len() - 1]);
        assert!(!is_well_formed_token(&mistyped));
        assert!(!is_well_formed_token(""));
        assert!(!is_well_formed_token(&"ö".repeat(27)));
    }
}
