//! Sign-ins through what stands in the organisation's own rooms: the NPS extension, the AD FS adapter, AD FS itself.

use domain::sign_in::MfaStatus;
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::factors::{CALL, PUSH};
use super::record::{By, First, Requirement, Said, Second, Shape, SignIn, quirk};

/// Those of the VPN and of federated applications.
pub fn sign_in<'a>(mut line: SignIn<'a>, rng: &mut ChaCha8Rng) -> SignIn<'a> {
    line.is_interactive = true;
    line.quirks &= quirk::STEPS_UNNUMBERED | quirk::NO_APP;
    line.shape = match rng.random_range(0..10u32) {
        0..5 => Shape::NpsExtension,
        5..8 => Shape::AdfsAdapter,
        _ => Shape::Adfs,
    };
    if line.shape == Shape::Adfs {
        line.requirement = Requirement::Empty;
        let is_wrong = rng.random_ratio(1, 10);
        (line.code, line.first) = if is_wrong { (50126, First::WrongPassword) } else { (0, First::Password) };
        line.quirks |= match rng.random_range(0..10u32) {
            // The log's time is all there is.
            0 => quirk::NO_TIME,
            1 => quirk::NO_APP,
            _ => 0,
        };
        return line;
    }
    let (code, status) = match rng.random_range(0..100u32) {
        0..80 => (0, MfaStatus::SuccessfullyCompleted),
        80..88 => (500_121, MfaStatus::NoResponseToNotification),
        88..93 => (500_121, MfaStatus::UserDeclined),
        93..96 => (500_121, MfaStatus::UserNotFound),
        _ => (500_121, MfaStatus::DuplicateAttempt),
    };
    let factor = if rng.random_ratio(1, 6) { CALL } else { PUSH };
    line.requirement = Requirement::Multi;
    line.code = code;
    line.second =
        Some(Second { factor: Some(By::Factor(factor)), waits: false, said: Some(Said { status, spelling: 0 }) });
    line
}
