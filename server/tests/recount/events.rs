//! Registration and reset events: `spec/derivation.md` §3 and §4, by hand.

use std::collections::BTreeMap;

use serde_json::Value;

use super::files::{Records, instant, text};
use super::methods::used;
use super::users::Users;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub feature: &'static str,
    pub at: i64,
    pub method: &'static str,
    pub succeeded: bool,
    pub user: String,
}

/// The first target of type User, else the initiator.
pub fn user_of(audit: &Value) -> Value {
    let targets = audit["targetResources"].as_array();
    let target = targets.and_then(|targets| targets.iter().find(|target| target["type"] == "User"));
    target.unwrap_or(&audit["initiatedBy"]["user"]).clone()
}

/// Every event that counts, of both sources.
pub fn all(records: &Records, users: &Users) -> Vec<Event> {
    let mut events: Vec<Event> =
        records.audits.iter().filter_map(|record| registration(record, &users.key(&user_of(record), "id"))).collect();
    events.extend(resets(records, users));
    for feature in ["registration", "reset"] {
        let begin = events.iter().filter(|event| event.feature == feature).map(|event| event.at).min();
        let earlier = reported(records, users)
            .into_iter()
            .filter(|event| event.feature == feature && begin.is_none_or(|begin| event.at < begin));
        events.extend(earlier.collect::<Vec<_>>());
    }
    events
}

fn registration(record: &Value, user: &str) -> Option<Event> {
    let activity = text(&record["activityDisplayName"])?;
    let reason = text(&record["resultReason"]).unwrap_or_default();
    let method = match activity.as_str() {
        "User registered security info" | "Admin registered security info" => {
            let rest = reason.split_once(' ').map_or("", |(_, rest)| rest);
            let rest = rest.strip_prefix("registered ").or_else(|| rest.strip_prefix("failed to register "));
            used(rest.map_or("", |rest| rest.strip_suffix(" method for user").unwrap_or(rest)))
        }
        "User registered for self-service password reset" | "Security info saved for self-service password reset" => {
            "unknown"
        }
        _ => return None,
    };
    let failed = record["result"] != "success" || reason.starts_with("User failed to register");
    let at = instant(&record["activityDateTime"])?;
    Some(Event { feature: "registration", at, method, succeeded: !failed, user: user.to_owned() })
}

fn reported(records: &Records, users: &Users) -> Vec<Event> {
    let mut rows: Vec<String> = records.usage.iter().map(Value::to_string).collect();
    // The whole row is its identity, so a row that came twice counts once.
    rows.sort();
    rows.dedup();
    let rows = rows.iter().map(|row| serde_json::from_str::<Value>(row).expect("it was JSON before"));
    rows.map(|row| Event {
        feature: if row["feature"] == "reset" { "reset" } else { "registration" },
        at: instant(&row["eventDateTime"]).expect("a time"),
        method: used(row["authMethod"].as_str().expect("a method")),
        succeeded: row["isSuccess"] == true,
        user: users.key(&row, "no id of the user"),
    })
    .collect()
}

/// One step of a flow that names a method.
struct Step<'a> {
    at: i64,
    id: String,
    stage: Stage,
    record: &'a Value,
}

#[derive(PartialEq, Eq)]
enum Stage {
    Started,
    Completed,
    Failed,
}

fn resets(records: &Records, users: &Users) -> Vec<Event> {
    let mut gates: BTreeMap<(String, &str), Vec<Step<'_>>> = BTreeMap::new();
    for record in &records.audits {
        if record["activityDisplayName"] != "Self-service password reset flow activity progress" {
            continue;
        }
        let reason = text(&record["resultReason"]).unwrap_or_default();
        let Some((stage, method)) = stage(&reason) else { continue };
        let id = text(&record["id"]).expect("an id");
        let flow = text(&record["correlationId"]).unwrap_or_else(|| format!("record {id}"));
        let at = instant(&record["activityDateTime"]).expect("a time");
        gates.entry((flow, method)).or_default().push(Step { at, id, stage, record });
    }
    let event = |((_, method), mut steps): ((String, &'static str), Vec<Step<'_>>)| {
        steps.sort_by_key(|step| (step.at, step.id.clone()));
        let last = |stage: Stage| steps.iter().rev().find(|step| step.stage == stage);
        let completed = last(Stage::Completed);
        let decisive = completed.or_else(|| last(Stage::Started)).or_else(|| last(Stage::Failed))?;
        let user = users.key(&user_of(decisive.record), "id");
        Some(Event { feature: "reset", at: decisive.at, method, succeeded: completed.is_some(), user })
    };
    gates.into_iter().filter_map(event).collect()
}

fn stage(reason: &str) -> Option<(Stage, &'static str)> {
    let blocked = [
        ("User entered too many invalid SMS verification codes", "sms"),
        ("User tried mobile phone voice verification too many times", "phone_call"),
        ("User tried office phone voice verification too many times", "office_call"),
        ("User tried to answer security questions too many times", "security_questions"),
    ];
    if let Some((_, method)) = blocked.iter().find(|(text, _)| reason.starts_with(text)) {
        return Some((Stage::Failed, method));
    }
    let stages = [
        ("User started the ", Stage::Started),
        ("User completed the ", Stage::Completed),
        ("User contacted an admin after trying the ", Stage::Failed),
        ("User abandoned after starting the ", Stage::Failed),
    ];
    stages.into_iter().find_map(|(begin, stage)| {
        let rest = reason.strip_prefix(begin)?;
        let gate = rest.strip_suffix(" verification option").or_else(|| rest.strip_suffix(" option"))?;
        Some((stage, used(gate)))
    })
}
