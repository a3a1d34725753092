//! Blocks, bypasses and fraud alerts from audit records of every shape. No real record of them is known: the bodies here
//! are made after the shapes of other audit records.

use domain::instant::Instant;
use domain::mfa::{ActionKind, MfaAction, mfa_action};
use domain::record::{AuditRecord, AuditResult, UserRef};
use proptest::prelude::*;
use serde_json::{Value, json};

const ADMIN: &str = "ada@contoso.example";
const KIM: &str = "kim@contoso.example";

fn user(name: &str) -> UserRef {
    UserRef { user_name: Some(name.to_owned()), ..UserRef::default() }
}

/// What ingest makes of a record whose user is its initiator.
fn audit(activity: &str, body: &Value) -> AuditRecord {
    AuditRecord {
        record_id: "1".into(),
        at: Instant::from_millis(1_000),
        log_at: None,
        activity: activity.into(),
        service: None,
        category: None,
        result: AuditResult::Success,
        reason: None,
        correlation_id: None,
        user: user(ADMIN),
        tenant: None,
        digest: [0; 32],
        body: body.to_string(),
    }
}

fn action(activity: &str, body: &Value) -> MfaAction {
    mfa_action(&audit(activity, body)).unwrap_or_else(|| panic!("no action: {activity}"))
}

fn by_ada() -> Value {
    json!({"app": null, "user": {"id": "a", "displayName": "Ada", "userPrincipalName": ADMIN}})
}

#[test]
fn the_activity_says_what_was_done() {
    for (activity, kind, is_blocked) in [
        ("Add blocked user", ActionKind::Block, None),
        ("POST Tenant.CreateBlockedUser", ActionKind::Block, None),
        ("Clear block on user", ActionKind::Unblock, None),
        ("POST Tenant.RemoveBlockedUser", ActionKind::Unblock, None),
        ("Add bypass user", ActionKind::Bypass, None),
        ("POST Tenant.CreateBypassedUser", ActionKind::Bypass, None),
        ("Remove bypassed user", ActionKind::RemoveBypass, None),
        ("POST Tenant.RemoveBypassedUser", ActionKind::RemoveBypass, None),
        ("POST TenantRemoveBypassedUser", ActionKind::RemoveBypass, None),
        ("Fraud reported - no action taken", ActionKind::Fraud, Some(false)),
        ("Fraud reported \u{2013} no action taken ", ActionKind::Fraud, Some(false)),
        ("Fraud reported - user is blocked for MFA", ActionKind::Fraud, Some(true)),
        ("fraud reported \u{2014} user is blocked for mfa", ActionKind::Fraud, Some(true)),
        ("Suspicious activity reported", ActionKind::Fraud, None),
    ] {
        for activity in [activity.to_owned(), activity.to_uppercase(), format!(" {activity}  ")] {
            let action = action(&activity, &json!({}));
            assert_eq!((action.kind, action.is_blocked), (kind, is_blocked), "{activity}");
            assert_eq!((action.user, action.at), (user(ADMIN), Instant::from_millis(1_000)), "{activity}");
        }
    }
    for activity in
        ["", "Update user", "User registered security info", "Add blocked users", "Blocked user", "Add user"]
    {
        assert_eq!(mfa_action(&audit(activity, &json!({}))), None, "{activity}");
    }
}

#[test]
fn what_failed_was_not_done() {
    for (result, is_done) in [
        (AuditResult::Success, true),
        (AuditResult::Unknown, true),
        (AuditResult::Failure, false),
        (AuditResult::Timeout, false),
    ] {
        let record = AuditRecord { result, ..audit("Add blocked user", &json!({})) };
        assert_eq!(mfa_action(&record).is_some(), is_done, "{result}");
    }
}

