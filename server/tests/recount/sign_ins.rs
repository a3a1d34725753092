//! Sign-ins and attempts: `spec/derivation.md` §5, recounted from the winning records.

use std::collections::BTreeSet;

use serde_json::Value;

use super::classify::{Facts, facts_of};
use super::files::{Records, instant, text};
use super::users::Users;

pub struct SignIn {
    pub id: String,
    pub at: i64,
    pub correlation: Option<String>,
    pub user: String,
    /// Name and id of the application.
    pub app: Option<String>,
    pub app_id: Option<String>,
    pub ip: Option<String>,
    pub facts: Facts,
    /// Challenged and not met here, nor in another sign-in of the attempt.
    pub unable: bool,
    pub steps: Option<usize>,
    pub policies: Option<usize>,
}

/// The record's own time, else the log's.
pub fn time_of(record: &Value) -> i64 {
    instant(&record["properties"]["createdDateTime"]).or_else(|| instant(&record["time"])).expect("a time")
}

/// Every sign-in, in the order of time.
pub fn all(records: &Records, users: &Users) -> Vec<SignIn> {
    let mut sign_ins: Vec<SignIn> = records.sign_ins.iter().map(|record| sign_in(record, users)).collect();
    let met: BTreeSet<String> = sign_ins
        .iter()
        .filter(|sign_in| sign_in.facts.mfa_result == "satisfied")
        .filter_map(|sign_in| sign_in.correlation.clone())
        .collect();
    for sign_in in &mut sign_ins {
        let is_met = sign_in.correlation.as_ref().is_some_and(|correlation| met.contains(correlation));
        sign_in.unable =
            sign_in.facts.challenged && matches!(sign_in.facts.mfa_result, "denied" | "pending") && !is_met;
    }
    sign_ins.sort_by_key(|sign_in| sign_in.at);
    sign_ins
}

fn sign_in(record: &Value, users: &Users) -> SignIn {
    let properties = &record["properties"];
    let count = |name: &str| properties[name].as_array().map(Vec::len);
    SignIn {
        id: text(&properties["id"]).expect("an id"),
        at: time_of(record),
        correlation: text(&properties["correlationId"]).or_else(|| text(&record["correlationId"])),
        user: users.key(properties, "userId"),
        app: text(&properties["appDisplayName"]),
        app_id: text(&properties["appId"]),
        ip: text(&properties["ipAddress"]),
        facts: facts_of(record),
        unable: false,
        steps: count("authenticationDetails"),
        policies: count("appliedConditionalAccessPolicies"),
    }
}

impl SignIn {
    /// How the application is called: its name, else its id.
    pub fn app_label(&self) -> Option<&str> {
        self.app.as_deref().or(self.app_id.as_deref())
    }

    /// Whether one value of a filter of `/sign-ins` lets it through.
    pub fn matches(&self, filter: &str, value: &str) -> bool {
        let facts = &self.facts;
        let yes_or_no = |is: bool| value == if is { "yes" } else { "no" };
        match filter {
            "mfa_required" => facts.mfa_required == value,
            "challenged" => yes_or_no(facts.challenged),
            "unable" => yes_or_no(self.unable),
            "mfa_result" => facts.mfa_result == value,
            "mfa_status" => facts.mfa_status.as_deref().unwrap_or("none") == value,
            "required_by" => facts.required_by == Some(value),
            "method" => facts.method == value,
            "status" => facts.status == value,
            "error_code" => facts.error_code.is_some_and(|code| code.to_string() == value),
            "app" => [&self.app, &self.app_id].into_iter().flatten().any(|name| name == value),
            "user" => self.user == value,
            "interactive" => facts.interactive == value,
            "component" => facts.component == value,
            "ca_result" => facts.ca_result == value,
            "ip" => self.ip.as_deref() == Some(value),
            other => panic!("no such filter: {other}"),
        }
    }
}
