//! List items as JSON with the columns asked for, in that order.

use bytes::Bytes;
use domain::query::Column;
use domain::report::Fields;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::ExportError;

/// Some fields of an item; writes itself as a JSON object in the order of the columns.
#[derive(Debug, Clone, Copy)]
pub struct Projected<'a, C, T> {
    pub item: &'a T,
    pub columns: &'a [C],
}

impl<C: Column, T: Fields<C>> Serialize for Projected<'_, C, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for column in self.columns {
            map.serialize_entry(column.as_str(), &self.item.field(*column))?;
        }
        map.end()
    }
}

/// One line per item.
pub(super) fn lines<C: Column, T: Fields<C>>(items: &[T], columns: &[C]) -> Result<Bytes, ExportError> {
    let mut out = Vec::new();
    for item in items {
        serde_json::to_writer(&mut out, &Projected { item, columns })?;
        out.push(b'\n');
    }
    Ok(out.into())
}
