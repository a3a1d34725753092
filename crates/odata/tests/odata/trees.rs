//! Filters of any values and names, whether or not they mean anything.

use odata::{Expression, Literal, Path};
use proptest::prelude::*;

use crate::generate::{Kind, at, called, compare, function, operator, quantifier};

/// Any tree.
pub fn tree() -> BoxedStrategy<Expression> {
    let name = "[\\p{L}_][\\p{L}\\p{N}_]{0,6}(\\.[a-z]{1,3})?".prop_filter("a word of the language", |name| {
        let words = ["and", "or", "not", "in", "eq", "ne", "gt", "ge", "lt", "le", "true", "false", "null"];
        !words.iter().any(|word| name.eq_ignore_ascii_case(word))
    });
    let path = prop::collection::vec(name.clone().prop_map(|name| (name, at())), 1..4);
    let path = path.prop_map(|segments| Path { segments });
    let second = -62_000_000_000_i64..253_000_000_000;
    let instant = (second, 0..1_000_000_000).prop_map(|(second, nano)| {
        Literal::DateTimeOffset(jiff::Timestamp::new(second, nano).expect("within the calendar"))
    });
    let literal = prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        any::<i64>().prop_map(Literal::Integer),
        (prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO).prop_map(Literal::Decimal),
        "\\PC{0,8}|['a ]{0,5}".prop_map(Literal::String),
        instant,
        (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Literal::Date(jiff::civil::date(y, m, d))),
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}".prop_map(Literal::Guid),
        ("[a-z]{1,5}\\.[a-z]{1,5}", "['\\PC]{0,5}").prop_map(|(type_name, member)| Literal::Enum { type_name, member }),
    ]
    .boxed();
    let leaf = prop_oneof![
        path.clone().prop_map(Expression::Path),
        path.clone().prop_map(Expression::NotEmpty),
        literal.clone().prop_map(|literal| Expression::Literal(literal, at())),
    ];
    let list = prop::collection::vec(literal.prop_map(|literal| (literal, at())), 1..4);
    let mut tree = leaf.clone().boxed();
    for _ in 0..4 {
        let inner = prop_oneof![leaf.clone(), tree];
        let terms = prop::collection::vec(inner.clone(), 2..4);
        tree = prop_oneof![
            terms.clone().prop_map(Expression::And),
            terms.prop_map(Expression::Or),
            inner.clone().prop_map(|term| Expression::Not(Box::new(term), at())),
            (operator(Kind::Boolean), inner.clone(), inner.clone()).prop_map(compare),
            (inner.clone(), list.clone()).prop_map(|(value, list)| Expression::In { value: Box::new(value), list }),
            (function(), inner.clone(), inner.clone()).prop_map(called),
            (path.clone(), quantifier(), name.clone(), inner).prop_map(
                |(collection, quantifier, variable, condition)| {
                    Expression::Lambda {
                        collection,
                        quantifier,
                        variable: (variable, at()),
                        condition: Box::new(condition),
                    }
                }
            ),
        ]
        .boxed();
    }
    tree
}
