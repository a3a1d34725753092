use crate::named;
use crate::record::{AuditRecord, AuditResult, Outcome};

use super::{after, same_text};

named! {
    /// What the audit log says was done to a password or a lock, as a whole. Stored by position: append only.
    pub enum PasswordAction {
        SelfServiceReset => "self_service_reset",
        ResetByAdmin => "reset_by_admin",
        Change => "change",
        Unlock => "unlock",
        /// Barred from resetting for too many tries.
        Blocked => "blocked",
    }
}

/// What a record says was done, and whether it was; `None` for all other records.
///
/// A cloud's success that did not reach the directory on premises is a success; a block is one, whatever its result says.
#[must_use]
pub fn password_action(audit: &AuditRecord) -> Option<(PasswordAction, Outcome)> {
    const ACTIVITIES: [(&str, PasswordAction); 5] = [
        ("Reset password (self-service)", PasswordAction::SelfServiceReset),
        ("Reset password (by admin)", PasswordAction::ResetByAdmin),
        ("Change password (self-service)", PasswordAction::Change),
        ("Unlock user account (self-service)", PasswordAction::Unlock),
        ("Blocked from self-service password reset", PasswordAction::Blocked),
    ];
    let (_, action) = ACTIVITIES.iter().find(|(activity, _)| same_text(activity, &audit.activity))?;
    let reached_cloud =
        audit.reason.as_deref().is_some_and(|reason| after(reason, "OnPremisesSuccessCloudFailure").is_some());
    let is_success = audit.result == AuditResult::Success || *action == PasswordAction::Blocked || reached_cloud;
    Some((*action, if is_success { Outcome::Success } else { Outcome::Failure }))
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::audit;
    use super::*;

    #[test]
    fn whole_resets_and_unlocks_by_result() {
        let of = |activity: &str, reason: &str, result| password_action(&audit(activity, reason, result));
        assert_eq!(
            of("Reset password (self-service)", "OnPremisesSuccessCloudFailure", AuditResult::Failure),
            Some((PasswordAction::SelfServiceReset, Outcome::Success))
        );
        assert_eq!(
            of("Unlock user account (self-service)", "", AuditResult::Failure),
            Some((PasswordAction::Unlock, Outcome::Failure))
        );
        assert_eq!(
            of("Change password (self-service) ", "None", AuditResult::Success),
            Some((PasswordAction::Change, Outcome::Success))
        );
        assert_eq!(of("Self-service password reset flow activity progress", "", AuditResult::Success), None);
    }
}
