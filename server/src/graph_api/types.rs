//! The types of Microsoft Graph that are served, as its metadata has them: what queries are checked against, what
//! `$metadata` says, and what an answer is cut to.
//!
//! What Keyroll does not keep of a record stands here too: a client may select it, and gets nothing. Beta's types have
//! more properties at Microsoft; those of them are here that Keyroll has values of. `requirementProvider` and
//! `tokenIssuerType` are enumerations there, but records have other names too, and here they are as records have them.

pub mod enums;
mod events;
mod logs;
mod users;

use odata::{EntityType, EnumType, Property, Type};
use serde_json::{Map, Value};

use super::Version;

pub use events::*;
pub use logs::*;
pub use users::*;

const fn is(name: &'static str, edm: Type) -> Property {
    Property::new(name, edm)
}

const fn text(name: &'static str) -> Property {
    is(name, Type::String)
}

const fn texts(name: &'static str) -> Property {
    is(name, Type::Collection(&Type::String))
}

const fn flag(name: &'static str) -> Property {
    is(name, Type::Boolean)
}

const fn time(name: &'static str) -> Property {
    is(name, Type::DateTimeOffset)
}

const fn count(name: &'static str) -> Property {
    is(name, Type::Int64)
}

/// A type in v1.0, and in beta, which has more.
#[derive(Debug, Clone, Copy)]
pub struct GraphType {
    /// `None`: there is none in v1.0.
    pub v1: Option<EntityType>,
    pub beta: EntityType,
}

impl GraphType {
    #[must_use]
    pub const fn of(&self, version: Version) -> EntityType {
        match (version, self.v1) {
            (Version::V1, Some(v1)) => v1,
            _ => self.beta,
        }
    }
}

macro_rules! graph_type {
    ($name:literal, both: [$($both:expr),* $(,)?], v1: [$($v1:expr),* $(,)?], beta: [$($beta:expr),* $(,)?]) => {
        GraphType {
            v1: Some(EntityType { name: $name, properties: &[$($both,)* $($v1,)*] }),
            beta: EntityType { name: $name, properties: &[$($both,)* $($beta,)*] },
        }
    };
    ($name:literal, beta: [$($beta:expr),* $(,)?]) => {
        GraphType { v1: None, beta: EntityType { name: $name, properties: &[$($beta),*] } }
    };
}

// For the modules, which stand above it.
use graph_type;

const UNKNOWN_FUTURE_VALUE: &str = "unknownFutureValue";

/// What the type has of an entity. Members of enumerations that came after `unknownFutureValue` are only for clients that
/// asked for them.
pub fn cut(entity: Value, properties: &[Property], asks_for_unknown_members: bool) -> Value {
    let Value::Object(mut has) = entity else { return entity };
    let mut cut = Map::new();
    for property in properties {
        if let Some(value) = has.remove(property.name) {
            cut.insert(property.name.to_owned(), cut_value(value, property.edm, asks_for_unknown_members));
        }
    }
    Value::Object(cut)
}

fn cut_value(value: Value, edm: Type, asks_for_unknown_members: bool) -> Value {
    match (edm, value) {
        (Type::Complex(_, properties), value) => cut(value, properties, asks_for_unknown_members),
        (Type::Collection(element), Value::Array(values)) => {
            values.into_iter().map(|value| cut_value(value, *element, asks_for_unknown_members)).collect()
        }
        (Type::Enum(of), Value::String(name)) => member(of, &name, asks_for_unknown_members).into(),
        (_, value) => value,
    }
}

/// The member as a client gets it: one that the enumeration does not have is of the future too.
fn member(of: &EnumType, name: &str, asks_for_unknown_members: bool) -> &'static str {
    let at = |name: &str| of.members.iter().position(|member| member.eq_ignore_ascii_case(name));
    let future = at(UNKNOWN_FUTURE_VALUE);
    match at(name) {
        Some(found) if asks_for_unknown_members || future.is_none_or(|future| found <= future) => of.members[found],
        _ => future.map_or(UNKNOWN_FUTURE_VALUE, |future| of.members[future]),
    }
}
