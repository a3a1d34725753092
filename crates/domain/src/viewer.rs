//! Who asks.

use crate::role::Role;

/// Leads every key and every service call. One for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(pub i64);

impl TenantId {
    /// The installation's one tenant.
    pub const ONLY: Self = Self(1);
}

/// A signed-in person or a token, with the role that decides what services it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub tenant: TenantId,
    /// The name shown at the bottom of the navigation; a token's name for a token.
    pub name: String,
    pub role: Role,
    /// The person, or `None` for a token or a demo session.
    pub person_id: Option<i64>,
}

/// A token that may only send records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    pub tenant: TenantId,
    pub token_id: i64,
    /// The name that the token was given.
    pub name: String,
}
