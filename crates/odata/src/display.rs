//! Trees as text. Parentheses stand only where the tree would become another one without them, so that what is written
//! is nested no deeper than what was read.

use std::fmt::{self, Display, Formatter};

use crate::ast::{Expression, Function, Literal, Operator, Path, Quantifier};

/// How tightly an expression holds together, by OData's precedence of operators.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Comparison,
    Unary,
    Membership,
    Primary,
}

fn binding(expression: &Expression) -> Binding {
    match expression {
        Expression::Or(_) => Binding::Or,
        Expression::And(_) => Binding::And,
        Expression::Compare { .. } => Binding::Comparison,
        Expression::Not(..) => Binding::Unary,
        Expression::In { .. } => Binding::Membership,
        _ => Binding::Primary,
    }
}

/// An expression where one that holds together at least so tightly has to stand.
struct At<'e>(Binding, &'e Expression);

impl Display for At<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(least, expression) = *self;
        if binding(expression) < least { write!(f, "({expression})") } else { expression.fmt(f) }
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Or(terms) => joined(f, terms.iter().map(|term| At(Binding::And, term)), " or "),
            Self::And(terms) => joined(f, terms.iter().map(|term| At(Binding::Comparison, term)), " and "),
            Self::Not(term, _) => write!(f, "not {}", At(Binding::Unary, term)),
            Self::Compare { operator, left, right } => {
                write!(f, "{} {operator} {}", At(Binding::Unary, left), At(Binding::Unary, right))
            }
            Self::In { value, list } => {
                write!(f, "{} in (", At(Binding::Primary, value))?;
                joined(f, list.iter().map(|(literal, _)| literal), ",")?;
                f.write_str(")")
            }
            Self::Call { function, text, part, .. } => write!(f, "{function}({text},{part})"),
            Self::Lambda { collection, quantifier, variable: (variable, _), condition } => {
                write!(f, "{collection}/{quantifier}({variable}:{condition})")
            }
            Self::NotEmpty(path) => write!(f, "{path}/{}()", Quantifier::Any),
            Self::Path(path) => path.fmt(f),
            Self::Literal(literal, _) => literal.fmt(f),
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        joined(f, self.segments.iter().map(|(name, _)| name), "/")
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            // With a point or an exponent, so that it is not read as an integer.
            Self::Decimal(value) => write!(f, "{value:?}"),
            Self::String(text) => quoted(f, text),
            Self::DateTimeOffset(at) => at.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Guid(guid) => f.write_str(guid),
            Self::Enum { type_name, member } => {
                f.write_str(type_name)?;
                quoted(f, member)
            }
        }
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Display for Quantifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "'{}'", text.replace('\'', "''"))
}

fn joined<T: Display>(f: &mut Formatter<'_>, parts: impl Iterator<Item = T>, between: &str) -> fmt::Result {
    for (place, part) in parts.enumerate() {
        if place > 0 {
            f.write_str(between)?;
        }
        part.fmt(f)?;
    }
    Ok(())
}
