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

/// Every documented path that is read, and what it is asked for.
const ASKED: &[(&str, &str)] = &[
    ("/api/v1/overview", "/api/v1/overview?compare=previous"),
    ("/api/v1/overview/trend", "/api/v1/overview/trend?range=12mo"),
    ("/api/v1/sms-and-voice", "/api/v1/sms-and-voice?population=everyone"),
    ("/api/v1/users", "/api/v1/users?size=1"),
    ("/api/v1/users/{id}", "/api/v1/users/ada@contoso.com"),
    ("/api/v1/events", "/api/v1/events"),
    ("/api/v1/usage", "/api/v1/usage"),
    ("/api/v1/usage/users", "/api/v1/usage/users"),
    ("/api/v1/usage/applications", "/api/v1/usage/applications"),
    ("/api/v1/sign-ins", "/api/v1/sign-ins"),
    ("/api/v1/sign-ins/{id}", "/api/v1/sign-ins/b01b1726-0147-425e-a7f7-21f252050401"),
    ("/api/v1/mfa/activity", "/api/v1/mfa/activity"),
    ("/api/v1/mfa/activity/summary", "/api/v1/mfa/activity/summary"),
    ("/api/v1/mfa/blocked-users", "/api/v1/mfa/blocked-users"),
    ("/api/v1/mfa/bypassed-users", "/api/v1/mfa/bypassed-users"),
    ("/api/v1/mfa/fraud-alerts", "/api/v1/mfa/fraud-alerts"),
    ("/api/v1/mfa/servers", "/api/v1/mfa/servers"),
    ("/api/v1/lists/mfa-registered", "/api/v1/lists/mfa-registered"),
    ("/api/v1/lists/mfa-not-registered", "/api/v1/lists/mfa-not-registered"),
    ("/api/v1/lists/mfa-methods", "/api/v1/lists/mfa-methods?population=everyone"),
    ("/api/v1/reasons", "/api/v1/reasons?size=1000"),
    ("/api/v1/data", "/api/v1/data"),
    ("/api/v1/data/{import}", "/api/v1/data/1"),
    ("/api/v1/settings/people", "/api/v1/settings/people"),
    ("/api/v1/settings/retention", "/api/v1/settings/retention"),
    ("/api/v1/settings/access-log", "/api/v1/settings/access-log"),
    ("/api/v1/settings/sources", "/api/v1/settings/sources"),
    ("/api/v1/settings/tokens", "/api/v1/settings/tokens"),
    ("/api/v1/views", "/api/v1/views"),
    ("/api/v1/exports", "/api/v1/exports"),
    ("/api/v1/exports/{id}", "/api/v1/exports/1"),
    ("/api/v1/exports/{id}/about", "/api/v1/exports/1/about"),
    ("/api/v1/exports/{id}/file", "/api/v1/exports/1/file"),
];

/// What is read there is no JSON.
const FILES: &[&str] = &["/api/v1/exports/{id}/about", "/api/v1/exports/{id}/file"];

/// Lists that have rows when every kind of record is there.
const FILLED: &[&str] = &[
    "/api/v1/usage/users",
    "/api/v1/usage/applications",
    "/api/v1/sign-ins",
    "/api/v1/mfa/activity",
    "/api/v1/mfa/blocked-users",
    "/api/v1/mfa/bypassed-users",
    "/api/v1/mfa/fraud-alerts",
    "/api/v1/lists/mfa-methods",
    "/api/v1/reasons",
    "/api/v1/settings/sources",
    "/api/v1/settings/tokens",
    "/api/v1/exports",
];

#[test]
fn every_path_that_is_read_is_documented_and_asked_below() {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let documented: Vec<&str> =
        paths.iter().filter(|(_, path)| path["get"].is_object()).map(|(name, _)| name.as_str()).collect();
    let mut asked: Vec<&str> = ASKED.iter().map(|(path, _)| *path).collect();
    asked.sort_unstable();
    assert_eq!(asked, documented);
    for (path, operation) in paths
        .iter()
        .flat_map(|(name, path)| path.as_object().into_iter().flatten().map(move |(_, operation)| (name, operation)))
    {
        let statuses = operation["responses"].as_object().expect("responses");
        assert!(statuses.contains_key("401") && statuses.contains_key("403"), "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_the_shape_that_is_documented() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    house.add_all_records().await;
    let document = document();
    let served = house.get(openapi::PATH, &[]).await.json();
    assert_eq!(served, document);
    house.add_source().await;
    for role in [Role::ReportsReader, Role::SecurityReader, Role::GlobalReader] {
        let token = house.token(role.as_str(), TokenScope::Role(role)).await;
        let export = house.asked(&token, "users", "", "csv").await;
        house.write_exports().await;
        let for_role = |path: &str| role.may_read_settings() || !path.starts_with("/api/v1/settings/");
        for (path, asked) in ASKED.iter().filter(|(path, _)| for_role(path)) {
            let schema = &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
            let asked = asked.replace("/exports/1", &format!("/exports/{export}"));
            let answer = house.get(&asked, &[("authorization", &token)]).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            if FILES.contains(path) {
                let kind = answer.header("content-type").and_then(|kind| kind.split(';').next()).expect("a type");
                assert!(
                    document["paths"][path]["get"]["responses"]["200"]["content"][kind].is_object(),
                    "{path}: {kind}"
                );
                continue;
            }
            let answer = answer.json();
            fits(&answer, schema, &document, path);
            if FILLED.contains(path) {
                assert!(answer["items"].as_array().is_some_and(|items| !items.is_empty()), "{path}: {answer}");
            }
        }
    }
    for (path, asked) in ASKED {
        let refused = house.get(asked, &[]).await.json();
        let problem = &document["paths"][path]["get"]["responses"]["401"]["content"]["application/problem+json"];
        fits(&refused, &problem["schema"], &document, path);
    }
}

fn document() -> Value {
    serde_json::from_str(&openapi::pretty().expect("JSON")).expect("JSON")
}

/// Holds a value against the part of JSON Schema that our document uses. Objects have exactly the fields documented.
fn fits(value: &Value, schema: &Value, document: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        return fits(value, document.pointer(pointer).unwrap_or_else(|| panic!("{name} exists")), document, at);
    }
    if schema["allOf"].is_array() {
        return fits(value, &merged(schema, document), document, at);
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

/// An object that is documented in parts, as one.
fn merged(schema: &Value, document: &Value) -> Value {
    let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let part = match part["$ref"].as_str() {
            Some(name) => document.pointer(name.trim_start_matches('#')).expect("is documented"),
            None => part,
        };
        properties.extend(part["properties"].as_object().expect("an object").clone());
        required.extend(part["required"].as_array().into_iter().flatten().cloned());
    }
    serde_json::json!({"type": "object", "properties": properties, "required": required})
}
