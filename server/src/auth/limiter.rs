//! Slows down whoever guesses passwords: per user name and address, and per address. And whoever reads without end.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::access::{Actor, ActorKind};
use domain::fold::fold;
use domain::instant::Instant;
use domain::role::Role;

/// Tries per minute of one user name from one address.
pub const TRIES_PER_NAME: u32 = 10;
/// Tries per minute from one address.
pub const TRIES_PER_ADDRESS: u32 = 60;
const WINDOW_MS: i64 = 60_000;
/// Forgotten counters are swept when there are more than this.
const SWEEP_ABOVE: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Name(String, Option<IpAddr>),
    Address(IpAddr),
    /// A person or a token; of a demo, where nobody is known, a role.
    Reader(ActorKind, Option<i64>, Option<Role>),
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    since: Instant,
    count: u32,
}

/// Counts in memory: a restart forgets.
#[derive(Debug, Default)]
pub struct Limiter {
    tries: Mutex<HashMap<Key, Tries>>,
}

impl Limiter {
    /// Counts a try. `Err` says after how many seconds the next one is looked at.
    ///
    /// # Errors
    /// There were too many tries within the minute.
    pub fn count(&self, user_name: &str, address: Option<IpAddr>, now: Instant) -> Result<(), u64> {
        let name = Key::Name(fold(&user_name.chars().take(256).collect::<String>()), address);
        let address = address.map(|at| (Key::Address(at), TRIES_PER_ADDRESS));
        self.count_each([Some((name, TRIES_PER_NAME)), address], now)
    }

    /// Counts a try of which only the address is known: somebody comes back from an identity provider.
    ///
    /// # Errors
    /// There were too many tries from it within the minute; the number is as that of [`Self::count`].
    pub fn count_address(&self, address: Option<IpAddr>, now: Instant) -> Result<(), u64> {
        self.count_each([address.map(|at| (Key::Address(at), TRIES_PER_ADDRESS))], now)
    }

    /// Counts an answer for somebody who is known, who gets at most so many within a minute.
    ///
    /// # Errors
    /// That was more; the number is as that of [`Self::count`].
    pub fn count_read(&self, reader: &Actor, most: u32, now: Instant) -> Result<(), u64> {
        self.count_each([Some((Key::Reader(reader.kind, reader.id, reader.role), most))], now)
    }

    fn count_each<const N: usize>(&self, limits: [Option<(Key, u32)>; N], now: Instant) -> Result<(), u64> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() > SWEEP_ABOVE {
            tries.retain(|_, tries| now < tries.since.plus_millis(WINDOW_MS));
        }
        let mut wait_ms = 0;
        for (key, limit) in limits.into_iter().flatten() {
            let tries = tries.entry(key).or_insert(Tries { since: now, count: 0 });
            let ends = tries.since.plus_millis(WINDOW_MS);
            if ends <= now {
                *tries = Tries { since: now, count: 0 };
            } else if tries.count >= limit {
                wait_ms = wait_ms.max(ends.millis() - now.millis());
            }
            tries.count = tries.count.saturating_add(1);
        }
        match u64::try_from(wait_ms) {
            Ok(0) | Err(_) => Ok(()),
            Ok(wait_ms) => Err(wait_ms.div_ceil(1000)),
        }
    }

    /// Forgets the tries of a name that has now signed in.
    pub fn forget(&self, user_name: &str, address: Option<IpAddr>) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.remove(&Key::Name(fold(&user_name.chars().take(256).collect::<String>()), address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_try_waits_until_the_minute_is_over() {
        let limiter = Limiter::default();
        let address: Option<IpAddr> = "192.0.2.1".parse().ok();
        let start = Instant::from_millis(0);
        for _ in 0..TRIES_PER_NAME {
            assert_eq!(limiter.count("Ada", address, start), Ok(()));
        }
        assert_eq!(limiter.count("ADA", address, start.plus_millis(500)), Err(60));
        assert_eq!(limiter.count("grace", address, start.plus_millis(500)), Ok(()), "another name may try");
        assert_eq!(limiter.count("ada", address, start.plus_millis(WINDOW_MS)), Ok(()));
    }

    #[test]
    fn one_address_cannot_try_name_after_name() {
        let limiter = Limiter::default();
        let address: Option<IpAddr> = "192.0.2.1".parse().ok();
        let now = Instant::from_millis(0);
        for n in 0..TRIES_PER_ADDRESS {
            assert_eq!(limiter.count(&format!("name{n}"), address, now), Ok(()));
        }
        assert_eq!(limiter.count("one more", address, now), Err(60));
    }

    #[test]
    fn signing_in_forgets_the_tries_of_the_name() {
        let limiter = Limiter::default();
        let now = Instant::from_millis(0);
        for _ in 0..TRIES_PER_NAME {
            let _ = limiter.count("ada", None, now);
        }
        limiter.forget("ada", None);
        assert_eq!(limiter.count("ada", None, now), Ok(()));
    }
}
