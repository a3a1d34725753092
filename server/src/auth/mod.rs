//! Who asks: passwords, second factors, sessions, bearer tokens, the first person.

pub mod browser;
pub mod guessable;
pub mod identify;
pub mod limiter;
pub mod oidc;
pub mod passkey;
pub mod password;
pub mod reads;
pub mod secret;
pub mod session;
pub mod setup;
pub mod step;
pub mod totp;
