//! Random records that have much in common: users, names, flows, attempts, and copies of one another.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::AuthMethod;
use domain::mfa::{ActionKind, ActionRecord, ActivityRecord, MfaAction, ServerRecord, ServerStatus};
use domain::record::{Feature, Outcome, Record, RecordKind, ReportEvent, UserRef};
use domain::sign_in::{AppRef, AuthenticationStep, Component, Place, SignInDetails, SignInRecord, SignInSteps};
use proptest::prelude::*;

use crate::sign_ins::{CLAIM, DECLINED, DONE, sign_in};
use crate::support::{at, audit, details};

/// By id with a name, by id alone, or by name alone; names go round.
fn user() -> impl Strategy<Value = UserRef> {
    let ids = prop::option::weighted(0.7, 0..4usize);
    (ids, prop::option::weighted(0.8, 0..4usize), any::<bool>()).prop_map(|(id, name, is_shown)| {
        let name = if id.is_none() { name.or(Some(0)) } else { name };
        UserRef {
            object_id: id.map(|id| ["a", "b", "c", "d"][id].to_owned()),
            user_name: name.map(|name| ["ann", "bo", "carl", "dora"][name].to_owned() + "@x.example"),
            display_name: name.filter(|_| is_shown).map(|name| ["Ann", "Bo", "Carl", "Dora"][name].to_owned()),
        }
    })
}

/// Any function of what the record says does, if its beginning depends on all of it.
fn digest(of: impl std::fmt::Debug) -> [u8; 32] {
    let mut hasher = DefaultHasher::new();
    format!("{of:?}").hash(&mut hasher);
    let mut digest = [0u8; 32];
    digest[..8].copy_from_slice(&hasher.finish().to_be_bytes());
    digest
}

const PROGRESS: &str = "Self-service password reset flow activity progress";
const REASONS: [&str; 4] = [
    "User started the mobile SMS verification option",
    "User completed the mobile SMS verification option",
    "User started the email verification option",
    "User abandoned the flow before completing",
];

fn observation() -> impl Strategy<Value = Record> {
    (user(), 0..6i64, any::<bool>(), any::<bool>()).prop_map(|(user, minutes, registered, has_method)| {
        let methods: &[&str] = if has_method { &["mobilePhone"] } else { &[] };
        let mut record = details(user, minutes * 700, registered, methods);
        if let Record::User(user) = &mut record {
            user.digest = digest((&user.user, &user.facts));
        }
        record
    })
}

fn audits() -> impl Strategy<Value = Record> {
    (user(), 0..7usize, 0..5i64, 0..4usize, 0..4usize, any::<bool>(), prop::option::of(0..3i64)).prop_map(
        |(user, id, minutes, what, reason, is_fine, log)| {
            let (activity, flow) = match what {
                0 => ("User registered security info", None),
                1 => ("Reset password (self-service)", None),
                _ => (PROGRESS, Some(["f", "g"][reason % 2])),
            };
            let mut record = audit(&format!("audit-{id}"), minutes, activity, REASONS[reason], flow, user);
            if is_fine {
                record.at = Instant::from_millis(record.at.millis() + 123);
            }
            record.log_at = log.map(|log| at(100 + log));
            record.digest = digest((&record.user, record.at, &record.reason, activity));
            Record::Audit(Box::new(record))
        },
    )
}

fn report_events() -> impl Strategy<Value = Record> {
    (user(), 0..4i64, 0..2usize).prop_map(|(user, minutes, outcome)| {
        let who = user.object_id.clone().or(user.user_name.clone());
        let outcome = Outcome::ALL[outcome];
        Record::Event(Box::new(ReportEvent {
            kind: RecordKind::UserCredentialUsageDetails,
            feature: Feature::Registration,
            at: at(minutes),
            method: AuthMethod::Email,
            raw_method: None,
            outcome,
            reason: None,
            // Names are no part of its identity.
            digest: digest((who, minutes, outcome)),
            user,
        }))
    })
}

