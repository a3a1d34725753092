//! Sign-ins of the sample files, counted and read by hand (`jq`, Python's csv module).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::sign_in::{AuthenticationStep, Component, ConditionalAccessResult, SignInRecord};

use crate::collected::{Collected, sign_in};

fn sign_ins(name: &str) -> Vec<SignInRecord> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    let collected = Collected::of(std::fs::read(path).expect("a sample file"));
    assert_eq!(collected.rejected, [], "{name}");
    collected.records.iter().map(|record| sign_in(record).clone()).collect()
}

fn counted<T: Ord>(of: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    of.fold(BTreeMap::new(), |mut counts, one| {
        *counts.entry(one).or_default() += 1;
        counts
    })
}

#[test]
fn an_azure_monitor_record() {
    let all = sign_ins("azure-docs/azure-monitor-signin-record.json");
    let [record] = &all[..] else { panic!("one record: {all:?}") };
    assert_eq!(record.record_id, "0231f922-93fa-4005-bb11-b344eca03c01");
    assert_eq!(record.at.to_string(), "2019-03-12T16:02:15.552Z");
    assert_eq!(record.log_at.expect("time").to_string(), "2019-03-12T16:02:15.552Z");
    assert_eq!(record.user.object_id.as_deref(), Some("<USER ID>"));
    assert_eq!(record.user.display_name.as_deref(), Some("Timothy Perkins"));
    assert_eq!((record.tenant.as_deref(), record.interactive), (Some("<TENANT ID>"), Some(true)));
    assert_eq!((record.component, record.conditional_access), (Component::None, ConditionalAccessResult::NotApplied));
    assert_eq!(record.app.name.as_deref(), Some("Azure Portal"));
    let place = [&record.place.ip, &record.place.city, &record.place.state, &record.place.country];
    assert_eq!(place.map(Option::as_deref), [Some("<IP ADDRESS>"), Some("Bellevue"), Some("Washington"), Some("US")]);
    let policies = record.policies.as_ref().expect("policies");
    assert_eq!(policies.len(), 5);
    assert_eq!(
        (policies[0].name.as_deref(), policies[0].result.as_deref()),
        (Some("HR app access policy"), Some("notApplied"))
    );
    assert_eq!(policies[0].grant_controls.as_deref(), Some(&["Mfa".to_owned()][..]));
    assert_eq!(policies[1].grant_controls.as_deref(), Some(&[][..]));
    let details = &record.details;
    assert_eq!((details.error_code, details.given_status), (Some(50140), None));
    assert!(details.failure_reason.as_deref().expect("a reason").contains("Keep me signed in"));
    assert_eq!(details.requirement.as_deref(), Some("multiFactorAuthentication"));
    assert_eq!(details.required_by, ["multiConditionalAccess"]);
    assert_eq!((details.additional_details.as_deref(), details.mfa_method.as_deref()), (None, None));
    let steps = details.steps.as_ref().expect("steps");
    assert_eq!(steps.len(), 2);
    assert_eq!((steps[0].sequence, steps[1].sequence), (Some(0), None));
    assert_eq!(steps[1].result.as_deref(), Some("MFA requirement satisfied by claim in the token"));
    assert_eq!(steps[1].at.expect("a time").to_string(), "2021-08-12T15:48:12.867Z");
    assert_eq!(
        (details.browser.as_deref(), details.operating_system.as_deref()),
        (Some("Chrome 72.0.3626"), Some("Windows 10"))
    );
    assert_eq!(details.device.as_deref(), Some("8bfcb982-6856-4402-924c-ada2486321cc"));
    assert_eq!((details.client_app.as_deref(), details.token_issuer.as_deref()), (Some("Browser"), Some("AzureAD")));
    assert_eq!(details.resource.as_deref(), Some("Office 365 SharePoint Online"));
}

