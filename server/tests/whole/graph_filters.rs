//! `$filter` of Graph's endpoints: what a list is asked for before its rows are looked at loses none of them.

use odata::{EntityType, Property, Query, Type};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rstest::rstest;
use serde_json::Value;
use server::graph_api::types;

use crate::graph_api::Graph;
use crate::house::Engine;

/// Filters of each collection; `KEYROLL_FILTERS` says otherwise.
const FILTERS: usize = 40;

/// Without it, beta gives interactive sign-ins alone.
const ALL_SIGN_INS: &str = "(isInteractive eq null or isInteractive ne null)";

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_filter_finds_what_it_says(#[case] engine: Engine) {
    let Some(graph) = Graph::open_large(engine).await else { return };
    let filters = std::env::var("KEYROLL_FILTERS").ok().and_then(|n| n.parse().ok()).unwrap_or(FILTERS);
    for (at, (path, entity, everything)) in [
        ("/beta/reports/authenticationMethods/userRegistrationDetails", types::USER_REGISTRATION_DETAILS.beta, ""),
        ("/v1.0/users", types::USER.beta, ""),
        ("/beta/reports/authenticationMethods/userEventsSummary", types::USER_EVENTS_SUMMARY.beta, ""),
        ("/beta/auditLogs/signIns", types::SIGN_IN.beta, ALL_SIGN_INS),
        ("/beta/auditLogs/directoryAudits", types::DIRECTORY_AUDIT.beta, ""),
    ]
    .into_iter()
    .enumerate()
    {
        let all = if everything.is_empty() { path.to_owned() } else { format!("{path}?$filter={everything}") };
        let all = graph.all(&all).await;
        assert!(all.len() > 20, "{path}: {}", all.len());
        let mut random = StdRng::seed_from_u64(u64::try_from(at).expect("small"));
        let mut found_some = 0;
        for _ in 0..filters {
            let filter = condition(&mut random, entity.properties, &all, 2);
            let asked = if everything.is_empty() { filter.clone() } else { format!("{everything} and ({filter})") };
            let found = graph.all(&format!("{path}?$top=7&$filter={}", encoded(&asked))).await;
            let expected = matching(&all, &filter, &entity);
            assert_eq!(ids(&found), ids(&expected), "{engine:?} {path} {filter}");
            found_some += usize::from(!found.is_empty());
        }
        assert!(found_some * 4 > filters, "{path}: filters that find something: {found_some}");
    }
}

/// What real clients ask (`spec/clients.md`), as they write it.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn filters_of_real_clients_are_understood(#[case] engine: Engine) {
    let Some(graph) = Graph::open_large(engine).await else { return };
    let details = graph.all("/beta/reports/authenticationMethods/userRegistrationDetails").await;
    let sign_ins = graph.all("/beta/auditLogs/signIns").await;
    let user = details[0]["userPrincipalName"].as_str().expect("a name").replace('@', "%40");
    for filter in [
        "isAdmin eq true and isMfaCapable eq false and (methodsRegistered/any(m:m eq 'fido2SecurityKey') or \
         methodsRegistered/any(m:m eq 'email')) and userType eq 'member'",
        &format!("(userPrincipalName eq '{user}') and (userPreferredMethodForSecondaryAuthentication eq 'push')"),
        "IsAdmin eq true and isMfaRegistered eq false and userType eq 'member'",
    ] {
        let entity = &types::USER_REGISTRATION_DETAILS.beta;
        let decoded = filter.replace("%40", "@");
        let path = format!("/beta/reports/authenticationMethods/userRegistrationDetails?$top=999&filter={filter}");
        let found = graph.all(&format!("{path}&$select=id,userPrincipalName,IsAdmin")).await;
        assert_eq!(ids(&found), ids(&matching(&details, &decoded, entity)), "{filter}");
    }
    for filter in [
        "createdDateTime ge 2026-11-10T00:00:00Z and createdDateTime le 2026-11-15T00:00:00Z and \
         (clientAppUsed eq 'Browser' or clientAppUsed eq 'SMTP') and status/errorCode eq 0",
        "createdDateTime ge 2026-11-10 and status/errorCode ne 0",
        "userDisplayName ne 'On-Premises Directory Synchronization Service Account'",
    ] {
        let found = graph.all(&format!("/beta/auditLogs/signIns?api-version=beta&filter={filter}&$top=999")).await;
        assert_eq!(ids(&found), ids(&matching(&sign_ins, filter, &types::SIGN_IN.beta)), "{filter}");
        assert!(!found.is_empty(), "{filter}");
    }
    let resets = graph.all("/beta/reports/getCredentialUsageSummary(period='D30')?$filter=feature eq 'reset'").await;
    assert!(!resets.is_empty() && resets.iter().all(|row| row["feature"] == "reset"));
}

