//! `$orderby` on a type.

use std::cmp::Ordering;

use serde_json::Value;

use crate::error::ODataError;
use crate::filter::BoundPath;
use crate::query::OrderBy;
use crate::resolve::resolve;
use crate::schema::{EntityType, Type};

const OPTION: &str = "$orderby";

/// The order of entities of one type.
#[derive(Debug, Clone)]
pub struct BoundOrder(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    path: BoundPath,
    descending: bool,
}

impl BoundOrder {
    pub(crate) fn bind(keys: &[OrderBy], entity: &EntityType) -> Result<Self, ODataError> {
        let key = |key: &OrderBy| {
            let path = resolve(OPTION, entity, &key.path)?;
            if matches!(path.edm, Type::Enum(_) | Type::Complex(..) | Type::Collection(_)) {
                let (name, at, edm) = (&key.path, key.path.position(), path.edm);
                let message = format!("'{name}' at position {at} is of type {edm}, which has no order");
                return Err(ODataError::at(OPTION, at, message));
            }
            Ok(Key { path, descending: key.descending })
        };
        keys.iter().map(key).collect::<Result<_, _>>().map(Self)
    }

    /// Which of two entities comes first; equal if nothing in `$orderby` tells.
    ///
    /// Null comes before everything, and after it where the order is descending. Texts are in the order of their
    /// lower-case letters, `false` is before `true`.
    #[must_use]
    pub fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let orders = self.0.iter().map(|key| key.compare(one, other));
        orders.fold(Ordering::Equal, Ordering::then)
    }

    /// The properties as `status/errorCode`, and whether they descend, in the order of their weight.
    pub fn keys(&self) -> impl Iterator<Item = (String, bool)> + '_ {
        self.0.iter().map(|key| (key.path.names.join("/"), key.descending))
    }
}

impl Key {
    fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let (one, other) = (self.path.scalar(&[one]), self.path.scalar(&[other]));
        // What cannot be compared is null on one side or on both.
        let null_first = || other.is_null().cmp(&one.is_null());
        let order = one.order(other).unwrap_or_else(null_first);
        if self.descending { order.reverse() } else { order }
    }
}
