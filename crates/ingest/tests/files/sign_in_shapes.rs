//! Sign-ins in shapes that no public sample has, written by hand after `spec/graph.md` §3 and §7.

use domain::sign_in::{AppliedPolicy, AuthenticationStep, Component, ConditionalAccessResult, SignInRecord};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::collected::{Collected, read, sign_in};

pub fn a_sign_in() -> Value {
    json!({
        "id": "B01B1726-0147-425E-A7F7-21F252050400", "createdDateTime": "2026-02-03T08:01:22.1234567Z",
        "userDisplayName": "Kim Abe", "userPrincipalName": "kim@fabrikam.example", "userId": "7A1C0000-0000-4000-8000-000000000002",
        "appId": "C44B4083-3bb0-49c1-b47d-974e53cbdf3c", "appDisplayName": "Azure Portal", "ipAddress": "203.0.113.9",
        "clientAppUsed": "Browser", "correlationId": "65dd87ce-2183-419e-81a9-d6e20379bcc2", "conditionalAccessStatus": "failure",
        "isInteractive": true, "authenticationRequirement": "multiFactorAuthentication",
        "authenticationRequirementPolicies": [{"requirementProvider": "multiConditionalAccess", "detail": "Conditional Access"},
            {"requirementProvider": "user", "detail": "Per-user MFA"}],
        "status": {"errorCode": 500121, "failureReason": "Authentication failed during strong authentication request.",
            "additionalDetails": "MFA denied; user declined the authentication"},
        "mfaDetail": {"authMethod": "Mobile app notification", "authDetail": "Pixel 6"},
        "deviceDetail": {"deviceId": "", "displayName": "KIM-PC", "operatingSystem": "Windows 10", "browser": "Edge 81"},
        "location": {"city": "Redmond", "state": "Washington", "countryOrRegion": "US", "geoCoordinates": {}},
        "resourceDisplayName": "Windows Azure Service Management API", "resourceId": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "tokenIssuerType": "AzureAD", "tokenIssuerName": "",
        "appliedConditionalAccessPolicies": [{"id": "P-1", "displayName": "MFA policy", "enforcedGrantControls": ["Mfa"],
            "enforcedSessionControls": [], "result": "failure"}],
        "authenticationDetails": [
            {"authenticationStepDateTime": "2026-02-03T08:01:20.0000000+00:00", "authenticationMethod": "Password",
                "authenticationMethodDetail": "Password in the cloud", "succeeded": true,
                "authenticationStepResultDetail": "Correct password", "authenticationStepRequirement": "Primary authentication",
                "StatusSequence": 0, "RequestSequence": 0},
            {"authenticationStepDateTime": "2026-02-03T08:01:22.0000000+00:00", "authenticationMethod": "Mobile app notification",
                "authenticationMethodDetail": "Pixel 6", "succeeded": "False",
                "authenticationStepResultDetail": "MFA denied; user declined the authentication",
                "authenticationStepRequirement": "Multi-factor authentication", "StatusSequence": "1", "RequestSequence": 1}]
    })
}

fn envelope(properties: Value) -> Value {
    json!({"time": "2026-02-03T08:02:00.0000000Z", "resourceId": "/tenants/t/providers/Microsoft.aadiam", "Level": "4",
        "operationName": "Sign-in activity", "operationVersion": "1.0", "category": "SignInLogs", "tenantId": "t-1",
        "resultType": "500121", "resultSignature": "None", "durationMs": "0", "callerIpAddress": "198.51.100.1",
        "correlationId": "c-1", "identity": "Kim Abe", "location": "US", "properties": properties})
}

