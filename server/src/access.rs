//! The access log of whoever asks by HTTP: what of each route is written down, by whom, and the one writer.
//!
//! `layers/access_log.rs` is where a request meets it, `store::AccessLog` what it becomes.

mod floods;
pub mod routes;
pub mod writer;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use domain::access::Actor;

/// What comes to be known of a request while it is answered. On every request, for whoever finds out.
#[derive(Debug, Clone, Default)]
pub struct Witness(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    actor: Option<Actor>,
    asked: Option<String>,
}

impl Witness {
    /// The one that the request carries.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        request.extensions().get().cloned().unwrap_or_default()
    }

    /// Says who the caller is.
    pub fn is_by(&self, actor: Actor) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).actor = Some(actor);
    }

    /// Says what was asked for, where the address does not.
    pub fn asks_for(&self, target: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).asked = Some(target);
    }

    /// Who the caller is, as far as it is known.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.actor.clone().unwrap_or_else(Actor::nobody)
    }

    /// Who the caller is, and what was asked for beside the address.
    #[must_use]
    pub fn seen(&self) -> (Actor, Option<String>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (seen.actor.clone().unwrap_or_else(Actor::nobody), seen.asked.take())
    }
}

/// How many rows an answer has handed out: on the response, and counted up while a file goes out.
#[derive(Debug, Clone, Default)]
pub struct Rows(Arc<AtomicI64>);

impl Rows {
    #[must_use]
    pub fn of(rows: usize) -> Self {
        let counted = Self::default();
        counted.add(rows);
        counted
    }

    pub fn add(&self, rows: usize) {
        self.0.fetch_add(i64::try_from(rows).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    #[must_use]
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}
