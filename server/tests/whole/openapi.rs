//! The OpenAPI document: its copy in the repository is fresh, and every answer has the shape it says.

use domain::role::Role;
use serde_json::Value;
use server::api::openapi;
use store::TokenScope;

use crate::house::{Engine, House};

const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");

#[test]
fn the_copy_in_the_repository_is_fresh() {
    let made = openapi::pretty().expect("JSON");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(CHECKED_IN, &made).expect("written");
    }
    let kept = std::fs::read_to_string(CHECKED_IN).unwrap_or_default();
    assert!(kept == made, "docs/openapi.json is stale: UPDATE=1 cargo test -p server openapi");
}

#[tokio::test]
async fn every_answer_has_the_shape_that_is_documented() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    house.add_records().await;
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let document: Value = serde_json::from_str(&openapi::pretty().expect("JSON")).expect("JSON");
    let served = house.get(openapi::PATH, &[]).await.json();
    assert_eq!(served, document);
    for (path, asked) in [
        ("/api/v1/overview", "/api/v1/overview?compare=previous"),
        ("/api/v1/overview/trend", "/api/v1/overview/trend?range=12mo"),
        ("/api/v1/sms-and-voice", "/api/v1/sms-and-voice?population=everyone"),
        ("/api/v1/users", "/api/v1/users?size=1"),
        ("/api/v1/users/{id}", "/api/v1/users/ada@contoso.com"),
        ("/api/v1/events", "/api/v1/events"),
        ("/api/v1/data", "/api/v1/data"),
        ("/api/v1/data/{import}", "/api/v1/data/1"),
        ("/api/v1/views", "/api/v1/views"),
    ] {
        let schema = &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{path} is documented");
        let answer = house.get(asked, &[("authorization", &token)]).await;
        fits(&answer.json(), schema, &document, path);
        let refused = house.get(asked, &[]).await.json();
        let problem = &document["paths"][path]["get"]["responses"]["401"]["content"]["application/problem+json"];
        fits(&refused, &problem["schema"], &document, path);
    }
    let paths = document["paths"].as_object().expect("paths");
    let documented = paths.values().filter(|path| path["get"].is_object()).count();
    assert_eq!(documented, 9, "every documented path is asked above");
}

/// Holds a value against the part of JSON Schema that our document uses. Objects have exactly the fields documented.
fn fits(value: &Value, schema: &Value, document: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        return fits(value, document.pointer(pointer).unwrap_or_else(|| panic!("{name} exists")), document, at);
    }
    if let Some(any) = schema["oneOf"].as_array() {
        let other = any.iter().find(|schema| schema["type"] != "null").expect("something but null");
        if !value.is_null() {
            fits(value, other, document, at);
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&kind), "{at}: {value} is {kind}, documented as {types:?}");
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value} is none of {allowed:?}");
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                fits(item, &schema["items"], document, &format!("{at}[{index}]"));
            }
        }
        Value::Object(fields) => {
            if schema["additionalProperties"].is_object() {
                return;
            }
            let documented = schema["properties"].as_object().expect("documented fields");
            for (name, field) in fields {
                let schema = documented.get(name).unwrap_or_else(|| panic!("{at}.{name} is not documented"));
                fits(field, schema, document, &format!("{at}.{name}"));
            }
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                assert!(fields.contains_key(name), "{at}.{name} is missing");
            }
        }
        _ => {}
    }
}
