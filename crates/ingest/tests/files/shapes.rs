//! Shapes that no public sample has, written by hand after `spec/graph.md` §7.

use crate::collected::{Collected, audit, event, read, read_with, user};
use domain::method::AuthMethod;
use domain::record::{AuditRecord, AuditResult, Feature, Outcome, PerUserMfa, RecordKind, UserType};
use ingest::DateOrder;
use serde_json::{Value, json};

fn a_registration() -> Value {
    json!({
        "id": "AuthenticationMethods_1f", "category": "UserManagement", "correlationId": "1f6c2d7e-0000-4000-8000-000000000001",
        "result": "success", "resultReason": "User registered Mobile Phone SMS",
        "activityDisplayName": "User registered security info", "activityDateTime": "2026-02-03T08:01:22.1234567Z",
        "loggedByService": "Authentication Methods", "operationType": "Add",
        "initiatedBy": {"app": null, "user": {"id": "7a1c0000-0000-4000-8000-000000000002", "displayName": "Kim Abe",
            "userPrincipalName": "kim@fabrikam.example", "ipAddress": "203.0.113.9"}},
        "targetResources": [{"id": "7a1c0000-0000-4000-8000-000000000002", "displayName": "Kim Abe", "type": "User",
            "userPrincipalName": "kim@fabrikam.example", "groupType": null, "modifiedProperties": []}],
        "additionalDetails": []
    })
}

fn envelope(properties: Value) -> Value {
    json!({"time": "2026-02-03T08:02:00.0000000Z", "resourceId": "/tenants/t/providers/Microsoft.aadiam",
        "operationName": "User registered security info", "category": "AuditLogs", "tenantId": "t-1", "Level": "4",
        "resultSignature": "None", "properties": properties})
}

fn log_analytics_row() -> Value {
    let graph = a_registration();
    let text = |name: &str| graph[name].to_string();
    json!({"TenantId": "workspace", "AADTenantId": "t-1", "TimeGenerated": "2026-02-03T08:02:00Z", "Type": "AuditLogs",
        "OperationName": "User registered security info", "Category": "UserManagement", "Id": "AuthenticationMethods_1f",
        "CorrelationId": graph["correlationId"], "Result": "success", "ResultReason": graph["resultReason"],
        "ActivityDisplayName": "User registered security info", "ActivityDateTime": "2026-02-03T08:01:22.1234567Z",
        "LoggedByService": "Authentication Methods", "InitiatedBy": text("initiatedBy"),
        "TargetResources": text("targetResources"), "AdditionalDetails": "[]"})
}

/// Cells quoted as Log Analytics does, times as its portal writes them.
fn log_analytics_csv() -> String {
    let row = log_analytics_row();
    let members = row.as_object().expect("an object");
    let headings =
        members.keys().map(|name| if name.contains("Time") { format!("{name} [UTC]") } else { name.clone() });
    let cells = members.iter().map(|(name, value)| {
        let text = match name.as_str() {
            "ActivityDateTime" => "2/13/2026, 8:01:22.123 AM",
            "TimeGenerated" => "2/13/2026, 8:02:00.000 AM",
            _ => value.as_str().expect("text"),
        };
        format!("\"{}\"", text.replace('"', "\"\""))
    });
    format!("\u{feff}{}\r\n{}\r\n", headings.collect::<Vec<_>>().join(","), cells.collect::<Vec<_>>().join(","))
}

const PORTAL_AUDIT: &str = "\u{feff}Date (UTC),CorrelationId,Service,Category,Activity,Result,ResultReason,User Agent,ActorType,\
    ActorDisplayName,ActorObjectId,ActorUserPrincipalName,IPAddress,Target1Type,Target1DisplayName,Target1ObjectId,\
    Target1UserPrincipalName,Target1ModifiedProperty1Name,Target1ModifiedProperty1OldValue,Target1ModifiedProperty1NewValue,\
    AdditionalDetail1Key,AdditionalDetail1Value\r\n\
    2026-02-03T08:01:22.1234567+00:00,1f6c2d7e-0000-4000-8000-000000000001,Authentication Methods,UserManagement,\
    User registered security info,success,User registered Mobile Phone SMS,,User,Kim Abe,7a1c0000-0000-4000-8000-000000000002,\
    kim@fabrikam.example,203.0.113.9,User,Kim Abe,7a1c0000-0000-4000-8000-000000000002,kim@fabrikam.example,\
    StrongAuthenticationUserDetails,[],\"[{\"\"PhoneNumber\"\":\"\"+46 701234567\"\"}]\",PhoneNumber,'+46 701234567\r\n";

