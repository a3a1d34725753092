//! Figures of Graph's summaries beside those of the pages, and its metadata beside Microsoft's.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::Instant;
use domain::role::Role;
use odata::{Property, Type};
use rstest::rstest;
use serde_json::{Value, json};
use server::graph_api::{Version, types};

use crate::graph_api::{DETAILS, Graph};
use crate::house::Engine;

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn summaries_are_the_figures_of_the_pages(#[case] engine: Engine) {
    let Some(graph) = Graph::open_large(engine).await else { return };
    let overview = graph.get("/api/v1/overview?population=everyone&range=7d").await;
    let path = "/beta/reports/getCredentialUserRegistrationCount";
    let count = &graph.get(path).await["value"][0];
    let details = graph.all(DETAILS).await;
    let registered = |flag: &str| details.iter().filter(|user| user[flag] == true).count();
    assert_eq!(count["totalUserCount"], details.len());
    for (at, flag) in ["isSsprRegistered", "isSsprEnabled", "isSsprCapable", "isMfaRegistered"].iter().enumerate() {
        assert_eq!(count["userRegistrationCounts"][at]["registrationCount"], registered(flag), "{flag}");
    }

    let path = "/v1.0/reports/authenticationMethods/usersRegisteredByFeature(includedUserTypes='guest',includedUserRoles='all')";
    let guests = graph.get(path).await;
    let are_guests = details.iter().filter(|user| user["userType"] == "guest").count();
    assert_eq!((&guests["totalUserCount"], &guests["userTypes"]), (&json!(are_guests), &json!("guest")));
    let by_method = graph.get("/v1.0/reports/authenticationMethods/usersRegisteredByMethod").await;
    for count in by_method["userRegistrationMethodCounts"].as_array().expect("counts") {
        let has = |user: &&Value| {
            user["methodsRegistered"].as_array().is_some_and(|names| names.contains(&count["authenticationMethod"]))
        };
        assert_eq!(count["userCount"], details.iter().filter(has).count(), "{count}");
    }
    assert!(by_method["userRegistrationMethodCounts"].as_array().is_some_and(|counts| counts.len() > 3));

    let sum =
        |rows: &Value, of: &str| rows.as_array().expect("rows").iter().filter_map(|row| row[of].as_i64()).sum::<i64>();
    let both = |of: &str| sum(&overview["registrations"], of) + sum(&overview["resets"], of);
    for path in [
        "/beta/reports/getCredentialUsageSummary(period='D7')",
        "/beta/reports/authenticationMethods/userRegistrationActivity(period='d7')",
    ] {
        let summary = &graph.get(path).await["value"];
        assert_eq!(sum(summary, "successfulActivityCount"), both("success"), "{path}");
        assert_eq!(sum(summary, "failureActivityCount"), both("failure"), "{path}");
        assert!(both("success") > 0, "there is something to count");
    }

    let usage = graph.get("/api/v1/usage?from=2026-10-22T00:00:00Z&to=2026-11-20T12:00:00.001Z").await;
    let days = &graph.get("/beta/reports/authenticationMethods/userMfaSignInSummary").await["value"];
    assert_eq!(days.as_array().map(Vec::len), Some(30));
    assert_eq!(sum(days, "totalSignIns"), usage["sign_ins"]["total"].as_i64().expect("a number"));
    assert_eq!(sum(days, "multiFactorSignIns"), usage["required"]["yes"].as_i64().expect("a number"));
    let path = "/beta/reports/authenticationMethods/userPasswordResetsAndChangesSummary";
    let days = &graph.get(path).await["value"];
    let resets = usage["passwords"]["self_service_resets"]["success"].as_i64().expect("a number");
    assert_eq!(sum(days, "passwordResetsSelfServiceCount"), resets);
    let path = "/beta/reports/authenticationMethods/userSignInsByAuthMethodSummary(period='d30')";
    let usage = graph.get("/api/v1/usage?range=30d").await;
    let by_method = &graph.get(path).await["value"];
    assert_eq!(sum(by_method, "successActivityCount"), sum(&usage["methods"], "satisfied"));
}

