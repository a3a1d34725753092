//! Any query string is understood or refused; a filter that is understood is written so that it is read alike.
#![no_main]

use libfuzzer_sys::fuzz_target;
use odata::{EntityType, Expression, LONGEST_TEXT, Property, Query, Type};
use serde_json::json;

/// Names that a fuzzer finds soon.
const SAMPLE: EntityType = EntityType {
    name: "sample",
    properties: &[
        Property::new("a", Type::String),
        Property::new("b", Type::Boolean),
        Property::new("n", Type::Int64),
        Property::new("t", Type::DateTimeOffset),
        Property::new("c", Type::Collection(&Type::Complex("", &[Property::new("a", Type::String)]))),
    ],
};

fn again(filter: &Expression) {
    let text = filter.to_string();
    // Instants are written with their seconds, so that the text may grow.
    if text.len() <= LONGEST_TEXT {
        assert_eq!(text.parse().as_ref(), Ok(filter), "{text}");
    }
    if let Ok(bound) = filter.bind(&SAMPLE) {
        let entity = json!({"a": "x", "b": true, "n": 5, "t": "2026-11-20T12:00:00Z", "c": [{"a": "y"}, {}]});
        let matches = bound.matches(&entity);
        let impossible = bound.bounds().iter().any(|(_, bounds)| bounds.one_of.as_ref().is_some_and(Vec::is_empty));
        assert!(!(matches && impossible), "{text}");
    }
}

fuzz_target!(|text: &str| {
    if let Ok(filter) = text.parse::<Expression>() {
        again(&filter);
    }
    for option in ["", "$filter=", "$orderby=", "$select="] {
        let Ok(query) = Query::parse(&format!("{option}{text}")) else { continue };
        if let Some(filter) = &query.filter {
            again(filter);
        }
        let _ = query.bind(&SAMPLE);
    }
});
