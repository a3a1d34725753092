//! `$select` on a type.

use serde_json::{Map, Value};

use crate::error::ODataError;
use crate::query::Selected;
use crate::resolve::resolve;
use crate::schema::EntityType;

const OPTION: &str = "$select";

/// The properties of an entity that are asked for.
#[derive(Debug, Clone)]
pub struct BoundSelect {
    /// Everything is asked for, whatever else is named.
    everything: bool,
    properties: Vec<Part>,
}

/// A property, and the parts of it that are asked for; none are all.
#[derive(Debug, Clone)]
struct Part {
    name: &'static str,
    parts: Vec<Part>,
}

impl BoundSelect {
    pub(crate) fn bind(selected: &[Selected], entity: &EntityType) -> Result<Self, ODataError> {
        let mut bound = Self { everything: false, properties: Vec::new() };
        for entry in selected {
            match entry {
                Selected::Everything => bound.everything = true,
                Selected::Path(path) => add(&mut bound.properties, &resolve(OPTION, entity, path)?.names),
            }
        }
        Ok(bound)
    }

    /// The entity with what is asked for. What it does not have, it does not get.
    #[must_use]
    pub fn project(&self, entity: &Value) -> Value {
        if self.everything { entity.clone() } else { project(&self.properties, entity) }
    }

    /// The entity's own property is asked for, or a part of it.
    #[must_use]
    pub fn wants(&self, property: &str) -> bool {
        self.everything || self.properties.iter().any(|part| part.name == property)
    }
}

fn add(parts: &mut Vec<Part>, names: &[&'static str]) {
    let Some((name, rest)) = names.split_first() else { return };
    match parts.iter_mut().find(|part| part.name == *name) {
        // A whole property stays whole, and becomes whole when it is named by itself.
        Some(part) if part.parts.is_empty() || rest.is_empty() => part.parts.clear(),
        Some(part) => add(&mut part.parts, rest),
        None => {
            let mut part = Part { name, parts: Vec::new() };
            add(&mut part.parts, rest);
            parts.push(part);
        }
    }
}

fn project(parts: &[Part], value: &Value) -> Value {
    match value {
        _ if parts.is_empty() => value.clone(),
        Value::Object(properties) => {
            let wanted = |part: &Part| Some((part.name.to_owned(), project(&part.parts, properties.get(part.name)?)));
            Value::Object(parts.iter().filter_map(wanted).collect::<Map<_, _>>())
        }
        Value::Array(elements) => elements.iter().map(|element| project(parts, element)).collect(),
        other => other.clone(),
    }
}
