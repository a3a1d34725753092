//! The way a record takes into a file: late, twice, again with changes, or broken.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

use domain::instant::{DAY_MS, HOUR_MS, MINUTE_MS};
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::{Faults, Settings};

/// A record of a log, as it will be written.
pub trait Line: Clone {
    fn at(&self) -> i64;
    fn set_at(&mut self, at: i64);
    /// Changes what a later version of the record says differently.
    fn revise(&mut self);
    /// Whether both versions are of one log time: then the records themselves must tell which is the later.
    fn shares_log_time(&self) -> bool {
        false
    }
    fn write(&self, out: &mut String, log_at: i64);
}

/// Keeps records until their log time has come, and writes them in the order of it.
pub struct Outbox<'a, L, W> {
    file: &'a mut W,
    faults: Faults,
    end: i64,
    rng: ChaCha8Rng,
    waiting: BinaryHeap<Reverse<Waiting<L>>>,
    sequence: u64,
    text: String,
}

struct Waiting<L> {
    log_at: i64,
    sequence: u64,
    line: L,
    is_broken: bool,
}

impl<L> PartialEq for Waiting<L> {
    fn eq(&self, other: &Self) -> bool {
        self.sequence == other.sequence
    }
}

impl<L> Eq for Waiting<L> {}

impl<L> PartialOrd for Waiting<L> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<L> Ord for Waiting<L> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.log_at, self.sequence).cmp(&(other.log_at, other.sequence))
    }
}

fn strikes(percent: f64, rng: &mut ChaCha8Rng) -> bool {
    percent > 0.0 && rng.random::<f64>() * 100.0 < percent
}

impl<'a, L: Line, W: Write> Outbox<'a, L, W> {
    pub fn new(settings: &Settings, rng: ChaCha8Rng, file: &'a mut W) -> Self {
        Self {
            file,
            faults: settings.faults,
            end: settings.end.millis(),
            rng,
            waiting: BinaryHeap::new(),
            sequence: 0,
            text: String::with_capacity(4096),
        }
    }

    /// Takes a record in when it happens; records come in the order of their own time, or nearly so.
    pub fn push(&mut self, line: L) -> io::Result<()> {
        let now = line.at();
        self.write_until(now)?;
        self.take(now, line);
        Ok(())
    }

    /// Takes a record in at `now`, which may be later than its own time.
    pub fn take(&mut self, now: i64, mut line: L) {
        let delay = if strikes(self.faults.late, &mut self.rng) {
            self.rng.random_range(HOUR_MS..7 * DAY_MS)
        } else {
            self.rng.random_range(2_000..4 * MINUTE_MS)
        };
        // A file that was made at the end holds what had arrived by then.
        let log_at = (now + delay).min(self.end.max(now));
        if strikes(self.faults.future, &mut self.rng) {
            line.set_at(log_at + self.rng.random_range(11 * MINUTE_MS..DAY_MS));
        }
        if strikes(self.faults.duplicates, &mut self.rng) {
            self.wait(log_at, line.clone(), false);
        }
        if strikes(self.faults.malformed, &mut self.rng) {
            self.wait(log_at, line.clone(), true);
        }
        if strikes(self.faults.resent, &mut self.rng) {
            let mut revised = line.clone();
            revised.revise();
            if self.rng.random_ratio(3, 10) {
                revised.set_at(line.at() - self.rng.random_range(1..90_000));
            }
            let again = log_at + self.rng.random_range(1..6 * HOUR_MS);
            let again = if revised.shares_log_time() { log_at } else { again.min(self.end).max(log_at + 1) };
            self.wait(again, revised, false);
        }
        self.wait(log_at, line, false);
    }

    fn wait(&mut self, log_at: i64, line: L, is_broken: bool) {
        self.sequence += 1;
        self.waiting.push(Reverse(Waiting { log_at, sequence: self.sequence, line, is_broken }));
    }

    /// Writes what has arrived by then.
    pub fn write_until(&mut self, now: i64) -> io::Result<()> {
        while self.waiting.peek().is_some_and(|Reverse(next)| next.log_at <= now) {
            let Some(Reverse(next)) = self.waiting.pop() else { break };
            self.text.clear();
            next.line.write(&mut self.text, next.log_at);
            if next.is_broken {
                self.write_broken()?;
            } else {
                self.text.push('\n');
                self.file.write_all(self.text.as_bytes())?;
            }
        }
        Ok(())
    }

    /// A line that was cut off, is not JSON at all, or was cut within a character.
    fn write_broken(&mut self) -> io::Result<()> {
        match self.rng.random_range(0..3u32) {
            0 => self.file.write_all(&self.text.as_bytes()[..self.text.len() / 2])?,
            1 => self.file.write_all(b"-- log rotated --")?,
            _ => {
                self.file.write_all(br#"{"time":"2026-01-01T00:00:00Z","operationName":"cut "#)?;
                self.file.write_all(&[0xc3])?;
            }
        }
        self.file.write_all(b"\n")
    }

    /// Writes what is left.
    pub fn finish(mut self) -> io::Result<()> {
        self.write_until(i64::MAX)
    }
}
