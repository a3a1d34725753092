//! Pulls from every connected tenant, again and again.

use std::time::Duration;

use domain::instant::MINUTE_MS;
use store::Operator;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::clock::Clock;
use crate::sync::{Connector, Which, sync};

/// What is read whole, people and reports that Microsoft itself makes every few hours, is not read more often.
const WHOLE_EVERY_MS: i64 = 60 * MINUTE_MS;

/// The job, going on.
#[derive(Debug)]
pub struct Pulling {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Pulling {
    /// Ends it. A pull that is under way is dropped, and loses nothing: its transaction is rolled back before this
    /// answers, and the next pull goes on where the last mark stands.
    pub async fn stop(self) {
        // Nobody listens where it has ended already.
        let _ = self.stop.send(());
        let _ = self.ended.await;
    }
}

/// Pulls every `interval`, on a thread of its own.
#[must_use]
pub fn start(operator: Operator, connector: Connector, clock: Clock, interval: Duration) -> Pulling {
    let (stop, stopped) = oneshot::channel();
    let runtime = Handle::current();
    let ended = tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            tokio::select! {
                () = pull_on_and_on(&operator, &connector, &clock, interval) => {}
                _ = stopped => {}
            }
        });
    });
    Pulling { stop, ended }
}

async fn pull_on_and_on(operator: &Operator, connector: &Connector, clock: &Clock, interval: Duration) {
    loop {
        let begin = Instant::now();
        let whole_since = clock.now().plus_millis(-WHOLE_EVERY_MS);
        match sync(operator, connector, clock, Which::Due { whole_since }).await {
            Ok(Some(_)) => {}
            Ok(None) => tracing::info!("somebody else pulls from the connected tenants: waiting for the next time"),
            Err(error) => tracing::error!("connected tenants could not be pulled from: {error}"),
        }
        sleep_until((begin + interval).max(Instant::now() + SHORTEST)).await;
    }
}

/// Between two pulls, however long they take.
const SHORTEST: Duration = Duration::from_secs(5);