fn only(bytes: impl AsRef<[u8]>) -> AuditRecord {
    let read = Collected::of(bytes);
    assert_eq!((read.records.len(), read.rejected.as_slice()), (1, [].as_slice()));
    audit(&read.records[0]).clone()
}

#[test]
fn six_formats_of_one_audit_record_say_the_same() {
    let lower: Value = serde_json::from_str(
        &envelope(a_registration())
            .to_string()
            .replace("operationName", "operationname")
            .replace("tenantId", "tenantid"),
    )
    .expect("JSON");
    let as_text = envelope(Value::String(a_registration().to_string()));
    let formats = [
        ("Graph page", json!({"@odata.context": "x", "value": [a_registration()]}).to_string()),
        ("Graph object", a_registration().to_string()),
        ("Azure Monitor line", envelope(a_registration()).to_string()),
        ("Azure Monitor batch", json!({"records": [lower]}).to_string()),
        ("properties as text", as_text.to_string()),
        ("Log Analytics line", log_analytics_row().to_string()),
        ("portal CSV", PORTAL_AUDIT.to_owned()),
    ];
    let first = only(&formats[0].1);
    for (name, file) in &formats {
        let record = only(file);
        assert_eq!(record.user, first.user, "{name}");
        assert_eq!(record.at.to_string(), "2026-02-03T08:01:22.123Z", "{name}");
        assert_eq!(
            (record.activity, record.reason, record.result, record.correlation_id, record.service, record.category),
            (
                first.activity.clone(),
                first.reason.clone(),
                first.result,
                first.correlation_id.clone(),
                first.service.clone(),
                first.category.clone()
            ),
            "{name}"
        );
        if *name == "portal CSV" {
            assert!(record.record_id.starts_with("hash:"));
        } else {
            assert_eq!(record.record_id, "AuthenticationMethods_1f", "{name}");
        }
    }
    assert_eq!(first.user.object_id.as_deref(), Some("7a1c0000-0000-4000-8000-000000000002"));
    assert_eq!(only(&formats[2].1).tenant.as_deref(), Some("t-1"));
    assert_eq!(only(&formats[5].1).tenant.as_deref(), Some("t-1"), "not the workspace");
}

#[test]
fn a_log_analytics_table_is_read_like_its_lines() {
    let record = only(log_analytics_csv());
    assert_eq!(record.at.to_string(), "2026-02-13T08:01:22.123Z");
    assert_eq!(record.log_at.expect("TimeGenerated").to_string(), "2026-02-13T08:02:00.000Z");
    assert_eq!(record.user, only(a_registration().to_string()).user);
    assert_eq!(record.record_id, "AuthenticationMethods_1f");
}

#[test]
fn phone_numbers_of_a_portal_table_are_masked() {
    let body = only(PORTAL_AUDIT).body;
    assert!(!body.contains("701234567") && body.contains("+XX XXXXXXX67"), "{body}");
}

