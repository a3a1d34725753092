//! Latency of one request, over and over on a few connections.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};

use crate::http::Client;

const CONNECTIONS: usize = 4;
const REQUESTS: usize = 100;
const WARM_UP: usize = 5;

/// Latencies of all requests, shortest first.
pub struct Latencies(Vec<Duration>);

impl Latencies {
    pub fn p95(&self) -> Duration {
        self.at(95)
    }

    fn at(&self, percent: usize) -> Duration {
        let index = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(index).copied().unwrap_or_default()
    }
}

impl std::fmt::Display for Latencies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [p50, p95, p99] = [50, 95, 99].map(|percent| self.at(percent).as_secs_f64() * 1000.0);
        write!(f, "{p50:.1} / {p95:.1} / {p99:.1}")
    }
}

/// Asks for a path with a token, on several connections at once.
pub fn latencies(address: SocketAddr, path: &str, token: &str) -> anyhow::Result<Latencies> {
    let authorization = format!("Bearer {token}");
    let ask = || -> anyhow::Result<Vec<Duration>> {
        let mut client = Client::connect(address)?;
        let mut taken = Vec::with_capacity(REQUESTS);
        for number in 0..WARM_UP + REQUESTS {
            let begun = Instant::now();
            let answer = client.get(path, &[("authorization", &authorization)])?;
            if answer.status != 200 {
                bail!("{path} answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
            }
            if number >= WARM_UP {
                taken.push(begun.elapsed());
            }
        }
        Ok(taken)
    };
    let parts: Vec<anyhow::Result<Vec<Duration>>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(anyhow!("a client panicked")))).collect()
    });
    let mut all: Vec<Duration> = parts.into_iter().collect::<anyhow::Result<Vec<_>>>()?.concat();
    all.sort_unstable();
    Ok(Latencies(all))
}
