//! Once an hour: some hours, picked at random, are recounted from raw rows. Every page says what came of it.

use std::time::Duration;

use domain::instant::{HOUR_MS, Instant};
use domain::report::SelfCheck;
use rand::Rng;
use store::{Checker, StoreError};
use tokio::time::MissedTickBehavior;

use crate::clock::Clock;

const EVERY: Duration = Duration::from_secs(3600);
/// Hours recounted at a time.
const HOURS: usize = 24;

/// Checks now and then every hour, until it is dropped. A check that fails is in the log, and the next one comes.
pub async fn run(checker: Checker, clock: Clock, mut rng: impl Rng + Send) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = check(&checker, &clock, &mut rng).await {
            tracing::error!(%error, "figures could not be checked");
        }
    }
}

/// Recounts hours between the first record and now; `None` where nothing is stored yet.
///
/// # Errors
/// The store does not answer.
pub async fn check(checker: &Checker, clock: &Clock, rng: &mut impl Rng) -> Result<Option<SelfCheck>, StoreError> {
    let at = clock.now();
    let Some((first, last)) = checker.covered().await? else { return Ok(None) };
    let hours = pick(first, last.min(at), rng);
    let differences = checker.check_hours(&hours).await?;
    let check =
        SelfCheck { at, hours: count(hours.len()), differences: i64::try_from(differences).unwrap_or(i64::MAX) };
    checker.note_self_check(&check).await?;
    Ok(Some(check))
}

fn pick(first: Instant, last: Instant, rng: &mut impl Rng) -> Vec<Instant> {
    let (first, last) = (first.millis().div_euclid(HOUR_MS), last.millis().div_euclid(HOUR_MS));
    let mut hours: Vec<i64> = (0..HOURS).map(|_| rng.random_range(first.min(last)..=last)).collect();
    hours.sort_unstable();
    hours.dedup();
    hours.into_iter().map(|hour| Instant::from_millis(hour * HOUR_MS)).collect()
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
