//! What the other side says when it says no. Its codes are read, its sentences are not: they name people and change.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::connection::{CredentialFault, DIRECTORY_PERMISSION, PullProblem, Resource};
use serde::Deserialize;

/// Characters of a code that are kept: codes are short.
const LONGEST_CODE: usize = 80;
const NO_LICENCE: &str = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";

#[derive(Deserialize)]
struct GraphError {
    error: Inner,
}

#[derive(Deserialize)]
struct Inner {
    #[serde(default)]
    code: String,
}

/// `error.code` of an answer of Graph, if it is a code at all.
pub(crate) fn code_of(body: &[u8]) -> String {
    let code = serde_json::from_slice::<GraphError>(body).map(|said| said.error.code).unwrap_or_default();
    let is_code = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if is_code(&code) { code.chars().take(LONGEST_CODE).collect() } else { String::new() }
}

/// What a 403 means, given the permissions in the token (`None`: the token does not show them).
pub(crate) fn forbidden(body: &[u8], resource: Resource, granted: Option<&[String]>) -> PullProblem {
    let code = code_of(body);
    if code == NO_LICENCE {
        return PullProblem::LicenceMissing;
    }
    let missing = missing(resource, granted.unwrap_or_default());
    if missing.is_empty() {
        PullProblem::Refused { code }
    } else {
        PullProblem::PermissionMissing { permissions: missing }
    }
}

/// The permissions that the resource needs and the token lacks.
fn missing(resource: Resource, granted: &[String]) -> Vec<String> {
    let has = |permission: &str| granted.iter().any(|granted| granted == permission);
    let needed = resource.permissions().iter().filter(|permission| !has(permission));
    // The larger permission gives users, too.
    let needed = needed.filter(|_| resource != Resource::Users || !has(DIRECTORY_PERMISSION));
    needed.map(|permission| (*permission).to_owned()).collect()
}

/// The application permissions in a token, where it is one that shows them.
pub(crate) fn permissions_of(token: &str) -> Option<Vec<String>> {
    #[derive(Deserialize)]
    struct Claims {
        #[serde(default)]
        roles: Vec<String>,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    Some(serde_json::from_slice::<Claims>(&claims).ok()?.roles)
}

/// What the authority has against us.
pub(crate) fn refused_token(body: &[u8]) -> PullProblem {
    #[derive(Deserialize)]
    struct Refusal {
        #[serde(default)]
        error_codes: Vec<i64>,
    }
    let codes = serde_json::from_slice::<Refusal>(body).map(|said| said.error_codes).unwrap_or_default();
    let code = codes.first().copied();
    let fault = match code {
        Some(7_000_215 | 7_000_216) => CredentialFault::SecretWrong,
        Some(7_000_222) => CredentialFault::SecretExpired,
        Some(700_027 | 700_024 | 700_021 | 700_023 | 50_027 | 7_000_217) => CredentialFault::CertificateRefused,
        Some(700_016 | 7_000_112) => CredentialFault::ApplicationUnknown,
        Some(90_002 | 900_023) => CredentialFault::TenantUnknown,
        _ => CredentialFault::Other,
    };
    PullProblem::Credential { fault, code }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_refusal_names_what_is_missing() {
        let body = br#"{"error":{"code":"Authorization_RequestDenied","message":"kim@contoso.com may not"}}"#;
        let one = forbidden(body, Resource::SignIns, Some(&granted(&["AuditLog.Read.All"])));
        assert_eq!(one, PullProblem::PermissionMissing { permissions: granted(&["Directory.Read.All"]) });
        let both = forbidden(body, Resource::SignIns, None);
        let permissions = granted(&["AuditLog.Read.All", "Directory.Read.All"]);
        assert_eq!(both, PullProblem::PermissionMissing { permissions: permissions.clone() });
        let none = forbidden(body, Resource::SignIns, Some(&permissions));
        assert_eq!(none, PullProblem::Refused { code: "Authorization_RequestDenied".to_owned() });
        let users = forbidden(body, Resource::Users, Some(&permissions));
        assert!(matches!(users, PullProblem::Refused { .. }), "Directory.Read.All gives users");
    }

    #[test]
    fn a_licence_is_not_a_permission() {
        let body = br#"{"error":{"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant","message":""}}"#;
        assert_eq!(forbidden(body, Resource::SignIns, None), PullProblem::LicenceMissing);
    }

    #[test]
    fn what_is_no_code_is_not_repeated() {
        assert_eq!(code_of(br#"{"error":{"code":"kim@contoso.com may not"}}"#), "");
        assert_eq!(code_of(b"<html>"), "");
    }

    #[test]
    fn the_authoritys_numbers_are_faults() {
        let fault = |code: i64| match refused_token(format!(r#"{{"error":"x","error_codes":[{code}]}}"#).as_bytes()) {
            PullProblem::Credential { fault, code: Some(said) } if said == code => Some(fault),
            _ => None,
        };
        assert_eq!(fault(7_000_215), Some(CredentialFault::SecretWrong));
        assert_eq!(fault(7_000_222), Some(CredentialFault::SecretExpired));
        assert_eq!(fault(700_016), Some(CredentialFault::ApplicationUnknown));
        assert_eq!(fault(90_002), Some(CredentialFault::TenantUnknown));
        assert_eq!(fault(1), Some(CredentialFault::Other));
        let silent = PullProblem::Credential { fault: CredentialFault::Other, code: None };
        assert_eq!(refused_token(b""), silent);
    }
}
