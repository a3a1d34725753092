//! Scrubbing of a whole record: which of its fields hold phone numbers is known from their names.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::nested::may_nest;
use super::{scrub, scrub_detail, scrub_phone_field, scrub_unparsed};
use crate::shape::is_overgrown;

/// JSON text inside JSON text inside JSON text is as deep as records go.
const NESTED_TEXTS: u8 = 4;

/// Pairs of a name and the values it names: modified properties and additional details, in each spelling.
const NAMED_VALUES: [(&str, &[&str]); 4] = [
    ("displayname", &["oldvalue", "newvalue"]),
    ("name", &["oldvalue", "newvalue", "old", "new"]),
    ("key", &["value"]),
    ("propertyname", &["oldvalue", "newvalue"]),
];

/// What a field holds, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Anything: a number is known by its plus.
    Text,
    /// Phone numbers, with a plus or without.
    Numbers,
    /// What a second factor was given with: a phone number, or the name of a device or a key.
    Detail,
}

/// Scrubs every text of a record in place.
pub(crate) fn scrub_record(record: &mut Value) {
    scrub_value(record, Holds::Text, NESTED_TEXTS);
}

/// Whether a field of this name can hold a phone number without a plus.
pub(crate) fn holds_phones(name: &str) -> bool {
    holds(name) != Holds::Text
}

pub(super) fn holds(name: &str) -> Holds {
    if !may_hold_phones(name) {
        return Holds::Text;
    }
    let key: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if key.ends_with("authdetail") || key.ends_with("methoddetail") {
        return Holds::Detail;
    }
    // Devices of the Authenticator app have versions and device ids.
    let numbers = !key.contains("phoneapp")
        && (key.contains("phonenumber")
            || key.contains("telephone")
            || key.ends_with("phone")
            || key.ends_with("phones")
            || key == "mobile"
            || key == "othermobile"
            || key == "strongauthenticationuserdetails"
            || key == "extension"
            || key == "extensionclean"
            || key.ends_with("callextension"));
    if numbers { Holds::Numbers } else { Holds::Text }
}

/// Whether a name has the letters that the names of such fields are made of: most have not, which is quick to tell.
fn may_hold_phones(name: &str) -> bool {
    const fn letters_of(name: &str) -> u32 {
        let (name, mut letters, mut i) = (name.as_bytes(), 0, 0);
        while i < name.len() {
            if name[i].is_ascii_alphabetic() {
                letters |= 1 << (name[i].to_ascii_lowercase() - b'a');
            }
            i += 1;
        }
        letters
    }
    const WORDS: [u32; 6] = [
        letters_of("phone"),
        letters_of("mobile"),
        letters_of("strongauthenticationuserdetails"),
        letters_of("extension"),
        letters_of("authdetail"),
        letters_of("methoddetail"),
    ];
    let letters = letters_of(name);
    WORDS.iter().any(|word| letters & word == *word)
}

