//! How far a file has come, for whoever wants to know while it is written.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::page::Page;

use crate::access::Rows;

/// Shared by who writes and who asks.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    rows: Rows,
    total: AtomicI64,
}

/// No total is negative.
const UNKNOWN: i64 = -1;

impl Default for Counts {
    fn default() -> Self {
        Self { rows: Rows::default(), total: AtomicI64::new(UNKNOWN) }
    }
}

impl Progress {
    /// The same rows are counted elsewhere too.
    #[must_use]
    pub fn counting(rows: Rows) -> Self {
        Self(Arc::new(Counts { rows, ..Counts::default() }))
    }

    pub(super) fn note<T>(&self, page: &Page<T>) {
        let total = if page.total_is_exact { page.total } else { UNKNOWN };
        self.0.total.store(total, Ordering::Relaxed);
        self.0.rows.add(page.items.len());
    }

    /// Read so far.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.0.rows.get()
    }

    /// All that there are, as the list's page says; `None` before the first is read, and where that says "more than".
    #[must_use]
    pub fn total(&self) -> Option<i64> {
        Some(self.0.total.load(Ordering::Relaxed)).filter(|total| *total != UNKNOWN)
    }
}
