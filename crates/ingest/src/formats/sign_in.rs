//! `signIn` as a Graph object (v1.0 and beta, also the portal's JSON), in an Azure Monitor envelope, or as a row of Log
//! Analytics. All use the same names; the log's own words stand around the properties, beside them, or nowhere.
//!
//! What cannot be understood of a sign-in is unknown, and the sign-in is kept: only its time and its user are needed.

mod place;
mod policies;
mod portal;
mod steps;
mod words;

use domain::record::{Record, UserRef};
use domain::sign_in::{AppRef, Component, ConditionalAccessResult, SignInDetails, SignInRecord};
use serde_json::Value;

use super::directory_audit::stand_in_id;
use super::fields;
use crate::canonical::digest;
use crate::fields::{Fields, Problem};
use crate::names::same_name;
use crate::time::Clock;

pub(super) use portal::{read as read_portal, read_step as read_portal_step};

/// A Graph object or a Log Analytics row: the record is its own envelope.
pub(super) fn read(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    // In a workspace `TenantId` is the workspace's.
    let tenant = if fields.has("TimeGenerated") { &["AADTenantId"][..] } else { &["tenantId"][..] };
    sign_in(record, fields, fields, fields.id(tenant), clock)
}

pub(super) fn read_enveloped(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let envelope = fields(record)?;
    let properties = envelope.nested(&["properties"]);
    let inner = properties.as_deref().and_then(Fields::of).unwrap_or(envelope);
    let tenant = inner.id(&["tenantId"]).or_else(|| envelope.id(&["tenantId"]));
    // Azure Monitor writes times of AD FS as Americans do.
    sign_in(record, envelope, inner, tenant, &mut clock.month_first())
}

fn sign_in(
    record: &Value,
    envelope: Fields<'_>,
    inner: Fields<'_>,
    tenant: Option<String>,
    clock: &mut Clock,
) -> Result<Record, Problem> {
    let own_time = inner.time(&["createdDateTime"], clock)?;
    // A log time that cannot be read matters only where the record has no time of its own.
    let log_at = match envelope.time(&["time", "TimeGenerated"], clock) {
        Err(Problem::Rejected(_)) if own_time.is_some() => None,
        log_at => log_at?,
    };
    let at = own_time.or(log_at).ok_or_else(|| Problem::missing("createdDateTime"))?;
    let user = user_of(inner, ["userId", "userPrincipalName", "userDisplayName"])?;
    let app = AppRef { id: inner.id(&["appId"]), name: inner.text(&["appDisplayName"]) };
    let details = details(envelope, inner, clock)?;
    let record_id = inner.id(&["id"]).unwrap_or_else(|| id_of(at, &user, &app, &details));
    let category = envelope.text(&["category"]).or_else(|| envelope.text(&["Type"]));
    Ok(Record::SignIn(Box::new(SignInRecord {
        record_id,
        at,
        log_at,
        user,
        tenant,
        interactive: interactive(inner, category.as_deref()),
        component: component(
            details.token_issuer.as_deref(),
            &["resourceId", "ResourceIdentity", "resourceDisplayName", "resource"],
            inner,
            category.as_deref(),
        ),
        app,
        place: place::of(envelope, inner),
        conditional_access: conditional_access(inner, "conditionalAccessStatus"),
        policies: policies::of(inner),
        details,
        digest: digest(record),
    })))
}

