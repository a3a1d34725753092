//! What happens in the organisation: the days, the campaign, the outage, and who registers and resets when.

use domain::instant::{DAY_MS, HOUR_MS};
use rand::Rng as _;
use rand::RngCore as _;
use rand_chacha::ChaCha8Rng;

use super::Settings;
use super::care::{Alert, Change as PasswordChange};
use super::methods::{self, METHODS, Set};
use super::people::{Person, Standing};

/// Registrations and resets per person and 30 days; product.md promises at least a quarter.
const ACTS_PER_PERSON: f64 = 0.9;

/// How busy each hour of the UTC day is.
const HOURS: [f64; 24] = [
    0.3, 0.25, 0.2, 0.25, 0.4, 0.7, 1.4, 2.6, 3.2, 3.0, 2.8, 2.5, 2.4, 2.7, 2.6, 2.3, 1.9, 1.5, 1.2, 1.0, 0.9, 0.7,
    0.5, 0.4,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Registration {
        method: usize,
        succeeds: bool,
    },
    /// An administrator hands out a temporary access pass.
    AdminPass,
    /// The shape of the flow follows from the seed.
    Reset {
        seed: u64,
    },
    /// Changes the person's methods without an event that counts.
    Removal {
        method: usize,
    },
    /// An administrator shuts the person out, for a reason of [`super::care`].
    Block {
        reason: u8,
    },
    Unblock {
        reason: u8,
    },
    /// An administrator lets the person in once without a second factor.
    Bypass {
        reason: u8,
        seconds: u16,
    },
    RemoveBypass,
    /// The person says that it was somebody else; the sign-in's correlation follows from the seed.
    Fraud {
        alert: Alert,
        seed: u64,
    },
    AdminReset {
        succeeds: bool,
    },
    PasswordChange {
        change: PasswordChange,
    },
    Unlock {
        succeeds: bool,
    },
    /// Too many tries of self-service.
    ResetBlocked,
}

/// Something somebody did.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    pub at: i64,
    pub person: u32,
    /// The methods the person had when it began.
    pub methods: Set,
    pub deed: Deed,
}

/// From this instant on a person has these methods.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    pub person: u32,
    pub at: i64,
    pub methods: Set,
}

#[derive(Debug)]
pub struct Story {
    /// In order of time.
    pub acts: Vec<Act>,
    /// By person, then time.
    pub changes: Vec<Change>,
}

impl Settings {
    fn days_ms(&self) -> i64 {
        i64::from(self.days) * DAY_MS
    }

    /// A point of the window, in parts of a thousand of it.
    fn at_part(&self, thousandths: i64) -> i64 {
        self.start().millis() + self.days_ms() / 1000 * thousandths
    }

    /// The reset policy is widened.
    pub(super) fn roll_out(&self) -> i64 {
        self.at_part(450)
    }

    /// Conditional Access takes over from security defaults.
    pub(super) fn policies_from(&self) -> i64 {
        self.at_part(220)
    }

    /// Reminders to register go out.
    fn campaign(&self) -> std::ops::Range<i64> {
        self.at_part(620)..self.at_part(700)
    }

    /// The telephone gateway is down for a day.
    pub(super) fn outage(&self) -> std::ops::Range<i64> {
        let from = self.at_part(860) / DAY_MS * DAY_MS + 7 * HOUR_MS;
        from..from + 12 * HOUR_MS
    }

    /// The audit log begins here: older events are in the usage report only.
    pub(super) fn audit_from(&self) -> i64 {
        self.at_part(60)
    }

    /// The usage report ends here, some time after the audit log has begun.
    pub(super) fn usage_until(&self) -> i64 {
        self.at_part(120)
    }
}

/// Cumulative share of the work up to each hour of the window, 0 to 1.
pub fn curve(settings: &Settings, for_registrations: bool) -> Vec<f64> {
    let start = settings.start().millis();
    let hours = settings.days as usize * 24;
    let mut sums = Vec::with_capacity(hours + 1);
    let mut sum = 0.0;
    sums.push(0.0);
    for hour in 0..hours {
        let at = start + hour as i64 * HOUR_MS;
        // 1970-01-01 was a Thursday.
        let weekday = (at.div_euclid(DAY_MS) + 3).rem_euclid(7);
        let mut weight = HOURS[at.rem_euclid(DAY_MS) as usize / HOUR_MS as usize];
        if weekday >= 5 {
            weight *= 0.25;
        }
        if for_registrations && settings.campaign().contains(&at) {
            weight *= 3.5;
        }
        sum += weight;
        sums.push(sum);
    }
    sums.iter_mut().for_each(|part| *part /= sum);
    sums
}

