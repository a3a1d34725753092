//! What goes: imports that are taken back, days that rules no longer keep, people who are to be forgotten.
//!
//! Requests only note what is to go; here it goes. All of it can break off at any moment and is gone on with.

use std::sync::Arc;
use std::time::Duration;

use store::{Operator, StoreError};
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use crate::clock::Clock;

/// How often it is looked whether another day has to go.
const EVERY: Duration = Duration::from_secs(3600);

/// The job, until it is stopped.
pub struct Keeping {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Keeping {
    /// Ends it where it stands.
    pub async fn stop(self) {
        // Whoever is gone needs no telling.
        let _ = self.stop.send(());
        if let Err(error) = self.ended.await {
            tracing::error!("what is to go ended badly: {error}");
        }
    }
}

/// Looks for what is to go at once, whenever `asked` says so, and every hour. On a thread of its own: what writes much
/// holds a transaction.
#[must_use]
pub fn start(operator: Operator, clock: Clock, asked: Arc<Notify>) -> Keeping {
    let (stop, stopped) = oneshot::channel();
    let runtime = Handle::current();
    let ended = tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            tokio::select! {
                () = again_and_again(&operator, &clock, &asked) => {}
                _ = stopped => {}
            }
        });
    });
    Keeping { stop, ended }
}

async fn again_and_again(operator: &Operator, clock: &Clock, asked: &Notify) {
    loop {
        if let Err(error) = everything(operator, clock).await {
            tracing::error!("what is to go could not go, and will be tried again: {error}");
        }
        // Nobody has to ask: the time may pass.
        let _ = tokio::time::timeout(EVERY, asked.notified()).await;
    }
}

/// Whatever is to go now goes.
///
/// # Errors
/// The store does not answer.
pub async fn everything(operator: &Operator, clock: &Clock) -> Result<(), StoreError> {
    for undo in operator.begun_undos().await? {
        let import = undo.import.0;
        let rows = operator.undo(undo, clock.now()).await?;
        tracing::info!(import, rows, "the import is undone");
    }
    for erasing in operator.begun_erasures().await? {
        let left = erasing.outward_id();
        operator.erase(erasing, clock.now()).await?;
        tracing::info!(left, "a person is erased");
    }
    let rows = operator.retain(clock.now()).await?;
    if rows > 0 {
        tracing::info!(rows, "days that no rule keeps have gone");
    }
    Ok(())
}
