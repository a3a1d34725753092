//! Filters and entities that somebody might have thought of, from few values, so that many match.

use odata::{Expression, Function, Literal, Operator, Path, Position, Quantifier};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

const TEXTS: [&str; 8] = ["", "a", "A", "ab", "Äb", "b'c", "äB x", "z/1"];
const INSTANTS: [&str; 6] = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T01:00:00+01:00",
    "2026-01-01T00:00:00.5Z",
    "2025-12-31T19:00:00.000-05:00",
    "2026-01-02T00:00:00Z",
    "2025-12-31T23:59:59.9999999Z",
];
const GUIDS: [&str; 2] = ["7a1c0000-0000-0000-0000-00000000abcd", "00000000-0000-0000-0000-000000000001"];
const KINDS: [&str; 3] = ["member", "guest", "unknownFutureValue"];
const INTEGERS: [i64; 6] = [-1, 0, 1, 2, 9_007_199_254_740_993, i64::MAX];
const DECIMALS: [f64; 5] = [-0.5, 0.0, 1.0, 1.5, 9_007_199_254_740_992.0];

/// Types of which values can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Boolean,
    Number,
    Instant,
    Guid,
    Enum,
}

type Values = [(&'static str, Kind)];
type Collections = [(&'static str, Element)];

/// What a condition may name: single values and collections with what their elements are.
#[derive(Clone)]
struct Scope {
    values: Vec<(String, Kind)>,
    collections: Vec<(String, Element)>,
}

#[derive(Clone, Copy)]
enum Element {
    Value(Kind),
    Target,
    Change,
}

fn entity_scope() -> Scope {
    let values = [
        ("name", Kind::Text),
        ("mail", Kind::Text),
        ("active", Kind::Boolean),
        ("locked", Kind::Boolean),
        ("count", Kind::Number),
        ("total", Kind::Number),
        ("ratio", Kind::Number),
        ("created", Kind::Instant),
        ("updated", Kind::Instant),
        ("key", Kind::Guid),
        ("kind", Kind::Enum),
        ("status/errorCode", Kind::Number),
        ("status/reason", Kind::Text),
        ("status/at", Kind::Instant),
        ("status/final", Kind::Boolean),
    ];
    let collections = [
        ("tags", Element::Value(Kind::Text)),
        ("counts", Element::Value(Kind::Number)),
        ("kinds", Element::Value(Kind::Enum)),
        ("targets", Element::Target),
    ];
    Scope {
        values: values.map(|(path, kind)| (path.to_owned(), kind)).into(),
        collections: collections.map(|(path, element)| (path.to_owned(), element)).into(),
    }
}

/// What can be named in a lambda: all that could before, and the element. Collections are the element's.
fn lambda_scope(outer: &Scope, variable: &str, element: Element) -> Scope {
    let mut scope = Scope { values: outer.values.clone(), collections: Vec::new() };
    let (values, collections): (&Values, &Collections) = match element {
        Element::Value(kind) => {
            scope.values.extend(vec![(variable.to_owned(), kind); 8]);
            (&[], &[])
        }
        Element::Target => (
            &[("name", Kind::Text), ("count", Kind::Number), ("active", Kind::Boolean), ("created", Kind::Instant)],
            &[("tags", Element::Value(Kind::Text)), ("changes", Element::Change)],
        ),
        Element::Change => (&[("name", Kind::Text), ("count", Kind::Number)], &[]),
    };
    for (name, kind) in values {
        scope.values.extend(vec![(format!("{variable}/{name}"), *kind); 4]);
    }
    scope.collections = collections.iter().map(|(name, e)| (format!("{variable}/{name}"), *e)).collect();
    scope
}

pub fn at() -> Position {
    Position::default()
}

/// A path, now and then in capitals; variables stay as they are.
fn path(text: &str, loud: bool) -> Path {
    let name = |name: &str| if loud && name.len() > 1 { name.to_uppercase() } else { name.to_owned() };
    Path { segments: text.split('/').map(|segment| (name(segment), at())).collect() }
}

fn named(scope: &Scope, kind: Kind) -> BoxedStrategy<Expression> {
    let paths: Vec<String> = scope.values.iter().filter(|(_, of)| *of == kind).map(|(path, _)| path.clone()).collect();
    (select(paths), prop::bool::weighted(0.1)).prop_map(|(text, loud)| Expression::Path(path(&text, loud))).boxed()
}

fn text_literal() -> impl Strategy<Value = Literal> {
    select(&TEXTS[..]).prop_map(|text| Literal::String(text.to_owned()))
}

fn literal(kind: Kind) -> BoxedStrategy<Literal> {
    let value = match kind {
        Kind::Text => text_literal().boxed(),
        Kind::Boolean => any::<bool>().prop_map(Literal::Boolean).boxed(),
        Kind::Number => prop_oneof![
            select(&INTEGERS[..]).prop_map(Literal::Integer),
            select(&DECIMALS[..]).prop_map(Literal::Decimal)
        ]
        .boxed(),
        Kind::Instant => prop_oneof![
            3 => select(&INSTANTS[..]).prop_map(|text| Literal::DateTimeOffset(text.parse().expect("an instant"))),
            1 => (1_i8..3).prop_map(|day| Literal::Date(jiff::civil::date(2026, 1, day))),
        ]
        .boxed(),
        Kind::Guid => select(&GUIDS[..]).prop_map(|guid| Literal::Guid(guid.to_owned())).boxed(),
        Kind::Enum => (select(&KINDS[..]), 0..3)
            .prop_map(|(member, how)| match how {
                0 => Literal::String(member.to_owned()),
                1 => Literal::String(member.to_uppercase()),
                _ => {
                    Literal::Enum { type_name: "microsoft.graph.signInUserType".to_owned(), member: member.to_owned() }
                }
            })
            .boxed(),
    };
    prop_oneof![9 => value, 1 => Just(Literal::Null)].boxed()
}

fn written(literal: impl Strategy<Value = Literal> + 'static) -> BoxedStrategy<Expression> {
    literal.prop_map(|literal| Expression::Literal(literal, at())).boxed()
}

pub fn operator(kind: Kind) -> BoxedStrategy<Operator> {
    let equality = prop_oneof![Just(Operator::Eq), Just(Operator::Ne)];
    if kind == Kind::Enum {
        return equality.boxed();
    }
    let order = prop_oneof![Just(Operator::Gt), Just(Operator::Ge), Just(Operator::Lt), Just(Operator::Le)];
    prop_oneof![equality, order].boxed()
}

pub fn compare((operator, left, right): (Operator, Expression, Expression)) -> Expression {
    Expression::Compare { operator, left: Box::new(left), right: Box::new(right) }
}

pub fn called((function, text, part): (Function, Expression, Expression)) -> Expression {
    Expression::Call { function, text: Box::new(text), part: Box::new(part), at: at() }
}

/// A condition without conditions in it.
fn leaf(scope: &Scope) -> BoxedStrategy<Expression> {
    let mut leaves = Vec::new();
    for kind in [Kind::Text, Kind::Boolean, Kind::Number, Kind::Instant, Kind::Guid, Kind::Enum] {
        let (one, other, value) = (named(scope, kind), named(scope, kind), written(literal(kind)));
        leaves.push((4, (operator(kind), one.clone(), value.clone()).prop_map(compare).boxed()));
        leaves.push((1, (operator(kind), value, one.clone()).prop_map(compare).boxed()));
        leaves.push((1, (operator(kind), one.clone(), other).prop_map(compare).boxed()));
        let list = prop::collection::vec(literal(kind).prop_map(|literal| (literal, at())), 1..4);
        let within = (one, list).prop_map(|(value, list)| Expression::In { value: Box::new(value), list });
        leaves.push((1, within.boxed()));
    }
    let text = prop_oneof![4 => named(scope, Kind::Text), 1 => written(literal(Kind::Text))];
    let call = (function(), text.clone(), text).prop_map(called);
    leaves.push((4, call.boxed()));
    leaves.push((3, named(scope, Kind::Boolean)));
    leaves.push((1, written(literal(Kind::Boolean))));
    if !scope.collections.is_empty() {
        let paths: Vec<String> = scope.collections.iter().map(|(path, _)| path.clone()).collect();
        leaves.push((1, select(paths).prop_map(|text| Expression::NotEmpty(path(&text, false))).boxed()));
    }
    prop::strategy::Union::new_weighted(leaves).boxed()
}

/// A condition with conditions in it. Strategies are made once, level by level: `prop_recursive` makes them for each case.
fn condition_in(scope: &Scope, depth: u32, lambdas: usize) -> BoxedStrategy<Expression> {
    let leaf = leaf(scope);
    if depth == 0 {
        return leaf;
    }
    let inner = condition_in(scope, depth - 1, lambdas);
    let terms = prop::collection::vec(inner.clone(), 2..4);
    let truth = prop_oneof![inner.clone(), written(literal(Kind::Boolean))];
    // Two literals are not compared.
    let one = inner.clone().prop_map(|one| match one {
        Expression::Literal(..) => Expression::Not(Box::new(one), at()),
        one => one,
    });
    let mut conditions = vec![
        (4, leaf),
        (3, terms.clone().prop_map(Expression::And).boxed()),
        (3, terms.prop_map(Expression::Or).boxed()),
        (1, inner.prop_map(|term| Expression::Not(Box::new(term), at())).boxed()),
        (1, (operator(Kind::Boolean), one, truth).prop_map(compare).boxed()),
    ];
    for (collection, element) in &scope.collections {
        let variable = ["t", "u", "v"][lambdas];
        let inner = condition_in(&lambda_scope(scope, variable, *element), depth - 1, lambdas + 1);
        let collection = path(collection, false);
        let lambda = (quantifier(), inner).prop_map(move |(quantifier, condition)| Expression::Lambda {
            collection: collection.clone(),
            quantifier,
            variable: (variable.to_owned(), at()),
            condition: Box::new(condition),
        });
        conditions.push((1, lambda.boxed()));
    }
    prop::strategy::Union::new_weighted(conditions).boxed()
}

pub fn quantifier() -> impl Strategy<Value = Quantifier> + Clone {
    select(&[Quantifier::Any, Quantifier::All][..])
}

pub fn function() -> impl Strategy<Value = Function> + Clone {
    select(&[Function::StartsWith, Function::EndsWith, Function::Contains][..])
}

/// A filter on [`crate::types::SAMPLE`] that has no errors.
pub fn condition() -> BoxedStrategy<Expression> {
    condition_in(&entity_scope(), 3, 0)
}

/// A value, null, or nothing.
fn maybe(value: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Option<Value>> {
    prop_oneof![8 => value.prop_map(Some), 1 => Just(Some(Value::Null)), 1 => Just(None)].boxed()
}

fn object(properties: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let (names, values): (Vec<_>, Vec<_>) = properties.into_iter().map(|(name, value)| (name, maybe(value))).unzip();
    let object = values.prop_map(move |values| {
        let there = names.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        Value::Object(there.collect::<Map<_, _>>())
    });
    object.boxed()
}

fn list(element: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    prop::collection::vec(element, 0..3).prop_map(Value::Array).boxed()
}

/// An entity of [`crate::types::SAMPLE`].
pub fn entity() -> BoxedStrategy<Value> {
    let text = || select(&TEXTS[..]).prop_map(|text| json!(text)).boxed();
    let boolean = || any::<bool>().prop_map(|value| json!(value)).boxed();
    let integer = || select(&INTEGERS[..]).prop_map(|value| json!(value)).boxed();
    let decimal = select(&DECIMALS[..]).prop_map(|value| json!(value)).boxed();
    let instant = || select(&INSTANTS[..]).prop_map(|text| json!(text)).boxed();
    let guid = (select(&GUIDS[..]), any::<bool>());
    let guid = guid.prop_map(|(guid, loud)| json!(if loud { guid.to_uppercase() } else { guid.to_owned() })).boxed();
    let kind = || select(&KINDS[..]).prop_map(|kind| json!(kind)).boxed();
    let change = object(vec![("name", text()), ("count", integer())]);
    let target = object(vec![
        ("name", text()),
        ("count", integer()),
        ("active", boolean()),
        ("created", instant()),
        ("tags", list(text())),
        ("changes", list(change)),
    ]);
    let status = object(vec![("errorCode", integer()), ("reason", text()), ("at", instant()), ("final", boolean())]);
    object(vec![
        ("name", text()),
        ("mail", text()),
        ("active", boolean()),
        ("locked", boolean()),
        ("count", integer()),
        ("total", integer()),
        ("ratio", decimal),
        ("created", instant()),
        ("updated", instant()),
        ("key", guid),
        ("kind", kind()),
        ("tags", list(text())),
        ("counts", list(integer())),
        ("kinds", list(kind())),
        ("status", status),
        ("targets", list(target)),
    ])
}
