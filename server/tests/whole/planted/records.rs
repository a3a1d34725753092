//! Records with a phone number in each of their texts, as every report has them.

use serde_json::{Value, json};

use crate::records::{AUDITS, SIGN_INS};

/// With a country code, as Microsoft writes them: masked in any text.
pub const NUMBER: &str = "+46 70 987 65 43";
/// Without one: masked where a field or its name says that it is a phone number.
const LOCAL: &str = "070-987 65 43";
/// What stands in its place.
pub const MASKED: &str = "+XX XX XXX XX 43";
/// What would be left of either, in any spelling.
pub const LEFT: [&str; 7] = ["987 65", "987-65", "709876543", "46709876", "987%2065", "987+65", "70 987"];

/// Every text of a record, one after the other, replaced by the number; ids differ, so that each is a record of its own.
fn planted(record: &Value, kind: u32) -> Vec<Value> {
    let mut paths = Vec::new();
    texts(record, "", &mut paths);
    let plant = |(n, path): (usize, &String)| {
        let mut planted = record.clone();
        planted["id"] = json!(format!("{kind:08}-0000-4000-8000-{n:012}"));
        planted["correlationId"] = json!(format!("{kind:08}-0000-4000-9000-{n:012}"));
        let text = planted.pointer_mut(path).expect("a text");
        *text = json!(format!("{NUMBER} {}", text.as_str().unwrap_or_default()));
        planted
    };
    paths.iter().enumerate().map(plant).collect()
}

fn texts(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(path.to_owned()),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| texts(item, &format!("{path}/{n}"), found))
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| texts(member, &format!("{path}/{name}"), found))
        }
        _ => {}
    }
}

fn first(page: &str) -> Value {
    let page: Value = serde_json::from_str(page).expect("JSON");
    page["value"][0].clone()
}

pub fn sign_ins() -> Vec<Value> {
    planted(&first(SIGN_INS), 1)
}

/// Changes of what a user has registered, in all the ways that they are written; the last breaks off, as a workspace's columns do.
pub fn audits() -> Vec<Value> {
    let mut record = first(AUDITS);
    let details =
        json!([{"PhoneNumber": LOCAL, "AlternativePhoneNumber": NUMBER, "Email": "a@contoso.com"}]).to_string();
    let escaped = details.replace('+', "\\u002B");
    let broken = &details[..details.len() - 3];
    let property = |name: &str, value: &str| json!({"displayName": name, "oldValue": value, "newValue": value});
    record["targetResources"][0]["modifiedProperties"] = json!([
        property("StrongAuthenticationUserDetails", &details),
        property("StrongAuthenticationUserDetails", &escaped),
        property("StrongAuthenticationUserDetails", broken),
        property("MobilePhone", &json!(LOCAL).to_string()),
        property("TelephoneNumber", LOCAL),
        property("Other", NUMBER),
    ]);
    record["additionalDetails"] =
        json!([{"key": "PhoneNumber", "value": LOCAL}, {"key": "Reason", "value": format!("call {NUMBER}")}]);
    record["resultReason"] = json!(format!("User failed to register {NUMBER}"));
    record["activityDisplayName"] = json!("User registered security info");
    let mut all = planted(&record, 2);
    all.push(json!({"TimeGenerated": "2026-11-19T08:00:00Z", "OperationName": "Update user", "Id": "row", "AADTenantId": "x",
        "ActivityDisplayName": "Update user", "ActivityDateTime": "2026-11-19T08:00:00Z",
        "TargetResources": format!("[{{\"modifiedProperties\":[{{\"displayName\":\"x\",\"newValue\":{}}}]", json!(details))}));
    all
}

pub fn users() -> Vec<Value> {
    let record = json!({"id": "x", "userPrincipalName": "ada@contoso.com", "userDisplayName": "Ada", "userType": "member",
        "isMfaRegistered": true, "methodsRegistered": ["mobilePhone"], "defaultMfaMethod": "mobilePhone",
        "lastUpdatedDateTime": "2026-11-10T12:00:00Z"});
    let directory = json!({"id": "x", "userPrincipalName": "bo@contoso.com", "displayName": "Bo", "userType": "Member",
        "accountEnabled": true, "department": "Sales", "country": "SE", "createdDateTime": "2025-01-01T00:00:00Z",
        "mobilePhone": LOCAL, "businessPhones": [LOCAL, NUMBER]});
    [planted(&record, 3), planted(&directory, 4)].concat()
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// Files by name, which has a number too.
pub fn files() -> Vec<(String, String)> {
    let broken = format!(
        "{{\"userPrincipalName\": \"half@contoso.com\", \"mobilePhone\": \"{LOCAL}\n{{\"x\": \"{NUMBER}\"\n{{\"phone\":\"{LOCAL}\"}}\n"
    );
    let activity = format!(
        "Timestamp,Username,Authentication Method,Authentication Type,Application Name,Primary Call Phone Number,Primary Call Result,Overall Authenticated,Overall Result\n\
         2026-11-19T07:00:00Z,ada@contoso.com,Phone Call,RADIUS,VPN {NUMBER},{LOCAL},SUCCESS_NO_PIN,true,SUCCESS_NO_PIN\n\
         2026-11-19T07:00:00Z,ada@contoso.com,Phone Call,RADIUS,VPN,{LOCAL}\n\
         no time,ada@contoso.com {NUMBER},Phone Call,RADIUS,VPN,{LOCAL},SUCCESS_NO_PIN,true,SUCCESS_NO_PIN\n"
    );
    let page = json!({"value": sign_ins()}).to_string();
    let named = |name: &str| format!("{name} of {NUMBER}");
    vec![
        (named("signIns.jsonl"), lines(&sign_ins()) + &broken),
        (named("audits.jsonl"), lines(&audits()) + &broken),
        (named("users.jsonl"), lines(&users())),
        (named("activity.csv"), activity),
        (named("page.json"), page),
        (named("nothing"), format!("call {NUMBER} or phone {LOCAL}")),
    ]
}