fn details(envelope: Fields<'_>, inner: Fields<'_>, clock: &mut Clock) -> Result<SignInDetails, Problem> {
    let status = inner.nested(&["status"]);
    let status = status.as_deref().and_then(Fields::of);
    let mfa = inner.nested(&["mfaDetail"]);
    let mfa = mfa.as_deref().and_then(Fields::of);
    let device = inner.nested(&["deviceDetail"]);
    let device = device.as_deref().and_then(Fields::of);
    // Scripts that flatten the objects keep the names of what is in them.
    let code = words::code(status.unwrap_or(inner), "errorCode").or_else(|| words::code(inner, "status"));
    let of_device = |names: &[&str]| device.unwrap_or(inner).text(names);
    let logged_reason = || envelope.text(&["resultDescription"]).filter(|reason| reason != "None");
    Ok(SignInDetails {
        correlation_id: inner.id(&["correlationId"]).or_else(|| envelope.id(&["correlationId"])),
        error_code: code.or_else(|| words::code(envelope, "resultType")),
        given_status: None,
        failure_reason: status.unwrap_or(inner).text(&["failureReason"]).or_else(logged_reason),
        requirement: inner.text(&["authenticationRequirement"]),
        required_by: policies::required_by(inner),
        additional_details: status.and_then(|status| status.text(&["additionalDetails"])),
        steps: steps::of(inner, clock)?,
        mfa_method: mfa.and_then(|mfa| mfa.text(&["authMethod"])),
        mfa_detail: mfa.and_then(|mfa| mfa.text(&["authDetail"])),
        resource: inner.text(&["resourceDisplayName"]),
        client_app: inner.text(&["clientAppUsed"]),
        browser: of_device(&["browser"]),
        operating_system: of_device(&["operatingSystem", "OS"]),
        device: device.and_then(|device| device.text(&["displayName", "deviceId"])),
        token_issuer: inner.text(&["tokenIssuerType", "tokenIssuerName"]),
    })
}

/// Who signed in; an id or a user name is required.
fn user_of(fields: Fields<'_>, [id, user_name, display_name]: [&str; 3]) -> Result<UserRef, Problem> {
    let user = UserRef {
        object_id: fields.id(&[id]),
        user_name: fields.text(&[user_name]),
        display_name: fields.text(&[display_name]),
    };
    if user.is_nobody() {
        return Err(Problem::Rejected(format!("The sign-in names no user: {id} and {user_name} are both missing.")));
    }
    Ok(user)
}

/// The id of a record that has none: a hash of (time, user, application, correlation id, result).
fn id_of(at: domain::instant::Instant, user: &UserRef, app: &AppRef, details: &SignInDetails) -> String {
    let who = user.object_id.clone().or_else(|| user.user_name.as_ref().map(|name| name.to_lowercase()));
    stand_in_id(&[
        &at.millis().to_string(),
        &who.unwrap_or_default(),
        app.id.as_deref().or(app.name.as_deref()).unwrap_or_default(),
        details.correlation_id.as_deref().unwrap_or_default(),
        &details.error_code.map(|code| code.to_string()).unwrap_or_default(),
    ])
}

/// What the record says, else what its category or table holds.
fn interactive(inner: Fields<'_>, category: Option<&str>) -> Option<bool> {
    inner
        .flag_if_read(&["isInteractive"])
        .or_else(|| {
            let category = category?;
            let non_interactive = ["NonInteractiveUserSignInLogs", "AADNonInteractiveUserSignInLogs"];
            if category.eq_ignore_ascii_case("SignInLogs") {
                return Some(true);
            }
            non_interactive.iter().any(|name| category.eq_ignore_ascii_case(name)).then_some(false)
        })
        .or_else(|| words::event_types(inner))
}

/// Through which on-premises component a sign-in came: the MFA of NPS and AD FS first, then AD FS as such.
fn component(issuer: Option<&str>, resources: &[&str], inner: Fields<'_>, category: Option<&str>) -> Component {
    let issued_by = |name: &str| issuer.is_some_and(|issuer| same_name(issuer, name));
    let resource = |name: &str| {
        resources.iter().any(|resource| {
            inner.get(resource).and_then(Value::as_str).is_some_and(|given| given.trim().eq_ignore_ascii_case(name))
        })
    };
    let category = category.is_some_and(|category| category.eq_ignore_ascii_case("ADFSSignInLogs"));
    if issued_by("NPSExtension") || (!issued_by("ADFederationServicesMFAAdapter") && resource("radius")) {
        Component::Nps
    } else if issued_by("ADFederationServicesMFAAdapter")
        || resource("adfs")
        || category
        || issued_by("ADFederationServices")
    {
        Component::Adfs
    } else {
        Component::None
    }
}

fn conditional_access(fields: Fields<'_>, name: &str) -> ConditionalAccessResult {
    match fields.get(name) {
        Some(Value::String(word)) => words::conditional_access(word),
        Some(Value::Number(number)) => words::conditional_access(&number.to_string()),
        _ => ConditionalAccessResult::Unknown,
    }
}
