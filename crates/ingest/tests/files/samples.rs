//! Every sample file: how many records of which kind, counted by hand (`jq length`, `wc -l`, reading), not by this program.

use std::path::{Path, PathBuf};

use crate::collected::{Collected, audit, event, read, user};
use domain::method::AuthMethod;
use domain::record::{AuditResult, Feature, Outcome, UserType};

/// What a file must be read as.
enum Expected {
    /// Records kept or skipped by kind; none is rejected.
    Read(&'static [(&'static str, usize)]),
    /// Refused at this line and byte.
    Refused(u64, u64),
}
use Expected::{Read, Refused};

const SAMPLES: &[(&str, Expected)] = &[
    // One envelope, category SignInLogs.
    ("azure-docs/azure-monitor-signin-record.json", Read(&[("signIn", 1)])),
    // A page of two sign-ins with the same id: copies are the store's business.
    ("cli-microsoft365/signIns-v1.0.json", Read(&[("signIn", 2)])),
    // `value` has three users.
    ("cli-microsoft365/userRegistrationDetails-v1.0.json", Read(&[("userRegistrationDetails", 3)])),
    // An array of two wrappers whose `_raw` is the JSON text of a sign-in.
    ("cribl/graph-signins-cribl-sample.json", Read(&[("signIn", 2)])),
    // The same two, one a line.
    ("cribl/graph-signins.ndjson", Read(&[("signIn", 2)])),
    // Made by hand, a header and a few rows each: what they say is in `mfa_server.rs` and `portal_sign_ins.rs`.
    ("keyroll/mfa-server-activity.csv", Read(&[("mfaActivity", 4)])),
    ("keyroll/mfa-server-blocks.csv", Read(&[("mfaBlock", 3)])),
    ("keyroll/mfa-server-bypasses.csv", Read(&[("mfaBypass", 2)])),
    ("keyroll/mfa-server-status.csv", Read(&[("mfaServerStatus", 2)])),
    ("keyroll/portal-auth-details.csv", Read(&[("signInAuthenticationDetails", 3)])),
    ("keyroll/portal-sign-ins-de.csv", Read(&[("signIn", 3)])),
    ("keyroll/portal-sign-ins-en.csv", Read(&[("signIn", 3)])),
    ("keyroll/portal-sign-ins-es.csv", Read(&[("signIn", 3)])),
    ("keyroll/portal-sign-ins-fr.csv", Read(&[("signIn", 3)])),
    ("keyroll/portal-sign-ins-sv.csv", Read(&[("signIn", 3)])),
    // Our own export: a row with a raw method name, a guest with none, a user known by name only.
    ("keyroll/users.csv", Read(&[("usersExport", 3)])),
    // Two bare StorageLogs, a batch of two VMLogs, one bare NetworkLogs.
    ("logzio/sample_logs.json", Read(&[("NetworkLogs", 1), ("StorageLogs", 2), ("VMLogs", 2)])),
    // A header and four rows.
    ("m365-assess/03-MFA-Report.csv", Read(&[("registrationDetailsCsv", 4)])),
    // A comment, then headers: no heading of any report stands in the first line.
    ("microsoft-docs-facts/portal_signin_csv_headers.txt", Refused(1, 0)),
    // Reference tables: `activity` and `reason` alone make no record.
    ("microsoft-docs-facts/security_info_registration_audit_events.csv", Refused(1, 0)),
    ("microsoft-docs-facts/sspr_reset_details_to_result.csv", Refused(1, 0)),
    ("microsoft-docs-facts/sspr_step_reasons_seen_in_audit_logs.csv", Refused(1, 0)),
    // Pages of one each.
    (
        "microsoft-graph-docs/beta-credentialUserRegistrationDetails.json",
        Read(&[("credentialUserRegistrationDetails", 1)]),
    ),
    ("microsoft-graph-docs/beta-getCredentialUsageSummary.json", Read(&[("credentialUsageSummary", 1)])),
    ("microsoft-graph-docs/beta-signIns-list.json", Read(&[("signIn", 1)])),
    ("microsoft-graph-docs/beta-userCredentialUsageDetails.json", Read(&[("userCredentialUsageDetails", 1)])),
    // One object with no page around it.
    ("microsoft-graph-docs/beta-usersRegisteredByMethod.json", Read(&[("userRegistrationMethodSummary", 1)])),
    // One record, although the page says `targetResource`.
    ("microsoft-graph-docs/v1.0-directoryAudits-get.json", Read(&[("directoryAudit", 1)])),
    ("microsoft-graph-docs/v1.0-directoryAudits-list.json", Read(&[("directoryAudit", 1)])),
    // Line 63 ends an element with a comma; line 64 has 14 spaces, then the `]` that cannot follow it.
    ("microsoft-graph-docs/v1.0-signIns-list.as-published.txt", Refused(64, 2710)),
    // XML.
    ("msgraph-metadata/graph-v1.0-reports-subset.csdl.xml", Refused(1, 0)),
    // 86 rows by Python's csv module, 86 lines; all of table SigninLogs.
    ("msticpy/SigninLogs.loganalytics.csv", Read(&[("signIn", 86)])),
    ("msticpy/SigninLogs.loganalytics.ndjson", Read(&[("signIn", 86)])),
    // Four rows of table AuditLogs.
    ("otrf-security-datasets/AADAuditEvents.json", Read(&[("directoryAudit", 4)])),
    // 16 lines; the last two are Intune's, which share only the category's name.
    ("panther-analysis/audit.ndjson", Read(&[("directoryAudit", 14), ("intuneAuditEvent", 2)])),
    // 12 lines; three of service principals.
    ("panther-analysis/signin.ndjson", Read(&[("ServicePrincipalSignInLogs", 3), ("signIn", 9)])),
    // 56 rows by Python's csv module, some over many lines.
    ("sentinel-training-lab/sign-in_adelete.csv", Read(&[("signIn", 56)])),
    // One record of the activity log, without `properties`.
    ("sumologic/activity_log_fixtures.json", Read(&[("Write", 1)])),
];

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)).expect("a sample file")
}