/// With the nested columns as text or not.
fn log_analytics_row(as_text: bool) -> Value {
    let names = [
        ("ipAddress", "IPAddress"),
        ("appliedConditionalAccessPolicies", "ConditionalAccessPolicies"),
        ("location", "LocationDetails"),
        ("resourceId", "ResourceIdentity"),
    ];
    let mut row = Map::new();
    for (name, value) in a_sign_in().as_object().expect("an object") {
        let column = names
            .iter()
            .find(|(graph, _)| graph == name)
            .map_or_else(|| name[..1].to_uppercase() + &name[1..], |(_, column)| (*column).to_owned());
        let nested = value.is_object() || value.is_array();
        row.insert(column, if as_text && nested { json!(value.to_string()) } else { value.clone() });
    }
    for (column, value) in [
        ("TimeGenerated", "2026-02-03T08:02:00Z"),
        ("AADTenantId", "t-1"),
        ("TenantId", "workspace"),
        ("Type", "SigninLogs"),
        ("Category", "SignInLogs"),
        ("ResultType", "500121"),
        ("Location", "US"),
        ("ResourceId", "/tenants/t/providers/Microsoft.aadiam"),
    ] {
        row.insert(column.to_owned(), json!(value));
    }
    Value::Object(row)
}

fn csv(row: &Value) -> String {
    let members = row.as_object().expect("an object");
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let cells = members.values().map(|value| format!("\"{}\"", text(value).replace('"', "\"\"")));
    format!("{}\n{}\n", members.keys().cloned().collect::<Vec<_>>().join(","), cells.collect::<Vec<_>>().join(","))
}

fn only(bytes: impl AsRef<[u8]>) -> SignInRecord {
    let read = Collected::of(bytes);
    assert_eq!((read.records.len(), read.rejected.as_slice()), (1, [].as_slice()));
    sign_in(&read.records[0]).clone()
}

/// What a record says, apart from the bytes that it was.
fn facts(mut record: SignInRecord) -> SignInRecord {
    record.digest = [0; 32];
    record
}

#[test]
fn every_shape_of_one_sign_in_says_the_same() {
    let lower: Value = serde_json::from_str(
        &envelope(a_sign_in())
            .to_string()
            .replace("callerIpAddress", "calleripaddress")
            .replace("tenantId", "tenantid"),
    )
    .expect("JSON");
    let graph = facts(only(a_sign_in().to_string()));
    let logged =
        SignInRecord { log_at: "2026-02-03T08:02:00Z".parse().ok(), tenant: Some("t-1".to_owned()), ..graph.clone() };
    for (name, file, expected) in [
        ("Graph page", json!({"@odata.context": "x", "value": [a_sign_in()]}).to_string(), &graph),
        ("portal JSON", format!("{:#}", json!([a_sign_in()])), &graph),
        ("Azure Monitor line", envelope(a_sign_in()).to_string(), &logged),
        ("Azure Monitor batch", json!({"records": [lower]}).to_string(), &logged),
        ("properties as text", envelope(json!(a_sign_in().to_string())).to_string(), &logged),
        ("Log Analytics line", log_analytics_row(false).to_string(), &logged),
        ("Log Analytics line, nested as text", log_analytics_row(true).to_string(), &logged),
        ("Log Analytics table", csv(&log_analytics_row(true)), &logged),
    ] {
        assert_eq!(facts(only(file)), *expected, "{name}");
    }
    assert_eq!(graph.record_id, "b01b1726-0147-425e-a7f7-21f252050400");
    assert_eq!(graph.user.object_id.as_deref(), Some("7a1c0000-0000-4000-8000-000000000002"));
    assert_eq!(graph.app.id.as_deref(), Some("c44b4083-3bb0-49c1-b47d-974e53cbdf3c"));
    assert_eq!(graph.conditional_access, ConditionalAccessResult::Failure);
    let details = &graph.details;
    assert_eq!(
        (details.error_code, &details.required_by[..]),
        (Some(500121), &["multiConditionalAccess".to_owned(), "user".to_owned()][..])
    );
    assert_eq!(
        (details.mfa_method.as_deref(), details.mfa_detail.as_deref()),
        (Some("Mobile app notification"), Some("Pixel 6"))
    );
    let steps = details.steps.as_ref().expect("steps");
    assert_eq!((steps[1].sequence, steps[1].succeeded), (Some(1), Some(false)));
    assert_eq!(details.device.as_deref(), Some("KIM-PC"));
}

