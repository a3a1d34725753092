//! `signInLogs.jsonl`: interactive and non-interactive sign-ins as Azure Monitor delivers them.

use std::fmt::Write as _;
use std::io::{self, Write};

use domain::instant::{DAY_MS, HOUR_MS};
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::methods;
use super::names::COUNTRIES;
use super::outbox::{Line, Outbox};
use super::people::Person;
use super::story::curve;
use super::text::{Guid, push_time};
use super::{Faults, Settings};

const TENANT: &str = "5c1f0e8a-7d3b-4a46-9e0e-2b7d5c9f1a10";
const APPS: [(&str, &str); 6] = [
    ("Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000"),
    ("Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264"),
    ("Office 365 SharePoint Online", "00000003-0000-0ff1-ce00-000000000000"),
    ("Azure Portal", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"),
    ("Salesforce", "481732f5-fe5b-48c0-8445-d238ab230658"),
    ("Azure Multi-Factor Auth Client", "981f26a1-7f43-403b-a875-f8b09b8cd720"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    SingleFactor,
    WrongPassword,
    /// Satisfied by a claim in the token.
    Remembered,
    Completed,
    Denied,
    TimedOut,
    Interrupted,
}

#[derive(Clone)]
struct SignIn<'a> {
    id: Guid,
    correlation: Guid,
    at: i64,
    user: &'a Person,
    app: usize,
    is_interactive: bool,
    ending: Ending,
    /// As the sign-in log calls the second factor.
    method: &'static str,
}

impl SignIn<'_> {
    /// Error code, failure reason, result of the second factor.
    const fn texts(&self) -> (u32, &'static str, &'static str) {
        match self.ending {
            Ending::SingleFactor => (0, "Other.", ""),
            Ending::WrongPassword => {
                (50126, "Error validating credentials due to invalid username or password.", "Invalid password")
            }
            Ending::Remembered => (0, "Other.", "MFA requirement satisfied by claim in the token"),
            Ending::Completed => (0, "Other.", "MFA completed in Azure AD"),
            Ending::Denied => (
                500_121,
                "Authentication failed during strong authentication request.",
                "MFA denied; user declined the authentication",
            ),
            Ending::TimedOut => (
                500_121,
                "Authentication failed during strong authentication request.",
                "MFA denied; user did not respond to mobile app notification",
            ),
            Ending::Interrupted => (50074, "Strong Authentication is required.", "User did not pass the MFA challenge"),
        }
    }

    const fn needs_second_factor(&self) -> bool {
        !matches!(self.ending, Ending::SingleFactor | Ending::WrongPassword)
    }
}

