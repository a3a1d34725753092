//! The one place that asks what time it is. Everything else is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::instant::Instant;

/// The computer's clock, or one that stands still until a test moves it.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn fixed(at: Instant) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.millis())))
    }

    /// What time it is.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one wall clock")]
    pub fn now(&self) -> Instant {
        match self {
            Self::System => Instant::from_timestamp(jiff::Timestamp::now()),
            Self::Fixed(millis) => Instant::from_millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock on, for all its clones; the computer's clock cannot be moved.
    pub fn advance(&self, millis: i64) {
        if let Self::Fixed(now) = self {
            now.fetch_add(millis, Ordering::SeqCst);
        }
    }
}