#[test]
fn the_audit_shape_of_2018() {
    let record = only(
        json!({"time": "2018-07-01T10:00:00.5Z", "operationName": "Reset password (self-service)", "category": "Audit",
        "tenantId": "t-1", "resultType": "Success", "resultDescription": "Successfully completed reset.",
        "identity": "admin@contoso.com", "correlationId": "c-1",
        "properties": {"identityType": "UPN", "operationType": "Update", "additionalDetails": "None", "additionalTargets": "",
            "targetUpdatedProperties": "[{\"Name\":\"Mobile\",\"OldValue\":null,\"NewValue\":\"0701234567\"}]",
            "targetResourceType": "UPN__TenantContextID__PUID__ObjectID__ObjectClass",
            "targetResourceName": "kim@contoso.com__t-1__1003__7A1C0000-0000-4000-8000-000000000002__User",
            "auditEventCategory": "UserManagement"}})
        .to_string(),
    );
    assert_eq!(record.activity, "Reset password (self-service)");
    assert_eq!((record.at, record.result), (record.log_at.expect("time"), AuditResult::Success));
    assert_eq!(record.user.user_name.as_deref(), Some("kim@contoso.com"));
    assert_eq!(record.user.object_id.as_deref(), Some("7a1c0000-0000-4000-8000-000000000002"));
    assert_eq!(record.reason.as_deref(), Some("Successfully completed reset."));
    assert_eq!(record.category.as_deref(), Some("UserManagement"));
    assert!(!record.body.contains("0701234567"));
    let numeric = json!({"id": "Directory_1", "activityDisplayName": "Update policy", "result": 0,
        "activityDateTime": "2018-12-10T00:03:46.6161822+00:00", "initiatedBy": {"app": {"displayName": "PIM"}}});
    let numeric = only(envelope(numeric).to_string());
    assert_eq!((numeric.result, numeric.user.is_nobody()), (AuditResult::Success, true));
}

#[test]
fn every_delivery_shape_holds_the_same_records() {
    let (a, b) = (a_registration(), envelope(a_registration()));
    let batch = json!({"records": [b]});
    for (name, file, n) in [
        ("array", json!([a, b]).to_string(), 2),
        (
            "pretty page",
            serde_json::to_string_pretty(&json!({"@odata.context": "x", "value": [a, b], "more": 1})).expect("JSON"),
            2,
        ),
        ("array of batches and records", json!([a, batch, b]).to_string(), 3),
        ("lines of batches", format!("{batch}\n{batch}\n\n{a}\n"), 3),
        ("pretty objects in a row", format!("{a:#}\n{b:#}\n"), 2),
        ("pretty batches in a row", format!("{batch:#}{batch:#}"), 2),
        ("records on one line", format!("{a}{b} {a}"), 3),
        ("JSON text of an array", Value::String(json!([a, batch]).to_string()).to_string(), 2),
        ("array of JSON texts", json!([a.to_string(), batch.to_string()]).to_string(), 2),
        ("wrapped in _raw", json!([{"_raw": a.to_string(), "host": "h"}]).to_string(), 1),
        ("an empty page", json!({"value": []}).to_string(), 0),
        ("pretty page after a page", format!("{}\n{:#}", json!([]), json!({"value": [a]})), 0),
    ] {
        let (read, result) = read(&file);
        assert_eq!(result, Ok(()), "{name}");
        if name != "pretty page after a page" {
            assert_eq!((read.records.len(), read.rejected.as_slice()), (n, [].as_slice()), "{name}");
        }
    }
}

#[test]
fn the_portals_registration_table() {
    let file = "userPrincipalName;displayName;userType;isAdmin;ssprRegistered;ssprEnabled;ssprCapable;mfaRegistered;\
        mfaCapable;passwordlessCapable;methodsRegistered;defaultMfaMethod;lastUpdatedDateTime\n\
        kim@x.se;Kim;Member;False;Registered;Not Enabled;Not Capable;TRUE;Capable;No;Mobile phone|Email;None;2026-03-07T01:02:03Z\n\
        bo@x.se;Bo;guest;;;;;;;;;microsoftAuthenticatorPush;\n";
    let read = Collected::of(file);
    let kim = user(&read.records[0]);
    assert_eq!(kim.kind, RecordKind::RegistrationDetailsCsv);
    assert_eq!((kim.facts.registered, kim.facts.enabled, kim.facts.capable), (Some(true), Some(false), Some(false)));
    assert_eq!((kim.facts.mfa_capable, kim.facts.passwordless_capable), (Some(true), Some(false)));
    assert_eq!(kim.facts.methods.as_ref().expect("methods").ids(), ["mobile_phone", "email"]);
    assert_eq!((kim.facts.default_method.as_deref(), kim.facts.user_type), (None, Some(UserType::Member)));
    assert_eq!(kim.observed_at.expect("its own").to_string(), "2026-03-07T01:02:03.000Z");
    let bo = user(&read.records[1]);
    assert_eq!((bo.facts.registered, bo.facts.user_type), (None, Some(UserType::Guest)));
    assert_eq!((bo.observed_at, bo.facts.default_method.as_deref()), (None, Some("microsoftAuthenticatorPush")));
    let labels = "\"User principal name\",\"Name\",\"MFA Capable\",\"SSPR Registered\",\"Methods registered\",\"Last Updated Time\"\n\
        \"kim@x.se\",\"Kim\",\"Not Capable\",\"Not Registered\",\"Email, Security questions\",\"2026-03-07 01:02\"\n";
    let labelled = Collected::of(labels);
    let facts = &user(&labelled.records[0]).facts;
    assert_eq!((facts.mfa_capable, facts.registered), (Some(false), Some(false)));
    assert_eq!(facts.methods.as_ref().expect("methods").ids(), ["email", "security_questions"]);
}

