//! What happens when somebody signs in: one to three records of the same correlation.

use std::ops::Range;

use domain::sign_in::MfaStatus;
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::super::Settings;
use super::super::people::Person;
use super::super::text::Guid;
use super::challenge::after;
use super::factors::{CALL, HELLO, PUSH};
use super::record::{By, First, Requirement, Second, Shape, SignIn, quirk};
use super::surroundings::{app, old_device, place_and_device};
use super::{policies, premises};

/// Who signs in, and what is so at which time.
pub struct World<'a> {
    pub active: Vec<&'a Person>,
    pub disabled: Vec<&'a Person>,
    pub outage: Range<i64>,
    /// Conditional Access takes over from security defaults.
    pub policies_from: i64,
}

impl<'a> World<'a> {
    pub fn new(settings: &Settings, people: &'a [Person]) -> Self {
        Self {
            active: people.iter().filter(|person| person.is_active()).collect(),
            disabled: people.iter().filter(|person| !person.is_enabled).collect(),
            outage: settings.outage(),
            policies_from: settings.policies_from(),
        }
    }

    /// Some people do much more than others.
    fn somebody(&self, rng: &mut ChaCha8Rng) -> &'a Person {
        let draw = rng.random::<f64>();
        self.active[(draw * draw * self.active.len() as f64) as usize]
    }

    /// Puts the records of one attempt into `lines`.
    pub fn attempt(&self, at: i64, rng: &mut ChaCha8Rng, lines: &mut Vec<SignIn<'a>>) {
        let mut base = self.base(self.somebody(rng), at, rng);
        match rng.random_range(0..1_000u32) {
            0..570 => lines.push(self.in_the_background(base, rng)),
            570..585 => lines.push(premises::sign_in(base, rng)),
            585..605 => lines.push(self.in_short(base, rng)),
            _ => {
                base.is_interactive = true;
                (base.place, base.device) = place_and_device(base.user, true, rng);
                self.interactive(base, rng, lines);
            }
        }
    }

    /// Somebody reports that it was not them: what the audit log has with the same correlation.
    pub fn fraud(&self, user: &'a Person, correlation: Guid, at: i64, rng: &mut ChaCha8Rng) -> SignIn<'a> {
        let mut base = self.base(user, at, rng);
        base.correlation = correlation;
        base.is_interactive = true;
        (base.place, base.device) = (super::surroundings::Where::Abroad, 5);
        let by_phone = correlation.bits().is_multiple_of(4);
        let mut line = self.challenged(base, Some(if by_phone { CALL } else { PUSH }), rng);
        self.end(&mut line, 500_121, Some((MfaStatus::FraudReported, u8::from(by_phone))), rng);
        line
    }

    /// A sign-in with one factor that nothing is wrong with.
    fn base(&self, user: &'a Person, at: i64, rng: &mut ChaCha8Rng) -> SignIn<'a> {
        let (place, device) = place_and_device(user, false, rng);
        let roll = rng.random_range(0..1_000u32);
        let quirks = match roll {
            0..40 => quirk::NO_POLICIES,
            40..110 => quirk::POLICIES_EMPTY,
            110..140 => quirk::NOT_SAID_WHETHER_INTERACTIVE,
            140 => quirk::NO_APP,
            141..144 => quirk::UNMASKED,
            144..200 => quirk::STEPS_UNNUMBERED,
            200..240 => quirk::STEPS_TURNED,
            _ => 0,
        };
        let is_before = at < self.policies_from;
        SignIn {
            id: Guid::random(rng),
            correlation: Guid::random(rng),
            at,
            user,
            shape: Shape::Full,
            app: app(rng),
            device,
            place,
            is_interactive: false,
            code: 0,
            requirement: Requirement::Single,
            demanded: policies::NOBODY,
            evaluated: if is_before { policies::NOT_YET } else { policies::NONE_MATCHED },
            first: First::Password,
            second: None,
            quirks,
        }
    }

    /// A program renews its token; nobody is asked for anything.
    fn in_the_background(&self, mut line: SignIn<'a>, rng: &mut ChaCha8Rng) -> SignIn<'a> {
        line.first = First::Claim;
        match rng.random_range(0..1_000u32) {
            0..760 => self.skip(&mut line, MfaStatus::ClaimInToken, rng),
            760..880 => {
                if rng.random_ratio(1, 3) {
                    line.quirks |= quirk::STEPS_EMPTY;
                }
            }
            880..920 => self.skip(&mut line, MfaStatus::SkippedRememberedDevice, rng),
            920..935 => self.skip(&mut line, MfaStatus::SkippedRegisteredDevice, rng),
            935..945 => self.skip(&mut line, MfaStatus::SkippedWindowsBroker, rng),
            945..952 => {
                line.device = old_device(rng);
                self.skip(&mut line, MfaStatus::SkippedAppPassword, rng);
                line.second = line.second.map(|second| Second { factor: Some(By::AppPassword), ..second });
            }
            952..960 => {
                line.device = old_device(rng);
                (line.code, line.evaluated) = (53003, policies::LEGACY_BLOCKED);
                line.first = First::Password;
            }
            960..985 => line.code = [70043, 70044, 50097, 50155, 50131, 65001][rng.random_range(0..6)],
            _ => {
                // Somebody must do something before the program can go on; nobody has yet.
                line.code = [50076, 50079, 50078, 50158][rng.random_range(0..4)];
                line.requirement = Requirement::Multi;
                (line.demanded, line.evaluated) = self.demanded(&line, false, rng);
                line.quirks |= quirk::STEPS_EMPTY;
            }
        }
        line
    }

    /// A record with the properties of Graph v1.0: the text, if any, and the code are all there is.
    fn in_short(&self, mut line: SignIn<'a>, rng: &mut ChaCha8Rng) -> SignIn<'a> {
        line.shape = Shape::Short;
        line.is_interactive = rng.random_ratio(1, 2);
        match rng.random_range(0..100u32) {
            0..40 => {}
            40..64 => self.skip(&mut line, MfaStatus::ClaimInToken, rng),
            64..74 => self.say(&mut line, MfaStatus::CompletedInCloud, rng),
            74..82 => {
                line.code = 500_121;
                self.say(&mut line, MfaStatus::UserDeclined, rng);
            }
            82..88 => line.code = [50074, 50126, 50072, 500_121][rng.random_range(0..4)],
            88..92 => self.skip(&mut line, MfaStatus::SkippedLocation, rng),
            _ => line.quirks |= quirk::NO_CODE,
        }
        line.quirks &= !quirk::SAID_IN_STEPS;
        line.quirks |= match rng.random_range(0..10u32) {
            0 => quirk::NO_CORRELATION,
            1 | 2 => quirk::NO_USER_ID,
            _ => 0,
        };
        line
    }

    fn interactive(&self, base: SignIn<'a>, rng: &mut ChaCha8Rng, lines: &mut Vec<SignIn<'a>>) {
        match rng.random_range(0..1_000u32) {
            0..230 => {
                if rng.random_ratio(15, 100) {
                    // "Stay signed in?"
                    lines.push(SignIn { code: if rng.random_ratio(1, 5) { 50125 } else { 50140 }, ..base.clone() });
                }
                lines.push(after(base, lines, rng));
            }
            230..300 => Self::wrong_passwords(&base, rng, lines),
            300..440 => lines.push(self.unasked(base, rng)),
            440..900 => self.challenge(base, rng, lines),
            900..925 => self.registration(base, rng, lines),
            925..945 => lines.push(self.refused(base, rng)),
            945..960 => self.elsewhere(base, rng, lines),
            960..970 => {
                // A rare end of a second factor, without a word of it.
                let mut line = self.challenged(base, None, rng);
                line.code = [50086, 50087, 50088, 50161, 50166, 50170, 50177, 53004, 53010][rng.random_range(0..9)];
                line.quirks |= if rng.random_ratio(1, 2) { quirk::STEPS_EMPTY } else { quirk::NO_STEPS };
                lines.push(line);
            }
            _ => {
                let code = [50034, 50055, 50057, 65004, 53011, 530_034, 530_035][rng.random_range(0..7)];
                let disabled = self.disabled.get(rng.random_range(0..self.disabled.len().max(1)));
                let user = disabled.filter(|_| code == 50057).map_or(base.user, |user| *user);
                lines.push(SignIn { code, user, first: First::WrongPassword, ..base });
            }
        }
    }

    fn wrong_passwords(base: &SignIn<'a>, rng: &mut ChaCha8Rng, lines: &mut Vec<SignIn<'a>>) {
        let tries = 1 + rng.random_range(0..3u32) / 2;
        for _ in 0..tries {
            let wrong = SignIn { code: 50126, first: First::WrongPassword, ..base.clone() };
            lines.push(after(wrong, lines, rng));
        }
        let end = match rng.random_range(0..10u32) {
            0..4 => return,
            4 => SignIn { code: 50053, first: First::WrongPassword, ..base.clone() },
            _ => base.clone(),
        };
        lines.push(after(end, lines, rng));
    }

    /// Required, and not asked for.
    fn unasked(&self, mut line: SignIn<'a>, rng: &mut ChaCha8Rng) -> SignIn<'a> {
        let status = match rng.random_range(0..1_000u32) {
            0..430 => MfaStatus::ClaimInToken,
            430..600 => MfaStatus::SkippedRememberedDevice,
            600..720 => MfaStatus::SkippedLocation,
            720..790 => MfaStatus::SkippedRegisteredDevice,
            790..940 => {
                line.first = First::Passwordless;
                MfaStatus::StrongAuthentication
            }
            940..975 => MfaStatus::ClaimFromExternalProvider,
            _ => MfaStatus::SkippedWindowsBroker,
        };
        self.skip(&mut line, status, rng);
        if line.first == First::Passwordless {
            line.second = line.second.map(|second| Second { factor: Some(By::Factor(HELLO)), ..second });
        }
        line
    }

    /// Somebody must first say how they can be asked.
    fn registration(&self, base: SignIn<'a>, rng: &mut ChaCha8Rng, lines: &mut Vec<SignIn<'a>>) {
        let mut line = self.challenged(base.clone(), None, rng);
        line.code = if rng.random_ratio(1, 2) { 50079 } else { 50072 };
        line.quirks |= quirk::STEPS_EMPTY;
        lines.push(line);
        if rng.random_ratio(4, 10) {
            return;
        }
        let mut line = after(self.challenged(base, None, rng), lines, rng);
        self.end(&mut line, 0, Some((MfaStatus::RegistrationPrompted, 0)), rng);
        lines.push(line);
    }

    /// Conditional Access says no, whether or not a second factor was given.
    fn refused(&self, base: SignIn<'a>, rng: &mut ChaCha8Rng) -> SignIn<'a> {
        let code = [53003, 53003, 53003, 53000, 53001, 53002][rng.random_range(0..6)];
        let evaluated = if base.user.is_admin { policies::NOT_MET_ADMINISTRATOR } else { policies::NOT_COMPLIANT };
        let mut line = if rng.random_ratio(1, 2) {
            let mut line = self.challenged(base, Some(PUSH), rng);
            self.end(&mut line, code, Some((MfaStatus::SuccessfullyCompleted, 0)), rng);
            line
        } else {
            base
        };
        (line.code, line.evaluated) = (code, evaluated);
        line
    }

    /// The second factor is somebody else's to ask for.
    fn elsewhere(&self, base: SignIn<'a>, rng: &mut ChaCha8Rng, lines: &mut Vec<SignIn<'a>>) {
        let mut line = self.challenged(base.clone(), Some(13), rng);
        line.code = 50158;
        lines.push(line);
        let mut line = after(self.challenged(base, Some(13), rng), lines, rng);
        match rng.random_range(0..10u32) {
            0..7 => self.end(&mut line, 0, Some((MfaStatus::RedirectedToExternalProvider, 0)), rng),
            7 => self.end(&mut line, 50161, None, rng),
            _ => return,
        }
        lines.push(line);
    }
}
