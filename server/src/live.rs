//! Tells open pages that figures have changed: by a number in the database that every change counts up.
//!
//! One look a second for all who listen, whichever process made the change; at once where this one did. Nobody listens,
//! nobody looks.

use std::sync::Arc;
use std::time::Duration;

use domain::viewer::TenantId;
use store::{Services, StoreError};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

/// Between two looks where nobody says that there is something to see.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Between two looks in any case: while records stream in, pages need not follow each.
const REST: Duration = Duration::from_millis(250);
/// Pages that may listen at once.
const LISTENERS: usize = 1_000;

/// Cheap to clone; looking ends with the last clone.
#[derive(Clone)]
pub struct Live {
    shared: Arc<Shared>,
    _looking: Arc<Looking>,
}

struct Shared {
    services: Services,
    number: watch::Sender<i64>,
    /// Somebody has begun to listen, or has changed something.
    look: Notify,
    listeners: Arc<Semaphore>,
    closing: CancellationToken,
}

struct Looking(AbortHandle);

impl Drop for Looking {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Somebody who is told of every number.
pub struct Listener {
    pub numbers: watch::Receiver<i64>,
    /// The program is about to end.
    pub closing: CancellationToken,
    _place: OwnedSemaphorePermit,
}

impl Live {
    /// To be called inside the runtime.
    #[must_use]
    pub fn new(services: Services) -> Self {
        let shared = Arc::new(Shared {
            services,
            number: watch::Sender::new(0),
            look: Notify::new(),
            listeners: Arc::new(Semaphore::new(LISTENERS)),
            closing: CancellationToken::new(),
        });
        let looking = tokio::spawn(look_again_and_again(Arc::clone(&shared))).abort_handle();
        Self { shared, _looking: Arc::new(Looking(looking)) }
    }

    /// Begins to listen; the first number is that of this instant. `None`: too many listen already.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn listen(&self) -> Result<Option<Listener>, StoreError> {
        let Ok(place) = Arc::clone(&self.shared.listeners).try_acquire_owned() else { return Ok(None) };
        let numbers = self.shared.number.subscribe();
        self.shared.look().await?;
        self.shared.look.notify_one();
        Ok(Some(Listener { numbers, closing: self.shared.closing.clone(), _place: place }))
    }

    /// This process has changed something.
    pub fn changed(&self) {
        self.shared.look.notify_one();
    }

    /// Lets everybody go who listens, so that the program can end.
    pub fn close(&self) {
        self.shared.closing.cancel();
    }
}

impl Shared {
    async fn look(&self) -> Result<(), StoreError> {
        let number = self.services.change_number(TenantId::ONLY).await?;
        self.number.send_if_modified(|known| std::mem::replace(known, number) != number);
        Ok(())
    }
}

async fn look_again_and_again(shared: Arc<Shared>) {
    loop {
        if shared.number.receiver_count() == 0 {
            shared.look.notified().await;
        } else {
            // Whatever wakes us: it is time to look.
            let _ = tokio::time::timeout(LOOK_EVERY, shared.look.notified()).await;
        }
        if let Err(error) = shared.look().await {
            tracing::warn!(%error, "open pages cannot be told of changes");
        }
        tokio::time::sleep(REST).await;
    }
}
