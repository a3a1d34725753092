//! Files into the store: hashed, parsed off the request threads, applied in batches.
//!
//! The same driver serves `keyroll import`, the demo and uploads. Memory stays bounded: the parser waits while the
//! store is behind.

use std::fs::File;
use std::path::{Path, PathBuf};

use domain::instant::Instant;
use domain::record::{Digest, Rejection};
use domain::report::{ImportCounts, ImportStatus};
use ingest::{DateOrder, Hints};
use sha2::{Digest as _, Sha256};
use store::{ImportId, NewImport, Operator, StoreError};
use tokio::sync::mpsc;

use crate::clock::Clock;

mod batches;
pub mod progress;

use batches::{Message, Parsed};
use progress::Progress;

/// Batches that may wait for the store.
const AHEAD: usize = 1;
/// Quarantined records that are reported at once; the rest stand on `/data`.
pub const REJECTIONS_REPORTED: usize = 20;

/// How to read what the files leave open.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportSettings {
    /// The observation time of records that carry none.
    pub observed_at: Option<Instant>,
    pub date_order: Option<DateOrder>,
}

/// A file to import: where its bytes are, and what it is called.
#[derive(Debug, Clone)]
pub struct Input {
    pub path: PathBuf,
    /// The name shown; for bytes that were spooled not that of the spool file.
    pub name: String,
}

/// What became of one file.
#[derive(Debug, Clone)]
pub struct FileReport {
    pub import: ImportId,
    pub name: String,
    pub counts: ImportCounts,
    /// Why the file was refused, from some point on or whole.
    pub refusal: Option<String>,
    /// The first quarantined records.
    pub rejections: Vec<Rejection>,
}

/// The import broke off: not the file's fault.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the reader of the file ended unexpectedly")]
    Parser,
}

/// Imports one file. What was applied before an error stays; importing the file again adds only the rest.
///
/// # Errors
/// The file cannot be read, or the store does not answer.
pub async fn import_file(
    operator: &Operator,
    clock: &Clock,
    input: &Input,
    settings: ImportSettings,
    progress: &Progress,
) -> Result<FileReport, ImportError> {
    progress.begin(&input.name);
    let name = ingest::scrub(&input.name).into_owned();
    let sha256 = hash(input.path.clone()).await?;
    let started = operator.begin_import(NewImport { file_name: name.clone(), sha256, now: clock.now() }).await?;
    let in_name = ingest::date_in_file_name(&input.name);
    let observed_at = settings.observed_at.or(in_name).unwrap_or(started.first_seen_at);

    let hints = Hints { date_order: settings.date_order };
    let file = open(&input.path)?;
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let reader = progress.reader(file);
    let parser = tokio::task::spawn_blocking(move || batches::parse(reader, &hints, sender));

    let mut report = FileReport {
        import: started.id,
        name,
        counts: ImportCounts { files: 1, ..ImportCounts::default() },
        refusal: None,
        rejections: Vec::new(),
    };
    while let Some(message) = receiver.recv().await {
        match message {
            Message::Records(records) => {
                let applied = operator.apply(started.id, records, observed_at, clock.now()).await?;
                report.counts.accepted += applied.accepted;
                report.counts.duplicate += applied.duplicate;
                report.counts.replaced += applied.replaced;
            }
            Message::Rejected(rejected) => {
                operator.reject(started.id, &rejected).await?;
                let room = REJECTIONS_REPORTED.saturating_sub(report.rejections.len());
                report.counts.rejected += i64::try_from(rejected.len()).unwrap_or(i64::MAX);
                report.rejections.extend(rejected.into_iter().take(room));
            }
        }
    }
    let Parsed { by_kind, skipped, refusal } = parser.await.map_err(|_| ImportError::Parser)?;
    report.counts.by_kind = by_kind;
    report.counts.skipped = skipped;
    let counts = &mut report.counts;
    counts.records = counts.accepted + counts.duplicate + counts.replaced + counts.skipped + counts.rejected;
    report.refusal = refusal;
    let status = if report.refusal.is_some() { ImportStatus::Refused } else { ImportStatus::Done };
    operator.finish_import(started.id, status, report.refusal.clone(), &report.counts, clock.now()).await?;
    Ok(report)
}

fn open(path: &Path) -> Result<File, ImportError> {
    File::open(path).map_err(|error| ImportError::File { path: path.to_owned(), error })
}

/// SHA-256 of the file's bytes as they are, before any decompression.
async fn hash(path: PathBuf) -> Result<Digest, ImportError> {
    let hashing = tokio::task::spawn_blocking(move || {
        let mut hasher = Sha256::new();
        std::io::copy(&mut open(&path)?, &mut hasher).map_err(|error| ImportError::File { path, error })?;
        Ok(hasher.finalize().into())
    });
    hashing.await.map_err(|_| ImportError::Parser)?
}
