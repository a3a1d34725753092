//! Scrubbing of a whole record: which of its fields hold phone numbers is known from their names.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{scrub, scrub_phone_field};

/// JSON text inside JSON text inside JSON text is as deep as records go.
const NESTED_TEXTS: u8 = 4;

/// Pairs of a name and the values it names: modified properties and additional details, in each spelling.
const NAMED_VALUES: [(&str, &[&str]); 4] = [
    ("displayname", &["oldvalue", "newvalue"]),
    ("name", &["oldvalue", "newvalue", "old", "new"]),
    ("key", &["value"]),
    ("propertyname", &["oldvalue", "newvalue"]),
];

/// Scrubs every text of a record in place.
pub(crate) fn scrub_record(record: &mut Value) {
    scrub_value(record, false, NESTED_TEXTS);
}

/// Whether a field of this name holds phone numbers.
fn holds_phones(name: &str) -> bool {
    if !may_hold_phones(name) {
        return false;
    }
    let key: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if key.contains("phoneapp") {
        // Devices of the Authenticator app: versions and device ids.
        return false;
    }
    key.contains("phonenumber")
        || key.contains("telephone")
        || key.ends_with("phone")
        || key.ends_with("phones")
        || key == "mobile"
        || key == "othermobile"
        || key == "strongauthenticationuserdetails"
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
    const WORDS: [u32; 3] = [letters_of("phone"), letters_of("mobile"), letters_of("strongauthenticationuserdetails")];
    let letters = letters_of(name);
    WORDS.iter().any(|word| letters & word == *word)
}

fn scrub_value(value: &mut Value, phones: bool, texts: u8) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(scrubbed) = scrub_text(text, phones, texts) {
                *text = scrubbed;
            }
        }
        Value::Number(number) if phones => {
            let text = number.to_string();
            if let Cow::Owned(scrubbed) = scrub_phone_field(&text) {
                *value = Value::String(scrubbed);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| scrub_value(item, phones, texts)),
        Value::Object(members) => scrub_members(members, phones, texts),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn scrub_members(members: &mut Map<String, Value>, phones: bool, texts: u8) {
    let named = values_of_phone_names(members);
    for (key, member) in members.iter_mut() {
        // Inside a holder such as StrongAuthenticationUserDetails only phone-like members are numbers, its e-mail is not.
        let inherited = phones && matches!(member, Value::Array(_) | Value::Object(_));
        scrub_value(
            member,
            inherited || holds_phones(key) || (!named.is_empty() && named.contains(&key.to_ascii_lowercase())),
            texts,
        );
    }
}

/// Names of the members whose sibling says that they hold phone numbers.
fn values_of_phone_names(members: &Map<String, Value>) -> Vec<String> {
    let mut named = Vec::new();
    for (key, name) in members {
        if !name.as_str().is_some_and(holds_phones) {
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

fn scrub_text(text: &str, phones: bool, texts: u8) -> Cow<'_, str> {
    if texts > 0
        && may_nest(text, phones)
        && let Ok(mut nested) = serde_json::from_str::<Value>(text)
    {
        let before = nested.clone();
        scrub_value(&mut nested, phones, texts - 1);
        return if nested == before { Cow::Borrowed(text) } else { Cow::Owned(nested.to_string()) };
    }
    if phones { scrub_phone_field(text) } else { scrub(text) }
}

/// Whether a text is worth parsing as JSON: it may name a phone, or hide a plus as System.Text.Json does.
fn may_nest(text: &str, phones: bool) -> bool {
    if !text.trim_start().starts_with(['{', '[', '"']) {
        return false;
    }
    phones || ["hone", "HONE", "obile", "OBILE", "UserDetails", "\\u002"].iter().any(|hint| text.contains(hint))
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
    fn free_text_anywhere_is_scrubbed() {
        let rows =
            json!({"TargetResources":"[{\"displayName\":\"call +46701234567\"}]","resultReason":"no +46 70 123 45 67"});
        assert_eq!(
            scrubbed(rows),
            json!({"TargetResources":"[{\"displayName\":\"call +XXXXXXXXX67\"}]","resultReason":"no +XX XX XXX XX 67"})
        );
    }
}