/// Copies of one sign-in are of one user and, but for its milliseconds, of one time.
fn sign_ins() -> impl Strategy<Value = Record> {
    let whom =
        (any::<bool>(), 0..8usize, prop::option::weighted(0.7, 0..3usize)).prop_map(|(is_shown, id, attempt)| {
            let user = UserRef {
                object_id: Some(["a", "b", "e"][id % 3].to_owned()).filter(|_| id % 4 != 0),
                user_name: Some(["ann", "bo", "emil", "carl"][id / 2].to_owned() + "@x.example"),
                display_name: Some(["Ann", "Bo", "Emil", "Carl"][id / 2].to_owned()).filter(|_| is_shown),
            };
            (user, id, attempt)
        });
    (whom, 0..4usize, any::<bool>(), prop::option::of(0..3i64), 0..3usize).prop_map(
        |((user, id, attempt), text, is_fine, log, app)| {
            let hours = i64::try_from(id).expect("small") % 4;
            let text = [DECLINED, DONE, CLAIM, ""][text];
            let record = sign_in(&format!("s{id}"), "x", 0, text);
            let minute = 60_000;
            let details = SignInDetails {
                correlation_id: attempt.map(|attempt| format!("c{attempt}")),
                requirement: (app == 1).then(|| "multiFactorAuthentication".to_owned()),
                ..record.details.clone()
            };
            let at = Instant::from_millis(at(hours * 610).millis() / minute * minute + if is_fine { 77 } else { 0 });
            let record = SignInRecord {
                at,
                log_at: log.map(|log| Instant::from_millis(at.millis() + 1000 * log)),
                app: AppRef { id: Some(format!("app-{app}")), name: None },
                place: Place { ip: Some(format!("192.0.2.{app}")), ..Place::default() },
                digest: digest((id, &user, at, log, text, app, attempt)),
                user,
                details,
                ..record
            };
            Record::SignIn(Box::new(record))
        },
    )
}

fn steps() -> impl Strategy<Value = Record> {
    (0..8usize, 0..3usize).prop_map(|(id, text)| {
        let text = [DECLINED, DONE, CLAIM][text];
        let step = AuthenticationStep {
            at: Some(at(9)),
            method: Some("Text message".into()),
            result: Some(text.into()),
            ..AuthenticationStep::default()
        };
        let digest = digest((id, text));
        Record::SignInSteps(Box::new(SignInSteps { record_id: format!("s{id}"), step, digest }))
    })
}

fn mfa_server() -> impl Strategy<Value = Record> {
    (user(), 0..4i64, 0..3usize, 0..5usize).prop_map(|(user, minutes, what, kind)| {
        let at = at(minutes * 800);
        match what {
            0 => Record::Activity(Box::new(ActivityRecord {
                at,
                digest: digest((&user, at)),
                user,
                method: AuthMethod::Sms,
                raw_method: None,
                mode: None,
                component: Component::ALL[1],
                authentication_type: None,
                application: None,
                phone: None,
                call_result: None,
                raw_result: None,
                authenticated: Answer::Yes,
                ip: None,
            })),
            1 => {
                let action = MfaAction {
                    kind: ActionKind::ALL[kind],
                    at,
                    user,
                    by: Some("admin".into()),
                    reason: None,
                    seconds: None,
                    is_blocked: None,
                    completed_at: None,
                    completion_reason: None,
                    is_used: None,
                };
                Record::Action(Box::new(ActionRecord { digest: digest(&action), action }))
            }
            _ => {
                let server = ServerStatus {
                    name: ["one", "two"][kind % 2].into(),
                    version: Some(kind.to_string()),
                    status: None,
                    address: None,
                    last_contact: at,
                };
                Record::Server(Box::new(ServerRecord { digest: digest(&server), server }))
            }
        }
    })
}

/// A file of some records.
pub fn file() -> impl Strategy<Value = Vec<Record>> {
    let record = prop_oneof![
        3 => observation(),
        3 => audits(),
        2 => report_events(),
        4 => sign_ins(),
        1 => steps(),
        2 => mfa_server(),
    ];
    prop::collection::vec(record, 0..24)
}
