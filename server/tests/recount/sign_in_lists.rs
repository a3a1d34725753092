//! Every figure of `/usage` leads to a list of sign-ins whose total it is; and what a row and a page of one say.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::Instant;
use domain::page::Page;
use domain::population::Population;
use domain::query::{Filtered, ListQuery as _, Report, SignInsQuery};
use domain::report::SignInItem;
use serde_json::{Value, json};
use store::Listed as _;

use super::database::Database;
use super::figures::{self, Filters};
use super::lists::{join, walk};
use super::sign_ins::SignIn;
use super::usage::{asked, window_of};
use super::{INSTANTS, LIST_INSTANTS, Organisation};

/// Figures whose lists are asked for at each instant: they take turns.
const AT_ONCE: usize = 2;
/// Sign-ins whose pages are compared.
const PAGES: usize = 150;

/// Compares totals at many instants, whole lists at some, and pages of single sign-ins.
pub async fn compare(organisation: &Organisation, database: &Database) {
    for (number, as_of) in organisation.sign_in_instants(INSTANTS).into_iter().enumerate() {
        let report = Report { population: None, ..asked(number, as_of) };
        let sign_ins = organisation.sign_ins(window_of(&report));
        for (expected, filters) in taking_turns(&sign_ins, number) {
            let url = join(&report.to_url(), &filters);
            let found = page(database, &url).await;
            assert!(found.total_is_exact, "sign-ins?{url}");
            assert_eq!(found.total, expected, "sign-ins?{url}");
            let counted = sign_ins.iter().filter(|sign_in| matches(sign_in, &filters)).count();
            assert_eq!(counted as i64, expected, "the figure does not count what its filters say: {filters:?}");
        }
    }
    for (number, as_of) in organisation.sign_in_instants(LIST_INSTANTS).into_iter().enumerate().step_by(4) {
        compare_rows(organisation, database, number, as_of).await;
    }
    compare_pages(organisation, database).await;
}

/// Some of the window's figures, another some each time; and what the summaries per user and application link to.
fn taking_turns(sign_ins: &[&SignIn], number: usize) -> Vec<(i64, Filters)> {
    let figures: Vec<(i64, Filters)> = figures::of(sign_ins).into_values().collect();
    let stride = figures.len().div_ceil(AT_ONCE).max(1);
    let mut some: Vec<(i64, Filters)> = figures.into_iter().skip(number % stride).step_by(stride).collect();
    if let Some(sign_in) = sign_ins.get(number % sign_ins.len().max(1)) {
        let name = |name: &'static str, value: &str| (name, value.to_owned());
        let (user, app) = (name("user", &sign_in.user), sign_in.app_label().map(|app| name("app", app)));
        let filters = match (number % 4, app) {
            (0, Some(app)) => vec![app],
            (1, Some(app)) => vec![app, name("unable", "yes")],
            (2, _) => vec![user, name("challenged", "yes")],
            _ => vec![user],
        };
        let counted = sign_ins.iter().filter(|sign_in| matches(sign_in, &filters)).count() as i64;
        some.push((counted, filters));
    }
    some
}

fn matches(sign_in: &SignIn, filters: &Filters) -> bool {
    let mut asked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in filters {
        asked.entry(name).or_default().push(value);
    }
    asked.iter().all(|(name, values)| values.iter().any(|value| sign_in.matches(name, value)))
}

async fn page(database: &Database, url: &str) -> Page<SignInItem> {
    let query = SignInsQuery::parse(url, Instant::from_millis(0)).expect("a URL of ours");
    let Filtered { report, mut list, filters } = query;
    list.size = 1;
    Filtered { report, list, filters }.page(&database.reader).await.expect("a page")
}

/// Every row of some lists, with and without a population.
async fn compare_rows(organisation: &Organisation, database: &Database, number: usize, as_of: Instant) {
    let population = number.is_multiple_of(8).then_some(Population::ALL[number / 8 % Population::ALL.len()]);
    let report = Report { population, ..asked(number / 4, as_of) };
    let members = population.map(|name| organisation.recount.users.members(name.as_str(), as_of.millis()));
    let sign_ins = organisation.sign_ins(window_of(&report));
    let some_ip = sign_ins.get(number).and_then(|sign_in| sign_in.ip.clone()).unwrap_or_default();
    let all: [Filters; 5] = [
        vec![("challenged", "yes".into()), ("mfa_result", "denied".into())],
        vec![("mfa_required", "unknown".into())],
        vec![("interactive", "yes".into()), ("ca_result", "failure".into())],
        vec![("ip", some_ip)],
        Vec::new(),
    ];
    for filters in &all[..if number.is_multiple_of(3) { 5 } else { 4 }] {
        let url = join(&report.to_url(), filters);
        let found: BTreeMap<String, Value> = walk::<SignInsQuery>(database, &url)
            .await
            .into_iter()
            .map(|item| (item["id"].as_str().expect("an id").to_owned(), item))
            .collect();
        let is_in = |sign_in: &&&SignIn| {
            matches(sign_in, filters) && members.as_ref().is_none_or(|members| members.contains(&sign_in.user))
        };
        let expected: BTreeMap<&str, &&SignIn> =
            sign_ins.iter().filter(is_in).map(|sign_in| (sign_in.id.as_str(), sign_in)).collect();
        let ids: BTreeSet<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(ids, expected.keys().copied().collect(), "sign-ins?{url}");
        for (id, item) in &found {
            compare_row(item, expected[id.as_str()]);
        }
    }
}

fn compare_row(item: &Value, sign_in: &SignIn) {
    let facts = &sign_in.facts;
    let expected = json!({
        "id": sign_in.id, "at": Instant::from_millis(sign_in.at).to_string(), "correlation_id": sign_in.correlation,
        "user_id": sign_in.user, "app": sign_in.app_label(), "status": facts.status, "error_code": facts.error_code,
        "mfa_required": facts.mfa_required, "required_by": facts.required_by, "mfa_result": facts.mfa_result,
        "mfa_status": facts.mfa_status, "method": facts.method, "interactive": facts.interactive,
        "component": facts.component, "ip": sign_in.ip, "ca_result": facts.ca_result,
    });
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&item[name], value, "{name} of {item}");
    }
}

/// What the page of one sign-in says besides its row.
async fn compare_pages(organisation: &Organisation, database: &Database) {
    let all = &organisation.recount.sign_ins;
    for sign_in in all.iter().step_by(all.len().div_ceil(PAGES)) {
        let page = database.reader.sign_in(&sign_in.id).await.expect("an answer").expect("it is known");
        let page = serde_json::to_value(&page).expect("it is JSON");
        compare_row(&page, sign_in);
        let of_attempt = |other: &&SignIn| other.correlation == sign_in.correlation && other.id != sign_in.id;
        let related = if sign_in.correlation.is_some() { all.iter().filter(of_attempt).count() } else { 0 };
        assert_eq!(page["related_total"], related, "{}", sign_in.id);
        assert_eq!((&page["challenged"], &page["unable"]), (&json!(sign_in.facts.challenged), &json!(sign_in.unable)));
        assert_eq!(page["steps"].as_array().map(Vec::len), sign_in.steps, "{}", sign_in.id);
        let policies = page["conditional_access"]["policies"].as_array().map(Vec::len);
        assert_eq!(policies, sign_in.policies, "{}", sign_in.id);
    }
}