/// Scrubs in place; true where anything changed.
fn scrub_value(value: &mut Value, holds: Holds, texts: u8) -> bool {
    match value {
        Value::String(text) => match scrub_text(text, holds, texts) {
            Cow::Owned(scrubbed) => {
                *text = scrubbed;
                true
            }
            Cow::Borrowed(_) => false,
        },
        Value::Number(number) if holds != Holds::Text => match scrub_as(&number.to_string(), holds) {
            Cow::Owned(scrubbed) => {
                *value = Value::String(scrubbed);
                true
            }
            Cow::Borrowed(_) => false,
        },
        Value::Array(items) => {
            let mut changed = false;
            for item in items {
                changed |= scrub_value(item, holds, texts);
            }
            changed
        }
        Value::Object(members) => scrub_members(members, holds, texts),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn scrub_members(members: &mut Map<String, Value>, inherited: Holds, texts: u8) -> bool {
    let named = values_of_phone_names(members);
    let mut changed = false;
    for (key, member) in members.iter_mut() {
        let own = match holds(key) {
            _ if !named.is_empty() && named.contains(&key.to_ascii_lowercase()) => Holds::Numbers,
            // Inside a holder such as StrongAuthenticationUserDetails only phone-like members are numbers, its e-mail is
            // not.
            Holds::Text if matches!(member, Value::Array(_) | Value::Object(_)) => inherited,
            own => own,
        };
        changed |= scrub_value(member, own, texts);
    }
    changed
}

/// Names of the members whose sibling says that they hold phone numbers.
fn values_of_phone_names(members: &Map<String, Value>) -> Vec<String> {
    let mut named = Vec::new();
    for (key, name) in members {
        if !names_a_sibling(key) || name.as_str().is_none_or(|name| holds(name) != Holds::Numbers) {
            continue;
        }
        let key = key.to_ascii_lowercase();
        for (suffix, values) in NAMED_VALUES {
            // The portal's CSV flattens them: `Target1ModifiedProperty2Name`, `AdditionalDetail3Key`.
            if let Some(prefix) = key.strip_suffix(suffix) {
                named.extend(values.iter().map(|value| format!("{prefix}{value}")));
            }
        }
    }
    named
}

/// Whether a member of this name says of which kind a sibling is.
fn names_a_sibling(key: &str) -> bool {
    NAMED_VALUES.iter().any(|(suffix, _)| {
        let start = key.len().checked_sub(suffix.len());
        start.and_then(|start| key.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    })
}

fn scrub_text(text: &str, holds: Holds, texts: u8) -> Cow<'_, str> {
    if texts == 0 || !may_nest(text, holds) {
        return scrub_as(text, holds);
    }
    let nested = if is_overgrown(text) { None } else { serde_json::from_str::<Value>(text).ok() };
    match nested {
        Some(mut nested) => {
            let changed = scrub_value(&mut nested, holds, texts - 1);
            if changed { Cow::Owned(nested.to_string()) } else { Cow::Borrowed(text) }
        }
        // A column of a workspace is cut where it grows too long: what is left names its numbers all the same.
        None if holds == Holds::Text => Cow::Owned(scrub_unparsed(text)),
        None => scrub_as(text, holds),
    }
}

fn scrub_as(text: &str, holds: Holds) -> Cow<'_, str> {
    match holds {
        Holds::Text => scrub(text),
        Holds::Numbers => scrub_phone_field(text),
        Holds::Detail => scrub_detail(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scrubbed(mut record: Value) -> Value {
        scrub_record(&mut record);
        record
    }

    #[test]
    fn modified_properties_hold_numbers_as_json_text() {
        let details = r#"[{"PhoneNumber":"\u002B46 701234567","AlternativePhoneNumber":null,"Email":"a1234567@b.se"}]"#;
        let record = scrubbed(json!({"targetResources":[{"modifiedProperties":[
            {"displayName":"StrongAuthenticationUserDetails","oldValue":"[]","newValue":details},
            {"displayName":"StrongAuthenticationPhoneAppDetail","newValue":"[{\"PhoneAppVersion\":\"6.2404.2872\"}]"},
            {"displayName":"Mobile","newValue":"\"0701234567\""}]}]}));
        let properties = &record["targetResources"][0]["modifiedProperties"];
        assert_eq!(
            properties[0]["newValue"],
            r#"[{"AlternativePhoneNumber":null,"Email":"a1234567@b.se","PhoneNumber":"+XX XXXXXXX67"}]"#
        );
        assert_eq!(properties[1]["newValue"], "[{\"PhoneAppVersion\":\"6.2404.2872\"}]");
        assert_eq!(properties[2]["newValue"], "\"XXXXXXXX67\"");
    }

    #[test]
    fn details_are_named_by_a_sibling() {
        assert_eq!(
            scrubbed(
                json!({"additionalDetails":[{"key":"PhoneNumber","value":"0701234567"},{"key":"Id","value":"0701234567"}]})
            ),
            json!({"additionalDetails":[{"key":"PhoneNumber","value":"XXXXXXXX67"},{"key":"Id","value":"0701234567"}]})
        );
        assert_eq!(
            scrubbed(
                json!({"Target1ModifiedProperty2Name":"TelephoneNumber","Target1ModifiedProperty2NewValue":"555-0123"})
            ),
            json!({"Target1ModifiedProperty2Name":"TelephoneNumber","Target1ModifiedProperty2NewValue":"XXX-XX23"})
        );
        assert_eq!(scrubbed(json!({"mobilePhone":46701234567_u64})), json!({"mobilePhone":"XXXXXXXXX67"}));
    }

    #[test]
    fn details_of_a_second_factor() {
        let step =
            |detail: &str| json!([{"authenticationMethod": "Text message", "authenticationMethodDetail": detail}]);
        for (detail, masked) in [
            ("+46 70 123 45 67", "+XX XX XXX XX 67"),
            ("070-123 45 67", "XXX-XXX XX 67"),
            ("+X XXXXXXXX64", "+X XXXXXXXX64"),
            ("Password in the cloud", "Password in the cloud"),
            ("iPhone 12 Pro", "iPhone 12 Pro"),
            ("SM-G9910", "SM-G9910"),
            ("12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789012"),
        ] {
            assert_eq!(
                scrubbed(json!({"mfaDetail": {"authDetail": detail}})),
                json!({"mfaDetail": {"authDetail": masked}})
            );
            let record = scrubbed(json!({"AuthenticationDetails": step(detail).to_string()}));
            assert_eq!(record, json!({"AuthenticationDetails": step(masked).to_string()}), "as JSON text");
            let pretty = format!("{:#}", step(detail));
            let record = scrubbed(json!({ "AuthenticationDetails": pretty }));
            let read: Value =
                serde_json::from_str(record["AuthenticationDetails"].as_str().expect("text")).expect("JSON");
            assert_eq!(read, step(masked), "as JSON text over many lines");
        }
        assert_eq!(
            scrubbed(json!({"Multifactor authentication auth detail": "070-123 45 67", "Extension": 12345})),
            json!({"Multifactor authentication auth detail": "XXX-XXX XX 67", "Extension": "XXX45"})
        );
    }

    #[test]
    fn free_text_anywhere_is_scrubbed() {
        let rows =
            json!({"TargetResources":"[{\"displayName\":\"call +46701234567\"}]","resultReason":"no +46 70 123 45 67"});
        assert_eq!(
            scrubbed(rows),
            json!({"TargetResources":"[{\"displayName\":\"call +XXXXXXXXX67\"}]","resultReason":"no +XX XX XXX XX 67"})
        );
    }
}
