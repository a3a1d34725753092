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

/// How a source stands, on `/data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStatus {
    #[serde(flatten)]
    pub source: SourceItem,
    /// Records that came again to the letter, or beside a better version, since this is counted.
    pub duplicate: i64,
    /// Records that took the place of another version, since this is counted.
    pub replaced: i64,
    /// Stretches of a day and more without a record, of the last 90 days. `None`: the kind does not come all the time.
    pub gaps: Option<Vec<Gap>>,
}

/// A stretch without records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub from: Instant,
    pub to: Instant,
}

named! {
    /// Where a value stood that no vocabulary knows.
    pub enum UnclassifiedField {
        /// The text that says what became of a sign-in's second factor.
        MfaResult => "mfa_result",
        SignInMethod => "sign_in_method",
        EventMethod => "event_method",
        RegisteredMethod => "registered_method",
        CallResult => "call_result",
    }
}

/// A value that no vocabulary knows, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnclassifiedValue {
    pub field: UnclassifiedField,
    pub value: String,
    pub count: i64,
    /// False where only the latest records were looked at: there are at least so many.
    pub count_is_exact: bool,
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
        /// It is being taken back. Whoever breaks that off can go on with it.
        Undoing => "undoing",
        /// What it brought is gone.
        Undone => "undone",
    }
}

impl ImportStatus {
    /// Whether nothing happens to the import any more, unless somebody takes it back.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::Refused | Self::Interrupted)
    }
}

named! {
    /// The way by which records came in.
    pub enum ImportDoor {
        /// `keyroll import`
        File => "file",
        /// The form on `/data`.
        Upload => "upload",
        /// The watched folder.
        Folder => "folder",
        /// `POST /api/v1/ingest`: one import for all that a sender pushes within an hour.
        Push => "push",
    }
}

/// One file that came in, or what one sender pushed within an hour, on `/data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportItem {
    pub id: i64,
    pub file_name: String,
    pub door: ImportDoor,
    pub started_at: Instant,
    pub finished_at: Option<Instant>,
    pub status: ImportStatus,
    /// Why the file was refused.
    pub refusal: Option<String>,
    pub counts: ImportCounts,
    /// Whether it can be taken back: nobody reads it now, and copies that its records beat were kept.
    pub can_undo: bool,
    /// Who took it back, and when that was done.
    pub undone_by: Option<String>,
    pub undone_at: Option<Instant>,
}

/// What came of recounting a few hours, picked at random, while the program serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfCheck {
    pub at: Instant,
    /// Hours that were recounted.
    pub hours: i64,
    /// Figures that were not what their recount says.
    pub differences: i64,
}

/// One record in quarantine, on `/data/{import}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedItem {
    pub line: Option<i64>,
    pub byte: Option<i64>,
    pub reason: String,
    pub excerpt: String,
}
