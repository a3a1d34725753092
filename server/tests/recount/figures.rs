//! Every figure of `/usage` with the filters of the list behind it, counted by a loop.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Organisation;
use super::classify::Facts;
use super::sign_ins::SignIn;

/// Filters of a list: of one name any, of different names all.
pub type Filters = Vec<(&'static str, String)>;

/// Figures by name, such as `results.denied`; those that are nought are left out.
pub type Figures = BTreeMap<String, (i64, Filters)>;

fn filters(pairs: &[(&'static str, &str)]) -> Filters {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// The figures that the sign-ins of a window give, with what each links to.
pub fn of(sign_ins: &[&SignIn]) -> Figures {
    // Most sign-ins are like many others: what is alike is looked at once.
    let mut alike: BTreeMap<(&Facts, bool), i64> = BTreeMap::new();
    for sign_in in sign_ins {
        *alike.entry((&sign_in.facts, sign_in.unable)).or_default() += 1;
    }
    let mut figures = Figures::new();
    for ((facts, unable), n) in alike {
        let mut add = |name: String, pairs: &[(&'static str, &str)]| {
            figures.entry(name).or_insert_with(|| (0, filters(pairs))).0 += n;
        };
        let (result, method) = (facts.mfa_result, facts.method);
        let status = facts.mfa_status.as_deref().unwrap_or("none");
        let challenged = if facts.challenged { "yes" } else { "no" };
        add("sign_ins.total".into(), &[]);
        add(format!("sign_ins.{}", facts.status), &[("status", facts.status)]);
        add(format!("required.{}", facts.mfa_required), &[("mfa_required", facts.mfa_required)]);
        if let Some(by) = facts.required_by {
            add(format!("required_by.{by}"), &[("required_by", by)]);
        }
        add(format!("results.{result}"), &[("mfa_result", result)]);
        add(
            format!("statuses.{result}.{status}.{challenged}"),
            &[("mfa_result", result), ("mfa_status", status), ("challenged", challenged)],
        );
        add(format!("components.{}", facts.component), &[("component", facts.component)]);
        if unable {
            add("unable".into(), &[("unable", "yes")]);
        }
        if !facts.challenged {
            continue;
        }
        add("challenged".into(), &[("challenged", "yes")]);
        add(format!("challenge_results.{result}"), &[("challenged", "yes"), ("mfa_result", result)]);
        add(format!("methods.{method}.{result}"), &[("challenged", "yes"), ("method", method), ("mfa_result", result)]);
        if !matches!(result, "denied" | "pending") {
            continue;
        }
        let mut why =
            vec![("challenged", "yes"), ("mfa_result", "denied"), ("mfa_result", "pending"), ("mfa_status", status)];
        let code = facts.error_code.map(|code| code.to_string()).unwrap_or_default();
        if facts.mfa_status.is_none() && !code.is_empty() {
            why.push(("error_code", &code));
        }
        add(format!("issues.{status}.{}", if facts.mfa_status.is_none() { code.as_str() } else { "" }), &why);
    }
    figures
}

/// The same of the program's answer.
pub fn of_answer(usage: &Value) -> BTreeMap<String, i64> {
    let mut figures = BTreeMap::new();
    let mut add = |name: String, n: &Value| {
        let n = n.as_i64().expect("a number");
        if n != 0 {
            assert_eq!(figures.insert(name.clone(), n), None, "{name} stands twice");
        }
    };
    for group in ["sign_ins", "required", "results", "challenge_results"] {
        for (name, n) in usage[group].as_object().expect("an object") {
            add(format!("{group}.{name}"), n);
        }
    }
    let rows = |group: &str| usage[group].as_array().expect("a list").clone();
    for row in rows("required_by") {
        add(format!("required_by.{}", word(&row["required_by"])), &row["count"]);
    }
    for row in rows("statuses") {
        let challenged = if row["challenged"] == true { "yes" } else { "no" };
        let (result, status) = (word(&row["mfa_result"]), word(&row["mfa_status"]));
        add(format!("statuses.{result}.{status}.{challenged}"), &row["count"]);
    }
    for row in rows("methods") {
        for result in ["satisfied", "denied", "pending", "unknown"] {
            add(format!("methods.{}.{result}", word(&row["method"])), &row[result]);
        }
    }
    for row in rows("issues") {
        let code = row["error_code"].as_i64().map(|code| code.to_string()).unwrap_or_default();
        add(format!("issues.{}.{code}", word(&row["mfa_status"])), &row["count"]);
    }
    for row in rows("components") {
        add(format!("components.{}", word(&row["component"])), &row["count"]);
    }
    add("challenged".into(), &usage["challenged"]);
    figures
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("none")
}

/// How many users have at least one sign-in of a kind.
pub fn users<'a>(sign_ins: &[&'a SignIn], is_of_kind: impl Fn(&SignIn) -> bool) -> BTreeSet<&'a str> {
    sign_ins.iter().filter(|sign_in| is_of_kind(sign_in)).map(|sign_in| sign_in.user.as_str()).collect()
}

impl Organisation {
    /// The sign-ins of a window.
    pub fn sign_ins(&self, (from, to): (i64, i64)) -> Vec<&SignIn> {
        self.recount.sign_ins.iter().filter(|sign_in| from <= sign_in.at && sign_in.at < to).collect()
    }
}
