//! A second factor is demanded: who demands it, how it goes, what the records say of it.

use domain::instant::MINUTE_MS;
use domain::sign_in::MfaStatus;
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::super::names;
use super::super::people::Standing;
use super::super::text::Guid;
use super::attempt::World;
use super::factors::{FACTORS, FIDO, HELLO, PUSH, chosen};
use super::policies;
use super::record::{By, First, Requirement, Said, Second, SignIn, quirk};

impl<'a> World<'a> {
    /// The log asks for a second factor, gets it or not, and perhaps asks again.
    pub(super) fn challenge(&self, base: SignIn<'a>, rng: &mut ChaCha8Rng, lines: &mut Vec<SignIn<'a>>) {
        let Some(number) = chosen(base.user.methods, rng) else {
            let mut line = self.challenged(base, None, rng);
            let says_so = rng.random_ratio(1, 2);
            let said = says_so.then_some((MfaStatus::NoMethodsRegistered, 0));
            self.end(&mut line, if says_so { 500_121 } else { 50079 }, said, rng);
            lines.push(line);
            return;
        };
        let factor = &FACTORS[usize::from(number)];
        let in_outage = self.outage.contains(&base.at);
        if rng.random_ratio(42, 100) {
            let mut line = self.challenged(base.clone(), Some(number), rng);
            line.code = [50074, 50074, 50074, 50076, 50076, 50078, 50097][rng.random_range(0..7)];
            match rng.random_range(0..10u32) {
                0..5 => line.quirks |= quirk::STEPS_EMPTY,
                5..8 => {}
                _ => self.say(&mut line, MfaStatus::InProgress, rng),
            }
            lines.push(line);
            if rng.random_ratio(6, 100) {
                // And that was all; or a program goes on, with a claim of another sign-in.
                if rng.random_ratio(1, 3) {
                    let mut line = after(base, lines, rng);
                    line.is_interactive = false;
                    line.first = First::Claim;
                    self.skip(&mut line, MfaStatus::ClaimInToken, rng);
                    lines.push(line);
                }
                return;
            }
        }
        let mut line = after(self.challenged(base.clone(), Some(number), rng), lines, rng);
        if !factor.fails(in_outage, rng) {
            self.complete(&mut line, rng);
            lines.push(line);
            return;
        }
        let denial = (factor.denial(in_outage, rng), spelling(rng));
        let code = if rng.random_ratio(9, 10) { 500_121 } else { 50074 };
        // The reason of some is nowhere.
        self.end(&mut line, code, Some(denial).filter(|_| !rng.random_ratio(5, 100)), rng);
        lines.push(line);
        if lines.len() < 3 && rng.random_ratio(38, 100) {
            let mut line = after(self.challenged(base, Some(number), rng), lines, rng);
            if factor.fails(in_outage, rng) {
                self.end(&mut line, 500_121, Some((factor.denial(in_outage, rng), spelling(rng))), rng);
            } else {
                self.complete(&mut line, rng);
            }
            lines.push(line);
        }
    }

    fn complete(&self, line: &mut SignIn<'a>, rng: &mut ChaCha8Rng) {
        let status = match rng.random_range(0..10_000u32) {
            0..2 => MfaStatus::Unclassified,
            2..150 => MfaStatus::ExpiredByPolicy,
            150..3_000 => MfaStatus::CompletedInCloud,
            _ => MfaStatus::SuccessfullyCompleted,
        };
        let code = match rng.random_range(0..100u32) {
            0..4 => 50140,
            4..6 => 50125,
            6..8 => 65001,
            8 => 53000,
            _ => 0,
        };
        if code == 53000 {
            line.evaluated = policies::NOT_COMPLIANT;
        }
        self.end(line, code, Some((status, spelling(rng))), rng);
        if matches!(line.second, Some(Second { factor: Some(By::Factor(FIDO | HELLO)), .. })) {
            line.first = First::Passwordless;
        }
    }

