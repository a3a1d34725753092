//! Microsoft Graph, read only. No SQL, and nothing here knows what becomes of a page.
//!
//! * [`Door`]: the one way out. It can get, and it can ask for a token; nothing else exists. [`HttpDoor`] is the network.
//! * [`Credential`], `token`: who we are; [`Limiter`]: how often we may ask
//! * [`Client`]: one request, tried again where that helps; `listing`: page after page
//! * [`pull`]: what to ask for, so that in the end everything was read, whatever went wrong before
//! * [`test_connection`]: what each permission gives

mod address;
mod client;
mod credential;
mod door;
mod limiter;
mod listing;
mod probe;
mod pull;
mod resource;
mod said;
mod tenant;
mod token;
mod wait;

use std::sync::Arc;

use domain::instant::Instant;

pub use address::{is_loopback, safe_address};
pub use client::{Client, Count};
pub use credential::{Certificate, CertificateError, Credential};
pub use door::{Answer, Door, DoorError, HttpDoor, Outcome};
pub use limiter::{Limiter, Limiters};
pub use probe::test_connection;
pub use pull::{Ended, Mark, Plan, Sink, Sweep, pull};
pub use tenant::{AddressError, Tenant};

/// What time it is. Waiting is tokio's, so that tests need not wait.
pub type Now = Arc<dyn Fn() -> Instant + Send + Sync>;
