//! `signInLogs.jsonl`: interactive and non-interactive sign-ins as Azure Monitor delivers them.

mod attempt;
mod challenge;
mod factors;
mod line;
mod policies;
mod premises;
mod record;
mod surroundings;
#[cfg(test)]
mod tests;
mod texts;

use std::io::{self, Write};

use domain::instant::{DAY_MS, HOUR_MS};
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use self::attempt::World;
use super::care::Alert;
use super::outbox::Outbox;
use super::people::Person;
use super::story::{Deed, Story, curve};
use super::text::Guid;
use super::{Faults, Settings};

/// Writes the sign-ins hour by hour: memory does not grow with their number.
pub fn write_sign_ins(
    settings: &Settings,
    people: &[Person],
    story: &Story,
    mut rng: ChaCha8Rng,
    outbox_rng: ChaCha8Rng,
    file: &mut impl Write,
) -> io::Result<()> {
    // Late ones are drawn from the past instead of being kept for days.
    let kept = Settings { faults: Faults { late: 0.0, ..settings.faults }, ..settings.clone() };
    let mut outbox = Outbox::new(&kept, outbox_rng, file);
    let world = World::new(settings, people);
    if world.active.is_empty() {
        return Ok(());
    }
    let start = settings.start().millis();
    let share = curve(settings, false);
    let mut reports = reports(story).peekable();
    let mut written = 0;
    let mut moments = Vec::new();
    let mut lines = Vec::with_capacity(3);
    for hour in 0..share.len() - 1 {
        let from = start + hour as i64 * HOUR_MS;
        let until = (share[hour + 1] * settings.sign_ins as f64).round() as u64;
        moments.clear();
        moments.extend((written..until).map(|_| from + rng.random_range(0..HOUR_MS)));
        moments.sort_unstable();
        let mut next = 0;
        loop {
            let moment = moments.get(next).copied();
            let limit = moment.unwrap_or(from + HOUR_MS);
            lines.clear();
            let now = if let Some(report) = reports.next_if(|report| report.at < limit) {
                lines.push(world.fraud(&people[report.person as usize], report.correlation, report.at, &mut rng));
                report.at
            } else if let Some(at) = moment {
                world.attempt(at, &mut rng, &mut lines);
                at
            } else {
                break;
            };
            // What is more than was asked for is left out.
            lines.truncate((settings.sign_ins - written).min(3) as usize);
            next += lines.len();
            written += lines.len() as u64;
            outbox.write_until(now)?;
            let is_late = rng.random::<f64>() * 100.0 < settings.faults.late;
            let delay = if is_late { rng.random_range(HOUR_MS..7 * DAY_MS) } else { 0 };
            for mut line in lines.drain(..) {
                let happened = line.at;
                line.at = (happened - delay).max(start);
                outbox.take(happened, line);
            }
        }
    }
    outbox.finish()
}

/// A fraud that the sign-in log saw.
struct Report {
    at: i64,
    person: u32,
    correlation: Guid,
}

fn reports(story: &Story) -> impl Iterator<Item = Report> {
    story.acts.iter().filter_map(|act| match act.deed {
        Deed::Fraud { alert: Alert { is_in_sign_ins: true, .. }, seed } => {
            Some(Report { at: act.at, person: act.person, correlation: Guid::of_seed(seed) })
        }
        _ => None,
    })
}
