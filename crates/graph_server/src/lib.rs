//! A Microsoft Graph for tests: it keeps the rules of `spec/graph.md` §5, refuses what the real one refuses, and
//! misbehaves when told to. Its time is tokio's, so that a week of it takes no time at all.
//!
//! [`GraphServer`] is what tests hold: they put people and records into its [`World`], choose [`Fault`]s, and read
//! what was asked. A [`Schedule`] is days of all of this from one seed. It is an axum router, reached through [`InProcess`] or on a port of this computer.

mod answers;
mod door;
mod faults;
mod filter;
mod paging;
mod router;
mod schedule;
mod tokens;
mod world;

pub use door::InProcess;
pub use faults::{Fault, RetryAfter};
pub use router::GraphServer;
pub use schedule::Schedule;
pub use tokens::{CLIENT_ID, DIRECTORY, SECRET};
pub use world::{Asked, Event, Kind, World};
