//! What is different from its recount, and where.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::{DAY_MS, HOUR_MS, Instant};
use serde::Serialize;

use crate::cell::Cell;
use crate::tiers::{TIERS, floor};

/// Differences that are listed; more are counted.
const MOST_LISTED: usize = 1000;

/// A derived figure or row that is not what its recount says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table it stands in.
    pub table: &'static str,
    /// Which row of the table; times as RFC 3339.
    pub key: String,
    /// `None`: there is no such row.
    pub stored: Option<String>,
    /// `None`: there should be no such row, or nothing is left that it could be recounted from.
    pub recounted: Option<String>,
}

/// What a check has found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// The first of them.
    pub differences: Vec<Difference>,
    /// How many there are.
    pub total: u64,
    /// Where they are, in the order in which they are to be repaired.
    pub(super) places: BTreeSet<Place>,
}

/// A part of what is derived that is compared, and written again, by itself. In the order of repair: what others are
/// derived from comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    MissingUsers,
    Names,
    Links(usize),
    Audits {
        after: String,
        last: String,
    },
    Flows {
        after: String,
        last: String,
    },
    OrphanEvents,
    /// Users after one, up to and including another.
    Users {
        after: i64,
        last: i64,
    },
    Standings,
    Strays(usize),
    Classes,
    SignIns(Span),
    /// Once every record is whose it should be: what they widen is never narrowed again.
    Sightings {
        after: i64,
        last: i64,
    },
    Counter {
        counter: usize,
        prefix: [i64; 2],
        span: Span,
    },
    Sources,
    Indexes,
    Trigrams,
}

/// An hour or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub from: i64,
    pub to: i64,
}

impl Span {
    /// No record is earlier.
    pub const FIRST: i64 = Instant::MIN.millis();

    pub fn day_of(at: i64) -> Self {
        let from = floor(at, DAY_MS);
        Self { from, to: from + DAY_MS }
    }

    pub fn hour_of(at: i64) -> Self {
        let from = floor(at, HOUR_MS);
        Self { from, to: from + HOUR_MS }
    }

    /// The tiers whose buckets are no longer than this, by number.
    pub fn tiers(self) -> impl Iterator<Item = (i64, i64)> {
        (0..).zip(TIERS).filter(move |(_, size)| *size <= self.to - self.from)
    }
}

/// A change that counters do not have and would have if the rows were right: by counter and minute, then the key.
pub(super) type Corrections = BTreeMap<(usize, i64, [i64; 4]), i64>;

/// Everything that was found.
#[derive(Default)]
pub(super) struct Findings {
    differences: Vec<Difference>,
    total: u64,
    places: BTreeSet<Place>,
    pub corrections: Corrections,
    /// What users would be whose rows are wrong.
    pub cells: BTreeMap<i64, Option<Cell>>,
}

impl Findings {
    pub fn add(&mut self, place: Option<&Place>, difference: Difference) {
        self.total += 1;
        if let Some(place) = place {
            self.places.insert(place.clone());
        }
        if self.differences.len() < MOST_LISTED {
            self.differences.push(difference);
        }
    }

    pub fn checked(self) -> Checked {
        Checked { differences: self.differences, total: self.total, places: self.places }
    }
}

/// A bucket as it is shown.
pub(super) fn bucket(tier: i64, at: i64) -> String {
    let name = match tier {
        0 => "day".to_owned(),
        1 => "hour".to_owned(),
        2 => "minute".to_owned(),
        _ => format!("tier {tier}"),
    };
    format!("{name} {}", Instant::from_millis(at))
}
