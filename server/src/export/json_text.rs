//! A list item with the columns asked for, in that order.

use std::fmt::Display;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Some fields of an item; writes itself as a JSON object in the order of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projected(Vec<(String, Value)>);

impl Serialize for Projected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The item with these fields only.
///
/// # Errors
/// The item cannot be written as JSON.
pub fn project<C: Display>(item: &impl Serialize, columns: &[C]) -> Result<Projected, serde_json::Error> {
    let fields = serde_json::to_value(item)?;
    let field = |column: &C| {
        let name = column.to_string();
        let value = fields.get(&name).cloned().unwrap_or_default();
        (name, value)
    };
    Ok(Projected(columns.iter().map(field).collect()))
}

#[cfg(test)]
mod tests {
    use super::project;

    #[test]
    fn fields_keep_the_order_of_the_columns() {
        let item = serde_json::json!({"a": 1, "b": "x", "c": null});
        let projected = project(&item, &["c", "a"]).expect("JSON");
        assert_eq!(serde_json::to_string(&projected).expect("JSON"), r#"{"c":null,"a":1}"#);
    }
}