#[test]
fn azure_monitor_lines_as_shippers_have_them() {
    let all = sign_ins_of_people("panther-analysis/signin.ndjson");
    assert_eq!(all.len(), 9);
    // Line 2: `Success` for a result, nothing of policies, and no id.
    let legit = &all[1];
    assert!(legit.record_id.starts_with("hash:"));
    assert_eq!((legit.details.error_code, legit.interactive), (Some(0), Some(false)));
    assert_eq!((&legit.policies, &legit.details.steps), (&None, &None));
    assert_eq!(legit.at.to_string(), "2025-01-15T11:20:15.789Z");
    // Line 3: `Failure` for a result, the code in `status`; the category says that it was interactive.
    let locked = &all[2];
    assert_eq!((locked.details.error_code, locked.interactive), (Some(50053), Some(true)));
    assert_eq!(locked.place.country.as_deref(), Some("RU"));
    // Line 9: no location of its own, so the envelope's.
    let cross = &all[6];
    assert_eq!((cross.user.user_name.as_deref(), cross.place.country.as_deref()), (Some("cross@lotr.com"), Some("US")));
    assert_eq!((cross.place.city.as_deref(), cross.conditional_access), (None, ConditionalAccessResult::Success));
    // Line 11: lower-cased envelope, `mfaDetail` as `{}`, the properties' tenant before the envelope's.
    let eve = &all[7];
    assert_eq!(eve.record_id, "d9ae0e20-c959-42a3-ba74-00f59ac9f6c6");
    assert_eq!((eve.details.mfa_method.as_deref(), eve.details.mfa_detail.as_deref()), (None, None));
    assert_eq!(eve.details.additional_details.as_deref(), Some("MFA requirement satisfied by claim in the token"));
    assert_eq!(
        (eve.policies.as_deref(), eve.tenant.as_deref()),
        (Some(&[][..]), Some("237c496d-1ca2-4b13-aa0f-69e44d745a27"))
    );
    assert_eq!((eve.log_at > Some(eve.at), eve.place.ip.as_deref()), (true, Some("12.12.12.12")));
    assert_eq!(eve.at.to_string(), "2023-07-21T05:03:52.160Z");
    let step = &eve.details.steps.as_ref().expect("steps")[0];
    assert_eq!((step.detail.as_deref(), step.requirement.as_deref()), (Some("Password in the cloud"), None));
}

fn sign_ins_of_people(name: &str) -> Vec<SignInRecord> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    let collected = Collected::of(std::fs::read(path).expect("a sample file"));
    assert_eq!(collected.skipped, [("ServicePrincipalSignInLogs".to_owned(), 3)].into());
    collected.records.iter().map(|record| sign_in(record).clone()).collect()
}

#[test]
fn rows_of_log_analytics() {
    let all = sign_ins("msticpy/SigninLogs.loganalytics.ndjson");
    assert_eq!(all.iter().map(|record| &record.record_id).collect::<BTreeSet<_>>().len(), 45);
    let requirements = counted(all.iter().map(|record| record.details.requirement.as_deref()));
    assert_eq!(
        requirements,
        [(None, 41), (Some("multiFactorAuthentication"), 1), (Some("singleFactorAuthentication"), 44)].into()
    );
    let claim = Some("MFA requirement satisfied by claim in the token");
    assert_eq!(all.iter().filter(|record| record.details.additional_details.as_deref() == claim).count(), 46);
    assert_eq!(counted(all.iter().map(|record| record.interactive)), [(Some(false), 78), (Some(true), 8)].into());
    let results = counted(all.iter().map(|record| record.conditional_access));
    assert_eq!(results, [(ConditionalAccessResult::Success, 56), (ConditionalAccessResult::NotApplied, 30)].into());
    assert_eq!(counted(all.iter().map(|record| record.details.error_code)), [(Some(0), 84), (Some(90072), 2)].into());
    let policies = counted(all.iter().map(|record| record.policies.as_ref().map(Vec::len)));
    assert_eq!(policies, [(Some(0), 2), (Some(12), 84)].into());
    let steps: Vec<&[AuthenticationStep]> =
        all.iter().map(|record| record.details.steps.as_deref().expect("always said")).collect();
    assert_eq!(steps.iter().filter(|steps| steps.is_empty()).count(), 36);
    let mfa = steps
        .iter()
        .flat_map(|steps| steps.iter())
        .filter(|step| step.requirement.as_deref() == Some("MultiConditionalAccess") && step.succeeded == Some(false));
    assert_eq!(mfa.count(), 46, "satisfied by claim, and yet not succeeded");
    // The workspace's own id is in TenantId, the path of the log in ResourceId.
    assert!(all.iter().all(|record| record.tenant.as_deref() == Some("4b2462a4-bbee-495a-a0e1-f23ae524cc9c")));
    assert_eq!(
        counted(all.iter().map(|record| record.place.country.as_deref())),
        [(Some("BE"), 61), (Some("US"), 25)].into()
    );
    assert!(all.iter().all(|record| record.details.mfa_method.is_none() && record.component == Component::None));
    // A row's log time is finer than its own.
    assert!(all.iter().all(|record| record.log_at >= Some(record.at)));
}

