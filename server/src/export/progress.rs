//! How far a file has come, for whoever wants to know while it is written.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::page::Page;

/// Shared by who writes and who asks.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    rows: AtomicI64,
    total: AtomicI64,
}

/// No total is negative.
const UNKNOWN: i64 = -1;

impl Default for Counts {
    fn default() -> Self {
        Self { rows: AtomicI64::new(0), total: AtomicI64::new(UNKNOWN) }
    }
}

impl Progress {
    pub(super) fn note<T>(&self, page: &Page<T>) {
        let total = if page.total_is_exact { page.total } else { UNKNOWN };
        self.0.total.store(total, Ordering::Relaxed);
        self.0.rows.fetch_add(i64::try_from(page.items.len()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Read so far.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.0.rows.load(Ordering::Relaxed)
    }

    /// All that there are, as the list's page says; `None` before the first is read, and where that says "more than".
    #[must_use]
    pub fn total(&self) -> Option<i64> {
        Some(self.0.total.load(Ordering::Relaxed)).filter(|total| *total != UNKNOWN)
    }
}