fn matching(all: &[Value], filter: &str, entity: &EntityType) -> Vec<Value> {
    let query = Query::parse(&format!("$filter={}", encoded(filter))).and_then(|query| query.bind(entity));
    let filter = query.unwrap_or_else(|error| panic!("{filter}: {error}")).filter.expect("a filter");
    all.iter().filter(|one| filter.matches(one)).cloned().collect()
}

fn ids(entities: &[Value]) -> Vec<&str> {
    let mut ids: Vec<&str> = entities.iter().filter_map(|entity| entity["id"].as_str()).collect();
    ids.sort_unstable();
    ids
}

fn encoded(filter: &str) -> String {
    form_urlencoded::byte_serialize(filter.as_bytes()).collect()
}

/// A condition on properties of the type, with values that entities have, or nearly.
fn condition(random: &mut StdRng, properties: &[Property], all: &[Value], depth: u32) -> String {
    if depth > 0 && random.random_bool(0.6) {
        let word = if random.random_bool(0.7) { "and" } else { "or" };
        let one = condition(random, properties, all, depth - 1);
        let other = condition(random, properties, all, depth - 1);
        let not = if random.random_bool(0.15) { "not " } else { "" };
        return format!("{not}({one} {word} {other})");
    }
    loop {
        let property = properties.choose(random).expect("properties");
        if property.is_kept
            && let Some(condition) = simple(random, property, property.name, all, &|entity| entity.get(property.name))
        {
            return condition;
        }
    }
}

type Find<'a> = &'a dyn Fn(&Value) -> Option<&Value>;

fn simple(random: &mut StdRng, property: &Property, name: &str, all: &[Value], find: Find<'_>) -> Option<String> {
    let value = find(all.choose(random)?);
    let operator = *["eq", "eq", "eq", "ne", "ge", "lt"].choose(random)?;
    Some(match property.edm {
        Type::Complex(_, properties) => {
            let inner = properties.choose(random)?;
            let path = format!("{name}/{}", inner.name);
            return if inner.is_kept {
                simple(random, inner, &path, all, &|entity| find(entity)?.get(inner.name))
            } else {
                None
            };
        }
        Type::Boolean => format!("{name} {} {}", if operator == "ne" { "ne" } else { "eq" }, random.random_bool(0.5)),
        Type::Int32 | Type::Int64 => format!("{name} {operator} {}", value?.as_i64()?),
        Type::DateTimeOffset => format!("{name} {operator} {}", value?.as_str()?),
        Type::Enum(_) => format!("{name} {} '{}'", if operator == "ne" { "ne" } else { "eq" }, value?.as_str()?),
        Type::String => {
            let text = value?.as_str()?.replace('\'', "''");
            let part: String = text.chars().take(4).filter(|c| *c != '\'').collect();
            match random.random_range(0..6) {
                0 => format!("startswith({name},'{part}')"),
                1 => format!("contains({name},'{part}')"),
                2 => format!("{name} in ('{}','{text}')", part.to_uppercase()),
                3 => format!("{name} eq '{}'", text.to_uppercase()),
                _ => format!("{name} {} '{text}'", if operator == "ne" { "ne" } else { "eq" }),
            }
        }
        Type::Collection(Type::String) => {
            let element = value?.as_array()?.choose(random)?.as_str()?;
            let word = if random.random_bool(0.7) { "any" } else { "all" };
            format!("{name}/{word}(x:x eq '{element}')")
        }
        _ => return None,
    })
}
