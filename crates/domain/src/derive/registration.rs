use super::{DerivedEvent, after, bare, before, same_text};
use crate::method::{AuthMethod, Vocabulary};
use crate::record::{AuditRecord, AuditResult, Outcome};

/// Activities that register one method each, with the method in the reason.
const ONE_METHOD: [&str; 2] = ["User registered security info", "Admin registered security info"];
/// Older activities that register, without saying which method.
const NO_METHOD: [&str; 2] =
    ["User registered for self-service password reset", "Security info saved for self-service password reset"];

/// The registration event an audit record stands for, if it does.
///
/// Started, reviewed, changed, updated, deleted and cancelled make none, nor does "all required security info",
/// nor the echo in "Update user": one registration is one event.
#[must_use]
pub fn registration_event(record: &AuditRecord) -> Option<DerivedEvent> {
    let activity = record.activity.as_str();
    let reason = record.reason.as_deref().unwrap_or_default();
    let names_method = ONE_METHOD.iter().any(|name| same_text(activity, name));
    if !names_method && !NO_METHOD.iter().any(|name| same_text(activity, name)) {
        return None;
    }
    let failed =
        record.result != AuditResult::Success || after(reason.trim_start(), "User failed to register").is_some();
    let raw_method = if names_method { method_in(reason) } else { None };
    let method = raw_method.map_or(AuthMethod::Unknown, |raw| AuthMethod::from_name(raw, Vocabulary::Used));
    // "phone method" and "officePhone" in a registration are numbers, not calls.
    let method = match method {
        AuthMethod::OfficeCall if raw_method.is_some_and(|raw| same_text(raw, "officePhone")) => {
            AuthMethod::OfficePhone
        }
        other => other,
    };
    Some(DerivedEvent {
        index: 0,
        at: record.at,
        method,
        raw_method: raw_method.map(str::to_owned),
        outcome: if failed { Outcome::Failure } else { Outcome::Success },
        reason: failed.then(|| record.reason.clone()).flatten(),
    })
}

/// `<User|Admin> <registered|failed to register> <method>[ method for user]`
fn method_in(reason: &str) -> Option<&str> {
    let reason = bare(reason);
    let rest = after(reason, "User ").or_else(|| after(reason, "Admin "))?;
    let method = after(rest, "registered ").or_else(|| after(rest, "failed to register "))?;
    let method = before(method, " method for user").unwrap_or(method).trim();
    (!method.is_empty()).then_some(method)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::tests_support::audit;

    #[test]
    fn the_reason_names_the_method() {
        for (activity, reason, result, method, outcome) in [
            (
                "User registered security info",
                "User registered Mobile Phone SMS",
                AuditResult::Success,
                AuthMethod::Sms,
                Outcome::Success,
            ),
            (
                "User registered security info",
                "User failed to register Authenticator App with Code",
                AuditResult::Success,
                AuthMethod::AppCode,
                Outcome::Failure,
            ),
            (
                "Admin registered security info",
                "Admin registered temporary access pass method for user",
                AuditResult::Success,
                AuthMethod::TemporaryAccessPass,
                Outcome::Success,
            ),
            (
                "Admin registered security info",
                "Admin registered phone method for user",
                AuditResult::Success,
                AuthMethod::MobilePhone,
                Outcome::Success,
            ),
            (
                "User registered security info",
                "User registered Fido.",
                AuditResult::Failure,
                AuthMethod::Fido2,
                Outcome::Failure,
            ),
            (
                "User registered for self-service password reset",
                "",
                AuditResult::Success,
                AuthMethod::Unknown,
                Outcome::Success,
            ),
        ] {
            let event = registration_event(&audit(activity, reason, result)).expect("an event");
            assert_eq!((event.method, event.outcome), (method, outcome), "{reason}");
        }
    }

    #[test]
    fn the_whole_and_the_rest_make_no_event() {
        for activity in [
            "User registered all required security info",
            "User started security info registration",
            "User reviewed security info",
            "User deleted security info",
            "Update user",
        ] {
            assert_eq!(registration_event(&audit(activity, "User registered Fido", AuditResult::Success)), None);
        }
    }
}
