//! Imports that nobody waits for: uploads, one after the other.

use store::Operator;
use tempfile::NamedTempFile;
use tokio::sync::mpsc;

use super::progress::Progress;
use super::{Begun, on_a_thread};
use crate::clock::Clock;

/// Files that may wait for their turn.
const WAITING: usize = 100;

struct Waiting {
    operator: Operator,
    begun: Begun,
    /// Goes away with the import.
    file: NamedTempFile,
}

/// Imports one file at a time. Cheap to clone.
#[derive(Clone)]
pub struct Background {
    files: mpsc::Sender<Waiting>,
}

/// So many files are waiting that one more is not taken.
#[derive(Debug, thiserror::Error)]
#[error("too many files are waiting to be imported")]
pub struct TooMany;

/// A place for a file that will come.
pub struct Place<'a>(mpsc::Permit<'a, Waiting>);

impl Background {
    /// To be called inside the runtime: the work is a task of its own, and ends with the last clone.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let (files, mut waiting) = mpsc::channel::<Waiting>(WAITING);
        tokio::spawn(async move {
            while let Some(Waiting { operator, begun, file }) = waiting.recv().await {
                let (id, clock) = (begun.id(), clock.clone());
                // On a thread of its own: a panic there is that file's.
                let importing = on_a_thread(move || async move {
                    let outcome = begun.run(&operator, &clock, &Progress::hidden()).await;
                    if outcome.is_err() {
                        // What it did is on disk, but it will not go on.
                        operator.mark_interrupted().await?;
                    }
                    outcome
                });
                match importing.await {
                    Ok(Ok(report)) => {
                        tracing::info!(import = id.0, records = report.counts.records, "a file was imported")
                    }
                    Ok(Err(error)) => tracing::error!(import = id.0, %error, "a file was not imported to its end"),
                    Err(error) => tracing::error!(import = id.0, %error, "an import ended unexpectedly"),
                }
                drop(file);
            }
        });
        Self { files }
    }

    /// A place in the queue, before anything is received for it.
    ///
    /// # Errors
    /// There is none.
    pub fn place(&self) -> Result<Place<'_>, TooMany> {
        self.files.try_reserve().map(Place).map_err(|_| TooMany)
    }
}

impl Place<'_> {
    pub fn take(self, operator: Operator, begun: Begun, file: NamedTempFile) {
        self.0.send(Waiting { operator, begun, file });
    }
}
