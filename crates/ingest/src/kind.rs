//! Of which kind a record is: by the names of its properties alone, never by `@odata.context` or a file's name.

pub(crate) mod mfa_server;
mod sign_in;

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
    /// A Graph object or a Log Analytics row.
    SignIn,
    /// An Azure Monitor envelope with the sign-in in `properties`.
    EnvelopedSignIn,
    PortalSignIn,
    /// A row of the portal's `_AuthDetails_` download: a step of a sign-in.
    PortalStep,
    /// A row of MFA Server's activity report.
    Activity,
    /// Rows of MFA Server's histories.
    Block,
    Bypass,
    ServerStatus,
    /// Known, and not ours to keep (yet).
    Skipped(String),
    /// Known, but without a column or property that its kind needs; a sentence says which.
    Lacking(String),
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
    if let Some(kind) = sign_in::of_portal(fields).or_else(|| portal_audit(fields)) {
        return Some(kind);
    }
    if let Some(kind) = mfa_server::of(fields) {
        return Some(kind);
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
    if sign_in::is_named(fields) {
        return Some(sign_in::of_a_person(fields, Kind::SignIn));
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
    if fields.members.len() == 1 && fields.has("userPrincipalName") {
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
        let of_applications = category.as_deref().is_some_and(sign_in::is_category_of_applications);
        if sign_in::is_named(inner) && !of_applications && !sign_in::is_of_an_application(inner) {
            return Some(Kind::EnvelopedSignIn);
        }
    }
    match category?.as_str() {
        "AuditLogs" | "Audit" => Some(Kind::EnvelopedAudit),
        "SignInLogs" | "NonInteractiveUserSignInLogs" | "ADFSSignInLogs" => {
            let inner = properties.as_deref().and_then(Fields::of).unwrap_or(envelope);
            Some(sign_in::of_a_person(inner, Kind::EnvelopedSignIn))
        }
        other => Some(Kind::Skipped(scrub_unparsed(other))),
    }
}

fn portal_audit(fields: Fields<'_>) -> Option<Kind> {
    let named = fields.has("Date (UTC)") && fields.has("Activity");
    (named && fields.has_any(&["Service", "ActorType", "CorrelationId"])).then_some(Kind::PortalAudit)
}

/// The kind, if of each of these lists of names one is there.
fn needed(fields: Fields<'_>, report: &str, names: &[&[&str]], kind: Kind) -> Kind {
    match names.iter().find(|any| !fields.has_any(any)) {
        None => kind,
        Some([name]) => Kind::Lacking(format!("{name} is missing. {report} needs it.")),
        Some(any) => Kind::Lacking(format!(
            "{} and {} are missing. {report} needs one of them.",
            any[..any.len() - 1].join(", "),
            any[any.len() - 1]
        )),
    }
}

/// What the columns of a table say.
pub(crate) enum Columns {
    Known,
    Unknown,
    /// Of a kind we know, without one that it needs.
    Lacking(String),
}

pub(crate) fn of_columns(columns: &[String]) -> Columns {
    let cell = || Value::String("x".to_owned());
    let members: Map<String, Value> = columns.iter().map(|column| (column.clone(), cell())).collect();
    match of(Fields::new(&members)) {
        None => Columns::Unknown,
        Some(Kind::Lacking(reason)) => Columns::Lacking(reason),
        Some(_) => Columns::Known,
    }
}

pub(crate) fn unknown_columns(columns: &[String]) -> String {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let reason = format!("The columns are those of no report that is known here: {}.", short(&names.join(", ")));
    scrub_unparsed(&reason)
}

/// What to say of a record of no known kind.
pub(crate) fn unknown_record(fields: Fields<'_>) -> String {
    let names: Vec<&str> = fields.members.keys().map(String::as_str).collect();
    if names.is_empty() {
        return "The record is empty.".to_owned();
    }
    format!(
        "The record is of no known kind: it has neither the properties of a registration report (such as \
         isSsprRegistered), of an event (feature, eventDateTime), of a user (userPrincipalName), of an audit record \
         (activityDateTime) nor of a sign-in (appDisplayName, authenticationRequirement). It has {}.",
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
