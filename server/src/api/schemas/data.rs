//! What came in.

use std::collections::BTreeMap;

use domain::record::RecordKind;
use domain::report::{ImportDoor, ImportStatus, UnclassifiedField};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::{Problem, names};

fn import_status() -> RefOr<Schema> {
    names(ImportStatus::ALL)
}

fn source_name() -> RefOr<Schema> {
    names(RecordKind::ALL)
}

fn unclassified_field() -> RefOr<Schema> {
    names(UnclassifiedField::ALL)
}

fn import_door() -> RefOr<Schema> {
    names(ImportDoor::ALL)
}

#[derive(ToSchema)]
pub struct ImportCounts {
    pub files: i64,
    pub records: i64,
    pub accepted: i64,
    pub duplicate: i64,
    pub replaced: i64,
    pub skipped: i64,
    pub rejected: i64,
    pub by_kind: BTreeMap<String, i64>,
}

#[derive(ToSchema)]
pub struct Import {
    pub id: i64,
    pub file_name: String,
    #[schema(schema_with = import_door)]
    pub door: String,
    #[schema(format = DateTime)]
    pub started_at: String,
    #[schema(format = DateTime, required = true)]
    pub finished_at: Option<String>,
    #[schema(schema_with = import_status)]
    pub status: String,
    /// Why the file was refused.
    #[schema(required = true)]
    pub refusal: Option<String>,
    pub counts: ImportCounts,
    /// Whether it can be taken back now.
    pub can_undo: bool,
    #[schema(required = true)]
    pub undone_by: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub undone_at: Option<String>,
}

#[derive(ToSchema)]
pub struct Quarantined {
    #[schema(required = true)]
    pub line: Option<i64>,
    #[schema(required = true)]
    pub byte: Option<i64>,
    pub reason: String,
    /// The beginning of what was refused, phone numbers scrubbed.
    pub excerpt: String,
}

/// What became of a pushed body. What is counted here is in the database.
#[derive(ToSchema)]
pub struct Pushed {
    /// The import that counts what this sender pushes within the hour.
    pub import: i64,
    /// All records of the body: stored, skipped and rejected.
    pub records: i64,
    /// New, replaced and known ones.
    pub stored: i64,
    /// Valid ones of kinds that are not kept.
    pub skipped: i64,
    pub rejected: i64,
    pub by_kind: BTreeMap<String, i64>,
    /// The first 100 that could not be read.
    pub rejections: Vec<RejectedRecord>,
}

#[derive(ToSchema)]
pub struct RejectedRecord {
    /// 1-based, of the decompressed body.
    #[schema(required = true)]
    pub line: Option<i64>,
    /// 0-based, of the decompressed body.
    #[schema(required = true)]
    pub byte: Option<i64>,
    pub reason: String,
}

/// A problem document with the first 100 records that could not be read.
#[derive(ToSchema)]
pub struct NothingReadable {
    #[schema(inline)]
    #[serde(flatten)]
    pub problem: Problem,
    pub rejections: Vec<RejectedRecord>,
}

/// What came of recounting a few hours, picked at random, once an hour.
#[derive(ToSchema)]
pub struct SelfCheck {
    #[schema(format = DateTime)]
    pub at: String,
    /// Hours that were recounted.
    pub hours: i64,
    /// Figures that were not what their recount says.
    pub differences: i64,
}

/// How a source stands.
#[derive(ToSchema)]
pub struct SourceStatus {
    #[schema(schema_with = source_name)]
    pub source: String,
    /// When a record of this kind, new or known, last came in.
    #[schema(format = DateTime)]
    pub last_refreshed: String,
    #[schema(format = DateTime)]
    pub covers_from: String,
    /// The time of the newest record: what lies between it and now is lag.
    #[schema(format = DateTime)]
    pub covers_to: String,
    /// Records accepted.
    pub records: i64,
    /// Records that came again, since this is counted.
    pub duplicate: i64,
    /// Records that took the place of another version, since this is counted.
    pub replaced: i64,
    /// Stretches of a day and more without a record, of the last 90 days; null for kinds that do not come all the time.
    #[schema(required = true)]
    pub gaps: Option<Vec<Gap>>,
    /// Hours without an import after which the source counts as old; null: never.
    #[schema(required = true)]
    pub stale_after_hours: Option<i64>,
    pub stale: bool,
}

#[derive(ToSchema)]
pub struct Gap {
    #[schema(format = DateTime)]
    pub from: String,
    #[schema(format = DateTime)]
    pub to: String,
}

/// A value that no vocabulary knows, as it came.
#[derive(ToSchema)]
pub struct Unclassified {
    #[schema(schema_with = unclassified_field)]
    pub field: String,
    pub value: String,
    pub count: i64,
    /// False where only the latest records were looked at: there are at least so many.
    pub count_is_exact: bool,
}

#[derive(ToSchema)]
pub struct Data {
    pub sources: Vec<SourceStatus>,
    /// What became of the records of the last 30 days, however they came in.
    pub last_30_days: ImportCounts,
    pub unclassified: Vec<Unclassified>,
    pub imports: Vec<Import>,
    /// The latest; null before there has been one.
    #[schema(required = true)]
    pub self_check: Option<SelfCheck>,
}

#[derive(ToSchema)]
pub struct ImportDetails {
    pub id: i64,
    pub file_name: String,
    #[schema(schema_with = import_door)]
    pub door: String,
    #[schema(format = DateTime)]
    pub started_at: String,
    #[schema(format = DateTime, required = true)]
    pub finished_at: Option<String>,
    #[schema(schema_with = import_status)]
    pub status: String,
    /// Why the file was refused.
    #[schema(required = true)]
    pub refusal: Option<String>,
    pub counts: ImportCounts,
    /// Whether it can be taken back now.
    pub can_undo: bool,
    #[schema(required = true)]
    pub undone_by: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub undone_at: Option<String>,
    pub quarantined: Vec<Quarantined>,
}
