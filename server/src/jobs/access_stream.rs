//! The access log for whoever watches many programs: each entry as a line of JSON, in its order, to a file or to stdout.
//!
//! It is read from the log itself, so that entries of other replicas and of commands are there too. A file goes on after
//! the last entry that stands in it; an empty one begins with the first there is. What is redacted later stays there.

use std::io::SeekFrom;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use store::{AccessLog, StoreError};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::watch;

/// How often it is looked for what others have written.
const EVERY: Duration = Duration::from_secs(5);
/// The end of a file, in which its last entry stands whole.
const LAST_BYTES: u64 = 128 << 10;

/// Where lines go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sink {
    Stdout,
    /// Opened again for every lot, so that it may be moved away.
    File(PathBuf),
}

/// Lines could not be written.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("an entry could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the lines could not be written: {0}")]
    Io(#[from] std::io::Error),
}

/// Follows the log.
pub struct Stream {
    log: AccessLog,
    sink: Sink,
    last: i64,
}

#[derive(Deserialize)]
struct Line {
    id: i64,
}

impl Stream {
    /// Finds out what has been written already. Stdout begins with what comes from now on.
    ///
    /// # Errors
    /// The file cannot be read, or the store does not answer.
    pub async fn open(log: AccessLog, sink: Sink) -> Result<Self, StreamError> {
        let last = match &sink {
            Sink::Stdout => log.last().await?,
            Sink::File(path) => {
                let mut file = File::options().create(true).append(true).read(true).open(path).await?;
                let length = file.metadata().await?.len();
                file.seek(SeekFrom::Start(length.saturating_sub(LAST_BYTES))).await?;
                let mut end = Vec::new();
                file.read_to_end(&mut end).await?;
                if !end.is_empty() && !end.ends_with(b"\n") {
                    // It broke off within a line.
                    file.write_all(b"\n").await?;
                    file.flush().await?;
                }
                let mut lines = end.split(|byte| *byte == b'\n').rev();
                lines.find_map(|line| serde_json::from_slice::<Line>(line).ok()).map_or(0, |line| line.id)
            }
        };
        Ok(Self { log, sink, last })
    }

    /// Writes what is new; answers how many entries that are.
    ///
    /// # Errors
    /// The store does not answer, or the lines cannot be written: they are tried again.
    pub async fn write_new(&mut self) -> Result<usize, StreamError> {
        let mut count = 0;
        loop {
            let entries = self.log.after(self.last).await?;
            let Some(last) = entries.last().map(|entry| entry.id) else { return Ok(count) };
            let mut lines = String::new();
            for entry in &entries {
                lines.push_str(&serde_json::to_string(entry)?);
                lines.push('\n');
            }
            self.write(lines.as_bytes()).await?;
            (self.last, count) = (last, count + entries.len());
        }
    }

    async fn write(&self, lines: &[u8]) -> std::io::Result<()> {
        match &self.sink {
            Sink::Stdout => {
                let mut stdout = tokio::io::stdout();
                stdout.write_all(lines).await?;
                stdout.flush().await
            }
            Sink::File(path) => {
                let mut file = File::options().create(true).append(true).open(path).await?;
                file.write_all(lines).await?;
                file.flush().await
            }
        }
    }

    /// Writes what is new whenever there is something, until it is dropped.
    pub async fn run(mut self, mut written: watch::Receiver<u64>) {
        loop {
            if let Err(error) = self.write_new().await {
                tracing::error!(%error, last = self.last, "the access log is not streamed, and will be tried again");
            }
            // Nobody has to say so: others write too.
            let _ = tokio::time::timeout(EVERY, written.changed()).await;
        }
    }
}
