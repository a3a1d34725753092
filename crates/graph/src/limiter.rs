//! How often we may ask: Microsoft counts requests per application and tenant, so we do.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Reports and audit logs: 5 requests in 10 seconds (`spec/graph.md` §5.2).
const REQUESTS: usize = 5;
const WINDOW: Duration = Duration::from_secs(10);
/// Requests need not be equally long on their way: two that leave ten seconds apart may arrive a little closer.
const MARGIN: Duration = Duration::from_millis(100);

/// Lets so many requests go that no ten seconds have more than five of them.
#[derive(Debug)]
pub struct Limiter {
    most: Option<usize>,
    /// When the latest requests left. Whoever holds the lock is the next to go: first come, first served.
    gone: tokio::sync::Mutex<VecDeque<Instant>>,
    paused_until: Mutex<Option<Instant>>,
}

impl Limiter {
    /// For reports and audit logs.
    #[must_use]
    pub fn reports() -> Self {
        Self::with(Some(REQUESTS))
    }

    /// For the directory, whose allowance one reader cannot use up; it waits only when told to.
    #[must_use]
    pub fn directory() -> Self {
        Self::with(None)
    }

    fn with(most: Option<usize>) -> Self {
        Self { most, gone: tokio::sync::Mutex::default(), paused_until: Mutex::default() }
    }

    /// Waits until a request may go. Where Graph said to wait for longer than `longest`, answers how long instead.
    ///
    /// # Errors
    /// Nothing goes for so long.
    pub async fn turn(&self, longest: Duration) -> Result<(), Duration> {
        let mut gone = self.gone.lock().await;
        loop {
            let now = Instant::now();
            let full = self.most.filter(|most| gone.len() >= *most).and_then(|_| gone.front().copied());
            let free_at = full.map(|oldest| oldest + WINDOW + MARGIN);
            let paused_until = *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
            let pause = paused_until.map(|until| until.saturating_duration_since(now)).unwrap_or_default();
            if pause > longest {
                return Err(pause);
            }
            match free_at.max(paused_until) {
                Some(at) if at > now => sleep_until(at).await,
                _ => break,
            }
        }
        if let Some(most) = self.most {
            while gone.len() >= most {
                gone.pop_front();
            }
            gone.push_back(Instant::now());
        }
        Ok(())
    }

    /// Nothing goes for this long: Graph said so.
    pub fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = (*paused).max(Some(until));
    }
}

/// The limiters of one application in one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Allowance {
    pub reports: Arc<Limiter>,
    pub directory: Arc<Limiter>,
}

/// All allowances that this process uses: whoever asks for the same application in the same tenant shares one.
#[derive(Debug, Clone, Default)]
pub struct Limiters {
    allowances: Arc<Mutex<HashMap<(String, String), Allowance>>>,
}

impl Limiters {
    pub(crate) fn of(&self, directory: &str, client_id: &str) -> Allowance {
        let key = (directory.to_lowercase(), client_id.to_lowercase());
        let mut allowances = self.allowances.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Allowance { reports: Arc::new(Limiter::reports()), directory: Arc::new(Limiter::directory()) };
        allowances.entry(key).or_insert_with(new).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_ten_seconds_have_more_than_five_requests_and_few_have_fewer() {
        let limiter = Limiter::reports();
        let begin = Instant::now();
        let mut gone = Vec::new();
        for _ in 0..500 {
            limiter.turn(Duration::MAX).await.expect("no pause");
            gone.push(Instant::now());
        }
        assert!(gone.windows(6).all(|six| six[5] - six[0] > WINDOW), "more than five in ten seconds");
        let allowed = (gone[499] - begin).as_secs_f64() / 10.0 * 5.0;
        assert!(500.0 / allowed > 0.95, "500 of {allowed}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_for_everybody() {
        let limiter = Limiter::reports();
        let longest = Duration::from_secs(100);
        limiter.turn(longest).await.expect("no pause");
        limiter.pause(Duration::from_secs(90));
        limiter.pause(Duration::from_secs(30));
        let begin = Instant::now();
        assert_eq!(tokio::join!(limiter.turn(longest), limiter.turn(longest)), (Ok(()), Ok(())));
        assert_eq!((Instant::now() - begin).as_secs(), 90);
        limiter.pause(Duration::from_secs(101));
        assert_eq!(limiter.turn(longest).await, Err(Duration::from_secs(101)), "nobody sits and waits for so long");
    }
}
