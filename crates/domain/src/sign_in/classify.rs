use super::reading::Reading;
use super::requirement::Requirement;
use super::{AuthenticationStep, Facts, MfaResult, RequiredBy, SecondFactor, SignInDetails, SignInStatus};
use crate::answer::Answer;
use crate::method::{AuthMethod, Vocabulary};

/// Codes that say a second factor was required, whatever became of it.
const REQUIRED: [i64; 16] =
    [50072, 50074, 50076, 50078, 50079, 50086, 50087, 50088, 50158, 50161, 50166, 50170, 50177, 500121, 53004, 53010];

/// Codes that say, where no text does, that the second factor was denied.
const DENIED: [i64; 8] = [500121, 50086, 50087, 50088, 50161, 50166, 50170, 50177];

/// Codes of a sign-in that goes on: neither success nor failure.
const INTERRUPTS: [i64; 10] = [50072, 50074, 50076, 50078, 50079, 50097, 50125, 50140, 50158, 65001];

/// Facts of a sign-in from what its record says. `steps` are the record's own, or those of an `_AuthDetails_` file;
/// those of `details` are not looked at.
#[must_use]
pub fn classify(details: &SignInDetails, steps: &[AuthenticationStep]) -> Facts {
    let reading = Reading::of(details.additional_details.as_deref(), steps);
    let mfa_required = mfa_required(details, &reading);
    let said = reading.text.map(|(text, _)| text);
    Facts {
        mfa_required,
        required_by: (mfa_required == Answer::Yes).then(|| RequiredBy::of(&details.required_by)),
        result: said
            .and_then(|text| text.result)
            .unwrap_or_else(|| result_without_text(mfa_required, details.error_code)),
        status: said.map(|text| text.status),
        method: if mfa_required == Answer::No {
            SecondFactor::None
        } else {
            SecondFactor::Method(method(details, &reading))
        },
        sign_in: sign_in_status(details),
    }
}

/// What the second factor was given with, as far as the record tells: the end of a number, the name of a device. Where
/// [`classify`] says that no second factor was required, steps have nothing to say of it.
#[must_use]
pub fn detail(mfa_detail: Option<&str>, steps: &[AuthenticationStep]) -> Option<String> {
    let step = || filled(Reading::of(None, steps).last_step?.detail.as_deref());
    filled(mfa_detail).or_else(step).map(str::to_owned)
}

/// The text, as it came, that `Facts::status` is from. What is shown of an `unclassified` one.
#[must_use]
pub fn status_text<'a>(details: &'a SignInDetails, steps: &'a [AuthenticationStep]) -> Option<&'a str> {
    Reading::of(details.additional_details.as_deref(), steps).text.map(|(_, raw)| raw)
}

fn mfa_required(details: &SignInDetails, reading: &Reading<'_>) -> Answer {
    let requirement = Requirement::of(details.requirement.as_deref());
    if reading.last_step.is_some()
        || reading.is_in_details
        || requirement == Requirement::MultiFactor
        || details.error_code.is_some_and(|code| REQUIRED.contains(&code))
    {
        Answer::Yes
    } else if requirement == Requirement::SingleFactor || reading.is_all_primary {
        Answer::No
    } else {
        Answer::Unknown
    }
}

fn result_without_text(mfa_required: Answer, error_code: Option<i64>) -> MfaResult {
    let is_one_of = |codes: &[i64]| error_code.is_some_and(|code| codes.contains(&code));
    match mfa_required {
        _ if is_one_of(&DENIED) => MfaResult::Denied,
        Answer::Yes if is_one_of(&INTERRUPTS) => MfaResult::Pending,
        Answer::No => MfaResult::None,
        Answer::Yes | Answer::Unknown => MfaResult::Unknown,
    }
}

fn method(details: &SignInDetails, reading: &Reading<'_>) -> AuthMethod {
    filled(reading.last_step.and_then(|step| step.method.as_deref()))
        .or_else(|| filled(details.mfa_method.as_deref()))
        .map_or(AuthMethod::Unknown, |name| AuthMethod::from_name(name, Vocabulary::Used))
}

fn sign_in_status(details: &SignInDetails) -> SignInStatus {
    details.given_status.unwrap_or(match details.error_code {
        None => SignInStatus::Unknown,
        Some(0) => SignInStatus::Success,
        Some(code) if INTERRUPTS.contains(&code) => SignInStatus::Interrupted,
        Some(_) => SignInStatus::Failure,
    })
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
