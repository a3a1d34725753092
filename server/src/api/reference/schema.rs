//! The part of JSON Schema that our document uses, as a page names it.

use app::reference::{Field, Kind};
use serde_json::{Map, Value, json};

/// The document, in which a reference finds what it means.
pub struct Schemas<'a>(pub &'a Value);

impl<'a> Schemas<'a> {
    /// A thing itself, or what it refers to.
    pub fn meant(&self, said: &'a Value) -> &'a Value {
        match said["$ref"].as_str() {
            Some(to) => self.0.pointer(to.trim_start_matches('#')).unwrap_or(&Value::Null),
            None => said,
        }
    }

    /// The schema of this name.
    pub fn called(&self, name: &str) -> &'a Value {
        &self.0["components"]["schemas"][name]
    }

    /// The fields of the schema of this name.
    pub fn named(&self, name: &str) -> Vec<Field> {
        self.fields(self.called(name))
    }

    /// What a value of the schema is.
    pub fn kind(&self, schema: &'a Value) -> Kind {
        if let Some(to) = schema["$ref"].as_str() {
            let name = to.rsplit('/').next().unwrap_or(to).to_owned();
            return Kind { shape: Some(name.clone()), name, ..Kind::default() };
        }
        // One of something and nothing.
        if let Some(any) = schema["oneOf"].as_array() {
            let other = any.iter().find(|one| one["type"] != "null").unwrap_or(&Value::Null);
            return Kind { is_nullable: true, ..self.kind(other) };
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let is_nullable = types.contains(&"null");
        let name = types.into_iter().find(|name| *name != "null").unwrap_or("any");
        if name == "array" {
            return Kind { is_many: true, is_nullable, ..self.kind(&schema["items"]) };
        }
        // More about a text than that it is one.
        let name = schema["format"].as_str().filter(|_| name == "string").unwrap_or(name);
        let values = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        Kind {
            name: name.to_owned(),
            is_nullable,
            values: values.map(str::to_owned).collect(),
            bounds: bounds(schema),
            ..Kind::default()
        }
    }

    /// The fields of an object, of the elements of a list, or of parts that make one.
    pub fn fields(&self, schema: &'a Value) -> Vec<Field> {
        let schema = self.meant(schema);
        if schema["type"] == "array" {
            return self.fields(&schema["items"]);
        }
        let mut fields: Vec<Field> =
            schema["allOf"].as_array().into_iter().flatten().flat_map(|part| self.fields(part)).collect();
        fields.extend(self.properties(schema).map(|(name, said)| Field {
            name: name.clone(),
            kind: self.kind(said),
            is_always: required(schema).any(|required| required == name),
            description: self.described(said),
        }));
        fields
    }

    /// In the order that the schema requires them: its own, while those of JSON objects are by name.
    fn properties(&self, schema: &'a Value) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        let place = |name: &str| required(schema).position(|required| required == name).unwrap_or(usize::MAX);
        let mut all: Vec<_> = schema["properties"].as_object().into_iter().flatten().collect();
        all.sort_by_key(|(name, _)| place(name));
        all.into_iter()
    }

    /// The description beside a reference, or within one of several.
    fn described(&self, said: &Value) -> String {
        let within = said["oneOf"].as_array().into_iter().flatten().find_map(|one| one["description"].as_str());
        said["description"].as_str().or(within).unwrap_or_default().to_owned()
    }

    /// The smallest value that is one.
    pub fn example(&self, schema: &'a Value) -> Value {
        let schema = self.meant(schema);
        let kind = self.kind(schema);
        if let Some(first) = kind.values.first() {
            return json!(first);
        }
        match kind.name.as_str() {
            "object" => {
                let properties: Map<String, Value> = self
                    .properties(schema)
                    .filter(|(name, _)| required(schema).any(|required| required == name.as_str()))
                    .map(|(name, said)| (name.clone(), self.example(said)))
                    .collect();
                Value::Object(properties)
            }
            "integer" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
            "boolean" => json!(true),
            "date-time" => json!("2026-11-20T12:00:00Z"),
            _ => json!("…"),
        }
    }
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// In signs: `1–1000`, `≤ 200`.
fn bounds(schema: &Value) -> Option<String> {
    let either = |number: &str, length: &str| schema[number].as_i64().or_else(|| schema[length].as_i64());
    match (either("minimum", "minLength"), either("maximum", "maxLength")) {
        (Some(least), Some(most)) => Some(format!("{least}–{most}")),
        (Some(least), None) => Some(format!("≥ {least}")),
        (None, Some(most)) => Some(format!("≤ {most}")),
        (None, None) => None,
    }
}
