//! Access to a record's members by name, whatever the casing, spacing and spelling of its exporter.

use std::borrow::Cow;

use domain::instant::Instant;
use domain::method::MethodSet;
use serde_json::{Map, Value};

use crate::canonical::without_nul;
use crate::intake::Source;
use crate::names::{Sketch, capitalised, same_name};
use crate::shape;
use crate::time::{Clock, TimeProblem};

/// Why a record was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    Rejected(String),
    Ambiguous(String),
}

impl Problem {
    pub(crate) fn missing(what: &str) -> Self {
        Self::Rejected(format!("{what} is missing."))
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub members: &'a Map<String, Value>,
    sketch: Sketch,
}

/// Above so many members it pays to know beforehand which names may be there.
const FEW: usize = 7;

impl<'a> Fields<'a> {
    pub(crate) fn new(members: &'a Map<String, Value>) -> Self {
        let few = members.len() <= FEW;
        let sketch = if few { Sketch::ALL } else { Sketch::of(members.keys().map(String::as_str)) };
        Self { members, sketch }
    }

    pub(crate) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self::new)
    }

    /// The member of this name; letters and digits count, case, spaces, hyphens and underscores do not.
    pub(crate) fn get(self, name: &str) -> Option<&'a Value> {
        if !self.sketch.may_have(name) {
            return None;
        }
        let in_a_workspace = || self.members.get(capitalised(name, &mut [0; 64])?);
        let spelled_otherwise = || self.members.iter().find(|(key, _)| same_name(key, name)).map(|(_, value)| value);
        self.members.get(name).or_else(in_a_workspace).or_else(spelled_otherwise)
    }

    pub(crate) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn has_any(self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// Present and neither null nor empty.
    pub(crate) fn known(self, name: &str) -> bool {
        match self.get(name) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(_) => true,
        }
    }

    /// The first of these names that is known, as text; null and `""` are unknown.
    pub(crate) fn text(self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| match self.get(name)? {
            Value::String(text) => {
                let text = text.trim();
                (!text.is_empty()).then(|| without_nul(text).into_owned())
            }
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// An id: GUIDs in lower case, and the GUID of zeros, with which Microsoft says "none", is unknown.
    pub(crate) fn id(self, names: &[&str]) -> Option<String> {
        let id = self.text(names)?;
        if !is_guid(&id) {
            return Some(id);
        }
        id.chars().any(|c| c.is_ascii_alphanumeric() && c != '0').then(|| id.to_ascii_lowercase())
    }

    /// Yes or no in any of the words of Microsoft's exports.
    pub(crate) fn flag(self, names: &[&str]) -> Result<Option<bool>, Problem> {
        for name in names {
            match self.get(name) {
                Some(Value::Bool(flag)) => return Ok(Some(*flag)),
                Some(Value::String(text)) if !text.trim().is_empty() => {
                    let refuse = || Problem::Rejected(format!("`{}` in {name} is neither yes nor no.", text.trim()));
                    return yes_or_no(text).map(Some).ok_or_else(refuse);
                }
                Some(Value::Number(number)) => {
                    let refuse = || Problem::Rejected(format!("`{number}` in {name} is neither yes nor no."));
                    return yes_or_no(&number.to_string()).map(Some).ok_or_else(refuse);
                }
                Some(Value::Array(_) | Value::Object(_)) => {
                    return Err(Problem::Rejected(format!("{name} is neither yes nor no.")));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    pub(crate) fn time(self, names: &[&str], clock: &mut Clock) -> Result<Option<Instant>, Problem> {
        for name in names {
            let Some(text) = self.text(&[name]) else { continue };
            return read_time(name, &text, clock).map(Some);
        }
        Ok(None)
    }

    /// A time that a record can do without: what cannot be read is unknown. An ambiguous one still waits for the file.
    pub(crate) fn time_if_read(self, names: &[&str], clock: &mut Clock) -> Result<Option<Instant>, Problem> {
        match self.time(names, clock) {
            Err(Problem::Rejected(_)) => Ok(None),
            read => read,
        }
    }

    /// Yes or no where a record can do without: any other word is unknown.
    pub(crate) fn flag_if_read(self, names: &[&str]) -> Option<bool> {
        names.iter().find_map(|name| self.flag(&[name]).ok().flatten())
    }

    /// A whole number, as a number or as text.
    pub(crate) fn number(self, names: &[&str]) -> Option<i64> {
        names.iter().find_map(|name| match self.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        })
    }

    /// Methods registered: an array, or a list in a text. An empty cell of a table is an empty list; in JSON, where an
    /// empty list is `[]`, an empty text is unknown like any other.
    pub(crate) fn methods(self, names: &[&str], source: Source, separators: &[char]) -> Option<MethodSet> {
        let value = names.iter().find_map(|name| self.get(name))?;
        match value {
            Value::Array(items) => Some(MethodSet::from_names(items.iter().filter_map(Value::as_str))),
            Value::String(text) => {
                let text = without_nul(text.trim());
                // PowerShell writes a list's type where it cannot write the list.
                if text.starts_with("System.") {
                    return Some(MethodSet::some_unknown());
                }
                if let Some(Value::Array(items)) = shape::json_text(&text) {
                    return Some(MethodSet::from_names(items.iter().filter_map(Value::as_str)));
                }
                if text.is_empty() && source == Source::Json {
                    return None;
                }
                let text = text.trim_start_matches(['{', '[']).trim_end_matches(['}', ']']);
                Some(MethodSet::from_names(text.split(separators).map(|name| name.trim().trim_matches('"'))))
            }
            _ => None,
        }
    }

    /// A member that is an object or array, or JSON text of one.
    pub(crate) fn nested(self, names: &[&str]) -> Option<Cow<'a, Value>> {
        names.iter().find_map(|name| match self.get(name)? {
            value @ (Value::Object(_) | Value::Array(_)) => Some(Cow::Borrowed(value)),
            Value::String(text) => shape::json_text(text).map(Cow::Owned),
            _ => None,
        })
    }
}

/// The time that a text under this name says.
pub(crate) fn read_time(name: &str, text: &str, clock: &mut Clock) -> Result<Instant, Problem> {
    clock.read(text).map_err(|problem| match problem {
        TimeProblem::Ambiguous(date) => Problem::Ambiguous(date),
        TimeProblem::NotATime(text) => Problem::Rejected(format!("`{text}` in {name} is not a time that can be read.")),
    })
}

fn yes_or_no(text: &str) -> Option<bool> {
    let word = text.trim().to_ascii_lowercase();
    match word.as_str() {
        "true" | "yes" | "1" | "registered" | "enabled" | "capable" => Some(true),
        "false" | "no" | "0" | "not registered" | "not enabled" | "not capable" | "notregistered" | "notenabled"
        | "notcapable" | "disabled" => Some(false),
        _ => None,
    }
}

pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_match_across_exporters() {
        let record = json!({"User Principal Name": " a@b.c ", "SSPR Registered": "Not Registered", "n": "", "z": null});
        let fields = Fields::of(&record).expect("an object");
        assert_eq!(fields.text(&["userPrincipalName"]).as_deref(), Some("a@b.c"));
        assert_eq!(fields.flag(&["ssprRegistered"]), Ok(Some(false)));
        assert_eq!(fields.flag(&["n", "z", "other"]), Ok(None));
        assert!(fields.has("N") && !fields.known("N"));
    }

    #[test]
    fn ids_of_zeros_are_none() {
        let record = json!({"a": "00000000-0000-0000-0000-000000000000", "b": "61B0C52F-a902-4769-9a09-c6628335b00a"});
        let fields = Fields::of(&record).expect("an object");
        assert_eq!(fields.id(&["a"]), None);
        assert_eq!(fields.id(&["b"]).as_deref(), Some("61b0c52f-a902-4769-9a09-c6628335b00a"));
    }

    #[test]
    fn a_list_can_be_text() {
        let separators = [';', ',', '|'];
        let names = |cell: &str, source| {
            let record = json!({ "m": cell });
            Fields::of(&record).expect("an object").methods(&["m"], source, &separators).map(|set| set.ids())
        };
        assert_eq!(names("email; mobilePhone", Source::Table), Some(vec!["mobile_phone".into(), "email".into()]));
        assert_eq!(names(r#"["email"]"#, Source::Table), Some(vec!["email".into()]));
        assert_eq!(names("System.Object[]", Source::Table), Some(vec!["unknown".into()]));
        assert_eq!(names("", Source::Table), Some(vec![]));
        assert_eq!(names("", Source::Json), None);
    }
}
