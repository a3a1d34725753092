//! Authentication attempts: one a row.

use domain::answer::Answer;
use domain::method::{AuthMethod, Vocabulary};
use domain::mfa::{ActivityRecord, CallMode};
use domain::record::Record;
use domain::sign_in::Component;
use serde_json::Value;

use super::super::fields;
use super::{call_result, phone, user_of};
use crate::canonical::digest;
use crate::fields::{Fields, Problem};
use crate::kind::mfa_server::RESULTS;
use crate::names::bare;
use crate::time::Clock;

pub(crate) fn read(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let at = fields.time(&["Timestamp"], clock)?.ok_or_else(|| Problem::missing("Timestamp"))?;
    let user = user_of(fields)?;
    let raw_method = fields.text(&["Authentication Method"]);
    let method = raw_method.as_deref().map_or(AuthMethod::Unknown, method_named);
    let (raw_result, call_result) = result_of(fields);
    let authentication_type = fields.text(&["Authentication Type"]);
    let application = fields.text(&["Application Name", "Application"]);
    Ok(Record::Activity(Box::new(ActivityRecord {
        at,
        user,
        method,
        raw_method,
        mode: mode_of(fields, method),
        component: component([&authentication_type, &application]),
        authentication_type,
        application,
        phone: phone::of(fields),
        call_result,
        raw_result,
        authenticated: authenticated(fields).or_else(|| Some(call_result?.verdict())).unwrap_or(Answer::Unknown),
        ip: fields.text(&["Initiating IP Address", "IP Address"]),
        digest: digest(record),
    })))
}

fn method_named(name: &str) -> AuthMethod {
    match bare(name).as_str() {
        "phonecall" => AuthMethod::PhoneCall,
        "textmessage" => AuthMethod::Sms,
        "mobileapp" => AuthMethod::AppNotification,
        "oathtoken" => AuthMethod::OathCode,
        _ => AuthMethod::from_name(name, Vocabulary::Used),
    }
}

/// With or without a PIN. Each method has a column of its own; the others are blank, or a setting not used here.
fn mode_of(fields: Fields<'_>, method: AuthMethod) -> Option<CallMode> {
    let column = match method {
        AuthMethod::PhoneCall => "Phone Call Mode",
        AuthMethod::Sms => "Text Message Mode",
        AuthMethod::AppNotification => "Mobile App Mode",
        AuthMethod::OathCode => "OATH Token Mode",
        _ => return None,
    };
    match bare(&fields.text(&[column])?).as_str() {
        "standard" | "otp" => Some(CallMode::Standard),
        "pin" | "otppin" => Some(CallMode::Pin),
        _ => None,
    }
}

/// The overall result as it came, with its code; of several columns the first that is filled.
fn result_of(fields: Fields<'_>) -> (Option<String>, Option<domain::mfa::CallResult>) {
    let raw = fields.text(&RESULTS);
    let code = raw.as_deref().and_then(call_result::named);
    (raw, code)
}

/// The row's own verdict, overall before that of a single call.
fn authenticated(fields: Fields<'_>) -> Option<Answer> {
    ["Overall Authenticated", "Authenticated", "Primary Call Authenticated"].iter().find_map(|name| {
        let yes = fields.flag_if_read(&[name]).or_else(|| match bare(&fields.text(&[name])?).as_str() {
            "authenticated" | "success" | "succeeded" => Some(true),
            "notauthenticated" | "denied" | "failure" | "failed" => Some(false),
            _ => None,
        });
        yes.map(|yes| Answer::from(Some(yes)))
    })
}

fn component(said_by: [&Option<String>; 2]) -> Component {
    let said = |is: &dyn Fn(&str) -> bool| said_by.iter().any(|text| text.as_deref().is_some_and(is));
    // Not any word with these letters in it, such as "snapshot".
    let word = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("nps"));
    if said(&|text| text.contains("NPS") || word(text)) {
        Component::Nps
    } else if said(&|text| bare(text).contains("adfs")) {
        Component::Adfs
    } else {
        Component::MfaServer
    }
}
