//! What a sign-in's record says of the second factor: `spec/derivation.md` §5, by hand, for the texts that the generator
//! writes.

use serde_json::Value;

use super::files::text;
use super::methods;

/// What figures say of a sign-in, in the words of URLs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facts {
    pub status: &'static str,
    pub error_code: Option<i64>,
    pub mfa_required: &'static str,
    pub required_by: Option<&'static str>,
    pub mfa_result: &'static str,
    /// The id of a status; `None`: no text says.
    pub mfa_status: Option<String>,
    pub method: &'static str,
    pub challenged: bool,
    pub interactive: &'static str,
    pub component: &'static str,
    pub ca_result: &'static str,
}

const TABLE: &str = include_str!("testdata/mfa_results.csv");

const REQUIRED: [i64; 16] =
    [50072, 50074, 50076, 50078, 50079, 50086, 50087, 50088, 50158, 50161, 50166, 50170, 50177, 500121, 53004, 53010];
const DENIED: [i64; 8] = [500121, 50086, 50087, 50088, 50161, 50166, 50170, 50177];
const INTERRUPTED: [i64; 10] = [50072, 50074, 50076, 50078, 50079, 50097, 50125, 50140, 50158, 65001];

/// A text about the second factor.
#[derive(Clone)]
struct Said {
    status: String,
    /// `None`: the text does not say.
    result: Option<&'static str>,
    challenged: bool,
}

impl Said {
    fn is_last_word(&self) -> bool {
        matches!(self.result, Some("satisfied" | "denied"))
    }
}

/// One row of the documents' table after another; `None`: not about the second factor.
fn read(text: &str) -> Option<Said> {
    let mut text = text.trim().to_lowercase().replace('\u{2019}', "'").replace('-', " ");
    text = text.replace("didn't", "did not").replace("doesn't", "does not");
    if ["first factor", "correct password", "invalid username or password"].iter().any(|begin| text.starts_with(begin))
    {
        return None;
    }
    let mut is_named = false;
    for name in ["azure multi factor authentication ", "multi factor authentication ", "mfa requirement ", "mfa "] {
        if let Some(rest) = text.strip_prefix(name) {
            (is_named, text) = (true, rest.to_owned());
        }
    }
    let mut is_denied = false;
    for denied in ["denied; ", "denied, "] {
        if let Some(rest) = text.strip_prefix(denied) {
            (is_denied, text) = (true, rest.to_owned());
        }
    }
    // Words of later years for what the documents say otherwise.
    let text = match text.as_str() {
        "completed in azure ad" => "completed in the cloud",
        "skipped due to ip address" => "skipped due to location",
        text if text.starts_with("skipped due to adfs issued insidecorpnet claim") => "skipped due to location",
        text => text,
    };
    for row in TABLE.lines().skip(1) {
        let [id, outcome, challenged, fragment] =
            row.splitn(4, ',').collect::<Vec<_>>().try_into().expect("four cells");
        if fragment.to_lowercase().replace('-', " ") == text {
            let result = match outcome {
                "satisfied" => "satisfied",
                "pending" => "pending",
                _ => "denied",
            };
            return Some(Said { status: id.to_owned(), result: Some(result), challenged: challenged == "yes" });
        }
    }
    if text.contains("fraud") && is_denied {
        return Some(Said { status: "fraud_reported".to_owned(), result: Some("denied"), challenged: true });
    }
    let unclassified =
        Said { status: "unclassified".to_owned(), result: is_denied.then_some("denied"), challenged: true };
    (is_named || is_denied).then_some(unclassified)
}

/// Steps in the order of their numbers, if all have one.
fn steps_of(sign_in: &Value) -> Vec<&Value> {
    let mut steps: Vec<&Value> = sign_in["authenticationDetails"].as_array().into_iter().flatten().collect();
    if steps.iter().all(|step| step["StatusSequence"].is_i64()) {
        steps.sort_by_key(|step| step["StatusSequence"].as_i64());
    }
    steps
}

fn says_multi_factor(requirement: &Value) -> bool {
    let requirement = text(requirement).unwrap_or_default().to_lowercase().replace(['-', ' '], "");
    requirement.contains("multifactor") || requirement.contains("multiconditionalaccess")
}