#[test]
fn digests_are_of_the_whole_record() {
    let one = only(envelope(a_sign_in()).to_string()).digest;
    assert_eq!(only(format!("{:#}", envelope(a_sign_in()))).digest, one);
    let mut other = envelope(a_sign_in());
    other["properties"]["unheardOf"] = json!(1);
    assert_ne!(only(other.to_string()).digest, one);
}

#[test]
fn what_is_absent_empty_and_null() {
    let lean = json!({"id": "s-1", "createdDateTime": "2026-02-03T08:01:22Z", "userPrincipalName": "kim@x.se",
        "status": {"errorCode": "50126"}});
    let lean = only(lean.to_string());
    assert_eq!((&lean.details.steps, &lean.policies, lean.details.error_code), (&None, &None, Some(50126)));
    assert_eq!((lean.interactive, lean.conditional_access), (None, ConditionalAccessResult::Unknown));
    let mut empty = a_sign_in();
    for (name, value) in [
        ("authenticationDetails", json!([])),
        ("appliedConditionalAccessPolicies", json!([{}, {"id": ""}])),
        ("mfaDetail", json!({})),
        ("authenticationRequirement", json!("")),
        ("authenticationRequirementPolicies", json!("[]")),
        ("isInteractive", json!("perhaps")),
        ("status", json!(null)),
        ("location", json!({})),
        ("deviceDetail", json!("{}")),
    ] {
        empty[name] = value;
    }
    let empty = only(empty.to_string());
    assert_eq!((empty.details.steps.as_deref(), empty.policies.as_deref()), (Some(&[][..]), Some(&[][..])));
    assert_eq!((&empty.details.requirement, &empty.details.required_by[..], empty.interactive), (&None, &[][..], None));
    assert_eq!((empty.details.error_code, &empty.details.browser, &empty.place.city), (None, &None, &None));
    let mut odd = a_sign_in();
    odd["authenticationDetails"] = json!([{}, 7, {"authenticationStepDateTime": "soon", "succeeded": "maybe", "StatusSequence": "x"},
        {"authenticationMethod": "SMS", "authenticationStepDateTime": "later"}]);
    odd["conditionalAccessStatus"] = json!(2);
    odd["appliedConditionalAccessPolicies"] = json!("not JSON");
    let odd = only(odd.to_string());
    let sms = AuthenticationStep { method: Some("SMS".to_owned()), ..AuthenticationStep::default() };
    assert_eq!(odd.details.steps, Some(vec![sms]));
    assert_eq!((odd.conditional_access, odd.policies), (ConditionalAccessResult::NotApplied, None));
    let mut controls = a_sign_in();
    controls["appliedConditionalAccessPolicies"] =
        json!([{"displayName": "P", "enforcedGrantControls": null, "enforcedSessionControls": "SignInFrequency"}]);
    let policy = AppliedPolicy {
        name: Some("P".to_owned()),
        session_controls: Some(vec!["SignInFrequency".to_owned()]),
        ..AppliedPolicy::default()
    };
    assert_eq!(only(controls.to_string()).policies, Some(vec![policy]));
}

#[test]
fn codes_and_places_as_exporters_write_them() {
    let mut record = a_sign_in();
    for (status, code) in [
        (json!({"errorCode": "50126"}), Some(50126)),
        (json!({"errorCode": "AADSTS50076"}), Some(50076)),
        (json!("{\"errorCode\": 0}"), Some(0)),
        (json!({"errorCode": null}), None),
        (json!("Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus"), None),
    ] {
        record["status"] = status;
        assert_eq!(only(record.to_string()).details.error_code, code);
    }
    for (location, city, country) in [
        (json!("Malmö, Skåne, SE"), Some("Malmö"), Some("SE")),
        (json!("SE"), None, Some("SE")),
        (json!("{\"city\":\"Malmö\"}"), Some("Malmö"), None),
        (json!("Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInLocation"), None, None),
        (json!(null), None, None),
    ] {
        record["location"] = location;
        let place = only(record.to_string()).place;
        assert_eq!((place.city.as_deref(), place.country.as_deref()), (city, country));
    }
    record["appliedConditionalAccessPolicies"] = json!([{"id": "p", "enforcedGrantControls": ["M\u{0}fa"]}]);
    let policies = only(record.to_string()).policies.expect("policies");
    assert_eq!(policies[0].grant_controls, Some(vec!["M\u{fffd}fa".to_owned()]));
}