#[test]
fn a_graph_object_names_who_and_why() {
    let body = json!({
        "initiatedBy": by_ada(),
        "targetResources": [{"id": "K1", "type": "User", "displayName": "Kim", "userPrincipalName": KIM, "modifiedProperties": [
            {"displayName": "Reason", "oldValue": null, "newValue": "\"lost her phone\""},
        ]}],
        "additionalDetails": [],
    });
    // Ingest takes the target of type User as the record's user.
    let kim = UserRef { object_id: Some("k1".into()), user_name: Some(KIM.into()), display_name: Some("Kim".into()) };
    let record = AuditRecord { user: kim.clone(), ..audit("Add blocked user", &body) };
    let action = mfa_action(&record).expect("a block");
    assert_eq!((action.user, action.by.as_deref()), (kim, Some("Ada")));
    assert_eq!((action.reason.as_deref(), action.seconds), (Some("lost her phone"), None));
}

#[test]
fn a_user_is_found_in_the_details() {
    let named = |details: Value| json!({"initiatedBy": by_ada(), "additionalDetails": details, "targetResources": []});
    let target = |target: Value| json!({"initiatedBy": by_ada(), "additionalDetails": [], "targetResources": [target]});
    for (body, name) in [
        (named(json!([{"key": "Actor", "value": ADMIN}, {"key": "UserPrincipalName", "value": KIM}])), KIM),
        (named(json!([{"key": "Approver", "value": "lee@contoso.example"}, {"key": "Username", "value": KIM}])), KIM),
        (named(json!([{"key": "Username", "value": "CONTOSO\\kim"}])), "CONTOSO\\kim"),
        (named(json!([{"key": "Reason", "value": "lee@contoso.example"}, {"key": "whom", "value": KIM}])), KIM),
        (named(json!([{"key": "BypassByUsername", "value": "root"}, {"key": "Bypass user name", "value": KIM}])), KIM),
        (named(json!([{"key": "Request", "value": format!("{{\"upn\":\"{KIM}\",\"seconds\":\"300\"}}")}])), KIM),
        (named(json!({"userName": KIM, "reason": "x"})), KIM),
        (target(json!({"type": "Other", "displayName": KIM})), KIM),
        (target(json!({"type": "User", "displayName": KIM, "id": null})), KIM),
        (
            target(
                json!({"type": "Other", "modifiedProperties": [{"displayName": "UPN", "newValue": format!("[\"{KIM}\"]")}]}),
            ),
            KIM,
        ),
        (target(json!({"type": "Other", "displayName": "MFA policy"})), ADMIN),
        (named(json!([{"key": "Reason", "value": "kim@contoso.example"}])), ADMIN),
        (named(json!("None")), ADMIN),
    ] {
        let action = action("Add bypass user", &body);
        assert_eq!(action.user, user(name), "{body}");
        assert_eq!(action.by.as_deref(), Some("Ada"), "{body}");
    }
    let id = "0000AAAA-0000-0000-0000-00000000000A";
    let by_id = action("Add blocked user", &named(json!([{"key": "UserId", "value": id}])));
    assert_eq!(by_id.user, UserRef { object_id: Some(id.to_lowercase()), ..UserRef::default() });
}

#[test]
fn who_reports_fraud_is_the_records_user() {
    let body = json!({"additionalDetails": [{"key": "UserPrincipalName", "value": KIM}]});
    assert_eq!(action("Suspicious activity reported", &body).user, user(ADMIN));
}

#[test]
fn a_bypass_has_its_seconds() {
    for (value, seconds) in [
        (json!("300"), Some(300)),
        (json!(300), Some(300)),
        (json!("\"300\""), Some(300)),
        (json!("five"), None),
        (json!("-1"), None),
    ] {
        let body = json!({"additionalDetails": [{"key": "Bypass Seconds", "value": value}, {"key": "reason", "value": "new phone"}]});
        let bypass = action("Add bypass user", &body);
        assert_eq!((bypass.seconds, bypass.reason.as_deref()), (seconds, Some("new phone")), "{body}");
        assert_eq!(action("Add blocked user", &body).seconds, None);
    }
}