#[test]
fn the_msonline_report() {
    let file = "#TYPE Selected.Microsoft.Online.Administration.User\r\n\"UserPrincipalName\",\"MFA Status\",\"MFA Methods\"\r\n\
        \"a@x.se\",\"Enforced\",\"System.Object[]\"\r\n\"b@x.se\",\"Disabled\",\"\"\r\n\"c@x.se\",\"Enabled\",\"OneWaySMS PhoneAppOTP\"\r\n\
        \"d@x.se\",\"Perhaps\",\"\"\r\n";
    let read = Collected::of(file);
    let facts: Vec<_> = read.records.iter().map(|record| &user(record).facts).collect();
    assert_eq!((facts[0].per_user_mfa, facts[0].mfa_registered), (Some(PerUserMfa::Enforced), Some(true)));
    assert_eq!(facts[0].methods.as_ref().expect("some").ids(), ["unknown"]);
    assert_eq!((facts[1].per_user_mfa, facts[1].mfa_registered), (Some(PerUserMfa::Disabled), Some(false)));
    assert_eq!(facts[2].methods.as_ref().expect("two").ids(), ["app_code", "sms"]);
    assert!(facts.iter().all(|facts| facts.registered.is_none() && facts.account_enabled.is_none()));
    assert_eq!((read.rejected.len(), read.rejected[0].line), (1, Some(6)));
    assert!(read.rejected[0].reason.contains("Perhaps"));
    assert_eq!(
        Collected::of("\"UserPrincipalName\"\r\n\"a@x.se\"\r\n").by_kind(),
        [("userPrincipalNameList".to_owned(), 1)].into()
    );
}

#[test]
fn directory_users_and_newer_events() {
    let user_line = json!({"id": "61B0C52F-a902-4769-9a09-c6628335b00a", "userPrincipalName": "k@x.se", "displayName": "K", "userType": "Guest",
        "accountEnabled": false, "department": "", "country": "Sweden", "createdDateTime": "2020-01-02T03:04:05Z", "deletedDateTime": null,
        "mobilePhone": "+46701234567"});
    let summary = json!({"@odata.type": "#microsoft.graph.userEventsSummary", "id": "e-1", "feature": "reset",
        "userPrincipalName": "K@x.se", "isSuccess": "False", "authMethod": "officePhone", "failureReason": "", "eventDateTime": "2026-02-03T09:14:00Z"});
    let read = Collected::of(format!("{user_line}\n{summary}\n"));
    let found = user(&read.records[0]);
    assert_eq!(found.user.object_id.as_deref(), Some("61b0c52f-a902-4769-9a09-c6628335b00a"));
    assert_eq!((found.kind, found.observed_at), (RecordKind::User, None));
    assert_eq!((found.facts.account_enabled, found.facts.department.as_deref()), (Some(false), None));
    assert_eq!((found.facts.country.as_deref(), found.facts.user_type), (Some("Sweden"), Some(UserType::Guest)));
    assert_eq!(found.facts.created_at.expect("created").to_string(), "2020-01-02T03:04:05.000Z");
    assert_eq!(found.facts.deleted_at, None);
    let found = event(&read.records[1]);
    assert_eq!(
        (found.kind, found.feature, found.outcome),
        (RecordKind::UserEventsSummary, Feature::Reset, Outcome::Failure)
    );
    assert_eq!(
        (found.method, found.raw_method.as_deref(), found.reason.as_deref()),
        (AuthMethod::OfficeCall, Some("officePhone"), None)
    );
}