    /// A sign-in that a second factor is demanded of; what became of it is not said yet.
    pub(super) fn challenged(&self, mut line: SignIn<'a>, factor: Option<u8>, rng: &mut ChaCha8Rng) -> SignIn<'a> {
        line.id = Guid::random(rng);
        line.requirement = match rng.random_range(0..100u32) {
            0..92 => Requirement::Multi,
            // The highest requirement reached.
            92..97 => Requirement::Single,
            _ => Requirement::Empty,
        };
        (line.demanded, line.evaluated) = self.demanded(&line, false, rng);
        line.second = Some(Second { factor: factor.map(By::Factor), waits: false, said: None });
        line.quirks |= match rng.random_range(0..100u32) {
            0..14 => quirk::MFA_DETAIL,
            14..36 => quirk::SAID_IN_STEPS,
            36..46 => quirk::SAID_IN_STATUS,
            _ => 0,
        };
        line
    }

    /// How a challenge ended.
    pub(super) fn end(&self, line: &mut SignIn<'a>, code: u32, said: Option<(MfaStatus, u8)>, rng: &mut ChaCha8Rng) {
        line.code = code;
        let is_met = code == 0 || matches!(code, 50140 | 50125 | 65001);
        (line.demanded, line.evaluated) = self.demanded(line, is_met, rng);
        let Some(second) = &mut line.second else { return };
        second.said = said.map(|(status, spelling)| Said { status, spelling });
        second.waits = matches!(second.factor, Some(By::Factor(PUSH))) && said.is_some() && rng.random_ratio(6, 10);
        if said.is_some() && rng.random_ratio(4, 100) {
            // Nothing but the text, as of old.
            line.quirks = line.quirks & !quirk::SAID_IN_STEPS | quirk::NO_STEPS | quirk::MFA_DETAIL;
        }
    }

    pub(super) fn say(&self, line: &mut SignIn<'a>, status: MfaStatus, rng: &mut ChaCha8Rng) {
        let factor = line.second.and_then(|second| second.factor);
        let spelling = spelling(rng);
        line.second = Some(Second { factor, waits: false, said: Some(Said { status, spelling }) });
    }

    /// Required, and satisfied without anybody being asked.
    pub(super) fn skip(&self, line: &mut SignIn<'a>, status: MfaStatus, rng: &mut ChaCha8Rng) {
        line.requirement = match rng.random_range(0..100u32) {
            0..48 => Requirement::Multi,
            48..80 => Requirement::Single,
            _ => Requirement::Empty,
        };
        (line.demanded, line.evaluated) = self.demanded(line, true, rng);
        self.say(line, status, rng);
        let earlier = !matches!(status, MfaStatus::SkippedLocation | MfaStatus::SkippedRegisteredDevice);
        line.second = line.second.map(|second| Second { factor: earlier.then_some(By::Earlier), ..second });
        line.quirks |= match rng.random_range(0..100u32) {
            0..10 => quirk::SAID_IN_STEPS,
            10..20 => quirk::SAID_IN_STATUS,
            20..26 => quirk::NO_STEPS | quirk::SAID_IN_STATUS,
            _ => 0,
        };
    }

    /// Who demanded it, and what Conditional Access made of it.
    pub(super) fn demanded(&self, line: &SignIn<'a>, is_met: bool, rng: &mut ChaCha8Rng) -> (u8, u8) {
        let user = line.user;
        let is_before = line.at < self.policies_from;
        let demanded = match rng.random_range(0..1_000u32) {
            0..10 => policies::RISK,
            10..18 => policies::APPLICATION,
            18..24 => policies::OTHER,
            24..36 => policies::SEVERAL,
            36..42 => policies::SEVERAL_OTHERS,
            42..52 => policies::OF_2020,
            52..80 => policies::NOBODY,
            80..90 => policies::SECURITY_DEFAULTS,
            _ if is_before => policies::SECURITY_DEFAULTS,
            _ if user.standing == Standing::Guest && user.id.bits().is_multiple_of(4) => policies::OTHER,
            _ if user.department == names::SMS_ONLY_DEPARTMENT => policies::PER_USER,
            _ => policies::CONDITIONAL_ACCESS,
        };
        let evaluated = match (is_met, user.is_admin) {
            _ if is_before => policies::NOT_YET,
            (true, true) => policies::GRANTED_ADMINISTRATOR,
            (true, false) if demanded == policies::RISK => policies::GRANTED_RISKY,
            (true, false) => match line.id.bits() / 32 % 16 {
                0 | 1 => policies::GRANTED_UNMANAGED,
                2 => policies::FINANCE_WOULD_GRANT,
                3 => policies::FINANCE_WOULD_BLOCK,
                _ => policies::GRANTED,
            },
            (false, true) => policies::NOT_MET_ADMINISTRATOR,
            (false, false) => policies::NOT_MET,
        };
        (demanded, evaluated)
    }
}

/// Nearly always as today.
fn spelling(rng: &mut ChaCha8Rng) -> u8 {
    if rng.random_ratio(6, 100) { rng.random_range(1..3) } else { 0 }
}

/// The next record of an attempt: another request of the same correlation, a little later.
pub(super) fn after<'a>(mut line: SignIn<'a>, before: &[SignIn<'a>], rng: &mut ChaCha8Rng) -> SignIn<'a> {
    if let Some(last) = before.last() {
        line.id = Guid::random(rng);
        line.at = last.at + rng.random_range(3_000..MINUTE_MS * 3 / 2);
    }
    line
}