#[test]
fn the_reason_of_the_record_stands_where_the_details_have_none() {
    let reasoned = |reason: &str, body: &Value| {
        let record = AuditRecord { reason: Some(reason.into()), ..audit("Clear block on user", body) };
        mfa_action(&record).and_then(|action| action.reason)
    };
    assert_eq!(reasoned("came back", &json!({})).as_deref(), Some("came back"));
    assert_eq!(reasoned(" ", &json!({})), None);
    let body =
        json!({"additionalDetails": [{"key": "ResultReason", "value": "a"}, {"key": "UnblockReason", "value": "b"}]});
    assert_eq!(reasoned("c", &body).as_deref(), Some("b"));
}

#[test]
fn every_shape_says_the_same() {
    let by = json!({"user": {"displayName": null, "userPrincipalName": ADMIN}});
    let targets = json!([{"type": "Other", "displayName": KIM, "modifiedProperties": []}]);
    let details = json!([{"key": "Reason", "value": "travels"}, {"key": "Seconds", "value": "600"}]);
    for body in [
        json!({"initiatedBy": by, "targetResources": targets, "additionalDetails": details}),
        json!({"time": "x", "category": "AuditLogs", "identity": "Somebody", "properties": {
            "InitiatedBy": by, "TARGETRESOURCES": targets, "additionaldetails": details,
        }}),
        json!({"time": "x", "properties": json!({
            "initiatedBy": by, "targetResources": targets, "additionalDetails": details,
        }).to_string()}),
        json!({"TimeGenerated": "x", "InitiatedBy": by.to_string(), "TargetResources": targets.to_string(),
            "AdditionalDetails": details.to_string()}),
        json!({"TimeGenerated": "x", "InitiatedBy_dynamic": by.to_string(), "TargetResources": "",
            "TargetResources_dynamic": targets.to_string(), "AdditionalDetails_string": details.to_string()}),
        json!({"Date (UTC)": "x", "ActorDisplayName": "", "ActorUserPrincipalName": ADMIN, "Target1Type": "Other",
            "Target1DisplayName": KIM, "Target1ModifiedProperty1Name": "Seconds", "Target1ModifiedProperty1NewValue": "\"600\"",
            "AdditionalDetail1Key": "Reason", "AdditionalDetail1Value": "travels"}),
        json!({"identity": ADMIN, "properties": {"identityType": "UPN", "targetResourceType": "UPN__PUID",
        "targetResourceName": format!("{KIM}__0003"), "targetUpdatedProperties": [
            {"Name": "Reason", "OldValue": [], "NewValue": ["travels"]},
            {"Name": "Seconds", "OldValue": null, "NewValue": 600},
        ]}}),
    ] {
        let action = action("Add bypass user", &body);
        assert_eq!(action.user, user(KIM), "{body}");
        assert_eq!(action.by.as_deref(), Some(ADMIN), "{body}");
        assert_eq!((action.reason.as_deref(), action.seconds), (Some("travels"), Some(600)), "{body}");
    }
    let by_app =
        json!({"initiatedBy": {"user": null, "app": {"displayName": "Azure MFA StrongAuthenticationService"}}});
    assert_eq!(action("Add blocked user", &by_app).by.as_deref(), Some("Azure MFA StrongAuthenticationService"));
    assert_eq!(action("Add blocked user", &json!({"Identity": "Ada"})).by.as_deref(), Some("Ada"));
}

proptest! {
    #[test]
    fn any_body_is_read(body in any::<String>(), key in any::<String>(), value in any::<String>()) {
        let record = AuditRecord { body, ..audit("Add bypass user", &json!({})) };
        prop_assert_eq!(mfa_action(&record).map(|action| action.user), Some(user(ADMIN)));
        let named = json!({"additionalDetails": [{"key": key, "value": value}], "targetResources": value, "properties": key});
        prop_assert!(mfa_action(&audit("Add bypass user", &named)).is_some());
    }
}