#[test]
fn what_is_missing_is_said() {
    let lines = [
        (json!({"feature": "reset", "isSuccess": true, "userPrincipalName": "a@b.c"}), "eventDateTime is missing."),
        (json!({"isSsprRegistered": true}), "The record names no user: id and userPrincipalName are both missing."),
        (
            json!({"loggedByService": "x", "initiatedBy": {}, "activityDisplayName": "Y"}),
            "activityDateTime is missing.",
        ),
        (
            json!({"activityDateTime": "soon", "activityDisplayName": "Y"}),
            "`soon` in activityDateTime is not a time that can be read.",
        ),
        (json!({"id": "1", "isSsprRegistered": "maybe"}), "`maybe` in isSsprRegistered is neither yes nor no."),
        (json!({}), "The record is empty."),
        (json!(7), "This is not a record but a single value."),
    ];
    let file: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    let read = Collected::of(file);
    let reasons: Vec<&str> = read.rejected.iter().map(|rejection| rejection.reason.as_str()).collect();
    assert_eq!(reasons, lines.each_ref().map(|(_, reason)| *reason));
    assert_eq!(read.rejected[3].line, Some(4));
    let stranger = Collected::of(json!({"pancakes": 3}).to_string());
    assert!(stranger.rejected[0].reason.contains("no known kind") && stranger.rejected[0].reason.contains("pancakes"));
}

fn dated(dates: &[&str]) -> String {
    let rows = dates.iter().map(|date| format!("a@b.c,True,{date}\n"));
    format!("UserPrincipalName,IsSsprRegistered,LastUpdatedDateTime\n{}", rows.collect::<String>())
}

#[test]
fn an_ambiguous_date_waits_for_a_clear_one() {
    let read = Collected::of(dated(&[
        "3/12/2025 7:22:01 AM",
        "4/4/2025 1:00:00 AM",
        "3/13/2025 7:22:01 AM",
        "5/6/2025 1:00:00 PM",
    ]));
    let times: Vec<String> =
        read.records.iter().map(|record| user(record).observed_at.expect("a time").to_string()).collect();
    assert_eq!(
        times,
        [
            "2025-03-12T07:22:01.000Z",
            "2025-04-04T01:00:00.000Z",
            "2025-03-13T07:22:01.000Z",
            "2025-05-06T13:00:00.000Z"
        ]
    );
}

#[test]
fn a_file_of_ambiguous_dates_is_refused_unless_told() {
    let file = dated(&["3/12/2025 7:22:01 AM", "4/5/2025 1:00:00 AM"]);
    let (collected, result) = read(&file);
    let refusal = result.expect_err("ambiguous");
    assert_eq!((refusal.line, collected), (Some(2), Collected::default()));
    assert!(refusal.to_string().contains("--date-order"), "{refusal}");
    for (order, at) in
        [(DateOrder::DayMonth, "2025-12-03T07:22:01.000Z"), (DateOrder::MonthDay, "2025-03-12T07:22:01.000Z")]
    {
        let (collected, result) = read_with(file.as_bytes(), Some(order));
        assert_eq!(result, Ok(()));
        assert_eq!(user(&collected.records[0]).observed_at.expect("a time").to_string(), at);
    }
}

#[test]
fn ids_of_records_without_one_do_not_depend_on_spelling() {
    let mut graph = a_registration();
    graph["id"] = Value::Null;
    let mut other = graph.clone();
    other["activityDateTime"] = json!("2026-02-03T09:01:22.123+01:00");
    let (graph, other) = (only(graph.to_string()), only(other.to_string()));
    assert_eq!(graph.record_id, other.record_id);
    assert_ne!(graph.digest, other.digest);
}
