use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::named;
use crate::record::RecordKind;

/// What is known of one kind of record: how fresh, from when to when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceItem {
    pub source: RecordKind,
    /// When a file with records of this kind, new or known, was last imported.
    pub last_refreshed: Instant,
    /// The earliest and latest time a record of this kind carries.
    pub covers_from: Instant,
    pub covers_to: Instant,
    pub records: i64,
}

/// What became of the records of an import; printed by `keyroll import --json`.
///
/// `records` = accepted + duplicate + replaced + skipped + rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    pub files: i64,
    pub records: i64,
    pub accepted: i64,
    pub duplicate: i64,
    pub replaced: i64,
    pub skipped: i64,
    pub rejected: i64,
    /// Records read, by kind; skipped ones under their own name.
    pub by_kind: BTreeMap<String, i64>,
}

impl ImportCounts {
    pub fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.records += other.records;
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.replaced += other.replaced;
        self.skipped += other.skipped;
        self.rejected += other.rejected;
        for (kind, n) in &other.by_kind {
            *self.by_kind.entry(kind.clone()).or_default() += n;
        }
    }
}

named! {
    pub enum ImportStatus {
        Running => "running",
        Done => "done",
        /// The file as a whole was refused.
        Refused => "refused",
        /// The program ended before the file did. What was applied stays; the same file again adds the rest.
        Interrupted => "interrupted",
    }
}

/// One file that came in, on `/data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportItem {
    pub id: i64,
    pub file_name: String,
    pub started_at: Instant,
    pub finished_at: Option<Instant>,
    pub status: ImportStatus,
    /// Why the file was refused.
    pub refusal: Option<String>,
    pub counts: ImportCounts,
}

/// One record in quarantine, on `/data/{import}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedItem {
    pub line: Option<i64>,
    pub byte: Option<i64>,
    pub reason: String,
    pub excerpt: String,
}