impl Line for SignIn<'_> {
    fn at(&self) -> i64 {
        self.at
    }

    fn set_at(&mut self, at: i64) {
        self.at = at;
    }

    fn revise(&mut self) {
        self.ending = if self.ending == Ending::Interrupted { Ending::Completed } else { self.ending };
    }

    fn write(&self, out: &mut String, log_at: i64) {
        let (code, failure, result) = self.texts();
        let (_, country, city) = COUNTRIES[self.user.country];
        let (app, app_id) = APPS[self.app];
        let category = if self.is_interactive { "SignInLogs" } else { "NonInteractiveUserSignInLogs" };
        let requirement =
            if self.needs_second_factor() { "multiFactorAuthentication" } else { "singleFactorAuthentication" };
        let policy = if self.needs_second_factor() { "success" } else { "notApplied" };
        let address = self.id.ticks() % 250 + 1;
        out.push_str(r#"{"time":""#);
        push_time(out, log_at, self.id.ticks());
        let _ = write!(
            out,
            r#"","resourceId":"/tenants/{TENANT}/providers/Microsoft.aadiam","operationName":"Sign-in activity","operationVersion":"1.0","category":"{category}","tenantId":"{TENANT}","resultType":"{code}","resultSignature":"None","durationMs":0,"callerIpAddress":"203.0.113.{address}","correlationId":""#
        );
        self.correlation.push_to(out);
        let _ = write!(
            out,
            r#"","identity":{},"Level":4,"location":"{country}","properties":{{"id":""#,
            self.user.name_json
        );
        self.id.push_to(out);
        out.push_str(r#"","createdDateTime":""#);
        push_time(out, self.at, self.id.ticks());
        let _ = write!(
            out,
            r#"","userDisplayName":{},"userPrincipalName":"{}","userId":""#,
            self.user.name_json, self.user.user_name
        );
        self.user.id.push_to(out);
        out.push_str(r#"","correlationId":""#);
        self.correlation.push_to(out);
        let _ = write!(
            out,
            r#"","appId":"{app_id}","appDisplayName":"{app}","ipAddress":"203.0.113.{address}","clientAppUsed":"Browser","isInteractive":{},"status":{{"errorCode":{code},"failureReason":"{failure}","additionalDetails":"{result}"}},"deviceDetail":{{"operatingSystem":"Windows 11","browser":"Edge 140"}},"location":{{"city":"{city}","countryOrRegion":"{country}"}},"conditionalAccessStatus":"{policy}","appliedConditionalAccessPolicies":[{{"id":"ae11ffaa-9879-44e0-972c-7538fd5c4d1a","displayName":"Require MFA for everyone","enforcedGrantControls":["Mfa"],"enforcedSessionControls":[],"result":"{policy}"}}],"authenticationRequirement":"{requirement}","authenticationDetails":["#,
            self.is_interactive
        );
        self.push_steps(out, result);
        out.push_str("]}}");
    }
}

impl SignIn<'_> {
    fn push_steps(&self, out: &mut String, result: &str) {
        let password = self.ending != Ending::WrongPassword;
        let detail = if password { "Correct password" } else { "Invalid username or password" };
        let mut step = |at: i64, method: &str, succeeded: bool, detail: &str, requirement: &str, sequence: u32| {
            out.push_str(if sequence == 0 {
                r#"{"authenticationStepDateTime":""#
            } else {
                r#",{"authenticationStepDateTime":""#
            });
            push_time(out, at, self.id.ticks());
            let _ = write!(
                out,
                r#"","authenticationMethod":"{method}","succeeded":{succeeded},"authenticationStepResultDetail":"{detail}","authenticationStepRequirement":"{requirement}","StatusSequence":{sequence},"RequestSequence":{}}}"#,
                u32::from(sequence > 0)
            );
        };
        step(self.at, "Password", password, detail, "Primary authentication", 0);
        if self.needs_second_factor() {
            let succeeded = matches!(self.ending, Ending::Remembered | Ending::Completed);
            let method = if self.ending == Ending::Remembered { "Previously satisfied" } else { self.method };
            step(self.at + 4_000, method, succeeded, result, "Multi-factor authentication", 1);
        }
    }
}

/// Writes the sign-ins hour by hour: memory does not grow with their number.
pub fn write_sign_ins(
    settings: &Settings,
    people: &[Person],
    mut rng: ChaCha8Rng,
    outbox_rng: ChaCha8Rng,
    file: &mut impl Write,
) -> io::Result<()> {
    // Late ones are drawn from the past instead of being kept for days.
    let kept = Settings { faults: Faults { late: 0.0, ..settings.faults }, ..settings.clone() };
    let mut outbox = Outbox::new(&kept, outbox_rng, file);
    let active: Vec<&Person> = people.iter().filter(|person| person.is_active()).collect();
    if active.is_empty() {
        return Ok(());
    }
    let start = settings.start().millis();
    let share = curve(settings, false);
    let up_to = |hour: usize| (share[hour] * settings.sign_ins as f64).round() as u64;
    for hour in 0..share.len() - 1 {
        let from = start + hour as i64 * HOUR_MS;
        let mut moments: Vec<i64> =
            (up_to(hour)..up_to(hour + 1)).map(|_| from + rng.random_range(0..HOUR_MS)).collect();
        moments.sort_unstable();
        for at in moments {
            let mut line = sign_in(settings, &active, at, &mut rng);
            if rng.random::<f64>() * 100.0 < settings.faults.late {
                line.at = (at - rng.random_range(HOUR_MS..7 * DAY_MS)).max(start);
            }
            outbox.push_at(at, line)?;
        }
    }
    outbox.finish()
}

fn sign_in<'a>(settings: &Settings, active: &[&'a Person], at: i64, rng: &mut ChaCha8Rng) -> SignIn<'a> {
    let draw = rng.random::<f64>();
    let user = active[(draw * draw * active.len() as f64) as usize];
    let method = if methods::has(user.methods, methods::PUSH) {
        "Mobile app notification"
    } else if methods::has(user.methods, methods::MOBILE_PHONE) {
        "Text message"
    } else {
        "OATH verification code"
    };
    let is_down = settings.outage().contains(&at) && method != "OATH verification code";
    let ending = match rng.random_range(0..100u32) {
        0..40 => Ending::SingleFactor,
        40..44 => Ending::WrongPassword,
        44..76 => Ending::Remembered,
        76..94 if is_down => Ending::TimedOut,
        76..94 => Ending::Completed,
        94..96 => Ending::Denied,
        96..98 => Ending::TimedOut,
        _ => Ending::Interrupted,
    };
    SignIn {
        id: Guid::random(rng),
        correlation: Guid::random(rng),
        at,
        user,
        app: rng.random_range(0..APPS.len()),
        is_interactive: rng.random_ratio(7, 10),
        ending,
        method,
    }
}
