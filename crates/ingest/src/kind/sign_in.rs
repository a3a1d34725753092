//! Sign-ins by their names: those of people, and those of applications, which name no user.

use super::{Kind, needed};
use crate::fields::Fields;

const NAMES: [&str; 11] = [
    "appDisplayName",
    "clientAppUsed",
    "conditionalAccessStatus",
    "resourceDisplayName",
    "authenticationRequirement",
    "isInteractive",
    "appliedConditionalAccessPolicies",
    "authenticationDetails",
    "signInEventTypes",
    "mfaDetail",
    "riskLevelDuringSignIn",
];

pub(super) fn is_named(fields: Fields<'_>) -> bool {
    // A selection of properties that leaves out all of these may still have its status.
    let has_code = || {
        let status = fields.nested(&["status"]);
        status.as_deref().and_then(Fields::of).is_some_and(|status| status.has("errorCode"))
    };
    fields.has_any(&NAMES) || (fields.has_any(&["userPrincipalName", "userId"]) && has_code())
}

/// Whether a service principal or a managed identity signed in, and nobody else.
pub(super) fn is_of_an_application(fields: Fields<'_>) -> bool {
    // An id of zeros is nobody's.
    let known = |names: &[&str]| names.iter().any(|name| fields.id(&[name]).is_some());
    known(&["servicePrincipalId", "servicePrincipalName"])
        && !known(&["userPrincipalName", "userId", "userDisplayName", "user", "username"])
}

/// `ServicePrincipalSignInLogs`, `ManagedIdentitySignInLogs` and their like.
pub(super) fn is_category_of_applications(category: &str) -> bool {
    let category = category.to_ascii_lowercase();
    category.contains("serviceprincipal") || category.contains("managedidentity")
}

pub(super) fn of_a_person(fields: Fields<'_>, kind: Kind) -> Kind {
    if is_of_an_application(fields) { Kind::Skipped("ServicePrincipalSignInLogs".to_owned()) } else { kind }
}

/// Rows of the portal's downloads, under their English headings.
pub(super) fn of_portal(fields: Fields<'_>) -> Option<Kind> {
    let step = ["Authentication method detail", "Succeeded", "Result detail"];
    if fields.has("Authentication method") && fields.has_any(&step) && !fields.has("Application") {
        return Some(needed(
            fields,
            "The portal's file of authentication details",
            &[&["Request ID"]],
            Kind::PortalStep,
        ));
    }
    let own = ["Sign-in error code", "Multifactor authentication result", "Multifactor authentication auth method"];
    let with_date = ["Request ID", "Authentication requirement"];
    let named = fields.has_any(&own) || (fields.has("Date (UTC)") && fields.has_any(&with_date));
    if !named {
        return None;
    }
    if is_of_an_application(fields) {
        return Some(of_a_person(fields, Kind::PortalSignIn));
    }
    let columns: [&[&str]; 2] = [&["Date (UTC)"], &["Username", "User ID"]];
    Some(needed(fields, "The portal's sign-in download", &columns, Kind::PortalSignIn))
}
