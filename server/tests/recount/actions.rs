//! Blocks, one-time bypasses and fraud alerts, from audit records and MFA Server's tables; and its servers.

use domain::instant::Instant;
use domain::query::{BlockedUsersQuery, BypassedUsersQuery, FraudAlertsQuery, Report, ServersQuery};
use serde_json::{Value, json};

use super::database::Database;
use super::events::user_of;
use super::figures::Filters;
use super::files::{Records, Row, instant, text};
use super::lists::{join, walk};
use super::sign_ins::SignIn;
use super::usage::{asked, window_of};
use super::users::Users;
use super::{HOUR_MS, LIST_INSTANTS, Organisation};

const DAY_MS: i64 = 24 * HOUR_MS;
const BLOCK_MS: i64 = 90 * DAY_MS;
/// An alert and the sign-in it is about are no further apart.
const SAME_FRAUD_MS: i64 = 10 * 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Block,
    Unblock,
    Bypass,
    RemoveBypass,
    Fraud,
}

/// Something done to a user's MFA.
pub struct Action {
    kind: Kind,
    pub at: i64,
    user: String,
    by: Option<String>,
    reason: Option<String>,
    seconds: Option<i64>,
    blocked: Option<bool>,
    completed_at: Option<i64>,
    completion_reason: Option<String>,
    used: bool,
    correlation: Option<String>,
    is_row: bool,
}

/// All of them, in the order of time.
pub fn all(records: &Records, users: &Users) -> Vec<Action> {
    let mut actions: Vec<Action> = records.audits.iter().filter_map(|audit| of_audit(audit, users)).collect();
    for row in &records.blocks {
        let is_fraud = row["Fraud Alert"] == "Yes";
        let action = of_row(row, "Block", if is_fraud { Kind::Fraud } else { Kind::Block }, users);
        actions.push(Action { blocked: is_fraud.then(|| row["Fraud Alert Not Blocked"] == "No"), ..action });
    }
    for row in &records.bypasses {
        let action = of_row(row, "Bypass", Kind::Bypass, users);
        let seconds = row["Bypass Seconds"].parse().ok();
        actions.push(Action { seconds, used: row["Bypass Used"] == "Yes", ..action });
    }
    actions.sort_by_key(|action| action.at);
    actions
}

/// What failed was not done.
fn of_audit(audit: &Value, users: &Users) -> Option<Action> {
    let (kind, blocked) = match audit["activityDisplayName"].as_str()? {
        "POST Tenant.CreateBlockedUser" | "Add blocked user" => (Kind::Block, None),
        "POST Tenant.RemoveBlockedUser" | "Clear block on user" => (Kind::Unblock, None),
        "POST Tenant.CreateBypassedUser" | "Add bypass user" => (Kind::Bypass, None),
        "POST Tenant.RemoveBypassedUser" | "POST TenantRemoveBypassedUser" | "Remove bypassed user" => {
            (Kind::RemoveBypass, None)
        }
        "Fraud reported - no action taken" => (Kind::Fraud, Some(false)),
        "Fraud reported - user is blocked for MFA" => (Kind::Fraud, Some(true)),
        "Suspicious activity reported" => (Kind::Fraud, None),
        _ => return None,
    };
    if audit["result"] != "success" {
        return None;
    }
    let detail = |key: &str| {
        let details = audit["additionalDetails"].as_array().expect("a list");
        details.iter().find(|detail| detail["key"] == key).and_then(|detail| text(&detail["value"]))
    };
    Some(Action {
        kind,
        at: instant(&audit["activityDateTime"])?,
        user: users.key(&user_of(audit), "id"),
        by: text(&audit["initiatedBy"]["user"]["displayName"]),
        reason: detail("Reason").or_else(|| text(&audit["resultReason"])),
        seconds: detail("Seconds").and_then(|seconds| seconds.parse().ok()),
        blocked,
        completed_at: None,
        completion_reason: None,
        used: false,
        correlation: text(&audit["correlationId"]),
        is_row: false,
    })
}

fn of_row(row: &Row, what: &str, kind: Kind, users: &Users) -> Action {
    let cell = |column: &str| text(&row[column].as_str().into());
    Action {
        kind,
        at: instant(&row[&format!("{what} Timestamp")].as_str().into()).expect("a time"),
        user: users.named(&row["Username"]),
        by: cell(&format!("{what} By Username")),
        reason: cell(&format!("{what} Reason")),
        seconds: None,
        blocked: None,
        completed_at: instant(&row["Completion Timestamp"].as_str().into()),
        completion_reason: cell("Completion Reason"),
        used: false,
        correlation: None,
        is_row: true,
    }
}

