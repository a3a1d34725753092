//! JSON kept as text: which of it must be parsed to be scrubbed.

use super::record::{Holds, holds};

/// Whether a text is worth parsing as JSON: it may name a phone whose number has no plus, or hide a plus as
/// System.Text.Json does. Steps of a sign-in are such a text in every row of Log Analytics, hence the closer look.
pub(super) fn may_nest(text: &str, holds: Holds) -> bool {
    if !text.trim_start().starts_with(['{', '[', '"']) {
        return false;
    }
    if holds != Holds::Text || text.contains("\\u002") {
        return true;
    }
    let hinted = ["hone", "HONE", "obile", "OBILE", "etail", "ETAIL", "xtension", "EXTENSION"];
    if !hinted.iter().any(|hint| text.contains(hint)) {
        return false;
    }
    // With escaped quotes a text stands in the text: only parsing tells what is what.
    text.contains("\\\"") || text.contains("\\u") || names_a_number(text)
}

/// Whether one of the texts in a JSON text without escaped quotes names a field of phone numbers, and the value that
/// follows could be one.
fn names_a_number(text: &str) -> bool {
    let is_number = |value: &str| value.bytes().filter(u8::is_ascii_digit).count() > 2;
    let mut pieces = text.split('"').skip(1);
    while let Some(name) = pieces.next() {
        let after = pieces.next().unwrap_or_default();
        if holds(name) == Holds::Text {
            continue;
        }
        let Some(value) = after.trim_start().strip_prefix(':') else {
            // The name is itself a value, as of `displayName` or `key`: a sibling holds the number.
            return true;
        };
        match value.trim() {
            "" => {
                let (value, _) = (pieces.next().unwrap_or_default(), pieces.next());
                if is_number(value) {
                    return true;
                }
            }
            value if value.starts_with(['[', '{']) || is_number(value) => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_parsed_only_where_it_may_hold_a_number() {
        let usual = r#"[{"authenticationStepDateTime": "2020-05-20T14:55:25+00:00", "authenticationMethod": "Mobile app notification",
            "authenticationMethodDetail": "iPhone", "authenticationStepResultDetail": "MFA denied; user hung up the phone call", "StatusSequence": 1589}]"#;
        assert!(!may_nest(usual, Holds::Text));
        assert!(may_nest(&usual.replace("iPhone", "0701234567"), Holds::Text));
        for text in [
            r#"{"PhoneNumber": 701234567}"#,
            r#"{"phones" : ["0701234567"]}"#,
            r#"[{"Name":"Mobile","NewValue":"0701234567"}]"#,
            r#"{"x":"{\"PhoneNumber\":\"0701234567\"}"}"#,
            r#"{"x":"\u002B46701234567"}"#,
        ] {
            assert!(may_nest(text, Holds::Text), "{text}");
        }
    }
}
