//! Of which kind a record is: by the names of its properties alone, never by `@odata.context` or a file's name.

use serde_json::{Map, Value};

use crate::fields::Fields;
use crate::formats::users_export;
use crate::scrub::scrub_unparsed;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    RegistrationDetails,
    CredentialRegistration,
    /// `userCredentialUsageDetails` and `userEventsSummary`: the same properties under two names.
    UsageDetails,
    User,
    /// Our own list of users.
    UsersExport,
    MfaReport,
    /// A Graph object or a Log Analytics row.
    Audit,
    /// An Azure Monitor envelope with the audit record in `properties`.
    EnvelopedAudit,
    PortalAudit,
    /// Known, and not ours to keep (yet).
    Skipped(String),
}

const REGISTRATION: [&str; 14] = [
    "isSsprRegistered",
    "isSsprEnabled",
    "isSsprCapable",
    "isMfaCapable",
    "isPasswordlessCapable",
    "methodsRegistered",
    "ssprRegistered",
    "ssprEnabled",
    "ssprCapable",
    "mfaCapable",
    "passwordlessCapable",
    "mfaRegistered",
    "defaultMfaMethod",
    "userPreferredMethodForSecondaryAuthentication",
];
const CREDENTIAL: [&str; 4] = ["isRegistered", "isEnabled", "isCapable", "authMethods"];
const SIGN_IN: [&str; 7] = [
    "appDisplayName",
    "clientAppUsed",
    "conditionalAccessStatus",
    "resourceDisplayName",
    "authenticationRequirement",
    "isInteractive",
    "appliedConditionalAccessPolicies",
];
const DIRECTORY: [&str; 8] =
    ["accountEnabled", "userType", "department", "country", "createdDateTime", "deletedDateTime", "displayName", "id"];
/// A property that only one summary has, and the summary's name.
const SUMMARIES: [(&str, &str); 7] = [
    ("successfulActivityCount", "credentialUsageSummary"),
    ("userRegistrationMethodCounts", "userRegistrationMethodSummary"),
    ("userRegistrationFeatureCounts", "userRegistrationFeatureSummary"),
    ("userRegistrationCounts", "credentialUserRegistrationCount"),
    ("singleFactorSignIns", "userMfaSignInSummary"),
    ("successActivityCount", "userSignInUsageByAuthMethodActivity"),
    ("passwordResetsSelfServiceCount", "userPasswordResetsAndChangesSummary"),
];
/// "Authentication requirement" in the headers of localised portal exports.
const PORTAL_SIGN_IN: [&str; 5] = [
    "Request ID",
    "Authentication requirement",
    "Exigence d’authentification",
    "Requisito de autenticación",
    "Authentifizierungsanforderung",
];

pub(crate) fn of(fields: Fields<'_>) -> Option<Kind> {
    let envelope = fields.has("category")
        && !fields.has("TimeGenerated")
        && (fields.has("properties") || (fields.has("time") && fields.has_any(&["operationName", "resourceId"])));
    if envelope {
        return enveloped(fields);
    }
    // By all of its names: single ones are spelled like those of a registration report.
    if users_export::is_named(fields) {
        return Some(Kind::UsersExport);
    }
    // By value first: a table joined from audit and sign-in records has the columns of both.
    if fields.known("activityDateTime") || fields.known("activityDisplayName") {
        return Some(Kind::Audit);
    }
    if let Some((_, summary)) = SUMMARIES.iter().find(|(property, _)| fields.has(property)) {
        return Some(Kind::Skipped((*summary).to_owned()));
    }
    if fields.has("Date (UTC)") {
        return portal(fields);
    }
    if fields.has_any(&["MFA Status", "MFA Methods"]) && fields.has("userPrincipalName") {
        return Some(Kind::MfaReport);
    }
    if fields.has_any(&REGISTRATION) {
        return Some(Kind::RegistrationDetails);
    }
    if fields.has("feature") && fields.has_any(&["isSuccess", "eventDateTime", "authMethod"]) {
        return Some(Kind::UsageDetails);
    }
    if fields.has_any(&CREDENTIAL) {
        return Some(Kind::CredentialRegistration);
    }
    if fields.has("isMfaRegistered") {
        return Some(Kind::RegistrationDetails);
    }
    if fields.has_any(&SIGN_IN) {
        return Some(Kind::Skipped(sign_in(fields).to_owned()));
    }
    let names_user = fields.has_any(&["userPrincipalName", "accountEnabled", "userType"]);
    if names_user && fields.has_any(&DIRECTORY) && !fields.has_any(&["riskState", "riskEventType"]) {
        return Some(Kind::User);
    }
    if fields.has_any(&["activityDateTime", "activityDisplayName"])
        || (fields.has("loggedByService") && fields.has_any(&["initiatedBy", "targetResources"]))
    {
        return Some(Kind::Audit);
    }
    if fields.0.len() == 1 && fields.has("userPrincipalName") {
        return Some(Kind::Skipped("userPrincipalNameList".to_owned()));
    }
    if let Some(risk) =
        [("riskEventType", "riskDetection"), ("riskState", "riskyUser")].iter().find(|(p, _)| fields.has(p))
    {
        return Some(Kind::Skipped(risk.1.to_owned()));
    }
    // Rows of the other tables of a workspace.
    let other = fields.has("TimeGenerated").then(|| fields.text(&["Category", "Type"])).flatten();
    other.map(Kind::Skipped)
}

