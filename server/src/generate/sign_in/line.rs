//! One sign-in as Azure Monitor delivers it. Written by hand, piece by piece: ten million of them feed a benchmark.

use domain::sign_in::{MfaResult, MfaStatus};

use super::super::names::COUNTRIES;
use super::super::outbox::Line;
use super::super::people::{GUEST_MARK, PARTNER, Standing};
use super::super::text::{push_number, push_time};
use super::factors::{Detail, FACTORS};
use super::policies::{DEMANDED, EVALUATED};
use super::record::{By, First, Requirement, Said, Second, Shape, SignIn, quirk};
use super::surroundings::{APPS, DEVICES, city, country, push_address};
use super::texts::failure_reason;

const TENANT: &str = "5c1f0e8a-7d3b-4a46-9e0e-2b7d5c9f1a10";

impl Line for SignIn<'_> {
    fn at(&self) -> i64 {
        self.at
    }

    fn set_at(&mut self, at: i64) {
        self.at = at;
    }

    /// Of two copies the fuller wins, then the later, then the one with the greater digest: some of each.
    fn revise(&mut self) {
        match self.id.bits() % 8 {
            // Later, and less is known: as if it had never come.
            0 => self.quirks = (self.quirks | quirk::NO_STEPS | quirk::SAID_IN_STEPS) & !quirk::MFA_DETAIL,
            1 => self.requirement = Requirement::Empty,
            // Fuller.
            2 | 3 => {
                self.quirks &= !(quirk::NO_STEPS | quirk::STEPS_EMPTY | quirk::POLICIES_EMPTY | quirk::NO_POLICIES);
                self.quirks |= quirk::MFA_DETAIL;
                if self.requirement == Requirement::Empty {
                    self.requirement = Requirement::Single;
                }
            }
            // What was read right after it happened said "satisfied by claim in the token", or that it was going on.
            _ => match &mut self.second {
                Some(Second { said: Some(said), .. }) if said.status == MfaStatus::ClaimInToken => {
                    *said = Said { status: MfaStatus::UserDeclined, spelling: 0 };
                    self.code = 500_121;
                }
                Some(Second { said: said @ None, .. }) => {
                    *said = Some(Said { status: MfaStatus::SuccessfullyCompleted, spelling: 0 });
                    self.code = 0;
                }
                Some(Second { said: Some(said), .. }) if said.status.result() == Some(MfaResult::Denied) => {
                    *said = Said { status: MfaStatus::SuccessfullyCompleted, spelling: 1 };
                    self.code = 0;
                }
                _ => self.app = (self.app + 1) % APPS.len() as u8,
            },
        }
    }

    fn shares_log_time(&self) -> bool {
        matches!(self.id.bits() % 8, 3..=5)
    }

    fn write(&self, out: &mut String, log_at: i64) {
        self.push_envelope(out, log_at);
        self.push_who(out);
        match self.shape {
            Shape::Full | Shape::Short => self.push_of_the_cloud(out),
            Shape::NpsExtension | Shape::AdfsAdapter | Shape::Adfs => self.push_of_premises(out),
        }
        out.push_str("}}");
    }
}