#[test]
fn a_table_that_a_script_has_flattened() {
    let file = "CreatedDateTime,UserPrincipalName,UserDisplayName,AppDisplayName,IPAddress,City,Country,Device,Browser,OS,Status,\
        RiskLevelDuringSignIn,ConditionalAccessStatus\n\
        3/13/2025 7:22:01 AM,kim@x.se,Kim,Office 365,203.0.113.9,Malmö,SE,,Edge 143,Windows 10,Success,none,notApplied\n\
        3/13/2025 7:23:01 AM,kim@x.se,Kim,Office 365,203.0.113.9,Malmö,SE,,Edge 143,Windows 10,50126,none,success\n";
    let read = Collected::of(file);
    let (good, bad) = (sign_in(&read.records[0]), sign_in(&read.records[1]));
    assert_eq!((good.details.error_code, bad.details.error_code), (Some(0), Some(50126)));
    assert_eq!((good.place.city.as_deref(), good.place.country.as_deref()), (Some("Malmö"), Some("SE")));
    assert_eq!(
        (good.details.browser.as_deref(), good.details.operating_system.as_deref()),
        (Some("Edge 143"), Some("Windows 10"))
    );
    assert_eq!(good.conditional_access, ConditionalAccessResult::NotApplied);
}

#[test]
fn how_a_sign_in_came() {
    for (changes, component) in [
        (json!({"tokenIssuerType": "NPSExtension"}), Component::Nps),
        (json!({"tokenIssuerType": null, "resourceId": "radius"}), Component::Nps),
        (json!({"resourceDisplayName": "Radius"}), Component::Nps),
        (json!({"tokenIssuerType": "ADFederationServicesMFAAdapter"}), Component::Adfs),
        (json!({"resourceId": "adfs"}), Component::Adfs),
        (json!({"tokenIssuerType": "ADFederationServices"}), Component::Adfs),
        (json!({"tokenIssuerType": "AzureADBackupAuth"}), Component::None),
    ] {
        let mut record = a_sign_in();
        for (name, value) in changes.as_object().expect("an object") {
            record[name] = value.clone();
        }
        assert_eq!(only(record.to_string()).component, component, "{changes}");
    }
    for (category, events, interactive) in [
        ("SignInLogs", json!([]), Some(true)),
        ("NonInteractiveUserSignInLogs", json!(null), Some(false)),
        ("ADFSSignInLogs", json!([]), None),
        ("ADFSSignInLogs", json!(["interactiveUser"]), Some(true)),
        ("SomethingNew", json!("[\"nonInteractiveUser\"]"), Some(false)),
    ] {
        let mut properties = a_sign_in();
        properties["isInteractive"] = json!(null);
        properties["signInEventTypes"] = events;
        let mut record = envelope(properties);
        record["category"] = json!(category);
        let record = only(record.to_string());
        assert_eq!(record.interactive, interactive, "{category}");
        assert_eq!(record.component == Component::Adfs, category == "ADFSSignInLogs");
    }
}

#[test]
fn ad_fs_writes_the_month_first() {
    let mut record = envelope(a_sign_in());
    record["category"] = json!("ADFSSignInLogs");
    record["time"] = json!("3/2/2026 8:02:58 PM");
    record["properties"]["createdDateTime"] = json!(null);
    record["properties"]["authenticationRequirement"] = json!("");
    record["properties"]["authenticationDetails"][0]["authenticationMethodDetail"] = json!("Forms Authentication");
    let read = only(record.to_string());
    assert_eq!(read.at.to_string(), "2026-03-02T20:02:58.000Z");
    assert_eq!((read.log_at, read.component), (Some(read.at), Component::Adfs));
    assert_eq!((read.details.requirement, read.interactive), (None, Some(true)));
    // A log time in no spelling at all matters to nobody where the record has its own.
    record["time"] = json!("13:00 yesterday");
    record["properties"]["createdDateTime"] = json!("2026-03-02T20:02:58Z");
    assert_eq!(only(record.to_string()).log_at, None);
    record["properties"]["createdDateTime"] = json!(null);
    assert!(Collected::of(record.to_string()).rejected[0].reason.contains("not a time"));
}

