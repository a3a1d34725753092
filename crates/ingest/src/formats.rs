//! One file per format: from a record's fields to a [`Record`].

mod credential_registration;
mod directory_audit;
mod legacy_audit;
mod mfa_report;
mod mfa_server;
mod portal_audit;
pub(crate) mod portal_headings;
mod registration_details;
mod sign_in;
mod usage_details;
mod user;
pub(crate) mod users_export;

use domain::record::{Record, RecordKind, UserFacts, UserObservation, UserRef, UserType};
use serde_json::Value;

use crate::canonical::digest;
use crate::fields::{Fields, Problem};
use crate::intake::{Outcome, Source};
use crate::kind::{self, Kind};
use crate::scrub::scrub_record;
use crate::shape::json_text;
use crate::time::Clock;

/// Reads one record, scrubbed in place before anything is taken from it. Scrubbing again changes nothing.
pub(crate) fn read(source: Source, value: &mut Value, clock: &mut Clock) -> Outcome {
    expand_properties(value);
    let Some(fields) = Fields::of(value) else { return Outcome::Rejected("This is not a record.".to_owned()) };
    let kind = match kind::of(fields) {
        Some(Kind::Skipped(kind)) => return Outcome::Skipped(kind),
        Some(Kind::Lacking(reason)) => return Outcome::Rejected(reason),
        Some(kind) => kind,
        None => return Outcome::Rejected(kind::unknown_record(fields)),
    };
    scrub_record(value);
    let scrubbed = &*value;
    let read = match kind {
        Kind::RegistrationDetails => registration_details::read(source, scrubbed, clock),
        Kind::CredentialRegistration => credential_registration::read(source, scrubbed),
        Kind::UsageDetails => usage_details::read(scrubbed, clock),
        Kind::User => user::read(scrubbed, clock),
        Kind::UsersExport => users_export::read(scrubbed, clock),
        Kind::MfaReport => mfa_report::read(scrubbed),
        Kind::Audit => directory_audit::read(scrubbed, clock),
        Kind::EnvelopedAudit => directory_audit::read_enveloped(scrubbed, clock),
        Kind::PortalAudit => portal_audit::read(scrubbed, clock),
        Kind::SignIn => sign_in::read(scrubbed, clock),
        Kind::EnvelopedSignIn => sign_in::read_enveloped(scrubbed, clock),
        Kind::PortalSignIn => sign_in::read_portal(scrubbed, clock),
        Kind::PortalStep => sign_in::read_portal_step(scrubbed, clock),
        Kind::Activity => mfa_server::read_activity(scrubbed, clock),
        Kind::Block => mfa_server::read_block(scrubbed, clock),
        Kind::Bypass => mfa_server::read_bypass(scrubbed, clock),
        Kind::ServerStatus => mfa_server::read_server(scrubbed, clock),
        Kind::Skipped(kind) => return Outcome::Skipped(kind),
        Kind::Lacking(reason) => return Outcome::Rejected(reason),
    };
    match read {
        Ok(record) => Outcome::Record(record),
        Err(Problem::Rejected(reason)) => Outcome::Rejected(reason),
        Err(Problem::Ambiguous(date)) => Outcome::Ambiguous(date),
    }
}

/// Some deliver the properties of an envelope as JSON text: parsed here, they are not parsed again by whoever looks.
fn expand_properties(record: &mut Value) {
    let Some(properties) = record.get_mut("properties") else { return };
    if let Some(inner @ Value::Object(_)) = properties.as_str().and_then(json_text) {
        *properties = inner;
    }
}

/// The fields of a record that is known to be an object.
fn fields(record: &Value) -> Result<Fields<'_>, Problem> {
    Fields::of(record).ok_or_else(|| Problem::Rejected("This is not a record.".to_owned()))
}

/// Whom a record is about; an id or a user name is required.
fn user_of(fields: Fields<'_>, ids: &[&str]) -> Result<UserRef, Problem> {
    let user = UserRef {
        object_id: fields.id(ids),
        user_name: fields.text(&["userPrincipalName", "upn", "userName"]),
        display_name: fields.text(&["userDisplayName", "displayName", "name"]),
    };
    if user.is_nobody() {
        return Err(Problem::Rejected(
            "The record names no user: id and userPrincipalName are both missing.".to_owned(),
        ));
    }
    Ok(user)
}

/// The facts every report about users carries.
fn facts_of(user: &UserRef) -> UserFacts {
    UserFacts { display_name: user.display_name.clone(), user_name: user.user_name.clone(), ..UserFacts::default() }
}

fn user_type_of(fields: Fields<'_>) -> Option<UserType> {
    fields.text(&["userType"])?.to_ascii_lowercase().parse().ok()
}

fn observation(
    kind: RecordKind,
    user: UserRef,
    observed_at: Option<domain::instant::Instant>,
    facts: UserFacts,
    record: &Value,
) -> Record {
    Record::User(Box::new(UserObservation { kind, user, observed_at, facts, digest: digest(record) }))
}
