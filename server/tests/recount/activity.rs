//! The activity of on-premises components, and how often each reason occurred: `spec/graph.md` §7.9.

use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::query::{ActivityQuery, ReasonsQuery, Report};
use serde_json::{Value, json};

use super::database::Database;
use super::figures::Filters;
use super::files::{Row, instant};
use super::lists::{join, walk};
use super::usage::{asked, window_of};
use super::users::Users;
use super::{INSTANTS, LIST_INSTANTS, Organisation};

/// One authentication.
pub struct Activity {
    pub at: i64,
    pub user: String,
    pub component: &'static str,
    pub method: &'static str,
    pub mode: Option<&'static str>,
    pub result: String,
    pub authenticated: &'static str,
    pub ip: String,
}

/// A code that no document has.
const NOVEL: &str = "FAILED_TELEPATHY";

pub fn of_row(row: &Row, users: &Users) -> Activity {
    let cell = |column: &str| row[column].as_str();
    let said_by =
        format!("{} {}", cell("Authentication Type"), cell("Application Name")).replace(' ', "").to_lowercase();
    let (method, column) = match cell("Authentication Method") {
        "Phone Call" => ("phone_call", "Phone Call Mode"),
        "Text Message" => ("sms", "Text Message Mode"),
        "Mobile App" => ("app_notification", "Mobile App Mode"),
        _ => ("oath_code", "OATH Token Mode"),
    };
    Activity {
        at: instant(&cell("Timestamp").into()).expect("a time"),
        user: users.named(cell("Username")),
        component: if said_by.contains("nps") {
            "nps"
        } else if said_by.contains("adfs") {
            "adfs"
        } else {
            "mfa_server"
        },
        method,
        mode: match cell(column) {
            "PIN" | "OTP + PIN" => Some("pin"),
            "Standard" | "OTP" => Some("standard"),
            _ => None,
        },
        authenticated: match cell("Overall Authenticated") {
            "true" => "yes",
            "false" => "no",
            _ => verdict(cell("Overall Result")),
        },
        result: cell("Overall Result").to_owned(),
        ip: cell("Initiating IP Address").to_owned(),
    }
}

/// What a code alone tells: `SUCCESS_` is said of the delivery.
fn verdict(result: &str) -> &'static str {
    match result {
        "SUCCESS_WITH_PIN" | "SUCCESS_NO_PIN" | "SUCCESS_SMS_SENT" | NOVEL => "unknown",
        "SUCCESS_NO_PIN_BUT_TIMEOUT"
        | "SUCCESS_WITH_PIN_BUT_TIMEOUT"
        | "SUCCESS_PIN_EXPIRED"
        | "SUCCESS_INVALID_INPUT"
        | "SUCCESS_USER_BLOCKED"
        | "SUCCESS_OATH_CODE_PENDING" => "no",
        result if result.starts_with("SUCCESS_") => "yes",
        _ => "no",
    }
}

impl Activity {
    fn matches(&self, filters: &Filters) -> bool {
        filters.iter().all(|(name, value)| match *name {
            "component" => self.component == value,
            "authenticated" => self.authenticated == value,
            "call_result" => self.result == *value,
            "method" => self.method == value,
            _ => self.user == *value,
        })
    }
}

impl Organisation {
    pub fn activity(&self, (from, to): (i64, i64)) -> Vec<&Activity> {
        self.recount.activity.iter().filter(|row| from <= row.at && row.at < to).collect()
    }
}

