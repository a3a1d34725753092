use std::collections::BTreeSet;

use domain::sign_in::MfaStatus;
use rand::SeedableRng as _;
use serde_json::Value;

use super::super::people;
use super::factors::FACTORS;
use super::policies::{DEMANDED, EVALUATED};
use super::record::{By, Second, SignIn};
use super::surroundings::{APPS, DEVICES};
use super::texts::{failure_reason, spellings};
use super::*;

const RESULTS: &str = include_str!("../../../tests/recount/testdata/mfa_results.csv");

fn settings() -> Settings {
    let end = "2026-11-20T12:00:00Z".parse().expect("an instant");
    Settings { users: 3_000, sign_ins: 200_000, days: 60, seed: 3, end, faults: Faults::default() }
}

/// The sign-ins of many attempts, as they are before anybody writes them.
fn with_sign_ins(settings: &Settings, look: impl Fn(&[SignIn<'_>])) {
    let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
    let people = people::organisation(settings, &mut rng);
    let world = World::new(settings, &people);
    let (start, span) = (settings.start().millis(), i64::from(settings.days) * DAY_MS);
    let mut lines = Vec::new();
    while (lines.len() as u64) < settings.sign_ins {
        let at = start + rng.random_range(0..span);
        let mut attempt = Vec::new();
        world.attempt(at, &mut rng, &mut attempt);
        assert!((1..=3).contains(&attempt.len()), "{}", attempt.len());
        assert!(attempt.iter().all(|line| line.correlation == attempt[0].correlation));
        assert!(attempt.windows(2).all(|pair| pair[0].at < pair[1].at && pair[0].id != pair[1].id));
        lines.append(&mut attempt);
    }
    look(&lines);
}

#[test]
fn everything_happens_in_200_000_sign_ins() {
    with_sign_ins(&settings(), |lines| {
        let said: BTreeSet<MfaStatus> =
            lines.iter().filter_map(|line| line.second?.said).map(|said| said.status).collect();
        let missing: Vec<_> =
            MfaStatus::ALL.iter().filter(|status| !matches!(status, MfaStatus::FraudReported)).collect();
        assert!(missing.iter().all(|status| said.contains(status)), "{said:?}");
        let every = |count: usize, what: &dyn Fn(&SignIn<'_>) -> Option<u8>| {
            let seen: BTreeSet<u8> = lines.iter().filter_map(what).collect();
            assert_eq!(seen.len(), count, "{seen:?}");
        };
        every(DEMANDED.len(), &|line| Some(line.demanded));
        every(EVALUATED.len(), &|line| Some(line.evaluated));
        every(APPS.len(), &|line| Some(line.app));
        every(DEVICES.len(), &|line| Some(line.device));
        every(5, &|line| Some(line.shape as u8));
        every(FACTORS.len(), &|line| match line.second {
            Some(Second { factor: Some(By::Factor(factor)), .. }) => Some(factor),
            _ => None,
        });
        let quirks = lines.iter().fold(0, |all, line| all | line.quirks);
        assert_eq!(quirks, u16::MAX, "{quirks:b}");
        let codes: BTreeSet<u32> = lines.iter().map(|line| line.code).collect();
        assert!(codes.len() > 30, "{codes:?}");
        assert!(codes.iter().all(|code| *code == 0 || failure_reason(*code) != "Other."), "{codes:?}");
        let silent = lines.iter().filter(|line| !line.is_interactive).count();
        assert!((50..65).contains(&(silent * 100 / lines.len())), "{silent}");
    });
}

/// Telephones fail more often than keys.
#[test]
fn failures_differ_by_method() {
    with_sign_ins(&settings(), |lines| {
        let rate = |name: &str| {
            let of = |line: &&SignIn<'_>| matches!(line.second, Some(Second { factor: Some(By::Factor(factor)), said: Some(_), .. }) if FACTORS[usize::from(factor)].names[0] == name);
            let all = lines.iter().filter(of).count();
            lines.iter().filter(of).filter(|line| line.code == 500_121).count() * 100 / all
        };
        let [key, push, text, call] =
            ["FIDO2 security key", "Mobile app notification", "Text message", "Phone call (Authentication phone)"]
                .map(rate);
        assert!(key < push && push < text && text < call, "{key} {push} {text} {call}");
    });
}

/// A row of the documents' table is written in one of its spellings at least.
#[test]
fn every_status_is_spelled() {
    let plain = |text: &str| text.replace('-', " ").to_lowercase();
    for row in RESULTS.lines().skip(1) {
        let cells: Vec<&str> = row.splitn(4, ',').collect();
        let status: MfaStatus = cells[0].parse().expect("a status");
        let is_spelled = spellings(status).iter().any(|text| plain(text).contains(&plain(cells[3])));
        assert!(is_spelled, "{row}");
    }
    for status in MfaStatus::ALL {
        assert!(spellings(*status).iter().all(|text| !text.contains(['"', '\\'])), "{status}");
    }
}

/// What stands in pieces is JSON when it is put together, and not longer than real records are.
#[test]
fn a_line_is_a_record() {
    let settings = Settings { users: 300, sign_ins: 4_000, ..settings() };
    with_sign_ins(&settings, |lines| {
        let mut length = 0;
        for line in lines {
            let mut text = String::new();
            super::super::outbox::Line::write(line, &mut text, line.at + 60_000);
            length += text.len();
            let record: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(record["operationName"], "Sign-in activity");
            assert!(record["properties"]["id"].is_string());
        }
        let mean = length / lines.len();
        assert!((1_500..2_500).contains(&mean), "{mean} bytes");
    });
    for json in DEMANDED.iter().chain(EVALUATED.iter().map(|evaluated| &evaluated.policies)) {
        assert!(serde_json::from_str::<Value>(json).is_ok_and(|value| value.is_array()), "{json}");
    }
}
