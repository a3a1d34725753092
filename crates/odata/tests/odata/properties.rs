//! What holds of everything that is generated. `ODATA_CASES` says how much of it there is.

use std::cell::Cell;

use odata::{Constant, Expression, Limit, Literal, Operator, PropertyBounds};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::types::SAMPLE;
use crate::{generate, naive, trees};

/// Filters, trees or texts: some seconds for each test.
const DEFAULT_CASES: u32 = 4_000;
/// Entities that each filter is asked about.
const ENTITIES: usize = 3;

fn runner() -> TestRunner {
    let cases = std::env::var("ODATA_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(DEFAULT_CASES);
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

#[test]
fn a_tree_is_read_as_it_is_written() {
    let test = |tree: Expression| {
        let text = tree.to_string();
        prop_assert_eq!(text.parse(), Ok(tree), "{}", text);
        Ok(())
    };
    runner().run(&trees::tree(), test).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn both_evaluators_say_the_same_and_bounds_let_through_what_matches() {
    let (matching, bounded, bounds_of_matching) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let test = |(filter, entities): (Expression, [Value; ENTITIES])| {
        let text = filter.to_string();
        prop_assert_eq!(text.parse::<Expression>(), Ok(filter.clone()), "{}", text);
        let bound = match filter.bind(&SAMPLE) {
            Ok(bound) => bound,
            Err(error) => return Err(TestCaseError::fail(format!("{text}\n{error}"))),
        };
        let bounds = bound.bounds();
        bounded.set(bounded.get() + u32::from(bounds.iter().next().is_some()));
        for entity in &entities {
            let matches = bound.matches(entity);
            prop_assert_eq!(matches, naive::matches(&filter, entity), "{}\n{}", text, entity);
            matching.set(matching.get() + u32::from(matches));
            for (property, bounds) in bounds.iter().filter(|_| matches) {
                bounds_of_matching.set(bounds_of_matching.get() + 1);
                prop_assert!(within(entity, property, bounds), "{}\n{}\n{}: {:?}", text, entity, property, bounds);
            }
        }
        Ok(())
    };
    let mut runner = runner();
    let cases = runner.config().cases;
    let entities = std::array::from_fn(|_| generate::entity());
    runner.run(&(generate::condition(), entities), test).unwrap_or_else(|error| panic!("{error}"));
    let (matching, bounded) = (matching.get(), bounded.get());
    let said = format!("{matching} match, {bounded} filters are bounded, {} bounds held", bounds_of_matching.get());
    println!("of {cases} filters on {ENTITIES} entities each, {said}");
    // Otherwise the test would say little.
    assert!(matching > cases / 2 && matching < cases * 5 / 2 && bounded > cases / 10, "{said}");
    assert!(bounds_of_matching.get() > cases / 20, "{said}");
}

fn within(entity: &Value, property: &str, PropertyBounds { one_of, lower, upper }: &PropertyBounds) -> bool {
    let holds = |operator, constant: &Constant| naive::holds(entity, property, operator, &literal(constant));
    let limited = |limit: &Option<Limit>, inclusive, exclusive| {
        limit.as_ref().is_none_or(|limit| {
            let operator = if limit.inclusive { inclusive } else { exclusive };
            !holds(Operator::Eq, &Constant::Null) && holds(operator, &limit.value)
        })
    };
    one_of.as_ref().is_none_or(|values| values.iter().any(|value| holds(Operator::Eq, value)))
        && limited(lower, Operator::Ge, Operator::Gt)
        && limited(upper, Operator::Le, Operator::Lt)
}

fn literal(constant: &Constant) -> Literal {
    match constant.clone() {
        Constant::Null => Literal::Null,
        Constant::Boolean(value) => Literal::Boolean(value),
        Constant::Integer(value) => Literal::Integer(value),
        Constant::Decimal(value) => Literal::Decimal(value),
        Constant::String(text) => Literal::String(text),
        Constant::DateTimeOffset(at) => Literal::DateTimeOffset(at),
        Constant::Guid(guid) => Literal::Guid(guid),
        Constant::Enum(member) => Literal::String(member.to_owned()),
    }
}

/// What a fuzzer would try first: text of the language's own pieces in any order.
#[test]
fn any_text_is_read_or_refused_and_what_is_read_is_written_alike() {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "and",
            "or",
            "not",
            "in",
            "eq",
            "ne",
            "gt",
            "ge",
            "lt",
            "le",
            "(",
            ")",
            ",",
            "/",
            ":",
            "any",
            "all",
            "any(",
            "startswith(",
            "contains(",
            "name",
            "tags/any(t:t",
            "t",
            "true",
            "null",
            "'x'",
            "''",
            "'",
            "5",
            "-1",
            "1.5e3",
            "2026-11-20",
            "2026-11-20T12:00:00Z",
            "7a1c0000-0000-0000-0000-00000000abcd",
            "a.b'c'",
            "a.",
            "*",
            "é",
            "\u{0}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
    ];
    let pieces = prop::collection::vec((piece, prop::bool::weighted(0.8)), 0..12);
    let text = pieces.prop_map(|pieces| {
        pieces.into_iter().map(|(piece, spaced)| if spaced { piece + " " } else { piece }).collect::<String>()
    });
    let test = |text: String| {
        if let Ok(tree) = text.parse::<Expression>() {
            prop_assert_eq!(tree.to_string().parse(), Ok(tree), "{}", text);
        }
        let _ = odata::Query::parse(&text);
        let _ = odata::Query::parse(&format!("$orderby={text}&$select={text}"));
        Ok(())
    };
    runner().run(&text, test).unwrap_or_else(|error| panic!("{error}"));
}