/// Kinds that are counted and not kept; every other one must come as records.
const SKIPPED: [&str; 11] = [
    "NetworkLogs",
    "ServicePrincipalSignInLogs",
    "StorageLogs",
    "VMLogs",
    "Write",
    "credentialUsageSummary",
    "intuneAuditEvent",
    "userRegistrationMethodSummary",
    "userMfaSignInSummary",
    "mfaActivation",
    "mfaChange",
];

#[test]
fn every_sample_is_read_skipped_or_refused_as_reasoned() {
    for (name, expected) in SAMPLES {
        let (collected, result) = read(sample(name));
        match expected {
            Read(kinds) => {
                assert_eq!(result, Ok(()), "{name}");
                let kinds = kinds.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect();
                assert_eq!(collected.by_kind(), kinds, "{name}");
                assert!(collected.skipped.keys().all(|kind| SKIPPED.contains(&kind.as_str())), "{name}");
                assert_eq!(collected.rejected, [], "{name}");
            }
            Refused(line, byte) => {
                let refusal = result.expect_err(name);
                assert_eq!((refusal.line, refusal.byte), (Some(*line), Some(*byte)), "{name}: {refusal}");
                assert!(refusal.reason.ends_with(['.', '`']), "a sentence: {refusal}");
                assert_eq!(collected, Collected::default(), "{name}: nothing is half-read");
            }
        }
    }
}

