//! `mfaActivity.csv`: what the on-premises MFA Server printed (`spec/graph.md` §7.9).

use std::fmt::Write as _;
use std::io::{self, Write};

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::Settings;
use super::people::Person;
use super::text::{push_quoted, push_second};

const COLUMNS: [&str; 13] = [
    "Timestamp",
    "Username",
    "First Name",
    "Last Name",
    "Authentication Method",
    "Authentication Type",
    "Application Name",
    "Primary Call Country Code",
    "Primary Call Phone Number",
    "Primary Call Result",
    "Overall Authenticated",
    "Overall Result",
    "Initiating IP Address",
];

const OUTCOMES: [(&str, &str, &str); 6] = [
    ("Phone Call", "SUCCESS_WITH_PIN", "true"),
    ("Phone Call", "SUCCESS_NO_PIN", "true"),
    ("Text Message", "SMS_AUTHENTICATED", "true"),
    ("Mobile App", "PHONE_APP_AUTHENTICATED", "true"),
    ("Phone Call", "NO_PHONE_INPUT", "false"),
    ("Mobile App", "PHONE_APP_DENIED", "false"),
];

/// Writes the activity of a few people who use the VPN, as CSV or as JSON lines of the same columns.
pub fn write_activity(
    settings: &Settings,
    people: &[Person],
    mut rng: ChaCha8Rng,
    as_json: bool,
    file: &mut impl Write,
) -> io::Result<()> {
    if !as_json {
        let header: Vec<String> = COLUMNS.iter().map(|column| format!("\"{column}\"")).collect();
        write!(file, "{}\r\n", header.join(","))?;
    }
    let rows = u64::from(settings.users) * u64::from(settings.days) / 600;
    let step = (settings.end.millis() - settings.start().millis()) / (rows as i64 + 1);
    let mut text = String::new();
    for row in 0..rows {
        let person = &people[rng.random_range(0..people.len().div_ceil(20))];
        let at = settings.start().millis() + step * row as i64 + rng.random_range(0..step.max(1));
        let (method, result, authenticated) = OUTCOMES[rng.random_range(0..OUTCOMES.len())];
        let display_name: String = serde_json::from_str(&person.name_json).unwrap_or_default();
        let (first, last) = display_name.split_once(' ').unwrap_or((&display_name, ""));
        let mut time = String::new();
        push_second(&mut time, at);
        let phone = format!("70123{:04}", rng.random_range(0..10_000));
        let address = format!("198.51.100.{}", rng.random_range(1..250));
        let cells = [
            &time,
            person.user_name.as_str(),
            first,
            last,
            method,
            "RADIUS",
            "VPN",
            "46",
            &phone,
            result,
            authenticated,
            result,
            &address,
        ];
        text.clear();
        push_cells(&mut text, &cells, as_json);
        file.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn push_cells(text: &mut String, cells: &[&str; 13], as_json: bool) {
    for (position, (column, cell)) in COLUMNS.iter().zip(cells).enumerate() {
        text.push(match (position, as_json) {
            (0, true) => '{',
            (0, false) => '"',
            _ => ',',
        });
        if as_json {
            let _ = write!(text, "\"{column}\":");
            push_quoted(text, cell);
        } else {
            if position > 0 {
                text.push('"');
            }
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        }
    }
    text.push_str(if as_json { "}\n" } else { "\r\n" });
}
