//! The generated files, read line by line with nothing but serde_json.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// Every record that can be read, by kind, in the order of the files.
#[derive(Default)]
pub struct Records {
    pub directory: Vec<Value>,
    pub registration: Vec<Value>,
    pub usage: Vec<Value>,
    /// The winning copy of each audit record: that with the latest log time.
    pub audits: Vec<Value>,
    pub audit_lines: usize,
    pub unreadable: usize,
}

impl Records {
    pub fn read(dir: &Path) -> Self {
        let mut records = Self::default();
        let mut copies: BTreeMap<String, (i64, Value)> = BTreeMap::new();
        for name in ["users.jsonl", "userRegistrationDetails.jsonl", "usageDetails.jsonl", "auditLogs.jsonl"] {
            let bytes = std::fs::read(dir.join(name)).expect("the generator wrote the file");
            for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let Ok(record) = serde_json::from_slice::<Value>(line) else {
                    records.unreadable += 1;
                    continue;
                };
                records.sort_in(record, &mut copies);
            }
        }
        records.audits = copies.into_values().map(|(_, record)| record).collect();
        records
    }

    fn sort_in(&mut self, record: Value, copies: &mut BTreeMap<String, (i64, Value)>) {
        if record.get("methodsRegistered").is_some() {
            self.registration.push(record);
        } else if record.get("authMethod").is_some() {
            self.usage.push(record);
        } else if record.get("accountEnabled").is_some() {
            self.directory.push(record);
        } else {
            self.audit_lines += 1;
            let log_at = instant(&record["time"]).expect("the envelope has a time");
            let properties = record["properties"].clone();
            let id = text(&properties["id"]).expect("an audit record has an id");
            let newest = copies.get(&id).is_none_or(|(known, _)| *known < log_at);
            if newest {
                copies.insert(id, (log_at, properties));
            }
        }
    }
}

/// A string that says something; null and `""` are unknown.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Milliseconds since 1970 of `2026-02-03T08:01:22[.1234567]Z`, truncated.
pub fn instant(value: &Value) -> Option<i64> {
    let text = value.as_str()?.strip_suffix('Z')?;
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let [hour, minute, second] = numbers(time, ':')?;
    let millis: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    Some((((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis)
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let parts: Vec<i64> = text.split(separator).map(str::parse).collect::<Result<_, _>>().ok()?;
    parts.try_into().ok()
}

/// Days from 1970-01-01, counted one year and one month at a time.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let years: i64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let lengths = [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: i64 = lengths[..month as usize - 1].iter().sum();
    years + months + day - 1
}
