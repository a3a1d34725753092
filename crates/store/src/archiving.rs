//! Every table as rows of plain values, out of one database and into another of either engine: what backups, restoring
//! and moving have in common.
//!
//! Which tables and columns there are is asked of the database, so that nothing new can be forgotten. What an engine
//! keeps for itself (indexes, trigrams, what has been migrated) stays behind: the other end makes its own.

mod dump;
mod load;
mod shape;

pub use dump::Dump;
pub use load::Load;
pub use shape::{TableShape, TableSum};

/// A row, in the order of its table's columns.
pub type Row = Vec<crate::Field>;

/// Rows that go from one end to the other together.
const LOT: usize = 1000;
