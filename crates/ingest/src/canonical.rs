//! Canonical JSON: keys sorted, no spaces, no NUL. What a record's digest is taken of.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write as _;

use domain::record::Digest;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Postgres stores no NUL in text: it becomes the replacement character.
pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Canonical JSON of a value, with its SHA-256.
pub(crate) fn canonical(value: &Value) -> (String, Digest) {
    let mut out = Vec::with_capacity(1024);
    write_value(value, &mut out);
    let digest = Sha256::digest(&out).into();
    (String::from_utf8(out).unwrap_or_default(), digest)
}

/// SHA-256 of a value's canonical JSON, for records whose text nobody keeps.
pub(crate) fn digest(value: &Value) -> Digest {
    let mut out = Vec::with_capacity(4096);
    write_value(value, &mut out);
    Sha256::digest(&out).into()
}

/// SHA-256 over fields, each ended by a unit separator so that no two lists of fields run together.
pub(crate) fn hash_of(fields: &[&str]) -> Digest {
    let mut hasher = Sha256::new();
    for field in fields {
        hasher.update(field.as_bytes());
        hasher.update([0x1f]);
    }
    hasher.finalize().into()
}

fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(members) => {
            // Not relied upon from serde_json: another crate may switch on its insertion order.
            if members.keys().is_sorted() {
                write_members(members, out);
            } else {
                write_members(members.iter().collect::<BTreeMap<_, _>>(), out);
            }
        }
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_value(item, out);
            }
            out.push(b']');
        }
        Value::String(text) => write_text(text, out),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            // Writing to a Vec cannot fail.
            let _ = write!(out, "{value}");
        }
    }
}

fn write_members<'a>(members: impl IntoIterator<Item = (&'a String, &'a Value)>, out: &mut Vec<u8>) {
    out.push(b'{');
    for (index, (key, member)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_text(key, out);
        out.push(b':');
        write_value(member, out);
    }
    out.push(b'}');
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    // Writing text to a Vec cannot fail.
    let _ = serde_json::to_writer(out, without_nul(text).as_ref());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_spacing_do_not_matter() {
        let left: Value = serde_json::from_str(r#"{ "b": [1, {"z":null,"y":true}], "a": "x\u0000" }"#).expect("JSON");
        let right: Value = serde_json::from_str(r#"{"a":"x\u0000","b":[1,{"y":true,"z":null}]}"#).expect("JSON");
        assert_eq!(canonical(&left), canonical(&right));
        assert_eq!(canonical(&left).1, digest(&right));
        assert_eq!(canonical(&left).0, "{\"a\":\"x\u{fffd}\",\"b\":[1,{\"y\":true,\"z\":null}]}");
    }

    #[test]
    fn fields_do_not_run_together() {
        assert_ne!(hash_of(&["ab", "c"]), hash_of(&["a", "bc"]));
    }
}