pub async fn compare(organisation: &Organisation, database: &Database) {
    let mut instants = organisation.sign_in_instants(LIST_INSTANTS);
    // Whether something is over is decided by one millisecond.
    for action in &organisation.recount.actions {
        instants.extend([0, 1, 2_000].map(|later| Instant::from_millis(action.at + later)));
        instants.extend(action.completed_at.into_iter().flat_map(|at| [at - 1, at]).map(Instant::from_millis));
    }
    for (number, as_of) in instants.into_iter().enumerate() {
        let report = Report { population: None, ..asked(number, as_of) };
        let url = join(&report.to_url(), &Filters::new());
        let (found, expected) = (blocks(walk::<BlockedUsersQuery>(database, &url).await), organisation.blocks(&report));
        assert_eq!(found, sorted(expected), "mfa/blocked-users?{url}");
        let found = walk::<BypassedUsersQuery>(database, &url).await;
        assert_eq!(bypasses(found), sorted(organisation.bypasses(&report)), "mfa/bypassed-users?{url}");
        let found = walk::<FraudAlertsQuery>(database, &url).await;
        assert_eq!(alerts(found), sorted(organisation.alerts(&report)), "mfa/fraud-alerts?{url}");
        if number.is_multiple_of(50) {
            let found = walk::<ServersQuery>(database, &url).await;
            assert_eq!(servers(found), sorted(organisation.servers(as_of.millis())), "mfa/servers?{url}");
        }
    }
}

fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(Value::to_string);
    rows
}

fn pick(rows: Vec<Value>, columns: &[&str]) -> Vec<Value> {
    let row = |row: Value| columns.iter().map(|column| row[column].clone()).collect();
    sorted(rows.into_iter().map(row).collect())
}

fn blocks(rows: Vec<Value>) -> Vec<Value> {
    pick(rows, &["user_id", "at", "status", "ended_at", "by", "reason", "ended_by", "end_reason"])
}

fn bypasses(rows: Vec<Value>) -> Vec<Value> {
    pick(rows, &["user_id", "at", "seconds", "status", "ended_at", "by", "reason"])
}

fn alerts(rows: Vec<Value>) -> Vec<Value> {
    pick(rows, &["user_id", "at", "source", "blocked", "sign_in_id"])
}

fn servers(rows: Vec<Value>) -> Vec<Value> {
    pick(rows, &["name", "version", "status", "address", "last_contact", "stale"])
}

fn time(at: i64) -> Value {
    Instant::from_millis(at).to_string().into()
}

impl Organisation {
    fn done(&self, kind: Kind, until: i64) -> impl Iterator<Item = &Action> {
        self.recount.actions.iter().filter(move |action| action.kind == kind && action.at <= until)
    }

    /// Everything that blocks up to an instant.
    fn blocking(&self, until: i64) -> impl Iterator<Item = &Action> {
        let is_block =
            |action: &&Action| action.kind == Kind::Block || action.kind == Kind::Fraud && action.blocked == Some(true);
        self.recount.actions.iter().filter(is_block).filter(move |action| action.at <= until)
    }

    /// The first unblocking of a block that has not ended by itself.
    fn lifted_by(&self, block: &Action, as_of: i64) -> Option<&Action> {
        let is_completed = block.completed_at.is_some_and(|at| at <= as_of);
        let mut unblocks = self.done(Kind::Unblock, as_of).filter(|unblock| unblock.user == block.user);
        unblocks.find(|unblock| !is_completed && (block.at..block.at + BLOCK_MS).contains(&unblock.at))
    }

    /// Blocks that are open, or ended in the window.
    fn blocks(&self, report: &Report) -> Vec<Value> {
        let (as_of, (from, to)) = (report.as_of.millis(), window_of(report));
        let mut rows = Vec::new();
        let mut add = |block: &Action, status: &str, ended: Option<i64>, [by, reason]: [&Option<String>; 2]| {
            if block.at < to && ended.is_none_or(|at| at >= from) {
                let (ended_by, end_reason) = (by, reason);
                let (by, reason) =
                    if block.kind == Kind::Unblock { (&None, &None) } else { (&block.by, &block.reason) };
                rows.push(json!([
                    block.user,
                    time(block.at),
                    status,
                    ended.map(time),
                    by,
                    reason,
                    ended_by,
                    end_reason
                ]));
            }
        };
        for block in self.blocking(as_of) {
            let completed = block.completed_at.filter(|at| *at <= as_of);
            if completed.is_some() {
                add(block, "lifted", completed, [&None, &block.completion_reason]);
            } else if let Some(unblock) = self.lifted_by(block, as_of) {
                add(block, "lifted", Some(unblock.at), [&unblock.by, &unblock.reason]);
            } else if block.at + BLOCK_MS <= as_of {
                add(block, "expired", Some(block.at + BLOCK_MS), [&None, &None]);
            } else {
                add(block, "open", None, [&None, &None]);
            }
        }
        // Of blocks that nobody knows.
        for unblock in self.done(Kind::Unblock, as_of) {
            let lifts = |block: &Action| self.lifted_by(block, as_of).is_some_and(|by| std::ptr::eq(by, unblock));
            if !self.blocking(as_of).any(lifts) {
                add(unblock, "lifted", Some(unblock.at), [&unblock.by, &unblock.reason]);
            }
        }
        rows
    }