pub async fn compare(organisation: &Organisation, database: &Database) {
    for (number, as_of) in organisation.sign_in_instants(INSTANTS).into_iter().enumerate() {
        let report = Report { population: None, ..asked(number, as_of) };
        let rows = organisation.activity(window_of(&report));
        compare_summary(organisation, database, &report, &rows).await;
        let Some(row) = rows.get(number % rows.len().max(1)) else { continue };
        let pair = |name, value: &str| (name, value.to_owned());
        let filters = match number % 5 {
            0 => vec![pair("component", row.component), pair("authenticated", "no")],
            1 if row.result != NOVEL => vec![pair("call_result", &row.result)],
            2 => vec![pair("user", &row.user)],
            3 => vec![pair("method", row.method), pair("authenticated", row.authenticated)],
            _ => vec![pair("component", row.component)],
        };
        let expected = rows.iter().filter(|row| row.matches(&filters)).count();
        let url = join(&report.to_url(), &filters);
        assert_eq!(walk::<ActivityQuery>(database, &url).await.len(), expected, "mfa/activity?{url}");
    }
    for (number, as_of) in organisation.sign_in_instants(LIST_INSTANTS).into_iter().enumerate() {
        let report = Report { population: None, ..asked(number, as_of) };
        compare_rows(organisation, database, &report).await;
        compare_reasons(organisation, database, &report).await;
    }
}

async fn compare_summary(organisation: &Organisation, database: &Database, report: &Report, rows: &[&Activity]) {
    let answer = database.reader.activity_summary(report).await.expect("an answer");
    let answer = serde_json::to_value(&answer).expect("it is JSON");
    let sign_ins = organisation.sign_ins(window_of(report));
    let of = |component: &str| {
        let of_verdict = |verdict: &str| {
            rows.iter().filter(|row| row.component == component && row.authenticated == verdict).count()
        };
        json!({
            "component": component,
            "authenticated": of_verdict("yes"),
            "not_authenticated": of_verdict("no"),
            "unknown": of_verdict("unknown"),
            "sign_ins": sign_ins.iter().filter(|sign_in| sign_in.facts.component == component).count(),
        })
    };
    assert_eq!(answer["components"], json!(["nps", "adfs", "mfa_server"].map(of)), "{report:?}");
}

async fn compare_rows(organisation: &Organisation, database: &Database, report: &Report) {
    let url = join(&report.to_url(), &Vec::new());
    let sorted = |mut rows: Vec<Value>| {
        rows.sort_by_key(Value::to_string);
        rows
    };
    let found = walk::<ActivityQuery>(database, &url).await.into_iter().map(|item| {
        json!({
            "at": item["at"], "user": item["user_id"], "component": item["component"], "method": item["method"],
            "mode": item["mode"], "raw_result": item["raw_result"], "authenticated": item["authenticated"],
            "ip": item["ip"], "call_result": item["call_result"],
        })
    });
    let expected = organisation.activity(window_of(report)).into_iter().map(|row| {
        json!({
            "at": Instant::from_millis(row.at).to_string(), "user": row.user, "component": row.component,
            "method": row.method, "mode": row.mode, "raw_result": row.result, "authenticated": row.authenticated,
            "ip": row.ip, "call_result": if row.result == NOVEL { Value::Null } else { row.result.as_str().into() },
        })
    });
    assert_eq!(sorted(found.collect()), sorted(expected.collect()), "mfa/activity?{url}");
}

async fn compare_reasons(organisation: &Organisation, database: &Database, report: &Report) {
    let mut expected: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut add = |kind: &str, code: String| *expected.entry((kind.to_owned(), code)).or_default() += 1;
    for sign_in in organisation.sign_ins(window_of(report)) {
        if let Some(status) = &sign_in.facts.mfa_status {
            add("status", status.clone());
        }
        if let Some(code) = sign_in.facts.error_code {
            add("error_code", code.to_string());
        }
    }
    for row in organisation.activity(window_of(report)).into_iter().filter(|row| row.result != NOVEL) {
        add("call_result", row.result.clone());
    }
    let url = join(&report.to_url(), &Vec::new());
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    let found: BTreeMap<(String, String), i64> = walk::<ReasonsQuery>(database, &url)
        .await
        .into_iter()
        .map(|item| ((word(&item["kind"]), word(&item["code"])), item["count"].as_i64().expect("a number")))
        .filter(|(_, n)| *n > 0)
        .collect();
    assert_eq!(found, expected, "reasons?{url}");
}
