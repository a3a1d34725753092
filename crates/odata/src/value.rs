//! Values while they are compared.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use crate::schema::Type;
use crate::time;

/// 2^63: no `i64` is as large, and each is at least as large as its negative.
const BEYOND_INTEGERS: f64 = 9_223_372_036_854_775_808.0;

/// A value of a filter, of the type of what it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    String(String),
    /// Dates are their midnight in UTC.
    DateTimeOffset(Timestamp),
    /// In lower case.
    Guid(String),
    /// A member, spelled as the type has it.
    Enum(&'static str),
}

impl Constant {
    pub(crate) fn scalar(&self) -> Scalar<'_> {
        match self {
            Self::Null => Scalar::Null,
            Self::Boolean(value) => Scalar::Boolean(*value),
            Self::Integer(value) => Scalar::Integer(*value),
            Self::Decimal(value) => Scalar::Decimal(*value),
            Self::String(text) | Self::Guid(text) => Scalar::Text(text),
            Self::Enum(member) => Scalar::Text(member),
            Self::DateTimeOffset(at) => Scalar::Instant(*at),
        }
    }
}

/// A value, a constant's or an entity's.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scalar<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    /// Compared in any case of letters: names as Graph compares them, GUIDs and members of enums.
    Text(&'a str),
    Instant(Timestamp),
}

impl<'a> Scalar<'a> {
    /// What is absent, or is not of the type, is null.
    pub fn read(value: Option<&'a Value>, edm: Type) -> Self {
        match (edm, value) {
            (Type::String | Type::Guid | Type::Enum(_), Some(Value::String(text))) => Self::Text(text),
            (Type::Boolean, Some(Value::Bool(value))) => Self::Boolean(*value),
            (Type::Int32 | Type::Int64 | Type::Double, Some(Value::Number(number))) => {
                let decimal = || number.as_f64().map_or(Self::Null, Self::Decimal);
                number.as_i64().map_or_else(decimal, Self::Integer)
            }
            (Type::DateTimeOffset, Some(Value::String(text))) => time::instant(text).map_or(Self::Null, Self::Instant),
            _ => Self::Null,
        }
    }

    /// Two values of comparable types; none if one is null.
    pub fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Boolean(one), Self::Boolean(other)) => Some(one.cmp(&other)),
            (Self::Integer(one), Self::Integer(other)) => Some(one.cmp(&other)),
            (Self::Decimal(one), Self::Decimal(other)) => one.partial_cmp(&other),
            (Self::Integer(one), Self::Decimal(other)) => Some(mixed(one, other)),
            (Self::Decimal(one), Self::Integer(other)) => Some(mixed(other, one).reverse()),
            (Self::Text(one), Self::Text(other)) => Some(folded(one).cmp(folded(other))),
            (Self::Instant(one), Self::Instant(other)) => Some(one.cmp(&other)),
            _ => None,
        }
    }

    pub fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// Null is equal to itself and to nothing else.
    pub fn equals(self, other: Self) -> bool {
        self.is_null() && other.is_null() || self.order(other) == Some(Ordering::Equal)
    }
}

/// The letters of a text in lower case, each by itself: what is compared does not depend on what stands beside it.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

/// Exactly, where turning the integer into a decimal would round it. Decimals are finite: neither filters nor JSON
/// have others.
fn mixed(integer: i64, decimal: f64) -> Ordering {
    if decimal >= BEYOND_INTEGERS {
        Ordering::Less
    } else if decimal < -BEYOND_INTEGERS {
        Ordering::Greater
    } else {
        let fraction = decimal.fract();
        integer.cmp(&(decimal.trunc() as i64)).then_with(|| 0.0_f64.total_cmp(&(fraction + 0.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_exactly() {
        let largest = 9_223_372_036_854_775_807;
        for (integer, decimal, order) in [
            (1, 1.0, Ordering::Equal),
            (0, -0.0, Ordering::Equal),
            (0, -0.5, Ordering::Greater),
            (-1, -0.5, Ordering::Less),
            (1, 1.5, Ordering::Less),
            (largest, 9_223_372_036_854_775_808.0, Ordering::Less),
            (i64::MIN, -9_223_372_036_854_775_808.0, Ordering::Equal),
            (i64::MIN, -1e300, Ordering::Greater),
            (9_007_199_254_740_993, 9_007_199_254_740_992.0, Ordering::Greater),
        ] {
            assert_eq!(Scalar::Integer(integer).order(Scalar::Decimal(decimal)), Some(order), "{integer} {decimal}");
            assert_eq!(Scalar::Decimal(decimal).order(Scalar::Integer(integer)), Some(order.reverse()));
        }
    }

    #[test]
    fn letters_are_compared_one_by_one() {
        assert!(Scalar::Text("ÖSTEN").equals(Scalar::Text("östen")));
        // A sigma at the end of a word has a form of its own, which would depend on what follows.
        assert!(folded("ΑΣΑ").collect::<String>().starts_with(&folded("ΑΣ").collect::<String>()));
    }
}
