//! What came in.

use std::collections::BTreeMap;

use domain::report::ImportStatus;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::{Source, names};

fn import_status() -> RefOr<Schema> {
    names(ImportStatus::ALL)
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

#[derive(ToSchema)]
pub struct Data {
    pub sources: Vec<Source>,
    pub imports: Vec<Import>,
}

#[derive(ToSchema)]
pub struct ImportDetails {
    pub id: i64,
    pub file_name: String,
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
    pub quarantined: Vec<Quarantined>,
}
