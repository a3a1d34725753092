//! What a filter says about single properties, so that a caller need not look at every entity.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::ast::Operator;
use crate::filter::{BoundFilter, BoundPath, Node};
use crate::value::Constant;

/// What every entity that matches has in common. Entities that have it need not match: this is for narrowing a query
/// of which [`BoundFilter::matches`] then looks at every row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bounds(BTreeMap<String, PropertyBounds>);

/// What is known of one property of every entity that matches. Texts are the same in any case of letters and are in the
/// order of their lower-case letters' code points: a database that orders or folds them otherwise must not be asked so.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PropertyBounds {
    /// It is one of these, texts in any case; null may be among them. Where there are none, no entity matches.
    pub one_of: Option<Vec<Constant>>,
    /// It is not null, and not below this.
    pub lower: Option<Limit>,
    /// It is not null, and not above this.
    pub upper: Option<Limit>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    pub value: Constant,
    /// The value itself is within.
    pub inclusive: bool,
}

impl BoundFilter {
    /// The bounds of single properties that follow from the filter.
    ///
    /// Looked at are `eq`, `in`, `gt`, `ge`, `lt` and `le` with a value, and properties that are conditions themselves,
    /// joined by `and` and `or`. What else there is bounds nothing.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds(self.0.bounds())
    }
}

impl Bounds {
    /// What is known of the property, which is written as `status/errorCode`, in the type's spelling.
    #[must_use]
    pub fn get(&self, property: &str) -> Option<&PropertyBounds> {
        self.0.get(property)
    }

    /// All that is known.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &PropertyBounds)> {
        self.0.iter().map(|(property, bounds)| (property.as_str(), bounds))
    }
}

type ByProperty = BTreeMap<String, PropertyBounds>;

impl Node {
    fn bounds(&self) -> ByProperty {
        match self {
            Self::And(terms) => terms.iter().map(Self::bounds).fold(ByProperty::new(), both),
            Self::Or(terms) => terms.iter().map(Self::bounds).reduce(either).unwrap_or_default(),
            Self::Compare { operator, left, right } => match (&**left, &**right) {
                (Self::Path(path), Self::Constant(constant)) => about(path, compared(*operator, constant)),
                (Self::Constant(constant), Self::Path(path)) => about(path, compared(turned(*operator), constant)),
                _ => ByProperty::new(),
            },
            Self::In { value, list } => match &**value {
                Self::Path(path) => about(path, one_of(list.clone())),
                _ => ByProperty::new(),
            },
            Self::Path(path) => about(path, one_of(vec![Constant::Boolean(true)])),
            Self::Not(term) => match &**term {
                Self::Path(path) => about(path, one_of(vec![Constant::Boolean(false)])),
                _ => ByProperty::new(),
            },
            _ => ByProperty::new(),
        }
    }
}

fn one_of(constants: Vec<Constant>) -> PropertyBounds {
    PropertyBounds { one_of: Some(constants), ..PropertyBounds::default() }
}

fn compared(operator: Operator, constant: &Constant) -> PropertyBounds {
    let limit = |inclusive| Some(Limit { value: constant.clone(), inclusive });
    match operator {
        Operator::Eq => one_of(vec![constant.clone()]),
        // Greater than null is nothing, and as great as null is null.
        Operator::Gt | Operator::Lt if *constant == Constant::Null => one_of(Vec::new()),
        Operator::Ge | Operator::Le if *constant == Constant::Null => one_of(vec![Constant::Null]),
        Operator::Gt => PropertyBounds { lower: limit(false), ..PropertyBounds::default() },
        Operator::Ge => PropertyBounds { lower: limit(true), ..PropertyBounds::default() },
        Operator::Lt => PropertyBounds { upper: limit(false), ..PropertyBounds::default() },
        Operator::Le => PropertyBounds { upper: limit(true), ..PropertyBounds::default() },
        Operator::Ne => PropertyBounds::default(),
    }
}

/// The operator that says the same with the sides exchanged.
fn turned(operator: Operator) -> Operator {
    match operator {
        Operator::Gt => Operator::Lt,
        Operator::Ge => Operator::Le,
        Operator::Lt => Operator::Gt,
        Operator::Le => Operator::Ge,
        same => same,
    }
}

/// The path begins at the entity: lambdas are not looked into.
fn about(path: &BoundPath, bounds: PropertyBounds) -> ByProperty {
    if bounds == PropertyBounds::default() {
        return ByProperty::new();
    }
    ByProperty::from([(path.names.join("/"), bounds)])
}

/// Both sides hold.
fn both(mut one: ByProperty, other: ByProperty) -> ByProperty {
    for (property, bounds) in other {
        let known = one.remove(&property).unwrap_or_default();
        let one_of = match (known.one_of, bounds.one_of) {
            (Some(one), Some(other)) => Some(one.into_iter().filter(|value| has(&other, value)).collect()),
            (one, other) => one.or(other),
        };
        let lower = either_or(known.lower, bounds.lower, |one, other| tighter(one, other, Ordering::Greater));
        let upper = either_or(known.upper, bounds.upper, |one, other| tighter(one, other, Ordering::Less));
        one.insert(property, PropertyBounds { one_of, lower, upper });
    }
    one
}

/// One of both sides holds: known is only what both know.
fn either(one: ByProperty, mut other: ByProperty) -> ByProperty {
    let joined = one.into_iter().filter_map(|(property, known)| {
        let bounds = other.remove(&property)?;
        let one_of = known.one_of.zip(bounds.one_of).map(|(mut one, other)| {
            let new: Vec<_> = other.into_iter().filter(|value| !has(&one, value)).collect();
            one.extend(new);
            one
        });
        let lower = known.lower.zip(bounds.lower).map(|(one, other)| looser(one, other, Ordering::Greater));
        let upper = known.upper.zip(bounds.upper).map(|(one, other)| looser(one, other, Ordering::Less));
        let bounds = PropertyBounds { one_of, lower, upper };
        (bounds != PropertyBounds::default()).then_some((property, bounds))
    });
    joined.collect()
}

fn has(constants: &[Constant], value: &Constant) -> bool {
    constants.iter().any(|constant| constant.scalar().equals(value.scalar()))
}

fn either_or(one: Option<Limit>, other: Option<Limit>, choose: impl FnOnce(Limit, Limit) -> Limit) -> Option<Limit> {
    match (one, other) {
        (Some(one), Some(other)) => Some(choose(one, other)),
        (one, other) => one.or(other),
    }
}

/// The limit that lets less through; `inwards` is how the tighter one compares with the other.
fn tighter(one: Limit, other: Limit, inwards: Ordering) -> Limit {
    match one.value.scalar().order(other.value.scalar()) {
        Some(order) if order == inwards => one,
        Some(Ordering::Equal) => Limit { inclusive: one.inclusive && other.inclusive, ..one },
        _ => other,
    }
}

/// The limit that lets more through.
fn looser(one: Limit, other: Limit, inwards: Ordering) -> Limit {
    match one.value.scalar().order(other.value.scalar()) {
        Some(order) if order == inwards => other,
        Some(Ordering::Equal) => Limit { inclusive: one.inclusive || other.inclusive, ..one },
        _ => one,
    }
}
