//! A `$filter` that was checked against a type, and what it says of an entity.
//!
//! # What is compared how
//!
//! * Texts are compared in any case of letters, by `eq` and the like as by `startswith`, `endswith` and `contains`: Graph
//!   documents its filters of names as case-insensitive. Their order is that of their lower-case letters' code points.
//! * A property that is absent, or whose value is not of its type, is null. Null is equal to null alone; it is neither
//!   greater nor less than anything; a function of it is null.
//! * Conditions have three values, as OData 4.01 has it (Part 2, 5.1.1.1): `not null` is null, `and` with null is false or
//!   null, `or` with null is true or null. A filter that comes out as null does not match.
//! * `any` and `all` have two: an element for which the condition is null is one for which it is not true. A collection
//!   that is absent is empty.

use std::cmp::Ordering;

use serde_json::Value;

use crate::ast::{Function, Operator, Quantifier};
use crate::schema::Type;
use crate::value::{Constant, Scalar, folded};

/// A condition on entities of one type.
#[derive(Debug, Clone)]
pub struct BoundFilter(pub(crate) Node);

impl BoundFilter {
    /// The condition is true of the entity, which is as Graph's JSON has it.
    #[must_use]
    pub fn matches(&self, entity: &Value) -> bool {
        self.0.holds(&mut vec![entity])
    }
}

/// An expression of which every name and type is known.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Or(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    Compare { operator: Operator, left: Box<Node>, right: Box<Node> },
    In { value: Box<Node>, list: Vec<Constant> },
    Call { function: Function, text: Box<Node>, part: Box<Node> },
    Lambda { collection: BoundPath, quantifier: Quantifier, condition: Box<Node> },
    NotEmpty(BoundPath),
    Path(BoundPath),
    Constant(Constant),
}

/// A path to a property, or in a lambda to an element or its property.
#[derive(Debug, Clone)]
pub(crate) struct BoundPath {
    /// Where it begins: 0 is the entity, then the variables from the outermost to the innermost.
    pub root: usize,
    /// As JSON has them.
    pub names: Vec<&'static str>,
    pub edm: Type,
}

impl BoundPath {
    fn value<'v>(&self, roots: &[&'v Value]) -> Option<&'v Value> {
        let root = roots.get(self.root).copied()?;
        self.names.iter().try_fold(root, |value, name| value.get(*name))
    }

    pub fn scalar<'v>(&self, roots: &[&'v Value]) -> Scalar<'v> {
        Scalar::read(self.value(roots), self.edm)
    }

    fn elements<'v>(&self, roots: &[&'v Value]) -> &'v [Value] {
        self.value(roots).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

impl Node {
    fn holds(&self, roots: &mut Vec<&Value>) -> bool {
        self.truth(roots) == Some(true)
    }

    /// A condition's value; none is null.
    fn truth(&self, roots: &mut Vec<&Value>) -> Option<bool> {
        match self {
            Self::Or(terms) => joined(terms, roots, true),
            Self::And(terms) => joined(terms, roots, false),
            Self::Not(term) => term.truth(roots).map(|truth| !truth),
            Self::Compare { operator, left, right } => {
                Some(left.with(roots, |left, roots| right.with(roots, |right, _| compared(*operator, left, right))))
            }
            Self::In { value, list } => {
                Some(value.with(roots, |value, _| list.iter().any(|entry| value.equals(entry.scalar()))))
            }
            Self::Call { function, text, part } => {
                text.with(roots, |text, roots| part.with(roots, |part, _| called(*function, text, part)))
            }
            Self::Lambda { collection, quantifier, condition } => {
                let mut elements = collection.elements(roots).iter();
                let mut holds = |element| {
                    roots.push(element);
                    let holds = condition.holds(roots);
                    roots.pop();
                    holds
                };
                Some(match quantifier {
                    Quantifier::Any => elements.any(&mut holds),
                    Quantifier::All => elements.all(&mut holds),
                })
            }
            Self::NotEmpty(collection) => Some(!collection.elements(roots).is_empty()),
            Self::Path(path) => boolean(path.scalar(roots)),
            Self::Constant(constant) => boolean(constant.scalar()),
        }
    }

    /// Does something with the expression's value, which is a condition's, an entity's or a constant.
    fn with<'v, T>(&self, roots: &mut Vec<&'v Value>, then: impl FnOnce(Scalar<'_>, &mut Vec<&'v Value>) -> T) -> T {
        match self {
            Self::Path(path) => then(path.scalar(roots), roots),
            Self::Constant(constant) => then(constant.scalar(), roots),
            condition => then(condition.truth(roots).map_or(Scalar::Null, Scalar::Boolean), roots),
        }
    }
}

fn boolean(scalar: Scalar<'_>) -> Option<bool> {
    if let Scalar::Boolean(value) = scalar { Some(value) } else { None }
}

/// `or` is decided by the first true term, `and` by the first false one; undecided it is null if a term was.
fn joined(terms: &[Node], roots: &mut Vec<&Value>, decisive: bool) -> Option<bool> {
    let mut outcome = Some(!decisive);
    for term in terms {
        match term.truth(roots) {
            Some(truth) if truth == decisive => return Some(decisive),
            Some(_) => {}
            None => outcome = None,
        }
    }
    outcome
}

fn compared(operator: Operator, left: Scalar<'_>, right: Scalar<'_>) -> bool {
    let order = left.order(right);
    match operator {
        Operator::Eq => left.equals(right),
        Operator::Ne => !left.equals(right),
        Operator::Gt => order == Some(Ordering::Greater),
        Operator::Ge => order == Some(Ordering::Greater) || left.equals(right),
        Operator::Lt => order == Some(Ordering::Less),
        Operator::Le => order == Some(Ordering::Less) || left.equals(right),
    }
}

fn called(function: Function, text: Scalar<'_>, part: Scalar<'_>) -> Option<bool> {
    let (Scalar::Text(text), Scalar::Text(part)) = (text, part) else { return None };
    let (text, part): (String, String) = (folded(text).collect(), folded(part).collect());
    Some(match function {
        Function::StartsWith => text.starts_with(&part),
        Function::EndsWith => text.ends_with(&part),
        Function::Contains => text.contains(&part),
    })
}
