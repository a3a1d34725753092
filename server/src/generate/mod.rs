//! `keyroll generate`: an organisation that never was, in the real file formats.
//!
//! The same settings give the same bytes. What is written last streams: memory grows with people, not with sign-ins.

mod activity;
mod audit;
mod care;
mod flow;
mod methods;
mod names;
mod outbox;
mod people;
mod servers;
mod sign_in;
mod story;
mod table;
mod text;
mod usage;
mod users;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context as _;
use domain::instant::{DAY_MS, Instant};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// How much goes wrong on the way of a log, in percent of its records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Faults {
    /// Delivered twice.
    pub duplicates: f64,
    /// Delivered an hour to seven days after it happened.
    pub late: f64,
    /// Delivered again, later, saying something else.
    pub resent: f64,
    /// Accompanied by a line that cannot be read.
    pub malformed: f64,
    /// Stamped more than ten minutes ahead.
    pub future: f64,
}

impl Default for Faults {
    fn default() -> Self {
        Self { duplicates: 1.0, late: 2.0, resent: 0.5, malformed: 0.0, future: 0.0 }
    }
}

/// What to generate.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub users: u32,
    pub sign_ins: u64,
    pub days: u32,
    pub seed: u64,
    /// The window's end; nothing is stamped later, but for [`Faults::future`].
    pub end: Instant,
    pub faults: Faults,
}

impl Settings {
    /// The window's beginning.
    #[must_use]
    pub fn start(&self) -> Instant {
        self.end.plus_millis(-i64::from(self.days) * DAY_MS)
    }
}

/// The organisation of `keyroll serve --demo`: some four thousand people, ninety days up to `end`.
///
/// `users.jsonl` carries no time of its own: import it with [`Settings::start`] as the time of observation, so that
/// departments, guests and disabled accounts are known over the whole window.
#[must_use]
pub fn demo_settings(end: Instant) -> Settings {
    Settings { users: 4_000, sign_ins: 20_000, days: 90, seed: 2019, end, faults: Faults::default() }
}

/// The files that [`write_files`] makes, in the order that `--out -` streams them.
pub const FILES: [&str; 9] = [
    "users.jsonl",
    "userRegistrationDetails.jsonl",
    "usageDetails.jsonl",
    "auditLogs.jsonl",
    "signInLogs.jsonl",
    "mfaActivity.csv",
    "mfaServers.csv",
    "mfaBlocks.csv",
    "mfaBypasses.csv",
];

/// Writes every file of [`FILES`] into `dir`, which is created if need be.
pub fn write_files(settings: &Settings, dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let organisation = Organisation::new(settings);
    for name in FILES {
        let path = dir.join(name);
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut file = BufWriter::with_capacity(1 << 16, file);
        let done = organisation.write(name, false, &mut file).and_then(|()| file.flush());
        done.with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Streams every kind as JSON lines.
pub fn write_stream(settings: &Settings, out: &mut impl Write) -> io::Result<()> {
    let organisation = Organisation::new(settings);
    for name in FILES {
        organisation.write(name, true, out)?;
    }
    out.flush()
}

/// The people and what they do; everything written follows from it.
struct Organisation<'a> {
    settings: &'a Settings,
    people: Vec<people::Person>,
    story: story::Story,
}

impl<'a> Organisation<'a> {
    fn new(settings: &'a Settings) -> Self {
        let people = people::organisation(settings, &mut stream(settings, 1));
        let care = care::tell(settings, &people, &mut stream(settings, 10));
        let story = story::Story::tell(settings, &people, care, &mut stream(settings, 2));
        Self { settings, people, story }
    }

    fn write(&self, name: &str, as_json: bool, file: &mut impl Write) -> io::Result<()> {
        let Self { settings, people, story } = self;
        let random = |number| stream(settings, number);
        match name {
            "users.jsonl" => users::write_directory(settings, people, file),
            "userRegistrationDetails.jsonl" => {
                users::write_registration_details(settings, people, story, random(3), file)
            }
            "usageDetails.jsonl" => usage::write_usage(settings, people, story, random(4), file),
            "auditLogs.jsonl" => audit::write_audit_log(settings, people, story, random(5), random(6), file),
            "signInLogs.jsonl" => sign_in::write_sign_ins(settings, people, story, random(7), random(8), file),
            "mfaActivity.csv" => activity::write_activity(settings, people, random(9), as_json, file),
            "mfaServers.csv" => servers::write_servers(settings, as_json, file),
            "mfaBlocks.csv" => servers::write_blocks(settings, people, random(11), as_json, file),
            _ => servers::write_bypasses(settings, people, random(12), as_json, file),
        }
    }
}

/// Independent random numbers per purpose: more sign-ins do not change who the people are.
fn stream(settings: &Settings, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
    rng.set_stream(number);
    rng
}

#[cfg(test)]
mod tests;