fn enveloped(envelope: Fields<'_>) -> Option<Kind> {
    let properties = envelope.nested(&["properties"]);
    let category = envelope.text(&["category"]);
    if let Some(inner) = properties.as_deref().and_then(Fields::of) {
        if inner.has("AuditEventId") && inner.has("ActivityResultStatus") {
            return Some(Kind::Skipped("intuneAuditEvent".to_owned()));
        }
        let audit = inner.has_any(&[
            "activityDateTime",
            "activityDisplayName",
            "targetUpdatedProperties",
            "auditEventCategory",
        ]);
        if audit || (inner.has("loggedByService") && inner.has("initiatedBy")) {
            return Some(Kind::EnvelopedAudit);
        }
        if inner.has_any(&SIGN_IN) && sign_in(inner) == "signIn" {
            return Some(Kind::Skipped("signIn".to_owned()));
        }
    }
    match category?.as_str() {
        "AuditLogs" | "Audit" => Some(Kind::EnvelopedAudit),
        "SignInLogs" | "NonInteractiveUserSignInLogs" | "ADFSSignInLogs" => Some(Kind::Skipped("signIn".to_owned())),
        other => Some(Kind::Skipped(scrub_unparsed(other))),
    }
}

/// Sign-ins of people and of service principals: only the former name a user.
fn sign_in(fields: Fields<'_>) -> &'static str {
    let person = ["userPrincipalName", "userId", "userDisplayName", "user", "username"];
    let application = fields.has_any(&["servicePrincipalId", "servicePrincipalName"]);
    if application && !person.iter().any(|name| fields.known(name)) { "ServicePrincipalSignInLogs" } else { "signIn" }
}

fn portal(fields: Fields<'_>) -> Option<Kind> {
    if fields.has("Activity") && fields.has_any(&["Service", "ActorType", "CorrelationId"]) {
        return Some(Kind::PortalAudit);
    }
    if !fields.has_any(&PORTAL_SIGN_IN) {
        return None;
    }
    let steps = fields.has("Authentication method") && !fields.has("Application");
    Some(Kind::Skipped(if steps { "signInAuthenticationDetails" } else { sign_in(fields) }.to_owned()))
}

/// Whether the columns of a table are those of a kind we know.
pub(crate) fn knows_columns(columns: &[String]) -> bool {
    let cell = || Value::String("x".to_owned());
    let members: Map<String, Value> = columns.iter().map(|column| (column.clone(), cell())).collect();
    of(Fields(&members)).is_some()
}

pub(crate) fn unknown_columns(columns: &[String]) -> String {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let reason = format!("The columns are those of no report that is known here: {}.", short(&names.join(", ")));
    scrub_unparsed(&reason)
}

/// What to say of a record of no known kind.
pub(crate) fn unknown_record(fields: Fields<'_>) -> String {
    let names: Vec<&str> = fields.0.keys().map(String::as_str).collect();
    if names.is_empty() {
        return "The record is empty.".to_owned();
    }
    format!(
        "The record is of no known kind: it has neither the properties of a registration report (such as \
         isSsprRegistered), of an event (feature, eventDateTime), of a user (userPrincipalName) nor of an audit record \
         (activityDateTime). It has {}.",
        short(&names.join(", "))
    )
}

fn short(text: &str) -> String {
    const MOST: usize = 200;
    let mut cut: String = text.chars().take(MOST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
