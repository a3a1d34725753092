use domain::instant::Instant;
use domain::record::{Digest, Record, Rejection};
use domain::report::{ImportCounts, ImportStatus};

use crate::StoreError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportId(pub i64);

/// A file about to be imported.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// The name shown on `/data`, scrubbed.
    pub file_name: String,
    /// SHA-256 of the file's bytes as they came.
    pub sha256: Digest,
    pub now: Instant,
}

/// An import that has begun.
#[derive(Debug, Clone, Copy)]
pub struct Started {
    pub id: ImportId,
    /// When these bytes were first imported: the observation time of records that carry none of their own.
    pub first_seen_at: Instant,
}

/// What became of a batch of records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    pub accepted: i64,
    pub duplicate: i64,
    pub replaced: i64,
}

/// Imports into one tenant.
#[derive(Clone)]
pub struct Operator {}

impl Operator {
    pub async fn begin_import(&self, import: NewImport) -> Result<Started, StoreError> {
        let _ = import;
        unimplemented!()
    }

    /// Stores a batch, in one transaction with every figure it changes. Any batch may be sent again.
    ///
    /// `observed_at` is the observation time of user records that carry none of their own.
    pub async fn apply(
        &self,
        import: ImportId,
        records: Vec<Record>,
        observed_at: Instant,
        now: Instant,
    ) -> Result<Applied, StoreError> {
        let _ = (import, records, observed_at, now);
        unimplemented!()
    }

    pub async fn reject(&self, import: ImportId, rejected: &[Rejection]) -> Result<(), StoreError> {
        let _ = (import, rejected);
        unimplemented!()
    }

    pub async fn finish_import(
        &self,
        import: ImportId,
        status: ImportStatus,
        refusal: Option<String>,
        counts: &ImportCounts,
        now: Instant,
    ) -> Result<(), StoreError> {
        let _ = (import, status, refusal, counts, now);
        unimplemented!()
    }
}