pub(super) fn sample(curve: &[f64], start: i64, rng: &mut ChaCha8Rng) -> i64 {
    let part = rng.random::<f64>();
    let hour = curve.partition_point(|sum| *sum <= part).saturating_sub(1).min(curve.len() - 2);
    start + hour as i64 * HOUR_MS + rng.random_range(0..HOUR_MS)
}

impl Story {
    /// Registrations and resets, and `care`: what else happens to accounts.
    pub fn tell(settings: &Settings, people: &[Person], care: Vec<Act>, rng: &mut ChaCha8Rng) -> Self {
        let start = settings.start().millis();
        let months = f64::from(settings.days) / 30.0;
        let total = (f64::from(settings.users) * months * ACTS_PER_PERSON).ceil() as usize;
        let registrations = curve(settings, true);
        let resets = curve(settings, false);
        let mut moments: Vec<(i64, bool)> = (0..total)
            .map(|_| {
                let registers = rng.random_ratio(62, 100);
                (sample(if registers { &registrations } else { &resets }, start, rng), registers)
            })
            .collect();
        moments.sort_unstable();

        let active: Vec<u32> = (0u32..).zip(people).filter(|(_, p)| p.is_active()).map(|(i, _)| i).collect();
        let mut methods: Vec<Set> = people.iter().map(|person| person.methods).collect();
        let mut story = Self { acts: Vec::with_capacity(total), changes: Vec::new() };
        for (at, registers) in moments {
            let Some(person) = somebody(people, &active, at, rng) else { continue };
            let before = methods[person as usize];
            let deed = if registers {
                registration(settings, &people[person as usize], before, at, rng)
            } else {
                Deed::Reset { seed: rng.next_u64() }
            };
            let after = match deed {
                Deed::Registration { method, succeeds: true } => before | 1 << method,
                Deed::AdminPass => before | 1 << methods::TEMPORARY_ACCESS_PASS,
                _ => before,
            };
            story.acts.push(Act { at, person, methods: before, deed });
            // Now and then something is removed a little later; that is logged, but is no registration.
            let removed = methods::members(before).next().filter(|_| rng.random_ratio(3, 100));
            let after = removed.map_or(after, |method| after & !(1 << method));
            if let Some(method) = removed {
                story.acts.push(Act { at, person, methods: before, deed: Deed::Removal { method } });
            }
            if after != before {
                methods[person as usize] = after;
                story.changes.push(Change { person, at, methods: after });
            }
        }
        story.changes.sort_by_key(|change| change.person);
        story.acts.extend(care);
        story.acts.sort_by_key(|act| act.at);
        story
    }
}

/// Some people do much more than others: the square of an even draw.
pub(super) fn somebody(people: &[Person], active: &[u32], at: i64, rng: &mut ChaCha8Rng) -> Option<u32> {
    (0..20).find_map(|_| {
        let draw = rng.random::<f64>();
        let person = *active.get((draw * draw * active.len() as f64) as usize)?;
        people[person as usize].joined_at.is_none_or(|joined| joined <= at).then_some(person)
    })
}

fn registration(settings: &Settings, person: &Person, before: Set, at: i64, rng: &mut ChaCha8Rng) -> Deed {
    if person.standing == Standing::Employee && rng.random_ratio(4, 100) {
        return Deed::AdminPass;
    }
    let wanted = [
        methods::PUSH,
        methods::CODE,
        methods::MOBILE_PHONE,
        methods::EMAIL,
        methods::FIDO2,
        methods::SECURITY_QUESTIONS,
    ];
    // A new telephone, a reinstalled app: what somebody has already is registered again.
    let known: Vec<usize> = wanted.into_iter().filter(|method| methods::has(before, *method)).collect();
    let again = !known.is_empty() && rng.random_ratio(11, 20);
    let missing: Vec<usize> = wanted.into_iter().filter(|method| !methods::has(before, *method)).collect();
    let method = if rng.random_ratio(3, 1000) {
        methods::NOVEL
    } else if again || missing.is_empty() {
        known[rng.random_range(0..known.len())]
    } else {
        // The earlier in the list the likelier.
        missing[rng.random_range(0..missing.len()) * rng.random_range(0..missing.len()) / missing.len()]
    };
    let fails = match (settings.outage().contains(&at), METHODS[method].registered) {
        (true, "mobilePhone" | "microsoftAuthenticatorPush") => 78,
        (true, _) => 15,
        (false, "fido2") => 14,
        (false, "softwareOneTimePasscode") => 9,
        (false, _) => 5,
    };
    Deed::Registration { method, succeeds: !rng.random_ratio(fails, 100) }
}
