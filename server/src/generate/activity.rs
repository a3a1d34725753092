//! `mfaActivity.csv`: authentications through MFA Server, the NPS extension and the AD FS adapter (`spec/graph.md` §7.9).
//!
//! A code that begins with `SUCCESS_` tells that the call or message came through; "Authenticated" is the verdict, and with
//! some codes it depends on whether the user has a PIN.

use std::io::{self, Write};

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::Settings;
use super::people::Person;
use super::servers::Users;
use super::table::Table;
use super::text::push_second;

const COLUMNS: [&str; 25] = [
    "Timestamp",
    "Username",
    "First Name",
    "Last Name",
    "Email Address",
    "User Group",
    "Authentication Method",
    "Phone Call Mode",
    "Text Message Direction",
    "Text Message Mode",
    "Mobile App Mode",
    "OATH Token Mode",
    "Authentication Type",
    "Application Name",
    "Primary Call Country Code",
    "Primary Call Phone Number",
    "Primary Call Extension",
    "Primary Call Authenticated",
    "Primary Call Result",
    "Overall Authenticated",
    "Overall Result",
    "Initiating IP Address",
    "Device Type",
    "Mobile App Version",
    "OS Version",
];

/// Type and application tell the components apart.
const COMPONENTS: [(&str, &str); 8] = [
    ("RADIUS", "NPS Extension"),
    ("NPSExtension", "VPN Göteborg"),
    ("AD FS", "AD FS Adapter"),
    ("ADFS", "Timesheets"),
    ("RADIUS", "VPN"),
    ("LDAP", "Citrix Gateway"),
    ("IIS", "Outlook Web App"),
    ("User Portal", "MFA User Portal"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Yes,
    No,
    /// Authenticated where the user has no PIN to give.
    WithoutPin,
    /// Authenticated where the PIN was wanted, if it was right.
    WithPin,
    /// The message is out; what came back stands elsewhere, if anywhere.
    Open,
}

type Outcomes = [(&'static str, u32, Verdict)];

const CALLS: &Outcomes = &[
    ("SUCCESS_NO_PIN", 42, Verdict::WithoutPin),
    ("SUCCESS_WITH_PIN", 22, Verdict::WithPin),
    ("FAILED_USER_HUNGUP_ON_US", 8, Verdict::No),
    ("CONFIG_ISSUE", 7, Verdict::No),
    ("SUCCESS_NO_PIN_BUT_TIMEOUT", 6, Verdict::No),
    ("FAILED_PHONE_BUSY", 4, Verdict::No),
    ("SUCCESS_WITH_PIN_BUT_TIMEOUT", 2, Verdict::No),
    ("SUCCESS_PIN_EXPIRED", 2, Verdict::No),
    ("SUCCESS_USER_BLOCKED", 2, Verdict::No),
    ("FAILED_INVALID_PHONENUMBER", 2, Verdict::No),
    ("FAILED_SERVER_ERROR", 2, Verdict::No),
    ("FAILED_FRAUD_CODE_ENTERED", 2, Verdict::No),
    ("SUCCESS_INVALID_INPUT", 1, Verdict::No),
    ("FAILED_INVALID_EXTENSION", 1, Verdict::No),
];
const TEXTS: &Outcomes = &[
    ("SUCCESS_SMS_AUTHENTICATED", 48, Verdict::Yes),
    ("SUCCESS_SMS_SENT", 30, Verdict::Open),
    ("FAILED_SMS_OTP_INCORRECT", 8, Verdict::No),
    ("FAILED_SMS_OTP_PIN_INCORRECT", 5, Verdict::No),
    ("FAILED_SMS_MAX_OTP_RETRY_REACHED", 4, Verdict::No),
    ("FAILED_SMS_NOT_SENT", 5, Verdict::No),
];
const APPS: &Outcomes = &[
    ("SUCCESS_PHONE_APP_AUTHENTICATED", 78, Verdict::Yes),
    ("FAILED_PHONE_APP_NO_RESPONSE", 7, Verdict::No),
    ("FAILED_PHONE_APP_DENIED", 5, Verdict::No),
    ("FAILED_PHONE_APP_NOTIFICATION_FAILED", 3, Verdict::No),
    ("FAILED_PHONE_APP_INVALID_PIN", 2, Verdict::No),
    ("FAILED_FRAUD_REPORTED", 2, Verdict::No),
    ("FAILED_PHONE_APP_PIN_NOT_CHANGED", 1, Verdict::No),
    ("FAILED_PHONE_APP_ALL_DEVICES_BLOCKED", 1, Verdict::No),
    ("FAILED_PHONE_APP_INVALID_RESULT", 1, Verdict::No),
];
const TOKENS: &Outcomes = &[
    ("SUCCESS_OATH_CODE_VERIFIED", 58, Verdict::Yes),
    ("FAILED_OATH_CODE_INCORRECT", 13, Verdict::No),
    ("SUCCESS_OATH_CODE_PENDING", 9, Verdict::No),
    ("FAILED_OATH_CODE_PIN_INCORRECT", 5, Verdict::No),
    ("FAILED_OATH_CODE_DUPLICATE", 5, Verdict::No),
    ("FAILED_OATH_CODE_OLD", 5, Verdict::No),
    ("FAILED_OATH_TOKEN_TIMEOUT", 5, Verdict::No),
];
/// Of any method.
const OTHERS: &Outcomes = &[
    ("SUCCESS_USED_CACHE", 20, Verdict::Yes),
    ("SUCCESS_USED_IP_BASED_CACHE", 14, Verdict::Yes),
    ("SUCCESS_USED_APP_BASED_CACHE", 12, Verdict::Yes),
    ("SUCCESS_BYPASSED_AUTH", 10, Verdict::Yes),
    ("SUCCESS_FALLBACK_OATH_CODE_VERIFIED", 10, Verdict::Yes),
    ("SUCCESS_FALLBACK_SECURITY_QUESTIONS_ANSWERED", 10, Verdict::Yes),
    ("FAILED_AUTH_RESULT_TIMEOUT", 10, Verdict::No),
    ("FAILED_SECURITY_QUESTIONS_TIMEOUT", 6, Verdict::No),
    ("FAILED_AUTHENTICATION_THROTTLED", 6, Verdict::No),
    // A code of a later version.
    ("FAILED_TELEPATHY", 2, Verdict::Open),
];

/// Writes the activity of a few people who use the VPN, as CSV or as JSON lines of the same columns.
pub fn write_activity(
    settings: &Settings,
    people: &[Person],
    mut rng: ChaCha8Rng,
    as_json: bool,
    file: &mut impl Write,
) -> io::Result<()> {
    let mut table = Table::new(&COLUMNS, as_json, file)?;
    let Some(users) = Users::of(people) else { return Ok(()) };
    let rows = u64::from(settings.users) * u64::from(settings.days) / 100;
    let step = (settings.end.millis() - settings.start().millis()) / (rows as i64 + 1);
    let mut time = String::new();
    for row in 0..rows {
        let at = settings.start().millis() + step * row as i64 + rng.random_range(0..step.max(1));
        time.clear();
        push_second(&mut time, at);
        write_row(&mut table, &time, users.one(&mut rng), &mut rng)?;
    }
    Ok(())
}

fn write_row<W: Write>(
    table: &mut Table<'_, W, { COLUMNS.len() }>,
    time: &str,
    person: &Person,
    rng: &mut ChaCha8Rng,
) -> io::Result<()> {
    let display_name = person.name_json.trim_matches('"');
    let (first, last) = display_name.split_once(' ').unwrap_or((display_name, ""));
    let has_pin = person.id.bits() % 10 < 3;
    let (method, own) = match rng.random_range(0..100u32) {
        0..36 => ("Phone Call", CALLS),
        36..54 => ("Text Message", TEXTS),
        54..88 => ("Mobile App", APPS),
        _ => ("OATH Token", TOKENS),
    };
    let (result, _, verdict) = drawn(if rng.random_ratio(8, 100) { OTHERS } else { own }, rng);
    let authenticated = match verdict {
        Verdict::Yes => "true",
        Verdict::No => "false",
        Verdict::WithoutPin => is(!has_pin),
        Verdict::WithPin => is(has_pin && !rng.random_ratio(1, 8)),
        Verdict::Open => ["true", "true", "false", ""][rng.random_range(0..4)],
    };
    // Some versions leave the verdict out: then the code is all there is.
    let authenticated = if rng.random_ratio(6, 100) { "" } else { authenticated };
    // The first method was denied, another one then was not.
    let (call, call_authenticated) =
        if result.starts_with("SUCCESS_FALLBACK") { (own[own.len() - 1].0, "false") } else { (result, authenticated) };
    let (kind, application) = COMPONENTS[rng.random_range(0..COMPONENTS.len())];
    let of = |name: &str, mode: &'static str| if method == name { mode } else { "" };
    let is_two_way = result == "SUCCESS_SMS_AUTHENTICATED";
    let phone = format!("70123{:04}", rng.random_range(0..10_000));
    let (country, phone) =
        if matches!(method, "Phone Call" | "Text Message") { ("46", phone.as_str()) } else { ("", "") };
    table.write(&[
        time,
        &person.user_name,
        first,
        last,
        &person.user_name,
        "VPN users",
        method,
        of("Phone Call", if has_pin { "PIN" } else { "Standard" }),
        of("Text Message", if is_two_way { "Two-Way" } else { "One-Way" }),
        of("Text Message", if has_pin { "OTP + PIN" } else { "OTP" }),
        of("Mobile App", if has_pin { "PIN" } else { "Standard" }),
        of("OATH Token", if has_pin { "PIN" } else { "Standard" }),
        kind,
        application,
        country,
        phone,
        "",
        call_authenticated,
        call,
        authenticated,
        result,
        &format!("198.51.100.{}", rng.random_range(1..250)),
        of("Mobile App", "iOS"),
        of("Mobile App", "6.8.12"),
        of("Mobile App", "18.6"),
    ])
}

const fn is(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

fn drawn(outcomes: &Outcomes, rng: &mut ChaCha8Rng) -> (&'static str, u32, Verdict) {
    let mut roll = rng.random_range(0..outcomes.iter().map(|(_, weight, _)| weight).sum());
    for outcome in outcomes {
        if roll < outcome.1 {
            return *outcome;
        }
        roll -= outcome.1;
    }
    outcomes[0]
}
