//! The generated files, read line by line with nothing but serde_json and csv.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::copies::Copies;

/// A row of a table, by its columns.
pub type Row = BTreeMap<String, String>;

/// Every record that can be read, by kind, in the order of the files.
#[derive(Default)]
pub struct Records {
    pub directory: Vec<Value>,
    pub registration: Vec<Value>,
    pub usage: Vec<Value>,
    /// The winning copy of each audit record, without its envelope.
    pub audits: Vec<Value>,
    pub audit_lines: usize,
    pub unreadable_audits: usize,
    /// The winning copy of each sign-in, in its envelope.
    pub sign_ins: Vec<Value>,
    pub sign_in_lines: usize,
    pub unreadable_sign_ins: usize,
    pub activity: Vec<Row>,
    pub servers: Vec<Row>,
    pub blocks: Vec<Row>,
    pub bypasses: Vec<Row>,
}

impl Records {
    pub fn read(dir: &Path) -> Self {
        let mut records = Self::default();
        let readable = |name: &str| lines(dir, name).into_iter().flatten().collect::<Vec<Value>>();
        records.directory = readable("users.jsonl");
        records.registration = readable("userRegistrationDetails.jsonl");
        records.usage = readable("usageDetails.jsonl");

        let mut audits = Copies::new("activityDateTime");
        for line in lines(dir, "auditLogs.jsonl") {
            match line {
                Some(record) => audits.add(record, 0),
                None => records.unreadable_audits += 1,
            }
        }
        records.audit_lines = audits.lines();
        records.audits = audits.winners().into_iter().map(|mut record| record["properties"].take()).collect();

        let mut sign_ins = Copies::new("createdDateTime");
        for line in lines(dir, "signInLogs.jsonl") {
            match line {
                Some(record) => {
                    let known = how_much_is_known(&record["properties"]);
                    sign_ins.add(record, known);
                }
                None => records.unreadable_sign_ins += 1,
            }
        }
        records.sign_in_lines = sign_ins.lines();
        records.sign_ins = sign_ins.winners();

        records.activity = table(dir, "mfaActivity.csv");
        records.servers = table(dir, "mfaServers.csv");
        records.blocks = table(dir, "mfaBlocks.csv");
        records.bypasses = table(dir, "mfaBypasses.csv");
        records
    }
}

/// Every line of a file: JSON, or `None` where it is none.
fn lines(dir: &Path, name: &str) -> Vec<Option<Value>> {
    let bytes = std::fs::read(dir.join(name)).expect("the generator wrote the file");
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).ok()).collect()
}

/// A row that is there twice is one.
fn table(dir: &Path, name: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(dir.join(name)).expect("the generator wrote the file");
    let mut rows: Vec<Row> = reader.deserialize().map(|row| row.expect("a row")).collect();
    rows.sort();
    rows.dedup();
    rows
}

/// Of requirement, steps, `mfaDetail`, `additionalDetails` and policies.
pub fn how_much_is_known(sign_in: &Value) -> usize {
    let is_list = |value: &Value| value.as_array().is_some_and(|list| !list.is_empty());
    let mfa = &sign_in["mfaDetail"];
    [
        text(&sign_in["authenticationRequirement"]).is_some(),
        is_list(&sign_in["authenticationDetails"]),
        text(&mfa["authMethod"]).is_some() || text(&mfa["authDetail"]).is_some(),
        text(&sign_in["status"]["additionalDetails"]).is_some(),
        is_list(&sign_in["appliedConditionalAccessPolicies"]),
    ]
    .into_iter()
    .filter(|known| *known)
    .count()
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
