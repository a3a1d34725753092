//! Lists with the filters that figures link to, in every order, on the first page and on the 1,000th.

use std::net::SocketAddr;

use anyhow::Context as _;

use super::END;
use super::latency::{Latencies, latencies};
use crate::http::Client;

const USER_FILTERS: [&str; 8] = [
    "",
    "registered=yes",
    "registered=no",
    "capable=unknown",
    "registered=no&enabled=yes",
    "method_class=sms_or_voice_only",
    "method_class=sms_or_voice_and_better",
    "method_class=phishing_resistant&population=admins",
];
const USER_SORTS: [&str; 17] = [
    "id",
    "display_name",
    "user_name",
    "user_type",
    "enabled_account",
    "admin",
    "registered",
    "enabled",
    "capable",
    "mfa_registered",
    "mfa_capable",
    "passwordless_capable",
    "methods",
    "default_method",
    "department",
    "country",
    "updated_at",
];
const EVENT_FILTERS: [&str; 4] = [
    "",
    "feature=reset",
    "feature=registration&method=sms&status=failure",
    "feature=reset&method=email&status=success",
];
const EVENT_SORTS: [&str; 11] = [
    "id",
    "at",
    "user_id",
    "display_name",
    "user_name",
    "feature",
    "method",
    "raw_method",
    "status",
    "reason",
    "source",
];
const DIRECTIONS: [&str; 2] = ["", "-"];

/// Rows before the 1,000th page of fifty.
const DEEP: usize = 999 * 50;
const STEP: usize = 1000;

/// The slowest of a set of lists, by its 95th percentile.
pub struct Slowest {
    pub name: &'static str,
    pub lists: usize,
    pub path: String,
    pub latencies: Latencies,
}

/// Measures every list of every set, and gives the slowest of each.
pub fn measure(address: SocketAddr, token: &str) -> anyhow::Result<Vec<Slowest>> {
    let users = paths("users", &USER_FILTERS, &USER_SORTS);
    let events = paths("events", &EVENT_FILTERS, &EVENT_SORTS);
    let mut found = Vec::new();
    for (first, deep, paths) in [
        ("users: any figure's filter, any order, first page", "users: the same, 1,000th page", users),
        ("events: any figure's filter, any order, first page", "events: the same, 1,000th page", events),
    ] {
        let deep_paths: Vec<String> = paths
            .iter()
            .filter_map(|path| thousandth(address, token, path).transpose())
            .collect::<anyhow::Result<_>>()?;
        found.extend(slowest(address, token, first, &paths)?);
        found.extend(slowest(address, token, deep, &deep_paths)?);
    }
    Ok(found)
}

fn paths(list: &str, filters: &[&str], sorts: &[&str]) -> Vec<String> {
    let sorts = sorts.iter().flat_map(|sort| DIRECTIONS.map(|direction| format!("{direction}{sort}")));
    let sorts: Vec<String> = sorts.collect();
    let query = |filter: &str, sort: &String| format!("/api/v1/{list}?as_of={END}&sort={sort}&{filter}");
    let paths = filters.iter().flat_map(|filter| sorts.iter().map(move |sort| query(filter, sort)));
    paths.map(|path| path.trim_end_matches('&').to_owned()).collect()
}

fn slowest(address: SocketAddr, token: &str, name: &'static str, paths: &[String]) -> anyhow::Result<Option<Slowest>> {
    let mut slowest: Option<Slowest> = None;
    for path in paths {
        let latencies = latencies(address, path, token)?;
        if slowest.as_ref().is_none_or(|slowest| slowest.latencies.p95() < latencies.p95()) {
            slowest = Some(Slowest { name, lists: paths.len(), path: path.clone(), latencies });
        }
    }
    Ok(slowest)
}

/// The 1,000th page, reached as a reader does, by its cursor; `None` where the list ends before.
fn thousandth(address: SocketAddr, token: &str, path: &str) -> anyhow::Result<Option<String>> {
    let authorization = format!("Bearer {token}");
    let mut client = Client::connect(address)?;
    let mut after = String::new();
    let mut rows = 0;
    while rows < DEEP {
        let size = STEP.min(DEEP - rows);
        let answer = client.get(&format!("{path}&size={size}{after}"), &[("authorization", &authorization)])?;
        let page: serde_json::Value = serde_json::from_slice(&answer.body).with_context(|| path.to_owned())?;
        let Some(next) = page["next"].as_str() else { return Ok(None) };
        after = format!("&after={next}");
        rows += size;
    }
    Ok(Some(format!("{path}{after}")))
}
