use super::{AuthenticationStep, Facts, MfaResult, SecondFactor, SignInDetails, SignInStatus};
use crate::answer::Answer;

/// Facts of a sign-in from what its record says. `steps` are the record's own, or those of an `_AuthDetails_` file.
#[must_use]
pub fn classify(_details: &SignInDetails, _steps: &[AuthenticationStep]) -> Facts {
    Facts {
        mfa_required: Answer::Unknown,
        required_by: None,
        result: MfaResult::Unknown,
        status: None,
        method: SecondFactor::None,
        sign_in: SignInStatus::Success,
    }
}

/// What is known of the method, e.g. a masked number.
#[must_use]
pub fn detail(details: &SignInDetails, _steps: &[AuthenticationStep]) -> Option<String> {
    details.mfa_detail.clone()
}
