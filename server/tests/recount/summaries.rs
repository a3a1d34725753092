//! The summaries behind `/usage`, per user and per application, row by row.

use std::collections::BTreeMap;

use domain::query::{AppUsageQuery, UserUsageQuery};
use serde_json::Value;

use super::database::Database;
use super::figures::Filters;
use super::lists::{join, walk};
use super::sign_ins::SignIn;
use super::usage::{asked, population, window_of};
use super::{LIST_INSTANTS, Organisation};

const COLUMNS: [&str; 6] = ["sign_ins", "challenged", "satisfied", "denied", "pending", "unable"];
type Counts = [i64; COLUMNS.len()];

pub async fn compare(organisation: &Organisation, database: &Database) {
    for (number, as_of) in organisation.sign_in_instants(LIST_INSTANTS).into_iter().enumerate() {
        let report = asked(number, as_of);
        let sign_ins = organisation.sign_ins(window_of(&report));
        let members = organisation.recount.users.members(population(number).as_str(), as_of.millis());
        let mut users = summary(sign_ins.iter().copied(), |sign_in| sign_in.user.clone());
        users.retain(|user, _| members.contains(user));
        let asked: [Filters; 4] = [
            Vec::new(),
            vec![("challenged", "yes".into())],
            vec![("unable", "yes".into())],
            vec![("challenged", "yes".into()), ("unable", "no".into())],
        ];
        for filters in &asked[..if number.is_multiple_of(5) { 4 } else { 1 }] {
            let is_asked = |counts: &Counts| {
                filters.iter().all(|(name, value)| {
                    let n = counts[if *name == "challenged" { 1 } else { 5 }];
                    (n > 0) == (value == "yes")
                })
            };
            let mut expected = users.clone();
            expected.retain(|_, counts| is_asked(counts));
            let url = join(&report.to_url(), filters);
            let found = rows(walk::<UserUsageQuery>(database, &url).await, "user_id");
            assert_eq!(found, expected, "usage/users?{url}");
        }
        let expected = summary(sign_ins.iter().copied(), |sign_in| sign_in.app_label().unwrap_or_default().to_owned());
        let url = join(&report.to_url(), &Vec::new());
        assert_eq!(rows(walk::<AppUsageQuery>(database, &url).await, "app"), expected, "usage/applications?{url}");
    }
}

fn summary<'a>(sign_ins: impl Iterator<Item = &'a SignIn>, of: impl Fn(&SignIn) -> String) -> BTreeMap<String, Counts> {
    let mut summary: BTreeMap<String, Counts> = BTreeMap::new();
    for sign_in in sign_ins {
        let counts = summary.entry(of(sign_in)).or_default();
        let facts = &sign_in.facts;
        let is = |result: &str| facts.challenged && facts.mfa_result == result;
        let those = [true, facts.challenged, is("satisfied"), is("denied"), is("pending"), sign_in.unable];
        for (count, is_one) in counts.iter_mut().zip(those) {
            *count += i64::from(is_one);
        }
    }
    summary
}

fn rows(items: Vec<Value>, name: &str) -> BTreeMap<String, Counts> {
    let row = |item: Value| {
        let counts = COLUMNS.map(|column| item[column].as_i64().expect("a number"));
        (item[name].as_str().unwrap_or_default().to_owned(), counts)
    };
    items.into_iter().map(row).collect()
}
