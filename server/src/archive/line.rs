//! Rows as lines of JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use store::{Field, Row};

/// Appends a row's line.
pub fn write(row: &Row, to: &mut Vec<u8>) -> serde_json::Result<()> {
    let fields: Vec<Value> = row.iter().map(written).collect();
    serde_json::to_writer(&mut *to, &fields)?;
    to.push(b'\n');
    Ok(())
}

fn written(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Number(number) => (*number).into(),
        Field::Text(text) => text.as_str().into(),
        Field::Bytes(bytes) => json!({ "b": STANDARD.encode(bytes) }),
    }
}

/// The row of a line; `None` where it is none of `width` fields.
pub fn read(line: &[u8], width: usize) -> Option<Row> {
    let fields: Vec<Value> = serde_json::from_slice(line).ok()?;
    if fields.len() != width {
        return None;
    }
    fields.into_iter().map(field).collect()
}

fn field(value: Value) -> Option<Field> {
    Some(match value {
        Value::Null => Field::Null,
        Value::Number(number) => Field::Number(number.as_i64()?),
        Value::String(text) => Field::Text(text),
        Value::Object(bytes) => Field::Bytes(STANDARD.decode(bytes.get("b")?.as_str()?).ok()?),
        Value::Bool(_) | Value::Array(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_field() -> impl Strategy<Value = Field> {
        prop_oneof![
            Just(Field::Null),
            any::<i64>().prop_map(Field::Number),
            any::<String>().prop_map(Field::Text),
            prop::collection::vec(any::<u8>(), 0..40).prop_map(Field::Bytes),
        ]
    }

    proptest! {
        #[test]
        fn a_row_is_the_same_again_on_one_line(row in prop::collection::vec(any_field(), 0..8)) {
            let mut line = Vec::new();
            write(&row, &mut line).expect("written");
            prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
            prop_assert_eq!(read(&line, row.len()), Some(row.clone()));
            prop_assert_eq!(read(&line, row.len() + 1), None);
        }

        #[test]
        fn what_is_no_row_is_none(line in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&line, 1);
        }
    }
}
