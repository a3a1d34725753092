//! From audit records to events: the rules of `spec/derivation.md` §3 and §4, as pure functions.

mod password;
mod registration;
mod reset;

pub use password::{PasswordAction, password_action};
pub use registration::registration_event;
pub use reset::{ResetStep, is_reset_step, reset_events};

use crate::instant::Instant;
use crate::method::AuthMethod;
use crate::record::Outcome;

/// An event that records say happened. Who it is about is the user of the record at `index`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedEvent {
    /// Position, among the records given, of the one that decides time and user.
    pub index: usize,
    pub at: Instant,
    pub method: AuthMethod,
    pub raw_method: Option<String>,
    pub outcome: Outcome,
    pub reason: Option<String>,
}

/// Texts compared without case, outer white space and a closing full stop.
fn same_text(left: &str, right: &str) -> bool {
    bare(left).eq_ignore_ascii_case(bare(right))
}

fn bare(text: &str) -> &str {
    text.trim().trim_end_matches('.').trim_end()
}

/// What follows a prefix, compared without case.
fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// What stands before a suffix, compared without case.
fn before<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let split = text.len().checked_sub(suffix.len())?;
    let tail = text.get(split..)?;
    tail.eq_ignore_ascii_case(suffix).then(|| &text[..split])
}

#[cfg(test)]
mod tests_support {
    use crate::instant::Instant;
    use crate::record::{AuditRecord, AuditResult, UserRef};

    pub fn audit(activity: &str, reason: &str, result: AuditResult) -> AuditRecord {
        AuditRecord {
            record_id: "1".into(),
            at: Instant::from_millis(0),
            log_at: None,
            activity: activity.into(),
            service: None,
            category: None,
            result,
            reason: Some(reason.into()),
            correlation_id: None,
            user: UserRef::default(),
            tenant: None,
            digest: [0; 32],
            body: String::new(),
        }
    }
}
