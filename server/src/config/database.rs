//! `[database]`: how it is reached. Where it is, `DATABASE_URL` says.

use serde::Deserialize;
use store::PostgresTls;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Whether a Postgres on another computer may be one that has not proven who it is, where `DATABASE_URL` says so.
    pub allow_unverified_tls: bool,
}

impl Database {
    #[must_use]
    pub const fn postgres_tls(self) -> PostgresTls {
        if self.allow_unverified_tls { PostgresTls::AsAsked } else { PostgresTls::Verified }
    }
}