/// Names, types, null and members of enumerations. What is not known may be left out.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn answers_are_of_their_types(#[case] engine: Engine) {
    let Some(mut graph) = Graph::open_large(engine).await else { return };
    // Also in the form for clients that know no later members.
    for asks_for_all_members in [true, false] {
        graph.asks_for_all_members = asks_for_all_members;
        for (version, path, of) in [
            (Version::V1, "auditLogs/signIns", types::SIGN_IN),
            (Version::Beta, "auditLogs/signIns", types::SIGN_IN),
            (Version::V1, "auditLogs/directoryAudits", types::DIRECTORY_AUDIT),
            (Version::V1, "users", types::USER),
            (Version::V1, "reports/authenticationMethods/userRegistrationDetails", types::USER_REGISTRATION_DETAILS),
            (Version::Beta, "reports/authenticationMethods/userRegistrationDetails", types::USER_REGISTRATION_DETAILS),
            (Version::Beta, "reports/authenticationMethods/userEventsSummary", types::USER_EVENTS_SUMMARY),
            (Version::Beta, "reports/userCredentialUsageDetails", types::USER_CREDENTIAL_USAGE_DETAILS),
            (Version::Beta, "reports/credentialUserRegistrationDetails", types::CREDENTIAL_USER_REGISTRATION_DETAILS),
            (Version::Beta, "reports/getCredentialUserRegistrationCount", types::CREDENTIAL_USER_REGISTRATION_COUNT),
            (Version::Beta, "reports/getCredentialUsageSummary(period='D30')", types::CREDENTIAL_USAGE_SUMMARY),
        ] {
            let entities = graph.all(&format!("/{version}/{path}")).await;
            assert!(!entities.is_empty(), "{path}");
            let properties = of.of(version).properties;
            entities.iter().for_each(|entity| check(entity, properties, path));
            let known = |property: &&Property| entities.iter().any(|entity| !entity[property.name].is_null());
            let never: Vec<&str> =
                properties.iter().filter(|property| property.is_kept && !known(property)).map(|p| p.name).collect();
            // The generator's users have one vocabulary of the two.
            assert!(
                never.is_empty() || never == ["userPreferredMethodForSecondaryAuthentication"],
                "{path}: {never:?}"
            );
        }
    }
}

fn check(object: &Value, properties: &[Property], path: &str) {
    for (name, value) in object.as_object().expect("an object") {
        let property = properties.iter().find(|property| property.name == name);
        let Property { edm, is_nullable, .. } = property.unwrap_or_else(|| panic!("{path}: {name} is no property"));
        assert!(*is_nullable || !value.is_null(), "{path}: {name} is null");
        if !value.is_null() {
            check_value(value, *edm, &format!("{path}/{name}"));
        }
    }
}

fn check_value(value: &Value, edm: Type, path: &str) {
    let is_right = match edm {
        Type::String | Type::Guid => value.is_string(),
        Type::Boolean => value.is_boolean(),
        Type::Int32 => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        Type::Int64 => value.is_i64(),
        Type::Double => value.is_number(),
        Type::DateTimeOffset => value.as_str().is_some_and(|at| at.parse::<Instant>().is_ok()),
        Type::Enum(of) => value.as_str().is_some_and(|member| of.members.contains(&member)),
        Type::Complex(_, properties) => return check(value, properties, path),
        Type::Collection(element) => {
            return value.as_array().expect(path).iter().for_each(|one| check_value(one, *element, path));
        }
    };
    assert!(is_right, "{path}: {value} is no {edm}");
}

/// Every type of v1.0 has the properties, types and members that Microsoft's own metadata has.
#[tokio::test]
async fn the_metadata_of_v1_is_microsofts() {
    let Some(graph) = Graph::open(Engine::Sqlite, Role::ReportsReader).await else { return };
    let ours = declarations(&graph.answer("/v1.0/$metadata").await.text);
    let microsofts = declarations(include_str!("records/graph-v1.0.csdl.xml"));
    assert!(microsofts.len() > 25, "{}", microsofts.len());
    for (name, declared) in &microsofts {
        // Of these a part is served; of the identity Microsoft has a base.
        if ["auditLogRoot", "reportRoot", "identity"].contains(&name.as_str()) {
            continue;
        }
        let Some(own) = ours.get(name) else { panic!("{name} is not served") };
        for line in declared {
            assert!(own.contains(line), "{name} lacks {line}: {own:#?}");
        }
        if name != "userIdentity" {
            assert_eq!(own.len(), declared.len(), "{name}: {own:#?}");
        }
    }
}

/// What each type declares, line by line; the lines of one type are in no order.
fn declarations(csdl: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut types = BTreeMap::<String, BTreeSet<String>>::new();
    let mut current = None;
    for line in csdl.lines().map(str::trim) {
        if let Some(kind) = ["<EntityType ", "<ComplexType ", "<EnumType "].iter().find(|kind| line.starts_with(**kind))
        {
            let name = line[kind.len()..].split('"').nth(1).expect("a name").to_owned();
            types.entry(name.clone()).or_default();
            current = Some(name);
        } else if line.starts_with("</") {
            current = None;
        } else if let (Some(name), true) = (&current, line.contains("Name=\"")) {
            types.entry(name.clone()).or_default().insert(line.to_owned());
        }
    }
    types
}