pub fn facts_of(record: &Value) -> Facts {
    let sign_in = &record["properties"];
    let error_code = sign_in["status"]["errorCode"]
        .as_i64()
        .or_else(|| text(&record["resultType"]).and_then(|code| code.parse().ok()));
    let is_one_of = |codes: &[i64]| error_code.is_some_and(|code| codes.contains(&code));
    let steps = steps_of(sign_in);
    let said_by = |step: &Value| text(&step["authenticationStepResultDetail"]).and_then(|text| read(&text));
    let second: Vec<&Value> = steps
        .iter()
        .copied()
        .filter(|step| said_by(step).is_some() || says_multi_factor(&step["authenticationStepRequirement"]))
        .collect();
    let in_status = text(&sign_in["status"]["additionalDetails"]).and_then(|text| read(&text));
    let in_steps: Vec<Said> = second.iter().filter_map(|step| said_by(step)).collect();
    let said = (in_steps.iter().rev().find(|said| said.is_last_word()))
        .or(in_status.as_ref().filter(|said| said.is_last_word()))
        .or(in_steps.last())
        .or(in_status.as_ref());

    let requirement = text(&sign_in["authenticationRequirement"]).unwrap_or_default();
    let is_primary = |step: &&Value| step["authenticationStepRequirement"] == "Primary authentication";
    let mfa_required = if !second.is_empty()
        || requirement == "multiFactorAuthentication"
        || in_status.is_some()
        || is_one_of(&REQUIRED)
    {
        "yes"
    } else if requirement == "singleFactorAuthentication" || !steps.is_empty() && steps.iter().all(is_primary) {
        "no"
    } else {
        "unknown"
    };
    let mfa_result = match said.and_then(|said| said.result) {
        Some(result) => result,
        None if is_one_of(&DENIED) => "denied",
        None if mfa_required == "yes" && is_one_of(&INTERRUPTED) => "pending",
        None if mfa_required == "no" => "none",
        None => "unknown",
    };
    let method = (second.last().and_then(|step| text(&step["authenticationMethod"])))
        .or_else(|| text(&sign_in["mfaDetail"]["authMethod"]));
    Facts {
        status: match error_code {
            Some(0) => "success",
            Some(code) if INTERRUPTED.contains(&code) => "interrupted",
            Some(_) => "failure",
            None => "unknown",
        },
        error_code,
        mfa_required,
        required_by: (mfa_required == "yes").then(|| required_by(sign_in)),
        mfa_result,
        mfa_status: said.map(|said| said.status.clone()),
        method: match mfa_required {
            "no" => "none",
            _ => method.map_or("unknown", |name| methods::second_factor(&name)),
        },
        challenged: mfa_required == "yes" && said.is_none_or(|said| said.challenged),
        interactive: interactive(record),
        component: component(record),
        ca_result: match sign_in["conditionalAccessStatus"].as_str() {
            Some("success") => "success",
            Some("failure") => "failure",
            Some("notApplied") => "not_applied",
            _ => "unknown",
        },
    }
}

/// Of several the first in this order.
fn required_by(sign_in: &Value) -> &'static str {
    let providers = sign_in["authenticationRequirementPolicies"].as_array();
    let mut found: Vec<(usize, &str)> = Vec::new();
    for provider in providers.into_iter().flatten() {
        found.push(match provider["requirementProvider"].as_str().expect("a name") {
            "user" => (0, "per_user"),
            "multiConditionalAccess" | "v1ConditionalAccess" => (1, "conditional_access"),
            "securityDefaults" => (2, "security_defaults"),
            "tenantSessionRiskPolicy" | "riskBasedPolicy" => (3, "risk"),
            "request" => (4, "application"),
            "crossTenantOutboundRule" => (5, "other"),
            name => panic!("the generator writes no {name}"),
        });
    }
    let first = found.iter().min().map_or("unknown", |(_, name)| *name);
    ["per_user", "conditional_access", "security_defaults", "risk", "application", "other"]
        .into_iter()
        .find(|name| *name == first)
        .unwrap_or("unknown")
}

fn interactive(record: &Value) -> &'static str {
    match (record["properties"]["isInteractive"].as_bool(), record["category"].as_str()) {
        (Some(true), _) | (None, Some("SignInLogs")) => "yes",
        (Some(false), _) | (None, Some("NonInteractiveUserSignInLogs")) => "no",
        _ => "unknown",
    }
}

fn component(record: &Value) -> &'static str {
    let sign_in = &record["properties"];
    let (issuer, resource) = (sign_in["tokenIssuerType"].as_str(), sign_in["resourceId"].as_str());
    if issuer == Some("NPSExtension") || resource == Some("radius") {
        "nps"
    } else if issuer.is_some_and(|issuer| issuer.starts_with("ADFederationServices"))
        || resource == Some("adfs")
        || record["category"] == "ADFSSignInLogs"
    {
        "adfs"
    } else {
        "none"
    }
}
