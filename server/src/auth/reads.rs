//! How much one person or program reads: so many answers a minute that have people's data in them. Which these are, the
//! access log's declaration says.

use axum::extract::{MatchedPath, Request};
use domain::access::AccessAction as Action;

use crate::access::Witness;
use crate::access::routes::{Logged, declared};
use crate::state::AppState;

/// It was too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyReads {
    /// Until somebody may go on.
    pub seconds: u64,
}

/// Counts a request that is to be answered, if it reads.
///
/// # Errors
/// Whoever asks has read as much as one may within a minute.
pub fn count(state: &AppState, request: &Request) -> Result<(), TooManyReads> {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    match declared(route, request.method()).map(|declared| declared.logged) {
        Some(Logged::As(Action::View | Action::ViewPerson | Action::Export)) => count_one(state, &Witness::of(request)),
        _ => Ok(()),
    }
}

/// Counts one answer, whatever it came with.
///
/// # Errors
/// As [`count`].
pub fn count_one(state: &AppState, witness: &Witness) -> Result<(), TooManyReads> {
    let counted = state.limiter.count_read(&witness.actor(), state.reads.per_minute.get(), state.clock.now());
    counted.map_err(|seconds| TooManyReads { seconds })
}
