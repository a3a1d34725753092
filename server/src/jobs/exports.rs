//! Writes the files that are asked for, one after the other, and throws them away when their time is over. Every server
//! does; what one has begun and no longer holds, because it was killed, another begins again.

use std::sync::Arc;
use std::time::Duration;

use domain::export::ExportProblem;
use domain::instant::Instant;
use domain::viewer::TenantId;
use futures::StreamExt as _;
use store::{Claimed, EXPORT_PART_BYTES, ExportLost, Exporter, Services, StoreError};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::auth::secret;
use crate::clock::Clock;
use crate::config::Exports;
use crate::export::{ExportError, Progress, list};

/// Between two looks at what others were asked for.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often it is said how far a file has come.
const TELL_EVERY: Duration = Duration::from_secs(1);
/// For so long a file is a server's that says nothing.
const LEASE_MS: i64 = 15_000;
/// How often a list is written whose rows change meanwhile.
const TRIES: usize = 3;

/// The job, until it is stopped.
pub struct Exporting {
    stopping: CancellationToken,
    ended: JoinHandle<()>,
}

impl Exporting {
    /// Ends it. A file that is being written is left to whoever comes next.
    pub async fn stop(self) {
        self.stopping.cancel();
        if let Err(error) = self.ended.await {
            tracing::error!("writing exports ended badly: {error}");
        }
    }
}

/// What writing takes.
#[derive(Clone)]
pub struct Writer {
    services: Services,
    exporter: Exporter,
    clock: Clock,
    settings: Exports,
    stopping: CancellationToken,
}

/// Why a file is not written to its end.
enum Broken {
    /// The list gave another number of rows than it has.
    Changed,
    /// The program is to end.
    Stopping,
    List(ExportError),
    Lost(ExportLost),
}

impl From<ExportLost> for Broken {
    fn from(lost: ExportLost) -> Self {
        Self::Lost(lost)
    }
}

/// Writes whatever is asked for, at once where `asked` says so.
#[must_use]
pub fn start(writer: Writer, asked: Arc<Notify>) -> Exporting {
    let stopping = writer.stopping.clone();
    let ended = tokio::spawn(async move {
        while !writer.stopping.is_cancelled() {
            if let Err(error) = writer.everything().await {
                tracing::error!("exports could not be written, and will be tried again: {error}");
            }
            tokio::select! {
                // Nobody has to ask: another server may have been killed, and files expire.
                _ = tokio::time::timeout(LOOK_EVERY, asked.notified()) => {}
                () = writer.stopping.cancelled() => {}
            }
        }
    });
    Exporting { stopping, ended }
}

impl Writer {
    #[must_use]
    pub fn new(services: Services, clock: Clock, settings: Exports) -> Self {
        let exporter = services.exporter(TenantId::ONLY);
        Self { services, exporter, clock, settings, stopping: CancellationToken::new() }
    }

