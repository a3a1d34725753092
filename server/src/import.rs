//! Files into the store: hashed, parsed off the request threads, applied in batches.
//!
//! The same driver serves `keyroll import`, the demo and uploads. Memory stays bounded: the parser waits while the
//! store is behind.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::instant::Instant;
use domain::record::{Digest, Rejection};
use domain::report::{ImportCounts, ImportDoor, ImportStatus};
use ingest::{DateOrder, Hints};
use sha2::{Digest as _, Sha256};
use store::{ImportId, NewImport, Operator, Started, StoreError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::clock::Clock;

pub mod background;
pub mod batches;
pub mod progress;

use batches::{Message, Parsed};
use progress::Progress;

/// Batches that may wait for the store.
const AHEAD: usize = 1;
/// Quarantined records that are reported at once; the rest stand on `/data`.
pub const REJECTIONS_REPORTED: usize = 20;

/// Quarantined records of one file that are kept; more are only counted, so that a small file cannot fill the disk.
const MOST_QUARANTINED: i64 = 100_000;

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

impl FileReport {
    #[must_use]
    pub fn new(import: ImportId, name: String) -> Self {
        let counts = ImportCounts { files: 1, ..ImportCounts::default() };
        Self { import, name, counts, refusal: None, rejections: Vec::new() }
    }
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

/// Imports one file that somebody named on the command line.
///
/// # Errors
/// See [`Begun::run`].
pub async fn import_file(
    operator: &Operator,
    clock: &Clock,
    input: &Input,
    settings: ImportSettings,
    progress: &Progress,
) -> Result<FileReport, ImportError> {
    begin(operator, clock, ImportDoor::File, input.clone(), settings).await?.run(operator, clock, progress).await
}

/// A file that stands among the imports, but has not been read yet.
pub struct Begun {
    started: Started,
    input: Input,
    /// The input's name, scrubbed.
    name: String,
    settings: ImportSettings,
}

/// Notes that a file has come in.
///
/// # Errors
/// The file cannot be read, or the store does not answer.
pub async fn begin(
    operator: &Operator,
    clock: &Clock,
    door: ImportDoor,
    input: Input,
    settings: ImportSettings,
) -> Result<Begun, ImportError> {
    let name = ingest::scrub(&input.name).into_owned();
    let sha256 = hash(input.path.clone()).await?;
    let new = NewImport { file_name: name.clone(), sha256, now: clock.now() };
    let started = operator.begin_import_through(door, new).await?;
    Ok(Begun { started, input, name, settings })
}

impl Begun {
    #[must_use]
    pub const fn id(&self) -> ImportId {
        self.started.id
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Imports the file. What was applied before an error stays; importing it again adds only the rest.
    ///
    /// # Errors
    /// The file cannot be read, or the store does not answer.
    pub async fn run(self, operator: &Operator, clock: &Clock, progress: &Progress) -> Result<FileReport, ImportError> {
        let Self { started, input, name, settings } = self;
        progress.begin(&input.name);
        let in_name = ingest::date_in_file_name(&input.name);
        let observed_at = settings.observed_at.or(in_name).unwrap_or(started.first_seen_at);

        let hints = Hints { date_order: settings.date_order, ..Hints::default() };
        let reader = progress.reader(open(&input.path)?);
        let mut report = FileReport::new(started.id, name);
        let how = Taking { hints, observed_at, is_current: false };
        take_in(operator, clock, reader, how, &mut report).await?;
        let status = if report.refusal.is_some() { ImportStatus::Refused } else { ImportStatus::Done };
        operator.finish_import(started.id, status, report.refusal.clone(), &report.counts, clock.now()).await?;
        Ok(report)
    }
}

/// How bytes are taken in.
#[derive(Debug, Clone)]
pub struct Taking {
    pub hints: Hints,
    /// The observation time of records that carry none.
    pub observed_at: Instant,
    /// They say how things are now, and say it each time: see [`Operator::apply_current`].
    pub is_current: bool,
}

/// Reads everything, applies it to an import that has begun, and adds up what became of it.
///
/// # Errors
/// The store does not answer.
pub async fn take_in(
    operator: &Operator,
    clock: &Clock,
    reader: impl Read + Send + 'static,
    how: Taking,
    report: &mut FileReport,
) -> Result<(), ImportError> {
    let Taking { hints, observed_at, is_current } = how;
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let parser = tokio::task::spawn_blocking(move || batches::parse(reader, &hints, sender, batches::RECORDS));
    let mut counts = ImportCounts::default();
    while let Some(message) = receiver.recv().await {
        match message {
            Message::Records(records) => {
                let applied = if is_current {
                    operator.apply_current(report.import, records, observed_at, clock.now()).await?
                } else {
                    operator.apply(report.import, records, observed_at, clock.now()).await?
                };
                counts.accepted += applied.accepted;
                counts.duplicate += applied.duplicate;
                counts.replaced += applied.replaced;
                counts.skipped += applied.erased;
            }
            Message::Rejected(rejected) => {
                let kept = MOST_QUARANTINED - counts.rejected.min(MOST_QUARANTINED);
                let kept = usize::try_from(kept).unwrap_or_default().min(rejected.len());
                operator.reject(report.import, &rejected[..kept]).await?;
                let room = REJECTIONS_REPORTED.saturating_sub(report.rejections.len());
                counts.rejected += i64::try_from(rejected.len()).unwrap_or(i64::MAX);
                report.rejections.extend(rejected.into_iter().take(room));
            }
        }
    }
    let Parsed { by_kind, skipped, refusal } = parser.await.map_err(|_| ImportError::Parser)?;
    counts.by_kind = by_kind;
    counts.skipped += skipped;
    counts.records = counts.accepted + counts.duplicate + counts.replaced + counts.skipped + counts.rejected;
    report.counts.add(&counts);
    report.refusal = refusal.map(|refusal| refusal.to_string());
    Ok(())
}

/// Writes to the store beside everything else, on a thread of its own.
pub fn on_a_thread<F: Future>(work: impl FnOnce() -> F + Send + 'static) -> JoinHandle<F::Output>
where
    F::Output: Send + 'static,
{
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(work()))
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
