//! `auditLogs.jsonl`: the directory's audit log as Azure Monitor delivers it.

use std::fmt::Write as _;
use std::io::{self, Write};

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::Settings;
use super::care::{Alert, AlertKind, BLOCK_REASONS, BYPASS_REASONS, Change, UNBLOCK_REASONS};
use super::flow::{PROGRESS, flow};
use super::methods::METHODS;
use super::outbox::{Line, Outbox};
use super::people::Person;
use super::story::{Act, Deed, Story};
use super::text::{Guid, push_quoted, push_time};

const METHODS_SERVICE: &str = "Authentication Methods";
const RESET_SERVICE: &str = "Self-service Password Management";
const TENANT: &str = "5c1f0e8a-7d3b-4a46-9e0e-2b7d5c9f1a10";
const REGISTERED: &str = "User registered security info";
const FRAUD_SERVICE: &str = "Azure MFA";
const PORTAL_SERVICE: &str = "AAD Management UX";
const RESET_BLOCKED: &str = "Blocked from self-service password reset";

#[derive(Clone)]
struct AuditLine<'a> {
    id: Guid,
    at: i64,
    service: &'static str,
    category: &'static str,
    activity: &'static str,
    result: &'static str,
    reason: String,
    correlation: Option<Guid>,
    user: &'a Person,
    /// Who did it, where it was somebody else.
    administrator: Option<&'a Person>,
    /// Some records name the user as the initiator only.
    names_target: bool,
    details: Details,
}

