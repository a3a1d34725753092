use domain::instant::Instant;
use domain::record::Digest;

use crate::TokenScope;

#[derive(Debug, Clone)]
pub struct NewToken {
    pub name: String,
    pub scope: TokenScope,
    /// SHA-256 of the token; the token itself is never stored.
    pub hash: Digest,
    /// Its first characters, to recognise it by.
    pub hint: String,
    pub expires_at: Instant,
    pub now: Instant,
}

/// A bearer token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TokenItem {
    pub id: i64,
    pub name: String,
    pub hint: String,
    pub scope: TokenScope,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
}
