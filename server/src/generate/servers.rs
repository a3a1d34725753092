//! `mfaServers.csv`, `mfaBlocks.csv`, `mfaBypasses.csv`: what MFA Server kept beside its activity (`spec/graph.md` §7.9).

use std::io::{self, Write};

use domain::instant::{DAY_MS, HOUR_MS, MINUTE_MS};
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::Settings;
use super::care::{BLOCK_REASONS, BYPASS_REASONS, UNBLOCK_REASONS};
use super::people::Person;
use super::table::Table;
use super::text::push_second;

const SERVER_COLUMNS: [&str; 5] = ["Server Name", "Version", "Status", "IP Address", "Last Communication"];

/// Name, version, status, address, and how long before the end it was last heard of: the third has gone silent.
const SERVERS: [(&str, &str, &str, &str, i64); 4] = [
    ("MFASRV01", "8.1.15.1", "Online", "198.51.100.11", 3 * MINUTE_MS),
    ("MFASRV02", "8.1.15.1", "Online", "198.51.100.12", 11 * MINUTE_MS),
    ("MFASRV03", "8.0.5.1", "Offline", "198.51.100.13", 41 * DAY_MS),
    ("MFA-UMEÅ", "8.1.9.1", "Online", "198.51.100.27", 26 * HOUR_MS),
];

const BLOCK_COLUMNS: [&str; 14] = [
    "Block Timestamp",
    "Block By Username",
    "Username",
    "Country Code",
    "Phone Number",
    "Extension",
    "Blocked",
    "Block Reason",
    "Completion Timestamp",
    "Completion Reason",
    "Account Lockout",
    "Fraud Alert",
    "Fraud Alert Not Blocked",
    "Language",
];
/// The history of blocks is older than the logs, so that some blocks have ended by themselves.
const BLOCKS_BEFORE: i64 = 120 * DAY_MS;
const BLOCK_MS: i64 = 90 * DAY_MS;

const BYPASS_COLUMNS: [&str; 11] = [
    "Bypass Timestamp",
    "Bypass Seconds",
    "Bypass By Username",
    "Username",
    "Country Code",
    "Phone Number",
    "Extension",
    "Bypass Reason",
    "Completion Timestamp",
    "Completion Reason",
    "Bypass Used",
];

pub fn write_servers(settings: &Settings, as_json: bool, file: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new(&SERVER_COLUMNS, as_json, file)?;
    for (name, version, status, address, silent) in SERVERS {
        table.write(&[name, version, status, address, &second(settings.end.millis() - silent)])?;
    }
    Ok(())
}

/// Blocks, and reports of fraud by telephone, which the history counts among them.
pub fn write_blocks(
    settings: &Settings,
    people: &[Person],
    mut rng: ChaCha8Rng,
    as_json: bool,
    file: &mut impl Write,
) -> io::Result<()> {
    let mut table = Table::new(&BLOCK_COLUMNS, as_json, file)?;
    let Some(users) = Users::of(people) else { return Ok(()) };
    for at in moments(settings, settings.start().millis() - BLOCKS_BEFORE, &mut rng) {
        let user = users.one(&mut rng);
        let phone = format!("70123{:04}", rng.random_range(0..10_000));
        let is_fraud = rng.random_ratio(1, 4);
        let is_blocked = !is_fraud || rng.random_ratio(2, 3);
        let (by, reason) = if is_fraud {
            (&user.user_name, "Fraud code entered")
        } else {
            (&users.administrator.user_name, BLOCK_REASONS[rng.random_range(0..BLOCK_REASONS.len())])
        };
        let lifted = is_blocked && rng.random_ratio(1, 2);
        let (ended, why) = if lifted {
            let ended = at + rng.random_range(HOUR_MS..30 * DAY_MS);
            (ended, UNBLOCK_REASONS[rng.random_range(0..UNBLOCK_REASONS.len())])
        } else {
            (at + BLOCK_MS, "Block expired")
        };
        let has_ended = is_blocked && ended < settings.end.millis();
        table.write(&[
            &second(at),
            by,
            &user.user_name,
            "46",
            &phone,
            "",
            yes_or_no(is_blocked),
            reason,
            &if has_ended { second(ended) } else { String::new() },
            if has_ended { why } else { "" },
            "No",
            yes_or_no(is_fraud),
            if is_fraud { yes_or_no(!is_blocked) } else { "" },
            "en",
        ])?;
    }
    Ok(())
}

pub fn write_bypasses(
    settings: &Settings,
    people: &[Person],
    mut rng: ChaCha8Rng,
    as_json: bool,
    file: &mut impl Write,
) -> io::Result<()> {
    let mut table = Table::new(&BYPASS_COLUMNS, as_json, file)?;
    let Some(users) = Users::of(people) else { return Ok(()) };
    for at in moments(settings, settings.start().millis(), &mut rng) {
        let seconds = [60, 300, 300, 600][rng.random_range(0..4)];
        let is_used = rng.random_ratio(6, 10);
        let (ended, why) = if is_used {
            (at + rng.random_range(5_000..seconds * 1_000), "Used")
        } else {
            (at + seconds * 1_000, "Expired")
        };
        let has_ended = ended < settings.end.millis();
        table.write(&[
            &second(at),
            &seconds.to_string(),
            &users.administrator.user_name,
            &users.one(&mut rng).user_name,
            "46",
            &format!("70123{:04}", rng.random_range(0..10_000)),
            "",
            BYPASS_REASONS[rng.random_range(0..BYPASS_REASONS.len())],
            &if has_ended { second(ended) } else { String::new() },
            if has_ended { why } else { "" },
            yes_or_no(is_used && has_ended),
        ])?;
    }
    Ok(())
}

/// Those that MFA Server knows: they are in the directory.
pub struct Users<'a> {
    known: Vec<&'a Person>,
    administrator: &'a Person,
}

impl<'a> Users<'a> {
    pub fn of(people: &'a [Person]) -> Option<Self> {
        let known: Vec<&Person> =
            people.iter().filter(|person| person.is_in_directory() && person.is_active()).take(10_000).collect();
        Some(Self { administrator: known.first()?, known })
    }

    pub fn one(&self, rng: &mut ChaCha8Rng) -> &'a Person {
        // Few use the VPN, and some of those much.
        let most = self.known.len().div_ceil(8);
        self.known[rng.random_range(0..most) * rng.random_range(0..most) / most]
    }
}

/// Evenly spread instants up to the end, a handful at least.
fn moments(settings: &Settings, from: i64, rng: &mut ChaCha8Rng) -> Vec<i64> {
    let rows = 12 + u64::from(settings.users) * u64::from(settings.days) / 6_000;
    let mut moments: Vec<i64> = (0..rows).map(|_| rng.random_range(from..settings.end.millis())).collect();
    moments.sort_unstable();
    moments
}

fn second(at: i64) -> String {
    let mut text = String::with_capacity(20);
    push_second(&mut text, at);
    text
}

const fn yes_or_no(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}
