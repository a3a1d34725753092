//! The parameters of lists as flags: one table per list, each parameter with what it says.

use std::marker::PhantomData;

use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};
use domain::query::{
    AccessLogQuery, ActivityQuery, AppUsageQuery, BlockedUsersQuery, BypassedUsersQuery, EventsQuery, FraudAlertsQuery,
    MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, ReasonsQuery, ServersQuery, SignInsQuery,
    UserUsageQuery, UsersQuery,
};

use crate::export::Exported;

/// The parameters of a page, each as a flag that may be repeated where the parameter may.
#[derive(Debug)]
pub struct Parameters<Q> {
    pub query: String,
    list: PhantomData<Q>,
}

/// A list with its own parameters, each with what it says.
pub trait Flags: Exported + std::fmt::Debug {
    const FLAGS: &'static [(&'static str, &'static str)] = &[];
}

const ANSWER: &str = "yes, no or unknown; may be repeated";
const YES_OR_NO: &str = "yes or no";
const METHOD: &str = "A method id, such as sms; may be repeated";
const SECOND_FACTOR: &str = "A method id, such as sms, or none; may be repeated";
const COMPONENT: &str = "none, nps, adfs or mfa_server; may be repeated";
const USER: &str = "Object id or user name; may be repeated";
const REPEATED: &str = "May be repeated";

impl Flags for UsersQuery {
    const FLAGS: &'static [(&'static str, &'static str)] = &[
        ("registered", ANSWER),
        ("enabled", ANSWER),
        ("capable", ANSWER),
        ("mfa_registered", ANSWER),
        ("mfa_capable", ANSWER),
        ("passwordless_capable", ANSWER),
        ("method", METHOD),
        (
            "method_class",
            "sms_or_voice, sms_or_voice_only, sms_or_voice_and_better, phishing_resistant or none; may be repeated",
        ),
        ("department", REPEATED),
        ("country", REPEATED),
    ];
}

impl Flags for EventsQuery {
    const FLAGS: &'static [(&'static str, &'static str)] =
        &[("feature", "registration or reset"), ("status", "success or failure"), ("method", METHOD), ("user", USER)];
}

impl Flags for SignInsQuery {
    const FLAGS: &'static [(&'static str, &'static str)] = &[
        ("mfa_required", ANSWER),
        ("challenged", YES_OR_NO),
        ("unable", YES_OR_NO),
        ("mfa_result", "satisfied, denied, pending, none or unknown; may be repeated"),
        ("mfa_status", "An id of a status, such as user_declined, or none; may be repeated"),
        (
            "required_by",
            "per_user, conditional_access, security_defaults, risk, application, other or unknown; may be repeated",
        ),
        ("method", SECOND_FACTOR),
        ("status", "success, failure, interrupted or unknown; may be repeated"),
        ("error_code", "A number, such as 500121; may be repeated"),
        ("app", "Name or id of an application; may be repeated"),
        ("user", USER),
        ("interactive", ANSWER),
        ("component", COMPONENT),
        ("ca_result", "success, failure, not_applied or unknown; may be repeated"),
        ("ca_policy", "Name or id of a policy that applied; may be repeated"),
        ("ip", REPEATED),
    ];
}

impl Flags for UserUsageQuery {
    const FLAGS: &'static [(&'static str, &'static str)] = &[("challenged", YES_OR_NO), ("unable", YES_OR_NO)];
}

impl Flags for AppUsageQuery {}

impl Flags for ActivityQuery {
    const FLAGS: &'static [(&'static str, &'static str)] = &[
        ("component", COMPONENT),
        ("authenticated", ANSWER),
        ("call_result", "A code, such as FAILED_PHONE_BUSY; may be repeated"),
        ("method", METHOD),
        ("user", USER),
    ];
}

impl Flags for BlockedUsersQuery {
    const FLAGS: &'static [(&'static str, &'static str)] =
        &[("status", "open, lifted or expired; may be repeated"), ("user", USER)];
}

impl Flags for BypassedUsersQuery {
    const FLAGS: &'static [(&'static str, &'static str)] =
        &[("status", "open, used, removed or expired; may be repeated"), ("user", USER)];
}

impl Flags for FraudAlertsQuery {
    const FLAGS: &'static [(&'static str, &'static str)] = &[("blocked", ANSWER), ("user", USER)];
}

impl Flags for ServersQuery {}
impl Flags for MfaRegisteredQuery {}
impl Flags for MfaNotRegisteredQuery {}
impl Flags for MfaMethodsQuery {}

impl Flags for ReasonsQuery {
    const FLAGS: &'static [(&'static str, &'static str)] = &[
        ("kind", "status, call_result or error_code; may be repeated"),
        ("actor", "nobody, user, help_desk, network, telecom or administrator; may be repeated"),
        ("lang", "en or sv; the organisation's where nothing is given"),
    ];
}

impl Flags for AccessLogQuery {
    const FLAGS: &'static [(&'static str, &'static str)] = &[
        ("action", "view, view_person, export, change, sign_in and so on; may be repeated"),
        ("outcome", "allowed, refused or failed; may be repeated"),
        ("actor_kind", "nobody, person, token, demo, console or program; may be repeated"),
    ];
}

/// Parameters of every list; pages and cursors have no meaning where every row is written.
const OF_EVERY_LIST: &[(&str, &str)] = &[
    ("range", "24h, 7d, 30d, 90d or 12mo before as_of"),
    ("from", "The beginning of the window, such as 2026-11-20T12:00:00Z; with to, without range"),
    ("to", "The end of the window; does not belong to it"),
    ("as_of", "The instant the list is about; now where nothing is given"),
    ("population", "members, everyone, guests or admins"),
    ("q", "Search"),
    ("sort", "A column, with - before it for the reverse"),
    ("columns", "A column; repeat for more"),
];

fn flags<Q: Flags>() -> impl Iterator<Item = (&'static str, &'static str)> {
    Q::FLAGS.iter().chain(OF_EVERY_LIST).copied()
}

fn names<Q: Flags>() -> impl Iterator<Item = &'static str> {
    flags::<Q>().map(|(name, _)| name)
}

/// The page's own name is the contract; the dash is what fingers type.
fn dashed(name: &str) -> Option<&'static str> {
    Some(match name {
        "as_of" => "as-of",
        "mfa_registered" => "mfa-registered",
        "mfa_capable" => "mfa-capable",
        "passwordless_capable" => "passwordless-capable",
        "method_class" => "method-class",
        "mfa_required" => "mfa-required",
        "mfa_result" => "mfa-result",
        "mfa_status" => "mfa-status",
        "required_by" => "required-by",
        "error_code" => "error-code",
        "ca_result" => "ca-result",
        "ca_policy" => "ca-policy",
        "call_result" => "call-result",
        "actor_kind" => "actor-kind",
        _ => return None,
    })
}

impl<Q: Flags> Args for Parameters<Q> {
    fn augment_args(command: clap::Command) -> clap::Command {
        flags::<Q>().fold(command, |command, (name, help)| {
            let flag = Arg::new(name).long(name).help(help).action(ArgAction::Append);
            // `-at` is a sort, not a flag.
            let flag = flag.value_name("VALUE").allow_hyphen_values(true);
            command.arg(match dashed(name) {
                Some(dashed) => flag.alias(dashed),
                None => flag,
            })
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<Q: Flags> FromArgMatches for Parameters<Q> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in names::<Q>() {
            for value in matches.get_many::<String>(name).into_iter().flatten() {
                query.append_pair(name, value);
            }
        }
        Ok(Self { query: query.finish(), list: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
