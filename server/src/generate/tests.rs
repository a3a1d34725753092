use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;

fn settings() -> Settings {
    let end = "2026-11-20T12:00:00Z".parse().expect("an instant");
    Settings { users: 400, sign_ins: 500, days: 60, seed: 7, end, faults: Faults::default() }
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