impl SignIn<'_> {
    fn has(&self, quirk: u16) -> bool {
        self.quirks & quirk != 0
    }

    fn category(&self) -> &'static str {
        match self.shape {
            Shape::Adfs => "ADFSSignInLogs",
            _ if self.is_interactive => "SignInLogs",
            _ => "NonInteractiveUserSignInLogs",
        }
    }

    fn push_envelope(&self, out: &mut String, log_at: i64) {
        out.push_str(r#"{"time":""#);
        push_time(out, log_at, self.id.ticks());
        out.push_str(r#"","resourceId":"/tenants/"#);
        out.push_str(TENANT);
        out.push_str(
            r#"/providers/Microsoft.aadiam","operationName":"Sign-in activity","operationVersion":"1.0","category":""#,
        );
        out.push_str(self.category());
        out.push_str(r#"","tenantId":""#);
        out.push_str(TENANT);
        if !self.has(quirk::NO_CODE) {
            out.push_str(r#"","resultType":""#);
            push_number(out, u64::from(self.code));
        }
        out.push_str(r#"","resultSignature":"None","callerIpAddress":""#);
        push_address(out, self.user, self.place);
        out.push('"');
        self.push_correlation(out);
        out.push_str(r#","identity":"#);
        out.push_str(&self.user.name_json);
        out.push_str(r#","Level":4,"location":""#);
        out.push_str(COUNTRIES[country(self.user, self.place)].1);
        out.push_str(r#"","properties":{"id":""#);
        self.id.push_to(out);
        out.push('"');
        self.push_correlation(out);
        if !self.has(quirk::NO_TIME) {
            out.push_str(r#","createdDateTime":""#);
            push_time(out, self.at, self.id.ticks());
            out.push('"');
        }
    }

    fn push_correlation(&self, out: &mut String) {
        if !self.has(quirk::NO_CORRELATION) {
            out.push_str(r#","correlationId":""#);
            self.correlation.push_to(out);
            out.push('"');
        }
    }

    fn push_who(&self, out: &mut String) {
        out.push_str(r#","userDisplayName":"#);
        out.push_str(&self.user.name_json);
        out.push_str(r#","userPrincipalName":""#);
        if self.has(quirk::NO_USER_ID) {
            // By name alone, in whatever case.
            out.extend(self.user.user_name.chars().map(|c| c.to_ascii_uppercase()));
        } else {
            // Guests sign in by the name they have at home.
            let guest = Some(&self.user.user_name).filter(|_| self.user.standing == Standing::Guest);
            match guest.and_then(|name| name.split_once(GUEST_MARK)) {
                Some((mailbox, _)) => {
                    out.push_str(mailbox);
                    out.push('@');
                    out.push_str(PARTNER);
                }
                None => out.push_str(&self.user.user_name),
            }
            out.push_str(r#"","userId":""#);
            self.user.id.push_to(out);
        }
        out.push_str(r#"","ipAddress":""#);
        push_address(out, self.user, self.place);
        out.push_str(r#"","status":{"#);
        if !self.has(quirk::NO_CODE) {
            out.push_str(r#""errorCode":"#);
            push_number(out, u64::from(self.code));
            out.push_str(r#","failureReason":""#);
            out.push_str(failure_reason(self.code));
            out.push('"');
            if let Some(said) = self.said().filter(|_| !self.has(quirk::SAID_IN_STEPS)) {
                out.push_str(r#","additionalDetails":""#);
                out.push_str(said.text());
                out.push('"');
            }
        }
        out.push('}');
    }

    fn said(&self) -> Option<Said> {
        self.second.and_then(|second| second.said)
    }

    fn push_of_the_cloud(&self, out: &mut String) {
        let app = &APPS[usize::from(self.app)];
        if !self.has(quirk::NO_APP) {
            out.push(',');
            out.push_str(app.app);
        }
        out.push(',');
        out.push_str(app.resource);
        out.push(',');
        out.push_str(DEVICES[usize::from(self.device)]);
        out.push_str(r#","location":{"city":""#);
        let (city, state) = city(self.user, self.place);
        out.push_str(city);
        out.push_str(r#"","state":""#);
        out.push_str(state);
        out.push_str(r#"","countryOrRegion":""#);
        out.push_str(COUNTRIES[country(self.user, self.place)].1);
        out.push_str(r#""},"riskState":"none""#);
        if !self.has(quirk::NOT_SAID_WHETHER_INTERACTIVE) {
            out.push_str(if self.is_interactive { r#","isInteractive":true"# } else { r#","isInteractive":false"# });
        }
        self.push_policies(out);
        if self.shape == Shape::Full {
            out.push_str(r#","tokenIssuerType":"AzureAD""#);
            self.push_requirement(out);
        }
    }

    fn push_policies(&self, out: &mut String) {
        let evaluated = &EVALUATED[usize::from(self.evaluated)];
        out.push_str(r#","conditionalAccessStatus":""#);
        out.push_str(evaluated.status);
        out.push('"');
        if self.has(quirk::NO_POLICIES) {
            return;
        }
        out.push_str(r#","appliedConditionalAccessPolicies":"#);
        out.push_str(if self.has(quirk::POLICIES_EMPTY) { "[]" } else { evaluated.policies });
    }

    /// Without device, place and Conditional Access; the application has a name, but no id.
    fn push_of_premises(&self, out: &mut String) {
        out.push_str(match self.shape {
            Shape::Adfs if self.has(quirk::NO_APP) => r#","appId":"","appDisplayName":"","tokenIssuerType":"ADFederationServices""#,
            Shape::Adfs => {
                r#","appId":"urn:federation:timesheets.fabrikam.example","appDisplayName":null,"tokenIssuerType":"ADFederationServices""#
            }
            // Each says it in one of two ways.
            Shape::NpsExtension if self.id.bits().is_multiple_of(3) => {
                r#","appId":"","appDisplayName":"Azure Multi-Factor Auth Client","resourceId":"radius""#
            }
            Shape::NpsExtension => {
                r#","appId":"","appDisplayName":"Azure Multi-Factor Auth Client","tokenIssuerType":"NPSExtension""#
            }
            _ if self.id.bits().is_multiple_of(3) => r#","appId":"","appDisplayName":"Azure Multi-Factor Auth Connector","resourceId":"adfs""#,
            _ => {
                r#","appId":"","appDisplayName":"Azure Multi-Factor Auth Connector","tokenIssuerType":"ADFederationServicesMFAAdapter""#
            }
        });
        self.push_requirement(out);
    }

    fn push_requirement(&self, out: &mut String) {
        out.push_str(r#","authenticationRequirement":""#);
        out.push_str(match self.requirement {
            Requirement::Empty => "",
            Requirement::Single => "singleFactorAuthentication",
            Requirement::Multi => "multiFactorAuthentication",
        });
        out.push_str(r#"","authenticationRequirementPolicies":"#);
        out.push_str(DEMANDED[usize::from(self.demanded)]);
        if self.has(quirk::MFA_DETAIL) {
            self.push_mfa_detail(out);
        }
        if self.has(quirk::NO_STEPS) {
            return;
        }
        out.push_str(r#","authenticationDetails":["#);
        if !self.has(quirk::STEPS_EMPTY) {
            self.push_steps(out);
        }
        out.push(']');
    }

    fn push_mfa_detail(&self, out: &mut String) {
        let Some(Second { factor: Some(By::Factor(factor)), .. }) = self.second else {
            out.push_str(r#","mfaDetail":{}"#);
            return;
        };
        let factor = &FACTORS[usize::from(factor)];
        out.push_str(r#","mfaDetail":{"authMethod":""#);
        out.push_str(factor.names[0]);
        out.push_str(r#"","authDetail":""#);
        self.push_detail(out, factor.detail);
        out.push_str(r#""}"#);
    }

    fn push_detail(&self, out: &mut String, detail: Detail) {
        match detail {
            Detail::None => {}
            Detail::Text(text) => out.push_str(text),
            Detail::Phone => {
                let last = self.user.id.bits() % 90 + 10;
                out.push_str(if self.has(quirk::UNMASKED) { "+46 7012345" } else { "+XX XXXXXXX" });
                push_number(out, last);
            }
        }
    }

    /// In the order of their numbers, or turned around: the numbers tell then.
    fn push_steps(&self, out: &mut String) {
        let count = 1 + self.second.map_or(0, |second| 1 + u64::from(second.waits));
        for position in 0..count {
            let number = if self.has(quirk::STEPS_TURNED) { count - 1 - position } else { position };
            if position > 0 {
                out.push(',');
            }
            self.push_step(out, number, count);
        }
    }

    fn push_step(&self, out: &mut String, number: u64, count: u64) {
        out.push_str(r#"{"authenticationStepDateTime":""#);
        // The clock of the second factor's service is another one, and sometimes behind.
        let behind = if number > 0 && self.id.bits() % 64 == 1 { 90_000 } else { 0 };
        push_time(out, self.at + number as i64 * 4_000 - behind, self.id.ticks());
        out.push_str(r#"","authenticationMethod":""#);
        match self.second.filter(|_| number > 0) {
            Some(second) => self.push_second(out, second, number + 1 < count),
            None => self.push_first(out),
        }
        if !self.has(quirk::STEPS_UNNUMBERED) {
            out.push_str(r#","StatusSequence":"#);
            push_number(out, number);
        }
        out.push('}');
    }

    fn push_first(&self, out: &mut String) {
        out.push_str(match (self.first, self.shape) {
            (First::Password, Shape::Adfs) => {
                r#"Password","authenticationMethodDetail":"Forms Authentication","succeeded":true,"authenticationStepResultDetail":"Correct password","#
            }
            (First::Password, _) => {
                r#"Password","authenticationMethodDetail":"Password in the cloud","succeeded":true,"authenticationStepResultDetail":"Correct password","#
            }
            (First::WrongPassword, _) => {
                r#"Password","authenticationMethodDetail":"Password in the cloud","succeeded":false,"authenticationStepResultDetail":"Invalid username or password or Invalid on-premise username or password.","#
            }
            (First::Claim, _) => {
                r#"Previously satisfied","succeeded":true,"authenticationStepResultDetail":"First factor requirement satisfied by claim in the token","#
            }
            (First::Passwordless, _) => {
                r#"Windows Hello for Business","succeeded":true,"authenticationStepResultDetail":"First factor requirement satisfied by strong authentication","#
            }
        });
        out.push_str(r#""authenticationStepRequirement":"Primary authentication""#);
    }

    fn push_second(&self, out: &mut String, second: Second, is_in_progress: bool) {
        let said = if is_in_progress {
            Some(Said { status: MfaStatus::InProgress, spelling: (self.id.bits() % 16 / 15) as u8 })
        } else {
            second.said.filter(|_| !self.has(quirk::SAID_IN_STATUS))
        };
        match second.factor {
            None => out.push('"'),
            Some(By::Earlier) => out.push_str(r#"Previously satisfied""#),
            Some(By::AppPassword) => out.push_str(r#"App password""#),
            Some(By::Factor(factor)) => {
                let factor = &FACTORS[usize::from(factor)];
                out.push_str(factor.names[usize::from(self.id.bits() % 32 == 2)]);
                out.push_str(r#"","authenticationMethodDetail":""#);
                self.push_detail(out, factor.detail);
                out.push('"');
            }
        }
        let is_satisfied = said.is_some_and(|said| said.status.result() == Some(MfaResult::Satisfied));
        out.push_str(if is_satisfied { r#","succeeded":true"# } else { r#","succeeded":false"# });
        out.push_str(r#","authenticationStepResultDetail":""#);
        out.push_str(said.map_or("", Said::text));
        out.push_str(r#"","authenticationStepRequirement":""#);
        out.push_str(self.step_requirement(said.is_some()));
        out.push('"');
    }

    /// In the spellings of several years; old ones leave it empty where the text says enough.
    fn step_requirement(&self, is_said: bool) -> &'static str {
        match self.id.bits() / 64 % 100 {
            0..70 => "Multi-factor authentication",
            70..97 => "Multifactor authentication",
            97 => "MultiConditionalAccess",
            98 if is_said => "",
            _ => "Multi-Factor Authentication",
        }
    }
}
