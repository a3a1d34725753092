//! What a body of an audit record says besides what every record has: who did it, to whom, and the details.
//!
//! No sample of the records that block, bypass or report fraud is known, so it is read leniently: as a Graph object, in
//! an envelope, as a row of Log Analytics (JSON as text), or as a row of the portal's CSV (numbered columns).

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Columns of the portal's CSV: so many targets with so many properties each, and so many details.
const TARGETS: usize = 3;
const PROPERTIES: usize = 5;
const DETAILS: usize = 6;

#[derive(Debug, Default)]
pub(super) struct AuditBody {
    /// Name of who did it.
    pub(super) by: Option<String>,
    /// Their user name.
    pub(super) by_user_name: Option<String>,
    pub(super) targets: Vec<Target>,
    /// Details and new values of properties: a bare key (lower-case letters and digits), and a text.
    pub(super) pairs: Vec<(String, String)>,
}

#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) id: Option<String>,
    pub(super) user_name: Option<String>,
    pub(super) display_name: Option<String>,
}

impl AuditBody {
    pub(super) fn read(body: &str) -> Self {
        let Ok(Value::Object(outer)) = serde_json::from_str(body) else { return Self::default() };
        let properties = nested(&outer, "properties");
        let inner = match properties.as_deref() {
            Some(Value::Object(inner)) => inner,
            _ => &outer,
        };
        let mut read = Self::default();
        read.read_initiator(inner);
        read.by = read.by.take().or_else(|| text(inner, "identity")).or_else(|| text(&outer, "identity"));
        for target in list(nested(inner, "targetresources").or_else(|| nested(inner, "targetresource"))) {
            read.read_target(&target);
        }
        // The shape of 2018 joins the fields of its one target.
        if let Some(joined) = text(inner, "targetresourcename") {
            let part =
                |is: fn(&str) -> bool| joined.split("__").map(str::trim).find(|part| is(part)).map(str::to_owned);
            read.targets.push(Target { id: part(is_guid), user_name: part(is_user_name), display_name: None });
        }
        for key in ["additionaldetails", "targetupdatedproperties"] {
            for detail in list(nested(inner, key)) {
                read.read_pair(&detail);
            }
        }
        read.read_columns(inner);
        read
    }

    fn read_initiator(&mut self, record: &Map<String, Value>) {
        let initiator = nested(record, "initiatedby");
        let party = |name| match initiator.as_deref() {
            Some(Value::Object(by)) => nested(by, name),
            _ => None,
        };
        if let Some(Value::Object(user)) = party("user").as_deref() {
            self.by_user_name = text(user, "userprincipalname");
            self.by = text(user, "displayname").or_else(|| self.by_user_name.clone());
        }
        if let Some(Value::Object(app)) = party("app").as_deref() {
            self.by = self.by.take().or_else(|| text(app, "displayname")).or_else(|| text(app, "serviceprincipalname"));
        }
    }

    fn read_target(&mut self, target: &Value) {
        let Value::Object(target) = target else { return };
        self.targets.push(Target {
            id: text(target, "id"),
            user_name: text(target, "userprincipalname"),
            display_name: text(target, "displayname"),
        });
        for property in list(nested(target, "modifiedproperties")) {
            self.read_pair(&property);
        }
    }

    /// A detail (key and value), a property (name and new value), or an object that has its names as keys.
    fn read_pair(&mut self, pair: &Value) {
        let Value::Object(fields) = pair else { return };
        let name = ["key", "displayname", "name"].iter().find_map(|key| text(fields, key));
        let value = ["value", "newvalue"].iter().find_map(|key| field(fields, key));
        match (name, value) {
            (Some(name), Some(value)) => self.add(&name, value),
            (Some(_), None) => {}
            (None, _) => fields.iter().for_each(|(name, value)| self.add(name, value)),
        }
    }

    /// New values are JSON within text, at times an object with several fields.
    fn add(&mut self, name: &str, value: &Value) {
        match unwrapped(value).as_ref() {
            Value::Null => {}
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.add_text(name, value);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| match value {
                Value::Object(_) => self.read_pair(value),
                value => self.add_text(name, value),
            }),
            value => self.add_text(name, value),
        }
    }

    fn add_text(&mut self, name: &str, value: &Value) {
        if let Some(value) = plain(&unwrapped(value)) {
            self.pairs.push((bare(name), value));
        }
    }

    fn read_columns(&mut self, row: &Map<String, Value>) {
        if self.by.is_none() {
            self.by_user_name = text(row, "actoruserprincipalname");
            self.by = text(row, "actordisplayname")
                .or_else(|| self.by_user_name.clone())
                .or_else(|| text(row, "actorserviceprincipalname"));
        }
        for n in 1..=TARGETS {
            let column = |name: &str| text(row, &format!("target{n}{name}"));
            let target = Target {
                id: column("objectid"),
                user_name: column("userprincipalname"),
                display_name: column("displayname"),
            };
            self.targets.push(target);
            for m in 1..=PROPERTIES {
                let name = column(&format!("modifiedproperty{m}name"));
                let value = column(&format!("modifiedproperty{m}newvalue"));
                if let Some((name, value)) = name.zip(value) {
                    self.add(&name, &Value::String(value));
                }
            }
        }
        for n in 1..=DETAILS {
            let column = |name: &str| text(row, &format!("additionaldetail{n}{name}"));
            if let Some((key, value)) = column("key").zip(column("value")) {
                self.add(&key, &Value::String(value));
            }
        }
    }
}

pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

/// Something, an at sign, something.
pub(super) fn is_user_name(text: &str) -> bool {
    !text.contains(char::is_whitespace)
        && text.split_once('@').is_some_and(|(who, domain)| {
            !who.is_empty() && domain.starts_with(char::is_alphanumeric) && !domain.contains('@')
        })
}

fn bare(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A field by its bare name. A workspace exports some columns twice, with the type as suffix.
fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let filled = |value: &&Value| !matches!(value, Value::Null) && value.as_str() != Some("");
    let named = |suffix: &str| {
        fields
            .iter()
            .filter(|(key, _)| bare(key).strip_prefix(name) == Some(suffix))
            .map(|(_, value)| value)
            .find(filled)
    };
    ["", "dynamic", "string"].into_iter().find_map(named)
}

fn nested<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<Cow<'a, Value>> {
    field(fields, name).map(unwrapped)
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    plain(field(fields, name)?)
}

/// What a text that is JSON says; anything else as it is.
fn unwrapped(value: &Value) -> Cow<'_, Value> {
    let parsed = value
        .as_str()
        .filter(|text| text.trim_start().starts_with(['{', '[', '"']))
        .and_then(|text| serde_json::from_str(text).ok());
    parsed.map_or(Cow::Borrowed(value), Cow::Owned)
}

fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(bool) => bool.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn list(value: Option<Cow<'_, Value>>) -> Vec<Value> {
    match value.map(Cow::into_owned) {
        Some(Value::Array(values)) => values.iter().map(|value| unwrapped(value).into_owned()).collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    }
}
