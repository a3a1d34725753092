//! What is done to accounts beside registrations and resets: administrators block, let pass and reset; people change
//! passwords, unlock, and report that somebody else signs in as them.

use domain::instant::{DAY_MS, HOUR_MS, MINUTE_MS};
use rand::Rng as _;
use rand::RngCore as _;
use rand_chacha::ChaCha8Rng;

use super::Settings;
use super::people::Person;
use super::story::{Act, Deed, curve, sample, somebody};

/// What the directory does when somebody reports fraud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    Blocked,
    NoAction,
    /// As it is called today.
    Suspicious,
}

/// A report of fraud, and which logs have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    pub kind: AlertKind,
    pub is_in_sign_ins: bool,
    pub is_in_audits: bool,
}

/// How a change of a password ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Done,
    /// On premises, but not in the cloud: a success all the same.
    DoneOnPremises,
    TooSimple,
}

/// One of them for so many people and 30 days.
const FRAUDS: f64 = 250.0;
const BLOCKS: f64 = 100.0;
const BYPASSES: f64 = 120.0;
const RESETS: f64 = 30.0;
const CHANGES: f64 = 10.0;
const UNLOCKS: f64 = 30.0;
const RESETS_BLOCKED: f64 = 150.0;

pub const BLOCK_REASONS: [&str; 5] =
    ["Lost phone", "Stolen phone, police report filed", "Suspected compromise", "Left the company", "Förlorad telefon"];
pub const UNBLOCK_REASONS: [&str; 4] =
    ["New phone handed out", "Phone found", "False alarm, talked to the user", "Identity checked by the help desk"];
pub const BYPASS_REASONS: [&str; 4] = [
    "Phone left at home",
    "Phone broken, new one is on its way",
    "No coverage at the plant",
    "Travelling without phone",
];

struct Teller<'a> {
    settings: &'a Settings,
    people: &'a [Person],
    active: Vec<u32>,
    curve: Vec<f64>,
    acts: Vec<Act>,
}

/// All of it, in no order.
pub fn tell(settings: &Settings, people: &[Person], rng: &mut ChaCha8Rng) -> Vec<Act> {
    let active = (0u32..).zip(people).filter(|(_, person)| person.is_active()).map(|(number, _)| number).collect();
    let mut teller = Teller { settings, people, active, curve: curve(settings, false), acts: Vec::new() };
    teller.each(FRAUDS, rng, Teller::fraud);
    teller.each(BLOCKS, rng, Teller::block);
    teller.each(BYPASSES, rng, Teller::bypass);
    teller.each(RESETS, rng, |teller, at, person, rng| {
        teller.push(at, person, Deed::AdminReset { succeeds: !rng.random_ratio(4, 100) });
    });
    teller.each(CHANGES, rng, |teller, at, person, rng| {
        let change = match rng.random_range(0..100u32) {
            0..84 => Change::Done,
            84..89 => Change::DoneOnPremises,
            _ => Change::TooSimple,
        };
        teller.push(at, person, Deed::PasswordChange { change });
    });
    teller.each(UNLOCKS, rng, |teller, at, person, rng| {
        teller.push(at, person, Deed::Unlock { succeeds: !rng.random_ratio(15, 100) });
    });
    teller.each(RESETS_BLOCKED, rng, |teller, at, person, _| teller.push(at, person, Deed::ResetBlocked));
    teller.acts
}

impl Teller<'_> {
    fn each(
        &mut self,
        people_for_one: f64,
        rng: &mut ChaCha8Rng,
        happens: impl Fn(&mut Self, i64, u32, &mut ChaCha8Rng),
    ) {
        let months = f64::from(self.settings.days) / 30.0;
        let count = (f64::from(self.settings.users) * months / people_for_one).ceil() as usize;
        for _ in 0..count {
            let at = sample(&self.curve, self.settings.start().millis(), rng);
            if let Some(person) = somebody(self.people, &self.active, at, rng) {
                happens(self, at, person, rng);
            }
        }
    }

    /// What lies beyond the end has not happened yet.
    fn push(&mut self, at: i64, person: u32, deed: Deed) {
        if at < self.settings.end.millis() {
            self.acts.push(Act { at, person, methods: self.people[person as usize].methods, deed });
        }
    }

    fn fraud(&mut self, at: i64, person: u32, rng: &mut ChaCha8Rng) {
        let kind = match rng.random_range(0..100u32) {
            0..55 => AlertKind::Blocked,
            55..70 => AlertKind::NoAction,
            _ => AlertKind::Suspicious,
        };
        // Logs end at different times, and some are not delivered.
        let roll = rng.random_range(0..10u32);
        let alert = Alert { kind, is_in_sign_ins: roll != 0, is_in_audits: roll != 1 };
        self.push(at, person, Deed::Fraud { alert, seed: rng.next_u64() });
        if kind == AlertKind::Blocked && rng.random_ratio(6, 10) {
            let at = at + rng.random_range(HOUR_MS..10 * DAY_MS);
            self.push(at, person, Deed::Unblock { reason: 2 });
        }
    }

    fn block(&mut self, at: i64, person: u32, rng: &mut ChaCha8Rng) {
        if rng.random_ratio(1, 20) {
            // Of a block that was made before the log begins.
            self.push(at, person, Deed::Unblock { reason: 3 });
            return;
        }
        self.push(at, person, Deed::Block { reason: rng.random_range(0..BLOCK_REASONS.len()) as u8 });
        if rng.random_ratio(55, 100) {
            let at = at + rng.random_range(10 * MINUTE_MS..20 * DAY_MS);
            self.push(at, person, Deed::Unblock { reason: rng.random_range(0..UNBLOCK_REASONS.len()) as u8 });
        }
    }

    fn bypass(&mut self, at: i64, person: u32, rng: &mut ChaCha8Rng) {
        let seconds = [300, 300, 300, 600, 900, 3_600][rng.random_range(0..6)];
        self.push(at, person, Deed::Bypass { reason: rng.random_range(0..BYPASS_REASONS.len()) as u8, seconds });
        if rng.random_ratio(1, 5) {
            let at = at + rng.random_range(20_000..i64::from(seconds) * 1_000);
            self.push(at, person, Deed::RemoveBypass);
        }
    }
}