    /// Writes what waits until nothing does, and sweeps.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn everything(&self) -> Result<(), StoreError> {
        self.exporter.sweep(self.clock.now()).await?;
        while !self.stopping.is_cancelled() {
            // Nobody else may go on with what this server begins.
            let claim = secret::random_text().map_err(|error| StoreError::Inconsistent {
                table: "exports",
                what: format!("no random name: {error}"),
            })?;
            let now = self.clock.now();
            let Some(claimed) = self.exporter.next(&claim, now, lease(now)).await? else { return Ok(()) };
            self.write(claimed).await?;
        }
        Ok(())
    }

    /// Writes one, or says why there is no file.
    async fn write(&self, mut claimed: Claimed) -> Result<(), StoreError> {
        let id = claimed.id;
        let ended = match self.written(&mut claimed).await {
            Ok(rows) => {
                tracing::info!(export = id, rows, "an export is written");
                return Ok(());
            }
            Err(Failure::Because(why)) => {
                tracing::warn!(export = id, why = why.as_str(), "an export cannot be written");
                self.exporter.fail(&claimed, why, self.clock.now()).await
            }
            Err(Failure::Stopping) => self.exporter.release(&claimed, self.clock.now()).await,
            Err(Failure::Lost(lost)) => Err(lost),
        };
        match ended {
            Ok(()) => Ok(()),
            Err(ExportLost::Store(error)) => Err(error),
            Err(lost @ (ExportLost::Gone | ExportLost::NoRoom)) => {
                tracing::info!(export = id, "{lost}");
                Ok(())
            }
        }
    }

    async fn written(&self, claimed: &mut Claimed) -> Result<i64, Failure> {
        let author = claimed.author.clone().ok_or(ExportProblem::RoleChanged)?;
        let list = list(claimed.list, &claimed.query, claimed.created_at);
        let list = list.ok().flatten().ok_or(ExportProblem::QueryRefused)?;
        let reader = self.services.read(&author);
        list.permit(&reader).map_err(|_| ExportProblem::RoleChanged)?;
        for _ in 0..TRIES {
            let progress = Progress::default();
            let file = list.file(reader.clone(), claimed.format, progress.clone());
            match self.store(claimed, file, &progress).await {
                Ok(()) => {
                    let rows = progress.rows();
                    let about = list.about(&reader, rows).await.map_err(|error| not_written(&error))?;
                    let finished =
                        self.exporter.finish(claimed, rows, progress.total(), &about, self.clock.now()).await;
                    return finished.map(|()| rows).map_err(Failure::of);
                }
                Err(Broken::Changed) => self.exporter.begin_again(claimed).await.map_err(Failure::of)?,
                Err(Broken::Stopping) => return Err(Failure::Stopping),
                Err(Broken::List(error)) => return Err(not_written(&error)),
                Err(Broken::Lost(lost)) => return Err(Failure::of(lost)),
            }
        }
        Err(ExportProblem::Changed.into())
    }

    /// Stores the file part by part.
    async fn store(
        &self,
        claimed: &mut Claimed,
        mut file: impl futures::Stream<Item = Result<bytes::Bytes, ExportError>> + Unpin,
        progress: &Progress,
    ) -> Result<(), Broken> {
        let mut ticks = tokio::time::interval(TELL_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let room = self.settings.max_bytes();
        let mut part = Vec::new();
        loop {
            tokio::select! {
                next = file.next() => match next {
                    None => break,
                    Some(Err(error)) => return Err(Broken::List(error)),
                    Some(Ok(bytes)) => {
                        part.extend_from_slice(&bytes);
                        while part.len() >= EXPORT_PART_BYTES {
                            let rest = part.split_off(EXPORT_PART_BYTES);
                            self.exporter.put(claimed, &part, room).await?;
                            part = rest;
                        }
                    }
                },
                _ = ticks.tick() => {
                    let now = self.clock.now();
                    self.exporter.progress(claimed, progress.rows(), progress.total(), now, lease(now)).await?;
                }
                () = self.stopping.cancelled() => return Err(Broken::Stopping),
            }
        }
        if !part.is_empty() {
            self.exporter.put(claimed, &part, room).await?;
        }
        // Pages of the list were read one after the other: records that came between two of them may have moved rows.
        if progress.total().is_some_and(|total| total != progress.rows()) {
            return Err(Broken::Changed);
        }
        Ok(())
    }
}

/// What becomes of an export that is not written.
enum Failure {
    Because(ExportProblem),
    Stopping,
    Lost(ExportLost),
}

impl From<ExportProblem> for Failure {
    fn from(why: ExportProblem) -> Self {
        Self::Because(why)
    }
}

impl Failure {
    fn of(lost: ExportLost) -> Self {
        match lost {
            ExportLost::NoRoom | ExportLost::Store(StoreError::DiskFull) => Self::Because(ExportProblem::NoRoom),
            lost => Self::Lost(lost),
        }
    }
}

fn not_written(error: &dyn std::fmt::Display) -> Failure {
    tracing::error!(%error, "a list could not be written to its end");
    Failure::Because(ExportProblem::NotWritten)
}

fn lease(now: Instant) -> Instant {
    now.plus_millis(LEASE_MS)
}