#[test]
fn no_sample_is_forgotten() {
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut found = Vec::new();
    files(&root, &mut found);
    let mut names: Vec<String> = found
        .iter()
        .map(|path| path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/"))
        .filter(|name| name != "ATTRIBUTION.md")
        .collect();
    names.sort();
    assert_eq!(names, SAMPLES.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
}

#[test]
fn registration_details_of_a_graph_page() {
    let read = Collected::of(sample("cli-microsoft365/userRegistrationDetails-v1.0.json"));
    let john = user(&read.records[2]);
    assert_eq!(john.user.object_id.as_deref(), Some("abcd1234-e024-4bc6-8e98-123458962525"));
    assert_eq!(john.user.user_name.as_deref(), Some("JohnDoe@contoso.onmicrosoft.com"));
    assert_eq!(john.observed_at.expect("its refresh time").to_string(), "2024-01-11T11:38:04.504Z");
    let facts = &john.facts;
    assert_eq!((facts.user_type, facts.admin, facts.account_enabled), (Some(UserType::Member), Some(true), Some(true)));
    assert_eq!((facts.registered, facts.enabled, facts.capable), (Some(true), Some(true), Some(true)));
    assert_eq!(
        (facts.mfa_registered, facts.mfa_capable, facts.passwordless_capable),
        (Some(true), Some(true), Some(false))
    );
    assert_eq!(facts.default_method.as_deref(), Some("push"));
    let methods = facts.methods.as_ref().expect("methods");
    assert_eq!(methods.ids(), ["app_notification", "mobile_phone", "email", "software_oath"]);
    let adele = user(&read.records[0]);
    assert!(adele.facts.methods.as_ref().expect("an empty list is known").is_empty());
    assert_eq!((adele.facts.registered, adele.facts.default_method.as_deref()), (Some(false), None));
}

#[test]
fn registration_details_of_a_powershell_table() {
    let read = Collected::of(sample("m365-assess/03-MFA-Report.csv"));
    let alex = user(&read.records[1]);
    assert_eq!((alex.user.object_id.as_deref(), alex.user.display_name.as_deref()), (None, Some("Alex Johnson")));
    assert_eq!(alex.observed_at, None);
    assert_eq!((alex.facts.registered, alex.facts.enabled, alex.facts.capable), (Some(true), None, Some(true)));
    let methods = alex.facts.methods.as_ref().expect("methods");
    assert_eq!(methods.ids(), ["app_notification", "mobile_phone", "email", "software_oath", "passkey_device_bound"]);
    let guest = user(&read.records[2]);
    assert_eq!(guest.user.user_name.as_deref(), Some("guest_outlook.com#EXT#@contoso.onmicrosoft.com"));
    assert_eq!((guest.facts.mfa_registered, guest.facts.user_type), (Some(false), None));
    assert!(guest.facts.methods.as_ref().expect("an empty list").is_empty());
}

#[test]
fn the_reports_of_2019() {
    let read = Collected::of(sample("microsoft-graph-docs/beta-credentialUserRegistrationDetails.json"));
    let facts = &user(&read.records[0]).facts;
    assert_eq!((facts.registered, facts.enabled, facts.capable), (Some(false), Some(true), Some(false)));
    assert_eq!((facts.mfa_registered, facts.account_enabled), (Some(true), None));
    assert_eq!(facts.methods.as_ref().expect("methods").ids(), ["sms", "email"]);
    let read = Collected::of(sample("microsoft-graph-docs/beta-userCredentialUsageDetails.json"));
    let event = event(&read.records[0]);
    assert_eq!(
        (event.feature, event.method, event.outcome),
        (Feature::Registration, AuthMethod::Email, Outcome::Success)
    );
    assert_eq!(event.at.to_string(), "2019-04-01T00:00:00.000Z");
    assert_eq!(event.user.user_name.as_deref(), Some("userPrincipalName-value"));
    assert_eq!(event.user.object_id, None, "the id may be the event's");
    assert_eq!(event.reason.as_deref(), Some("User contacted an admin after trying the email verification option"));
}

#[test]
fn an_audit_record_of_a_graph_page() {
    let read = Collected::of(sample("microsoft-graph-docs/v1.0-directoryAudits-list.json"));
    let record = audit(&read.records[0]);
    assert_eq!((record.record_id.as_str(), record.activity.as_str()), ("id", "Add member to group"));
    assert_eq!((record.at.to_string().as_str(), record.log_at), ("2018-01-09T21:20:02.721Z", None));
    assert_eq!((record.result, record.service.as_deref()), (AuditResult::Success, Some("Core Directory")));
    // The group comes first; the first *user* counts.
    assert_eq!(record.user.object_id.as_deref(), Some("1f0e98f5-3161-4c6b-9b50-d488572f2bb7"));
    assert_eq!(record.user.user_name.as_deref(), Some("bob@contoso.com"));
    assert_eq!(record.correlation_id.as_deref(), Some("da159bfb-54fa-4092-8a38-6e1fa7870e30"));
    assert!(record.body.starts_with(r#"{"activityDateTime":"2018-01-09T21:20:02.7215374Z","activityDisplayName":"#));
}

#[test]
fn audit_records_of_azure_monitor() {
    let read = Collected::of(sample("panther-analysis/audit.ndjson"));
    // Line 6: the target is a user. Its log time is in another spelling than its own.
    let removed = audit(&read.records[5]);
    assert_eq!(removed.user.user_name.as_deref(), Some("former@company.com"));
    assert_eq!(removed.log_at.expect("time").to_string(), "2025-01-15T14:15:35.345Z");
    assert_eq!(removed.activity, "Remove role assignment");
    assert_eq!(removed.tenant.as_deref(), Some("tenant-def"));
    assert!(removed.record_id.starts_with("hash:") && removed.record_id.len() == 5 + 64);
    // Line 5: no activityDisplayName, and the result stands outside `properties`.
    let elevated = audit(&read.records[4]);
    assert_eq!(
        elevated.activity,
        "User has elevated their access to User Access Administrator for their Azure Resources"
    );
    assert_eq!((elevated.result, elevated.category.as_deref()), (AuditResult::Success, None));
    // Line 1: no target is a user, so the initiator counts.
    let policy = audit(&read.records[0]);
    assert_eq!(policy.user.object_id.as_deref(), Some("admin-compromised-001"));
    assert_eq!(policy.category.as_deref(), Some("Policy"));
    // Line 10: the log came two weeks late.
    let late = audit(&read.records[9]);
    assert_eq!(late.record_id, "IPCGraph_af23466234");
    assert_eq!(late.at.to_string(), "2024-11-27T02:22:58.727Z");
    assert_eq!(late.log_at.expect("time").to_string(), "2024-12-10T02:22:58.727Z");
}

#[test]
fn audit_records_of_log_analytics() {
    let read = Collected::of(sample("otrf-security-datasets/AADAuditEvents.json"));
    let record = audit(&read.records[0]);
    // An en dash inside, a space at the end.
    assert_eq!(record.activity, "Update application – Certificates and secrets management");
    assert_eq!(record.record_id, "Directory_10065ffb-8199-48bc-8ff5-912cb5b8295a_AUMVX_13992832");
    assert_eq!(record.user.user_name.as_deref(), Some("pgustavo@simulandlabs.com"));
    assert_eq!(record.category.as_deref(), Some("ApplicationManagement"));
    assert_eq!(record.tenant, None, "a tenant of zeros is none");
    assert_eq!(record.log_at.expect("TimeGenerated").to_string(), "2021-08-02T13:29:25.983Z");
}
