//! Who asks: passwords, sessions, bearer tokens, the first person.

pub mod browser;
pub mod identify;
pub mod limiter;
pub mod oidc;
pub mod password;
pub mod secret;
pub mod session;
pub mod setup;
