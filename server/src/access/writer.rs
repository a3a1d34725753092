//! The one writer: entries that wait when it is free are written down in one transaction.

use std::time::Duration;

use domain::access::Access;
use store::{AccessLog, StoreError};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::floods::Floods;

/// Entries that may wait: as many requests are under way.
const WAITING: usize = 1_024;
/// Entries of one transaction.
const TOGETHER: usize = 256;
/// Refusals that have no entry of their own are written down after so long at the latest.
const QUIET: Duration = Duration::from_secs(60);

/// An entry could not be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotLogged {
    #[error("the disk that the database is on is full")]
    DiskFull,
    #[error("the access log could not be written")]
    Failed,
}

struct Waiting {
    entry: Access,
    answer: oneshot::Sender<Result<(), NotLogged>>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    entries: mpsc::Sender<Waiting>,
    /// Counts transactions: whoever follows the log looks again.
    written: watch::Receiver<u64>,
}

impl Writer {
    /// To be called inside the runtime.
    #[must_use]
    pub fn start(log: AccessLog) -> Self {
        let (entries, waiting) = mpsc::channel(WAITING);
        let (tell, written) = watch::channel(0);
        tokio::spawn(write(log, waiting, tell));
        Self { entries, written }
    }

    /// Waits until the entry is durable.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn write(&self, entry: Access) -> Result<(), NotLogged> {
        let (answer, outcome) = oneshot::channel();
        self.entries.send(Waiting { entry, answer }).await.map_err(|_| NotLogged::Failed)?;
        outcome.await.map_err(|_| NotLogged::Failed)?
    }

    /// Changes whenever something was written by this program.
    #[must_use]
    pub fn written(&self) -> watch::Receiver<u64> {
        self.written.clone()
    }
}

async fn write(log: AccessLog, mut waiting: mpsc::Receiver<Waiting>, tell: watch::Sender<u64>) {
    let mut floods = Floods::default();
    let mut some = Vec::new();
    loop {
        let next = waiting.recv_many(&mut some, TOGETHER);
        let came = if floods.any_wait() { timeout(QUIET, next).await.ok() } else { Some(next.await) };
        let (mut entries, mut answers) = (Vec::new(), Vec::new());
        for Waiting { entry, answer } in some.drain(..) {
            entries.extend(floods.over(entry.at));
            if floods.takes(&entry) {
                // Whoever asked may have gone.
                let _ = answer.send(Ok(()));
            } else {
                entries.push(entry);
                answers.push(answer);
            }
        }
        if came.is_none_or(|n| n == 0) {
            entries.extend(floods.all());
        }
        if !entries.is_empty() {
            let written = log.append(entries).await.map_err(|error| match error {
                StoreError::DiskFull => NotLogged::DiskFull,
                error => {
                    tracing::error!(%error, entries = answers.len(), "the access log could not be written");
                    NotLogged::Failed
                }
            });
            for answer in answers {
                let _ = answer.send(written);
            }
            tell.send_modify(|n| *n += 1);
        }
        if came == Some(0) {
            return;
        }
    }
}
