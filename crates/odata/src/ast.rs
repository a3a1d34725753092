//! A `$filter` as a tree, as it was written: names and types are not looked at yet.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::error::Position;

/// OData's common expression: a condition, or a value that a condition is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// Two or more, of which one has to hold.
    Or(Vec<Expression>),
    /// Two or more, which all have to hold.
    And(Vec<Expression>),
    Not(Box<Expression>, Position),
    /// `userType eq 'member'`
    Compare {
        operator: Operator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// `userType in ('member', 'guest')`; the list has at least one entry.
    In {
        value: Box<Expression>,
        list: Vec<(Literal, Position)>,
    },
    /// `startswith(userDisplayName,'Kim')`: the function, the text it looks at and the part it looks for.
    Call {
        function: Function,
        text: Box<Expression>,
        part: Box<Expression>,
        at: Position,
    },
    /// `methodsRegistered/any(m:m eq 'fido2')`
    Lambda {
        collection: Path,
        quantifier: Quantifier,
        variable: (String, Position),
        condition: Box<Expression>,
    },
    /// `methodsRegistered/any()`
    NotEmpty(Path),
    Path(Path),
    Literal(Literal, Position),
}

impl Expression {
    /// Where the expression begins, parentheses around it left out.
    pub(crate) fn position(&self) -> Position {
        match self {
            Self::Or(terms) | Self::And(terms) => terms.first().map_or_else(Position::default, Self::position),
            Self::Compare { left: first, .. } | Self::In { value: first, .. } => first.position(),
            Self::Lambda { collection: path, .. } | Self::NotEmpty(path) | Self::Path(path) => path.position(),
            Self::Not(_, at) | Self::Call { at, .. } | Self::Literal(_, at) => *at,
        }
    }
}

/// A property, or one of a complex property: `status/errorCode`. In a lambda it may begin with the variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Names as they were written, at least one.
    pub segments: Vec<(String, Position)>,
}

impl Path {
    pub(crate) fn position(&self) -> Position {
        self.segments.first().map_or_else(Position::default, |(_, at)| *at)
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Operator {
    pub(crate) const ALL: [Self; 6] = [Self::Eq, Self::Ne, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// As OData writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

/// A function of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

impl Function {
    pub(crate) const ALL: [Self; 3] = [Self::StartsWith, Self::EndsWith, Self::Contains];

    /// As OData writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
            Self::Contains => "contains",
        }
    }
}

/// Of how many elements of a collection a condition has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    Any,
    All,
}

impl Quantifier {
    pub(crate) const ALL: [Self; 2] = [Self::Any, Self::All];

    /// As OData writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

/// A value as it is written in a filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Boolean(bool),
    Integer(i64),
    /// With a point or an exponent; always finite.
    Decimal(f64),
    /// What stood in single quotes, each doubled quote as one.
    String(String),
    /// To the nanosecond.
    DateTimeOffset(Timestamp),
    Date(Date),
    /// 36 characters, in lower case.
    Guid(String),
    /// `microsoft.graph.registrationAuthMethod'email'`
    Enum {
        type_name: String,
        member: String,
    },
}
