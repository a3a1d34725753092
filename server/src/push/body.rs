//! A body on its way to the parser: bounded in length, in time and in how many arrive at once.

use std::io::{self, Cursor, Read};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures::{Stream, StreamExt as _};
use tokio::io::AsyncReadExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::config::Intake;

/// Bodies up to this size, as they come, are received whole before they are read.
const SMALL: u64 = 512 << 10;
/// Small bodies that are read at once, each by a thread.
const SMALL_AT_ONCE: usize = 4;
/// Larger bodies that are read at once: each holds some thousands of records.
const LARGE_AT_ONCE: usize = 4;
/// How long a body may pause.
const PAUSE: Duration = Duration::from_secs(60);

/// Why a body could not be received to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    #[error("The body is longer than {0} MiB. Send it in parts.")]
    TooLarge(u64),
    #[error("The body paused for more than {} seconds.", PAUSE.as_secs())]
    TooSlow,
    #[error("The body broke off: {0}.")]
    BrokenOff(String),
}

/// How many bodies are read at once, and how long each may be.
#[derive(Clone)]
pub struct Bodies {
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
    most_mib: u64,
}

/// A body that can be read now.
pub struct Arriving {
    pub reader: Box<dyn Read + Send>,
    /// Why it ended early, if it did.
    pub broken: Arc<OnceLock<BodyError>>,
    /// To be kept until it has been read.
    pub turn: OwnedSemaphorePermit,
}

impl Bodies {
    pub fn new(settings: &Intake) -> Self {
        Self {
            small: Arc::new(Semaphore::new(SMALL_AT_ONCE)),
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            most_mib: settings.max_body_mib,
        }
    }

    /// Waits for a small body to be there, or for the turn of a large one.
    pub async fn receive(&self, body: Body) -> Result<Arriving, BodyError> {
        let broken = Arc::new(OnceLock::new());
        let mut reader = StreamReader::new(Box::pin(bounded(body, self.most_mib, Arc::clone(&broken))));
        let mut head = Vec::new();
        if let Err(error) = (&mut reader).take(SMALL + 1).read_to_end(&mut head).await {
            let why = broken.get().cloned();
            return Err(why.unwrap_or_else(|| BodyError::BrokenOff(error.to_string())));
        }
        let is_small = head.len() as u64 <= SMALL;
        let (turns, reader): (_, Box<dyn Read + Send>) = if is_small {
            (&self.small, Box::new(Cursor::new(head)))
        } else {
            (&self.large, Box::new(Read::chain(Cursor::new(head), SyncIoBridge::new(reader))))
        };
        let turn = Arc::clone(turns).acquire_owned().await;
        let turn = turn.map_err(|closed| BodyError::BrokenOff(closed.to_string()))?;
        Ok(Arriving { reader, broken, turn })
    }
}

/// The parts of a body until it ends, grows too long or pauses too long.
fn bounded(
    body: Body,
    most_mib: u64,
    broken: Arc<OnceLock<BodyError>>,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let parts = body.into_data_stream();
    futures::stream::try_unfold((parts, broken, 0_u64), move |(mut parts, broken, seen)| async move {
        let why = match tokio::time::timeout(PAUSE, parts.next()).await {
            Ok(None) => return Ok(None),
            Ok(Some(Ok(part))) => {
                let seen = seen + part.len() as u64;
                if seen <= most_mib << 20 {
                    return Ok(Some((part, (parts, broken, seen))));
                }
                BodyError::TooLarge(most_mib)
            }
            Ok(Some(Err(error))) => BodyError::BrokenOff(error.to_string()),
            Err(_) => BodyError::TooSlow,
        };
        let error = io::Error::other(why.to_string());
        // Only the first reason counts.
        let _ = broken.set(why);
        Err(error)
    })
}