    fn bypasses(&self, report: &Report) -> Vec<Value> {
        let (as_of, (from, to)) = (report.as_of.millis(), window_of(report));
        let row = |bypass: &Action| {
            let completed = bypass.completed_at.filter(|at| *at <= as_of);
            let until = bypass.seconds.map(|seconds| bypass.at + seconds * 1_000);
            let removed = self.done(Kind::RemoveBypass, as_of).find(|removal| {
                removal.user == bypass.user && removal.at >= bypass.at && until.is_none_or(|until| removal.at < until)
            });
            let (status, ended) = match (completed, removed) {
                (Some(at), _) => (if bypass.used { "used" } else { "expired" }, Some(at)),
                (None, Some(removal)) => ("removed", Some(removal.at)),
                (None, None) if until.is_some_and(|until| until <= as_of) => ("expired", until),
                (None, None) => ("open", None),
            };
            json!([bypass.user, time(bypass.at), bypass.seconds, status, ended.map(time), bypass.by, bypass.reason])
        };
        let bypasses = self.done(Kind::Bypass, as_of);
        bypasses.filter(|bypass| from <= bypass.at && bypass.at < to).map(row).collect()
    }

    /// An alert that stands in the audit log and in a sign-in is one.
    fn alerts(&self, report: &Report) -> Vec<Value> {
        let (from, to) = window_of(report);
        let is_in = |at: i64| from <= at && at < to;
        let of_fraud = |sign_in: &&SignIn| sign_in.facts.mfa_status.as_deref() == Some("fraud_reported");
        let reported: Vec<_> = self.recount.sign_ins.iter().rev().filter(of_fraud).collect();
        let mut rows = Vec::new();
        let mut told: Vec<&str> = Vec::new();
        for alert in self.recount.actions.iter().filter(|action| action.kind == Kind::Fraud) {
            let is_same = |sign_in: &&&SignIn| alert.correlation.is_some() && sign_in.correlation == alert.correlation;
            let is_near =
                |sign_in: &&&SignIn| sign_in.user == alert.user && (sign_in.at - alert.at).abs() <= SAME_FRAUD_MS;
            let found = reported.iter().find(is_same).or_else(|| reported.iter().find(is_near));
            told.extend(reported.iter().filter(is_near).chain(found).map(|sign_in| sign_in.id.as_str()));
            if is_in(alert.at) {
                let source = if alert.is_row { "mfa_server" } else { "audit" };
                let blocked = alert.blocked.map_or("unknown", |blocked| if blocked { "yes" } else { "no" });
                rows.push(json!([alert.user, time(alert.at), source, blocked, found.map(|sign_in| &sign_in.id)]));
            }
        }
        for sign_in in reported.iter().filter(|sign_in| is_in(sign_in.at) && !told.contains(&sign_in.id.as_str())) {
            rows.push(json!([sign_in.user, time(sign_in.at), "sign_in", "unknown", sign_in.id]));
        }
        let by_call = |result: &str| matches!(result, "FAILED_FRAUD_CODE_ENTERED" | "FAILED_FRAUD_REPORTED");
        for row in self.activity((from, to)).into_iter().filter(|row| by_call(&row.result)) {
            rows.push(json!([row.user, time(row.at), "activity", "unknown", null]));
        }
        rows
    }

    fn servers(&self, as_of: i64) -> Vec<Value> {
        let row = |row: &Row| {
            let contact = instant(&row["Last Communication"].as_str().into()).expect("a time");
            let stale = if as_of - contact > DAY_MS { "yes" } else { "no" };
            json!([row["Server Name"], row["Version"], row["Status"], row["IP Address"], time(contact), stale])
        };
        self.recount.records.servers.iter().map(row).collect()
    }
}
