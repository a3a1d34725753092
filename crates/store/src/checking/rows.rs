//! Stored rows beside the rows that they should be.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::Instant;
use sea_query::Value;

use super::Difference;
use crate::db::{Field, Fields};

/// Rows by their keys.
pub(super) type Rows = BTreeMap<Vec<Field>, Vec<Field>>;

/// A table whose rows are compared, and where in a row its key stands.
pub(super) struct Compared<'a> {
    pub table: &'static str,
    pub columns: &'a [&'a str],
    pub key: &'a [usize],
}

impl Compared<'_> {
    pub fn stored(&self, rows: Vec<Fields>) -> Rows {
        self.by_key(rows.into_iter().map(|Fields(row)| row))
    }

    pub fn expected(&self, rows: impl IntoIterator<Item = Vec<Value>>) -> Rows {
        self.by_key(rows.into_iter().map(|row| row.into_iter().map(Field::from).collect()))
    }

    fn by_key(&self, rows: impl Iterator<Item = Vec<Field>>) -> Rows {
        rows.map(|row| (self.key.iter().map(|i| row[*i].clone()).collect(), row)).collect()
    }

    /// What differs, with its key.
    pub fn differences(&self, stored: &Rows, expected: &Rows) -> Vec<(Vec<Field>, Difference)> {
        let keys: BTreeSet<&Vec<Field>> = stored.keys().chain(expected.keys()).collect();
        let mut found = Vec::new();
        for key in keys {
            let (before, after) = (stored.get(key), expected.get(key));
            if before == after {
                continue;
            }
            let differing: Vec<usize> = match (before, after) {
                (Some(before), Some(after)) => (0..before.len()).filter(|i| before[*i] != after[*i]).collect(),
                _ => Vec::new(),
            };
            let show = |row: &Vec<Field>| {
                if differing.is_empty() {
                    return "a row".to_owned();
                }
                let parts: Vec<String> = differing.iter().map(|i| self.part(*i, &row[*i])).collect();
                parts.join(", ")
            };
            let text: Vec<String> = self.key.iter().zip(key).map(|(i, field)| self.part(*i, field)).collect();
            let difference = Difference {
                table: self.table,
                key: text.join(", "),
                stored: before.map(show),
                recounted: after.map(show),
            };
            found.push((key.clone(), difference));
        }
        found
    }

    fn part(&self, i: usize, field: &Field) -> String {
        let column = self.columns[i];
        match field {
            Field::Number(millis) if is_time(column) => format!("{column} {}", Instant::from_millis(*millis)),
            field => format!("{column} {field}"),
        }
    }
}

fn is_time(column: &str) -> bool {
    column == "at" || column.ends_with("_at") || column == "valid_from" || column == "valid_to"
}
