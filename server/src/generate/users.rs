//! `users.jsonl` and `userRegistrationDetails.jsonl`: Microsoft Graph objects, one a line.

use std::fmt::Write as _;
use std::io::{self, Write};

use domain::instant::{DAY_MS, HOUR_MS, MINUTE_MS};
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::Settings;
use super::methods::{self, METHODS, Set};
use super::names::{COUNTRIES, DEPARTMENTS};
use super::people::{Person, ResetScope, Standing};
use super::story::Story;
use super::text::{push_quoted, push_second};

/// The directory as it was when the window began.
pub fn write_directory(settings: &Settings, people: &[Person], file: &mut impl Write) -> io::Result<()> {
    let mut text = String::new();
    for person in people.iter().filter(|person| person.is_in_directory()) {
        text.clear();
        let kind = if person.standing == Standing::Guest { "Guest" } else { "Member" };
        let _ = write!(
            text,
            r#"{{"id":"{}","userPrincipalName":"{}","displayName":{},"userType":"{kind}","accountEnabled":{}"#,
            person.id, person.user_name, person.name_json, person.is_enabled
        );
        text.push_str(r#","department":"#);
        // Guests have no department of ours; Graph writes null.
        if person.standing == Standing::Guest {
            text.push_str("null");
        } else {
            push_quoted(&mut text, DEPARTMENTS[person.department].0);
        }
        text.push_str(r#","country":"#);
        push_quoted(&mut text, COUNTRIES[person.country].0);
        text.push_str(r#","createdDateTime":""#);
        push_second(&mut text, person.created_at);
        text.push('"');
        if person.is_deleted {
            text.push_str(r#","deletedDateTime":""#);
            push_second(&mut text, settings.start().millis() - DAY_MS);
            text.push('"');
        }
        text.push_str("}\n");
        file.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Every refresh of everybody's row in the registration report: the first, and one after each change.
pub fn write_registration_details(
    settings: &Settings,
    people: &[Person],
    story: &Story,
    mut rng: ChaCha8Rng,
    file: &mut impl Write,
) -> io::Result<()> {
    let start = settings.start().millis();
    let end = settings.end.millis();
    let mut changes = story.changes.as_slice();
    let mut text = String::new();
    for (number, person) in (0u32..).zip(people) {
        let mine = changes.partition_point(|change| change.person <= number);
        let (own, rest) = changes.split_at(mine);
        changes = rest;
        if !person.is_reported() {
            continue;
        }
        for at in refreshes(person, own.iter().map(|change| change.at), (start, end), settings, &mut rng) {
            let set = own.iter().rev().find(|change| change.at <= at).map_or(person.methods, |change| change.methods);
            let in_scope = match person.scope {
                ResetScope::Never => false,
                ResetScope::Always => true,
                ResetScope::FromRollOut => at >= settings.roll_out(),
            };
            text.clear();
            push_row(&mut text, person, set, in_scope, at);
            file.write_all(text.as_bytes())?;
            if settings.faults.duplicates > 0.0 && rng.random::<f64>() * 100.0 < settings.faults.duplicates {
                file.write_all(text.as_bytes())?;
            }
        }
    }
    Ok(())
}

/// When the report is refreshed for a person, within the window.
fn refreshes(
    person: &Person,
    changes: impl Iterator<Item = i64>,
    (start, end): (i64, i64),
    settings: &Settings,
    rng: &mut ChaCha8Rng,
) -> Vec<i64> {
    let mut times = Vec::new();
    if !person.is_enabled {
        // The report leaves disabled accounts out; one in eight is enabled again some day.
        if rng.random_ratio(1, 8) {
            times.push(rng.random_range(start..end));
        }
        return times;
    }
    let first = person.joined_at.unwrap_or(start);
    times.push(if rng.random_ratio(1, 20) { first } else { first + rng.random_range(0..DAY_MS) });
    times.extend(changes.map(|at| at + rng.random_range(MINUTE_MS..12 * HOUR_MS)));
    if person.scope == ResetScope::FromRollOut {
        times.push(settings.roll_out() + rng.random_range(0..DAY_MS));
    }
    if rng.random_ratio(1, 2) {
        times.push(rng.random_range(first..end.max(first + 1)));
    }
    times.retain(|at| (start..=end).contains(at));
    times.sort_unstable();
    times.dedup();
    times
}

fn push_row(text: &mut String, person: &Person, set: Set, in_scope: bool, at: i64) {
    let kind = if person.standing == Standing::Guest { "guest" } else { "member" };
    let registered = methods::is_reset_registered(set);
    let is_mfa_registered = methods::any(set, |method| method.is_strong);
    // The policy does not allow calls to office phones as a second factor.
    let is_mfa_capable =
        methods::members(set).any(|method| METHODS[method].is_strong && method != methods::OFFICE_PHONE);
    let is_passwordless = methods::any(set, |method| method.is_passwordless);
    let _ = write!(
        text,
        r#"{{"id":"{}","userPrincipalName":"{}","userDisplayName":{},"userType":"{kind}","isAdmin":{},"isSsprRegistered":{registered},"isSsprEnabled":{in_scope},"isSsprCapable":{},"isMfaRegistered":{is_mfa_registered},"isMfaCapable":{is_mfa_capable},"isPasswordlessCapable":{is_passwordless},"methodsRegistered":["#,
        person.id,
        person.user_name,
        person.name_json,
        person.is_admin,
        registered && in_scope,
    );
    for (position, method) in methods::members(set).enumerate() {
        if position > 0 {
            text.push(',');
        }
        push_quoted(text, METHODS[method].registered);
    }
    let (default, preferred) = if methods::has(set, methods::PUSH) {
        ("microsoftAuthenticatorPush", "push")
    } else if methods::has(set, methods::CODE) {
        ("softwareOneTimePasscode", "oath")
    } else if methods::has(set, methods::MOBILE_PHONE) {
        ("mobilePhone", "sms")
    } else {
        ("", "none")
    };
    let _ = write!(
        text,
        r#"],"isSystemPreferredAuthenticationMethodEnabled":true,"systemPreferredAuthenticationMethods":["{preferred}"],"userPreferredMethodForSecondaryAuthentication":"{preferred}","defaultMfaMethod":"{default}","lastUpdatedDateTime":"#
    );
    text.push('"');
    super::text::push_time(text, at, person.id.ticks());
    text.push_str("\"}\n");
}