#[test]
fn who_signed_in_must_be_said() {
    let mut nobody = a_sign_in();
    nobody["userId"] = json!("00000000-0000-0000-0000-000000000000");
    nobody["userPrincipalName"] = json!("");
    let mut application = nobody.clone();
    application["userDisplayName"] = json!("");
    application["servicePrincipalId"] = json!("36658c78-02d9-4d8f-84ee-5ca4a3fdefef");
    let mut envelope_of_none = envelope(application.clone());
    envelope_of_none["category"] = json!("ManagedIdentitySignInLogs");
    let mut timeless = a_sign_in();
    timeless["createdDateTime"] = json!(null);
    let mut of_applications = envelope(a_sign_in());
    of_applications["category"] = json!("ManagedIdentitySignInLogs");
    let lines = [&nobody, &application, &envelope(application.clone()), &envelope_of_none, &of_applications, &timeless];
    let read = Collected::of(lines.map(|line| line.to_string() + "\n").concat());
    assert_eq!(read.records, []);
    let skipped = [("ManagedIdentitySignInLogs".to_owned(), 2), ("ServicePrincipalSignInLogs".to_owned(), 2)];
    assert_eq!(read.skipped, skipped.into());
    let reasons: Vec<&str> = read.rejected.iter().map(|rejection| rejection.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["The sign-in names no user: userId and userPrincipalName are both missing.", "createdDateTime is missing."]
    );
    // A name alone is enough, and an id of zeros none.
    let mut named = a_sign_in();
    named["userId"] = json!("00000000-0000-0000-0000-000000000000");
    assert_eq!(only(named.to_string()).user.object_id, None);
}

#[test]
fn ids_of_sign_ins_without_one_do_not_depend_on_spelling() {
    let mut graph = a_sign_in();
    graph["id"] = json!("");
    let mut other = graph.clone();
    other["createdDateTime"] = json!("2026-02-03T09:01:22.123+01:00");
    other["userId"] = json!("7a1c0000-0000-4000-8000-000000000002");
    let (one, two) = (only(graph.to_string()), only(other.to_string()));
    assert!(one.record_id.starts_with("hash:"));
    assert_eq!((one.record_id == two.record_id, one.digest == two.digest), (true, false));
    graph["status"]["errorCode"] = json!(0);
    assert_ne!(only(graph.to_string()).record_id, one.record_id);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_members_does_not_matter(seed in any::<u64>(), shape in 0..3_usize, as_text in any::<bool>()) {
        let record = match shape {
            0 => a_sign_in(),
            1 => envelope(a_sign_in()),
            _ => log_analytics_row(as_text),
        };
        prop_assert_eq!(only(shuffled(&record, seed)), only(record.to_string()));
    }

    #[test]
    fn nested_text_says_the_same_however_it_is_written(seed in any::<u64>(), pretty in any::<bool>()) {
        let mut row = log_analytics_row(true);
        let plain = facts(only(row.to_string()));
        for name in ["AuthenticationDetails", "Status", "ConditionalAccessPolicies", "MfaDetail", "LocationDetails", "DeviceDetail"] {
            let nested: Value = serde_json::from_str(row[name].as_str().expect("text")).expect("JSON");
            row[name] = json!(if pretty { format!(" {nested:#}\r\n") } else { shuffled(&nested, seed) });
        }
        prop_assert_eq!(facts(only(row.to_string())), plain);
    }

    #[test]
    fn damaged_sign_ins_are_read_or_set_aside(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = format!("{}\n{}\n", envelope(a_sign_in()), log_analytics_row(true)).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = read(&bytes);
    }
}

/// JSON with the members of every object in another order.
fn shuffled(value: &Value, seed: u64) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| {
                name.bytes()
                    .fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3).rotate_left(17))
            });
            let members = members.iter().map(|(name, value)| format!("{}: {}", json!(name), shuffled(value, seed)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| shuffled(item, seed)).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}