/// `additionalDetails`.
#[derive(Clone)]
enum Details {
    None,
    Phone(String),
    Reason(&'static str),
    Bypass { reason: &'static str, seconds: u16 },
    Agent(&'static str),
}

impl Line for AuditLine<'_> {
    fn at(&self) -> i64 {
        self.at
    }

    fn set_at(&mut self, at: i64) {
        self.at = at;
    }

    fn revise(&mut self) {
        if let Some(gate) = self.reason.strip_prefix("User completed the ") {
            self.reason = format!("User started the {gate}");
        } else if let Some(method) = self.reason.strip_prefix("User registered ") {
            self.reason = format!("User failed to register {method}");
        } else if self.activity == RESET_BLOCKED {
            // A block, whatever its result says.
            self.reason = "User is blocked for 24 hours".into();
        } else if self.result == "success" {
            self.result = "failure";
        } else {
            self.result = "success";
        }
    }

    fn write(&self, out: &mut String, log_at: i64) {
        out.push_str(r#"{"time":""#);
        push_time(out, log_at, self.id.ticks());
        let _ = write!(
            out,
            r#"","resourceId":"/tenants/{TENANT}/providers/Microsoft.aadiam","operationName":"{}","operationVersion":"1.0","category":"AuditLogs","tenantId":"{TENANT}","resultSignature":"None","durationMs":0,"callerIpAddress":"203.0.113.{}","correlationId":"#,
            self.activity,
            self.id.ticks() % 250 + 1
        );
        self.push_correlation(out);
        out.push_str(r#","Level":4,"properties":{"id":""#);
        out.push_str(match self.service {
            RESET_SERVICE => "SSGM_",
            METHODS_SERVICE => "AuthenticationMethods_",
            FRAUD_SERVICE => "AzureMFA_",
            _ => "Management_",
        });
        self.id.push_to(out);
        let _ = write!(out, r#"","category":"{}","correlationId":"#, self.category);
        self.push_correlation(out);
        let _ = write!(out, r#","result":"{}","resultReason":"#, self.result);
        push_quoted(out, &self.reason);
        let _ = write!(out, r#","activityDisplayName":"{}","activityDateTime":""#, self.activity);
        push_time(out, self.at, self.id.ticks());
        let _ = write!(
            out,
            r#"","loggedByService":"{}","operationType":"Update","initiatedBy":{{"app":null,"user":"#,
            self.service
        );
        push_user(out, self.administrator.unwrap_or(self.user), true);
        out.push_str(r#"},"targetResources":["#);
        if self.names_target {
            push_user(out, self.user, false);
        }
        out.push_str(r#"],"additionalDetails":["#);
        self.push_details(out);
        out.push_str("]}}");
    }
}

impl AuditLine<'_> {
    fn push_details(&self, out: &mut String) {
        let mut pair = |key: &str, value: &str| {
            if out.ends_with('}') {
                out.push(',');
            }
            let _ = write!(out, r#"{{"key":"{key}","value":"{value}"}}"#);
        };
        match &self.details {
            Details::None => {}
            Details::Phone(phone) => pair("PhoneNumber", phone),
            Details::Reason(reason) => pair("Reason", reason),
            Details::Bypass { reason, seconds } => {
                pair("Reason", reason);
                pair("Seconds", &seconds.to_string());
            }
            Details::Agent(agent) => pair("OnPremisesAgent", agent),
        }
    }

    fn push_correlation(&self, out: &mut String) {
        match self.correlation {
            Some(id) => {
                out.push('"');
                id.push_to(out);
                out.push('"');
            }
            None => out.push_str("null"),
        }
    }
}

fn push_user(out: &mut String, user: &Person, is_initiator: bool) {
    out.push_str(r#"{"id":""#);
    user.id.push_to(out);
    let _ = write!(out, r#"","displayName":{},"userPrincipalName":"{}""#, user.name_json, user.user_name);
    out.push_str(if is_initiator {
        r#","ipAddress":"203.0.113.9","roles":[]}"#
    } else {
        r#","type":"User","groupType":null,"modifiedProperties":[]}"#
    });
}

/// Writes everything that the audit log saw of the story.
pub fn write_audit_log(
    settings: &Settings,
    people: &[Person],
    story: &Story,
    mut rng: ChaCha8Rng,
    outbox_rng: ChaCha8Rng,
    file: &mut impl Write,
) -> io::Result<()> {
    let mut outbox = Outbox::new(settings, outbox_rng, file);
    let administrators: Vec<&Person> = people.iter().filter(|person| person.is_admin).collect();
    let first = story.acts.partition_point(|act| act.at < settings.audit_from());
    for act in &story.acts[first..] {
        for line in lines(settings, people, &administrators, act, &mut rng) {
            // A file that was made at the end knows nothing of later steps.
            if line.at < settings.end.millis() {
                outbox.push(line)?;
            }
        }
    }
    outbox.finish()
}

fn lines<'a>(
    settings: &Settings,
    people: &'a [Person],
    administrators: &[&'a Person],
    act: &Act,
    rng: &mut ChaCha8Rng,
) -> Vec<AuditLine<'a>> {
    let user = &people[act.person as usize];
    let correlation = Guid::random(rng);
    let base = AuditLine {
        id: Guid::random(rng),
        at: act.at,
        service: METHODS_SERVICE,
        category: "UserManagement",
        activity: REGISTERED,
        result: "success",
        reason: String::new(),
        correlation: Some(correlation),
        user,
        administrator: None,
        names_target: !rng.random_ratio(1, 50),
        details: Details::None,
    };
    let by = administrators.get(rng.random_range(0..administrators.len().max(1))).copied();
    match act.deed {
        Deed::Registration { method, succeeds } => registration(base, method, succeeds, rng),
        Deed::AdminPass => vec![AuditLine {
            activity: "Admin registered security info",
            reason: "Admin registered temporary access pass method for user".into(),
            administrator: people.first(),
            names_target: true,
            ..base
        }],
        Deed::Removal { method } => vec![AuditLine {
            activity: "User deleted security info",
            reason: format!("User deleted {}", METHODS[method].phrase.unwrap_or(METHODS[method].registered)),
            ..base
        }],
        Deed::Reset { seed } => {
            let flow = flow(act, seed, settings.outage().contains(&act.at));
            let step = |step: super::flow::Step| AuditLine {
                id: Guid::random(rng),
                at: step.at,
                service: RESET_SERVICE,
                activity: step.activity,
                result: if step.activity == PROGRESS && step.reason.contains("blocked for") {
                    "failure"
                } else {
                    "success"
                },
                reason: step.reason,
                correlation: flow.is_correlated.then_some(correlation),
                ..base.clone()
            };
            flow.steps.into_iter().map(step).collect()
        }
        Deed::Fraud { alert: Alert { is_in_audits: false, .. }, .. } => Vec::new(),
        Deed::Fraud { alert, seed } => vec![AuditLine {
            service: FRAUD_SERVICE,
            activity: match alert.kind {
                AlertKind::Blocked => "Fraud reported - user is blocked for MFA",
                AlertKind::NoAction => "Fraud reported - no action taken",
                AlertKind::Suspicious => "Suspicious activity reported",
            },
            at: act.at + rng.random_range(2_000..45_000),
            reason: "Successfully reported fraud".into(),
            correlation: Some(Guid::of_seed(seed)),
            names_target: true,
            ..base
        }],
        Deed::AdminReset { succeeds } => vec![AuditLine {
            result: if succeeds { "success" } else { "failure" },
            details: Details::Agent("None"),
            ..password(
                "Reset password (by admin)",
                if succeeds { "Successfully completed reset." } else { "None" },
                by,
                base,
            )
        }],
        Deed::PasswordChange { change } => vec![AuditLine {
            result: if change == Change::TooSimple { "failure" } else { "success" },
            ..password(
                "Change password (self-service)",
                match change {
                    Change::Done => "None",
                    Change::DoneOnPremises => "OnPremisesSuccessCloudFailure",
                    Change::TooSimple => "PasswordDoesnotComplyFuzzyPolicy",
                },
                None,
                base,
            )
        }],
        Deed::Unlock { succeeds } => vec![AuditLine {
            result: if succeeds { "success" } else { "failure" },
            ..password("Unlock user account (self-service)", "None", None, base)
        }],
        Deed::ResetBlocked => vec![password(RESET_BLOCKED, "User tried too many times", None, base)],
        Deed::Block { reason } => {
            let details = Details::Reason(BLOCK_REASONS[usize::from(reason)]);
            vec![done_by_administrator("POST Tenant.CreateBlockedUser", "Add blocked user", details, by, base, rng)]
        }
        Deed::Unblock { reason } => {
            let details = Details::Reason(UNBLOCK_REASONS[usize::from(reason)]);
            vec![done_by_administrator("POST Tenant.RemoveBlockedUser", "Clear block on user", details, by, base, rng)]
        }
        Deed::Bypass { reason, seconds } => {
            let details = Details::Bypass { reason: BYPASS_REASONS[usize::from(reason)], seconds };
            vec![done_by_administrator("POST Tenant.CreateBypassedUser", "Add bypass user", details, by, base, rng)]
        }
        Deed::RemoveBypass => {
            let service =
                if rng.random_ratio(1, 8) { "POST TenantRemoveBypassedUser" } else { "POST Tenant.RemoveBypassedUser" };
            vec![done_by_administrator(service, "Remove bypassed user", Details::None, by, base, rng)]
        }
    }
}

/// A record of the whole of a reset, a change or an unlock.
fn password<'a>(
    activity: &'static str,
    reason: &str,
    administrator: Option<&'a Person>,
    base: AuditLine<'a>,
) -> AuditLine<'a> {
    AuditLine { service: RESET_SERVICE, activity, reason: reason.into(), administrator, names_target: true, ..base }
}

/// What administrators do to MFA is called otherwise by the service than by the portal's page.
fn done_by_administrator<'a>(
    of_service: &'static str,
    of_page: &'static str,
    details: Details,
    administrator: Option<&'a Person>,
    base: AuditLine<'a>,
    rng: &mut ChaCha8Rng,
) -> AuditLine<'a> {
    let (service, category, activity) = if rng.random_ratio(6, 10) {
        (METHODS_SERVICE, "ApplicationManagement", of_service)
    } else {
        (PORTAL_SERVICE, "Policy", of_page)
    };
    let reason = String::new();
    AuditLine { service, category, activity, details, administrator, reason, names_target: true, ..base }
}

/// The event itself, with what the log says around it.
fn registration<'a>(base: AuditLine<'a>, method: usize, succeeds: bool, rng: &mut ChaCha8Rng) -> Vec<AuditLine<'a>> {
    let phrase = METHODS[method].phrase.unwrap_or(METHODS[method].registered);
    // One registration of a phone covers texts and calls.
    let phrase =
        if phrase == "Mobile Phone SMS" && rng.random_ratio(1, 4) { "Mobile Phone Call and SMS" } else { phrase };
    if succeeds && rng.random_ratio(1, 40) {
        // The older activity, which does not say which method.
        return vec![AuditLine {
            service: RESET_SERVICE,
            activity: "User registered for self-service password reset",
            reason: "User registered for self-service password reset".into(),
            ..base
        }];
    }
    let mut lines = Vec::with_capacity(3);
    if rng.random_ratio(1, 3) {
        lines.push(AuditLine {
            id: Guid::random(rng),
            at: base.at - 40_000,
            activity: "User started security info registration",
            reason: format!("User started the registration for {phrase}"),
            ..base.clone()
        });
    }
    let (result, verb) = match (succeeds, rng.random_range(0..4u32)) {
        (true, _) => ("success", "registered"),
        (false, 0) => ("success", "failed to register"),
        (false, 1) => ("timeout", "registered"),
        (false, _) => ("failure", "failed to register"),
    };
    let details = if phrase.starts_with("Mobile") {
        Details::Phone(format!("+46 7012345{:02}", rng.random_range(0..100)))
    } else {
        Details::None
    };
    let at = base.at;
    lines.push(AuditLine { result, reason: format!("User {verb} {phrase}"), details, ..base.clone() });
    if succeeds && rng.random_ratio(1, 6) {
        lines.push(AuditLine {
            id: Guid::random(rng),
            at: at + 5_000,
            activity: "User registered all required security info",
            reason: "User registered all required security info.".into(),
            ..base
        });
    }
    lines
}
