use std::collections::{BTreeMap, BTreeSet};

use domain::instant::MINUTE_MS;
use domain::mfa::CallResult;
use serde_json::Value;

use super::*;

fn settings() -> Settings {
    let end = "2026-11-20T12:00:00Z".parse().expect("an instant");
    Settings { users: 400, sign_ins: 500, days: 60, seed: 7, end, faults: Faults::default() }
}

const fn no_faults() -> Faults {
    Faults { duplicates: 0.0, late: 0.0, resent: 0.0, malformed: 0.0, future: 0.0 }
}

fn stream_of(settings: &Settings) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_stream(settings, &mut bytes).expect("memory can be written");
    bytes
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("a line is JSON")).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let settings = settings();
    let bytes = stream_of(&settings);
    assert!(bytes == stream_of(&settings));
    assert!(bytes != stream_of(&Settings { seed: 8, ..settings.clone() }));
    let dir = tempfile::tempdir().expect("a directory");
    write_files(&settings, dir.path()).expect("files can be written");
    let joined: Vec<u8> =
        FILES[..5].iter().flat_map(|name| std::fs::read(dir.path().join(name)).expect("the file is there")).collect();
    assert!(bytes.starts_with(&joined), "the stream is the files one after another");
}

#[test]
fn there_is_enough_to_see() {
    let settings = settings();
    let records = lines(&stream_of(&settings));
    let is_event = |record: &&Value| {
        let properties = &record["properties"];
        let reason = properties["resultReason"].as_str().unwrap_or_default();
        properties["activityDisplayName"] == "User registered security info" || reason.starts_with("User started the ")
    };
    let events: BTreeSet<&str> =
        records.iter().filter(is_event).filter_map(|record| record["properties"]["id"].as_str()).collect();
    let promised = settings.users * settings.days / 30 / 4;
    assert!(events.len() > promised as usize, "{} events, {promised} promised", events.len());
    let sign_ins: BTreeSet<&str> = records
        .iter()
        .filter(|record| record["operationName"] == "Sign-in activity")
        .filter_map(|record| record["properties"]["id"].as_str())
        .collect();
    assert_eq!(sign_ins.len() as u64, settings.sign_ins);
}

#[test]
fn states_change_and_logs_misbehave() {
    let faults = Faults { duplicates: 5.0, late: 5.0, resent: 5.0, malformed: 5.0, future: 2.0 };
    let settings = Settings { faults, ..settings() };
    let bytes = stream_of(&settings);
    let mut unreadable = 0;
    let mut refreshes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let Ok(record) = serde_json::from_slice::<Value>(line) else {
            unreadable += 1;
            continue;
        };
        if let Some(methods) = record.get("methodsRegistered") {
            refreshes.entry(record["id"].to_string()).or_default().insert(methods.to_string());
        }
        if record["category"] == "AuditLogs" {
            let id = record["properties"]["id"].to_string();
            versions.entry(id).or_default().insert(record["properties"]["resultReason"].to_string());
        }
    }
    assert!(unreadable > 20, "{unreadable} unreadable lines");
    assert!(refreshes.values().filter(|states| states.len() > 1).count() > 20);
    assert!(versions.values().filter(|reasons| reasons.len() > 1).count() > 20);
}

/// Whoever reports fraud does so in a sign-in, and the audit log has it with the same correlation a little later.
#[test]
fn fraud_stands_in_both_logs() {
    let settings = Settings { users: 2_000, sign_ins: 6_000, faults: no_faults(), ..settings() };
    let records = lines(&stream_of(&settings));
    let at = |record: &Value, name: &str| -> i64 {
        let text = record["properties"][name].as_str().expect("a time");
        text.parse::<Instant>().expect("an instant").millis()
    };
    let said = |record: &Value| {
        let text = record["properties"].to_string();
        text.contains("Phone App Reported Fraud") || text.contains("Fraud Code Entered")
    };
    let mut sign_ins: BTreeMap<&str, i64> = BTreeMap::new();
    for record in records.iter().filter(|record| record["operationName"] == "Sign-in activity" && said(record)) {
        let correlation = record["properties"]["correlationId"].as_str().expect("a correlation");
        sign_ins.insert(correlation, at(record, "createdDateTime"));
    }
    let activities = [
        "Fraud reported - user is blocked for MFA",
        "Fraud reported - no action taken",
        "Suspicious activity reported",
    ];
    for activity in activities {
        let mut linked = 0;
        for record in records.iter().filter(|record| record["properties"]["activityDisplayName"] == activity) {
            let correlation = record["properties"]["correlationId"].as_str().expect("a correlation");
            let Some(signed_in) = sign_ins.get(correlation) else { continue };
            assert!((0..MINUTE_MS).contains(&(at(record, "activityDateTime") - signed_in)), "{correlation}");
            linked += 1;
        }
        assert!(linked > 0, "{activity}");
    }
}

