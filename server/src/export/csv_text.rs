//! RFC 4180 with CRLF, UTF-8 without a byte-order mark, and no cell that a spreadsheet would compute.

use std::fmt::Display;

use serde::Serialize;
use serde_json::Value;

/// A known list of methods that is empty. A blank cell means: not known.
const NONE: &str = "none";

/// The header line: the names of the JSON fields.
pub fn write_header<C: Display>(out: &mut String, columns: &[C]) {
    write_line(out, columns.iter().map(ToString::to_string));
}

/// One row: the item's fields in the order of the columns.
pub fn write_row<C: Display>(out: &mut String, item: &impl Serialize, columns: &[C]) -> Result<(), serde_json::Error> {
    let fields = serde_json::to_value(item)?;
    write_line(out, columns.iter().map(|column| cell(fields.get(column.to_string()))));
    Ok(())
}

fn write_line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_cell(out, &cell);
    }
    out.push_str("\r\n");
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.is_empty() => NONE.to_owned(),
        Some(Value::Array(items)) => items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join("; "),
        Some(other) => other.to_string(),
    }
}

/// A spreadsheet takes a cell that begins with one of these for a formula, or drops the character; an apostrophe
/// before it makes it text (OWASP, "CSV injection").
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

fn write_cell(out: &mut String, cell: &str) {
    let apostrophe = if is_formula(cell) { "'" } else { "" };
    if cell.contains(['"', ',', '\r', '\n']) {
        out.push('"');
        out.push_str(apostrophe);
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(apostrophe);
        out.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_row_has_its_columns_in_order() {
        let mut out = String::new();
        write_header(&mut out, &["b", "a", "methods", "none", "unknown"]);
        let item = json!({"a": "x, \"y\"", "b": 3, "methods": ["sms", "email"], "none": [], "unknown": null});
        write_row(&mut out, &item, &["b", "a", "methods", "none", "unknown"]).expect("a row");
        assert_eq!(out, "b,a,methods,none,unknown\r\n3,\"x, \"\"y\"\"\",sms; email,none,\r\n");
    }

    #[test]
    fn formulas_are_defused() {
        for (given, written) in [
            ("=1+1", "'=1+1"),
            ("+46 XXX", "'+46 XXX"),
            ("-1", "'-1"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("\nx", "\"'\nx\""),
            ("=a,b", "\"'=a,b\""),
            ("a=b", "a=b"),
            ("'=1", "'=1"),
        ] {
            let mut out = String::new();
            write_cell(&mut out, given);
            assert_eq!(out, written, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn every_row_can_be_read_again(cells in proptest::collection::vec(".*", 2..6)) {
            let mut out = String::new();
            write_header(&mut out, &cells.iter().map(|_| "column").collect::<Vec<_>>());
            write_line(&mut out, cells.iter().cloned());
            let mut reader = csv::Reader::from_reader(out.as_bytes());
            let row = reader.records().next().expect("a row").expect("reads");
            prop_assert_eq!(row.len(), cells.len());
            for (read, written) in row.iter().zip(&cells) {
                prop_assert!(!is_formula(read));
                prop_assert_eq!(read.strip_prefix('\'').filter(|_| is_formula(written)).unwrap_or(read), written);
            }
        }
    }
}
