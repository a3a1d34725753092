//! Records that programs push: bodies are read by several threads, and committed together by one writer.
//!
//! An answer of 2xx means that what was read is in the database. Small bodies are read whole before a thread is given to
//! them, larger ones are parsed while they arrive; of those only a few at a time, so that memory stays bounded. Whoever
//! comes when every place is taken is told to come again.

use std::sync::Arc;

use axum::body::Body;
use domain::record::Rejection;
use domain::viewer::Viewer;
use ingest::Hints;
use store::{Operator, Push, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::auth::identify::Caller;
use crate::clock::Clock;
use crate::config::Intake;
use crate::import::batches::{self, Message, Parsed};
use crate::live::Live;

mod body;
mod writer;

pub use body::BodyError;
use body::{Arriving, Bodies};
use writer::Writer;

/// Records of one body that are committed at once; a longer body is committed in pieces.
const PIECE: usize = 2_500;
/// Quarantined records of one body that are kept in memory before they are committed.
const REJECTED_PIECE: usize = 1_000;
/// Quarantined records that an answer lists; all are counted.
pub const REJECTIONS_LISTED: usize = 100;

/// The door for pushed records. Cheap to clone.
#[derive(Clone)]
pub struct Pushes {
    /// Bodies that are being received, read or committed.
    places: Arc<Semaphore>,
    bodies: Bodies,
    writer: Writer,
}

/// Who sends records, with the right to.
pub struct From {
    pub operator: Operator,
    key: String,
    name: String,
}

impl From {
    #[must_use]
    pub fn new(operator: Operator, caller: &Caller) -> Self {
        let (key, name) = match caller {
            Caller::Sender(sender) => (format!("token {}", sender.token_id), sender.name.as_str()),
            Caller::Viewer(Viewer { person_id: Some(id), name, .. }, _) => (format!("person {id}"), name.as_str()),
            Caller::Viewer(Viewer { name, .. }, _) => (format!("role {name}"), name.as_str()),
            Caller::BadToken | Caller::RoleUnknown | Caller::Nobody => (String::new(), ""),
        };
        Self { operator, key, name: ingest::scrub(name).into_owned() }
    }

    fn push(&self) -> Push {
        Push { sender_key: self.key.clone(), sender_name: self.name.clone(), ..Push::default() }
    }
}

/// What became of a body.
#[derive(Debug, Default)]
pub struct Pushed {
    /// The import whose counts have grown by it.
    pub import: i64,
    /// Records read and skipped, by kind.
    pub parsed: Parsed,
    /// Records that are in the database now, whether they were before or not.
    pub stored: i64,
    pub rejected: i64,
    /// The first quarantined records.
    pub rejections: Vec<Rejection>,
}

impl Pushed {
    /// Whether nothing of the body could be read.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.stored == 0 && self.parsed.skipped == 0
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// Every place is taken.
    #[error("too many bodies at once")]
    Full,
    #[error(transparent)]
    Body(#[from] BodyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The transaction that the records were in has failed.
    #[error("the records could not be stored")]
    NotStored,
    #[error("a thread ended unexpectedly")]
    Lost,
}

impl Pushes {
    /// To be called inside the runtime: the writer is a task of its own, and ends with the last clone.
    #[must_use]
    pub fn new(clock: Clock, settings: &Intake, live: Live) -> Self {
        Self {
            places: Arc::new(Semaphore::new(settings.places)),
            bodies: Bodies::new(settings),
            writer: Writer::start(clock, live),
        }
    }

    /// Reads a body and stores its records.
    ///
    /// # Errors
    /// See [`PushError`]; what was committed before stays, and sending the body again adds only the rest.
    pub async fn take(&self, from: From, body: Body) -> Result<Pushed, PushError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| PushError::Full)?;
        let arriving = self.bodies.receive(body).await?;
        self.read(from, arriving, &place).await
    }

    async fn read(&self, from: From, arriving: Arriving, _place: &OwnedSemaphorePermit) -> Result<Pushed, PushError> {
        let (sender, mut receiver) = mpsc::channel(1);
        let Arriving { mut reader, broken, turn } = arriving;
        let parser = tokio::task::spawn_blocking(move || {
            let parsed = batches::parse(&mut reader, &Hints::default(), sender, PIECE);
            drop(turn);
            // Who is still sending would not hear why the body is refused. An error is in `broken`.
            let _ = std::io::copy(&mut reader, &mut std::io::sink());
            parsed
        });
        let mut pushed = Pushed::default();
        // The last piece waits until all is read, so that a small body is one piece.
        let mut held = from.push();
        while let Some(message) = receiver.recv().await {
            match message {
                Message::Records(records) => {
                    if !held.records.is_empty() {
                        self.commit(&from, std::mem::replace(&mut held, from.push()), &mut pushed).await?;
                    }
                    held.records = records;
                }
                Message::Rejected(rejected) => {
                    let room = REJECTIONS_LISTED.saturating_sub(pushed.rejections.len());
                    pushed.rejections.extend(rejected.iter().take(room).cloned());
                    held.rejected.extend(rejected);
                    if held.rejected.len() >= REJECTED_PIECE {
                        self.commit(&from, std::mem::replace(&mut held, from.push()), &mut pushed).await?;
                    }
                }
            }
        }
        pushed.parsed = parser.await.map_err(|_| PushError::Lost)?;
        if let Some(refusal) = pushed.parsed.refusal.take() {
            if refusal.is_ours {
                tracing::error!(%refusal, "a pushed body could not be read");
                return Err(PushError::NotStored);
            }
            // Nobody else will say what came and could not be read.
            let rejection =
                Rejection { line: refusal.line, byte: refusal.byte, reason: refusal.reason, excerpt: String::new() };
            if pushed.rejections.len() < REJECTIONS_LISTED {
                pushed.rejections.push(rejection.clone());
            }
            held.rejected.push(rejection);
        }
        held.skipped = pushed.parsed.skipped_by_kind();
        self.commit(&from, held, &mut pushed).await?;
        match broken.get() {
            Some(error) => Err(error.clone().into()),
            None => Ok(pushed),
        }
    }

    async fn commit(&self, from: &From, push: Push, pushed: &mut Pushed) -> Result<(), PushError> {
        let (records, rejected) = (push.records.len(), push.rejected.len());
        let import = self.writer.commit(from.operator.clone(), push).await?;
        pushed.import = import.0;
        pushed.stored += i64::try_from(records).unwrap_or(i64::MAX);
        pushed.rejected += i64::try_from(rejected).unwrap_or(i64::MAX);
        Ok(())
    }
}
