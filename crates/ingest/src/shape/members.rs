//! From one JSON value to the records inside it: pages, batches, arrays of both, and JSON kept as text.

use serde_json::Value;

/// A text this short is read whatever it holds.
const SHORT: usize = 256 * 1024;
/// Memory that the values of one text may take, about.
const MOST_MEMORY: usize = 32 * 1024 * 1024;

/// Wrappers inside wrappers; a real delivery has three at most.
const DEEPEST: u8 = 8;

/// What a value held.
pub(crate) enum Unwrapped {
    Record(Value),
    /// Something that can be no record, with the reason.
    Other(&'static str, Value),
}

/// Passes on every record of a value, in order.
pub(crate) fn unwrap(value: Value, take: &mut dyn FnMut(Unwrapped)) {
    open(value, DEEPEST, take);
}

fn open(value: Value, deeper: u8, take: &mut dyn FnMut(Unwrapped)) {
    if deeper == 0 {
        return take(Unwrapped::Other("Records are wrapped more than 8 times.", value));
    }
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| open(item, deeper - 1, take)),
        Value::Object(mut members) => {
            let wrapper = members.iter().find(|(key, member)| is_wrapper_key(key) && member.is_array());
            if let Some(key) = wrapper.map(|(key, _)| key.clone()) {
                return open(members.remove(&key).unwrap_or_default(), deeper - 1, take);
            }
            match members.get("_raw").and_then(Value::as_str).and_then(json_text) {
                Some(raw) => open(raw, deeper - 1, take),
                None => take(Unwrapped::Record(Value::Object(members))),
            }
        }
        Value::String(ref text) => match json_text(text) {
            Some(inner) => open(inner, deeper - 1, take),
            None => take(Unwrapped::Other("This is a text, not a record.", value)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            take(Unwrapped::Other("This is not a record but a single value.", value))
        }
    }
}

/// `value` of a Graph page, `records` of an Event Hub batch.
pub(crate) fn is_wrapper_key(key: &str) -> bool {
    key == "value" || key == "records"
}

/// Whether a text may hold so many values that they would not fit in memory, of which each object takes some hundred times
/// the three bytes it is written with. Brackets and commas inside texts count too: of a report they are few.
pub(crate) fn is_overgrown(text: &str) -> bool {
    if text.len() <= SHORT {
        return false;
    }
    let count = |wanted: u8| text.bytes().filter(|byte| *byte == wanted).count();
    count(b'{') * 640 + count(b'[') * 128 + count(b',') * 64 > MOST_MEMORY
}

/// An object or array that was delivered as text.
pub(crate) fn json_text(text: &str) -> Option<Value> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) || is_overgrown(text) {
        return None;
    }
    serde_json::from_str(text).ok()
}