#[test]
fn administrators_and_people_do_all_they_can() {
    let settings = Settings { users: 3_000, sign_ins: 0, faults: no_faults(), ..settings() };
    let records = lines(&stream_of(&settings));
    let mut done: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records.iter().filter(|record| record["category"] == "AuditLogs") {
        *done.entry(record["operationName"].as_str().expect("an activity")).or_default() += 1;
    }
    for activity in [
        "POST Tenant.CreateBlockedUser",
        "Add blocked user",
        "POST Tenant.RemoveBlockedUser",
        "Clear block on user",
        "POST Tenant.CreateBypassedUser",
        "Add bypass user",
        "POST Tenant.RemoveBypassedUser",
        "Remove bypassed user",
        "Reset password (self-service)",
        "Reset password (by admin)",
        "Change password (self-service)",
        "Unlock user account (self-service)",
        "Blocked from self-service password reset",
    ] {
        assert!(done.get(activity).is_some_and(|n| *n > 3), "{activity}: {done:?}");
    }
    let bypass = records.iter().find(|record| record["operationName"] == "Add bypass user").expect("a bypass");
    let details = &bypass["properties"]["additionalDetails"];
    assert_eq!((&details[0]["key"], &details[1]["key"]), (&Value::from("Reason"), &Value::from("Seconds")));
    assert_ne!(bypass["properties"]["initiatedBy"]["user"]["id"], bypass["properties"]["targetResources"][0]["id"]);
}

/// Every call result of the documents, and verdicts that its name does not tell.
#[test]
fn every_call_result_occurs() {
    let settings = Settings { users: 30_000, sign_ins: 0, days: 30, ..settings() };
    let organisation = Organisation::new(&settings);
    let mut bytes = Vec::new();
    organisation.write("mfaActivity.csv", true, &mut bytes).expect("memory can be written");
    let mut verdicts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in lines(&bytes) {
        let cell = |column: &str| row[column].as_str().expect("a cell").to_owned();
        verdicts.entry(cell("Overall Result")).or_default().insert(cell("Overall Authenticated"));
    }
    for result in CallResult::ALL {
        assert!(verdicts.contains_key(result.as_str()), "{result}");
    }
    assert_eq!(verdicts.len(), CallResult::ALL.len() + 1, "and one that nobody knows");
    for open in ["SUCCESS_WITH_PIN", "SUCCESS_NO_PIN", "SUCCESS_SMS_SENT"] {
        assert_eq!(verdicts[open], ["", "false", "true"].map(str::to_owned).into(), "{open}");
    }
    for denied in
        ["SUCCESS_NO_PIN_BUT_TIMEOUT", "SUCCESS_PIN_EXPIRED", "SUCCESS_USER_BLOCKED", "SUCCESS_OATH_CODE_PENDING"]
    {
        assert!(!verdicts[denied].contains("true"), "{denied}");
    }
}

/// The tables have the same cells as CSV and as JSON lines.
#[test]
fn a_table_is_the_same_in_both_forms() {
    let organisation_of = settings();
    let organisation = Organisation::new(&organisation_of);
    for name in FILES.iter().filter(|name| name.ends_with(".csv")) {
        let mut csv = Vec::new();
        organisation.write(name, false, &mut csv).expect("memory can be written");
        let mut json = Vec::new();
        organisation.write(name, true, &mut json).expect("memory can be written");
        let mut rows = csv::Reader::from_reader(csv.as_slice());
        let columns = rows.headers().expect("columns").clone();
        let records = lines(&json);
        assert!(!records.is_empty(), "{name}");
        for (row, record) in rows.records().zip(&records) {
            for (column, cell) in columns.iter().zip(&row.expect("a row")) {
                assert_eq!(record[column], cell, "{name}");
            }
        }
    }
}
