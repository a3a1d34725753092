//! What a query is checked against: the caller's types, as constants.

use std::fmt;

/// An entity type. Its properties, and those of its complex properties, are what a query may name.
#[derive(Debug, Clone, Copy)]
pub struct EntityType {
    /// As messages name it: `userRegistrationDetails`.
    pub name: &'static str,
    pub properties: &'static [Property],
}

#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// As JSON has it. Queries may write it in any case of ASCII letters.
    pub name: &'static str,
    pub edm: Type,
    pub is_nullable: bool,
    /// Whether there are values of it. One that is not kept can be selected, but nothing can be told by it.
    pub is_kept: bool,
}

impl Property {
    #[must_use]
    pub const fn new(name: &'static str, edm: Type) -> Self {
        Self { name, edm, is_nullable: true, is_kept: true }
    }

    /// The same, never null.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { is_nullable: false, ..self }
    }

    /// The same, of which there are no values.
    #[must_use]
    pub const fn not_kept(self) -> Self {
        Self { is_kept: false, ..self }
    }

    pub(crate) fn find(properties: &'static [Self], name: &str) -> Option<&'static Self> {
        properties.iter().find(|property| property.name.eq_ignore_ascii_case(name))
    }
}

/// The types of the Entity Data Model that reports have.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// Compared in any case of letters, as Graph compares names.
    String,
    Boolean,
    Int32,
    Int64,
    Double,
    /// In JSON a text as RFC 3339 has it.
    DateTimeOffset,
    /// In JSON a text.
    Guid,
    /// In JSON a member's name.
    Enum(&'static EnumType),
    /// Its name, as in metadata: `signInStatus`; and what it is made of.
    Complex(&'static str, &'static [Property]),
    Collection(&'static Type),
}

/// An enumeration.
#[derive(Debug, Clone, Copy)]
pub struct EnumType {
    /// Qualified, as in literals: `microsoft.graph.signInUserType`.
    pub name: &'static str,
    pub members: &'static [&'static str],
}

impl EnumType {
    /// The member's own spelling of a name in any case.
    pub(crate) fn member(&self, name: &str) -> Option<&'static str> {
        self.members.iter().copied().find(|member| member.eq_ignore_ascii_case(name))
    }
}

impl Type {
    /// Values of both types can be compared with each other.
    pub(crate) fn is_comparable_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::Int32 | Self::Int64 | Self::Double, Self::Int32 | Self::Int64 | Self::Double)
            | (Self::String, Self::String)
            | (Self::Boolean, Self::Boolean)
            | (Self::DateTimeOffset, Self::DateTimeOffset)
            | (Self::Guid, Self::Guid) => true,
            (Self::Enum(one), Self::Enum(other)) => one.name == other.name,
            _ => false,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("Edm.String"),
            Self::Boolean => f.write_str("Edm.Boolean"),
            Self::Int32 => f.write_str("Edm.Int32"),
            Self::Int64 => f.write_str("Edm.Int64"),
            Self::Double => f.write_str("Edm.Double"),
            Self::DateTimeOffset => f.write_str("Edm.DateTimeOffset"),
            Self::Guid => f.write_str("Edm.Guid"),
            Self::Enum(enumeration) => f.write_str(enumeration.name),
            Self::Complex(..) => f.write_str("Edm.ComplexType"),
            Self::Collection(element) => write!(f, "Collection({element})"),
        }
    }
}