#[test]
fn the_table_of_log_analytics_says_the_same_as_its_lines() {
    let facts = |name: &str| {
        let mut all = sign_ins(name);
        for record in &mut all {
            record.digest = [0; 32];
        }
        all.sort_by_key(|record| format!("{record:?}"));
        all
    };
    assert_eq!(facts("msticpy/SigninLogs.loganalytics.csv"), facts("msticpy/SigninLogs.loganalytics.ndjson"));
}

#[test]
fn a_table_with_twin_columns() {
    let all = sign_ins("sentinel-training-lab/sign-in_adelete.csv");
    assert_eq!(all.len(), 56);
    assert_eq!(all[0].at.to_string(), "2021-04-28T14:08:45.221Z");
    assert_eq!(all[0].log_at, None, "the table has no TimeGenerated");
    let codes = counted(all.iter().map(|record| record.details.error_code));
    assert_eq!(codes, [(Some(0), 53), (Some(16000), 2), (Some(50058), 1)].into());
    assert!(all.iter().all(|record| record.interactive == Some(true)), "TRUE");
    assert!(all.iter().all(|record| record.place.city.as_deref() == Some("Azor")), "LocationDetails_dynamic");
    let first_factor = Some("First factor requirement satisfied by claim in the token");
    let steps = all.iter().filter_map(|record| record.details.steps.as_ref());
    assert!(steps.clone().all(|steps| steps.len() == 1 && steps[0].result.as_deref() == first_factor));
    assert_eq!(steps.count(), 56);
    let policies = counted(all.iter().map(|record| record.policies.as_ref().map(Vec::len)));
    assert_eq!(policies, [(Some(0), 5), (Some(1), 51)].into());
}

#[test]
fn graph_objects_of_both_versions() {
    // v1.0: neither requirement, steps nor mfaDetail; ids of zeros are none, so the two are told by their hashes.
    let v1 = sign_ins("cribl/graph-signins.ndjson");
    assert!(v1.iter().all(|record| record.record_id.starts_with("hash:") && record.user.object_id.is_none()));
    assert_ne!(v1[0].record_id, v1[1].record_id);
    assert_eq!(v1[0].user.user_name.as_deref(), Some("mscore@afos.io"));
    assert_eq!((v1[0].app.id.as_deref(), v1[0].app.name.as_deref()), (None, Some("Graph Explorer")));
    assert_eq!((v1[0].log_at, &v1[0].details.correlation_id), (None, &None));
    assert_eq!(v1[0].details.additional_details.as_deref(), Some("MFA requirement satisfied by claim in the token"));
    assert_eq!((v1[1].details.additional_details.as_deref(), &v1[1].details.steps), (None, &None));
    let policies = v1[0].policies.as_ref().expect("policies");
    assert_eq!(policies[0].id.as_deref(), Some("SecurityDefaults"));
    assert_eq!((policies[1].id.as_deref(), policies[1].result.as_deref()), (None, Some("reportOnlySuccess")));
    assert_eq!(sign_ins("cribl/graph-signins-cribl-sample.json"), v1, "wrapped in _raw");
    let page = sign_ins("cli-microsoft365/signIns-v1.0.json");
    assert_eq!(page[0].record_id, page[1].record_id);
    assert_eq!((page[0].details.error_code, page[0].details.failure_reason.as_deref()), (Some(0), None));
    // beta, as the documentation has it: an empty status, and a word for the policies' result that no enum has.
    let beta = sign_ins("microsoft-graph-docs/beta-signIns-list.json");
    assert_eq!(beta[0].at.to_string(), "2018-11-06T18:48:33.852Z");
    assert_eq!((beta[0].details.error_code, beta[0].conditional_access), (None, ConditionalAccessResult::Unknown));
    let steps = beta[0].details.steps.as_ref().expect("steps");
    assert_eq!((steps[0].method.as_deref(), steps[0].succeeded), (Some("Password"), Some(true)));
    assert_eq!((steps[0].detail.as_deref(), steps[0].sequence), (Some("Cloud password"), None));
}
