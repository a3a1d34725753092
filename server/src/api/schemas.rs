//! The answers as the OpenAPI document tells them. `domain` knows nothing of OpenAPI; a test holds every answer
//! against these shapes, so that they cannot differ.

use std::fmt::Display;

use domain::answer::Answer as Known;
use domain::method::AuthMethod;
use domain::population::{LeftOutReason, Population};
use domain::record;
use domain::sign_in;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoResponses, ToSchema};

use super::problem::Problem;

mod access;
mod data;
mod exports;
mod lists;
mod mfa;
mod overview;
mod people;
mod retention;
mod sign_ins;
mod sources;
mod tokens;
mod usage;
mod users;
mod views;

pub use access::AccessPage;
pub use data::{Data, Import, ImportDetails, NothingReadable, Pushed};
pub use exports::{Export, Exports, NewExport};
pub use lists::{MfaMethodsPage, ReasonPage, UserNamePage};
pub use mfa::{
    ActivityPage, ActivitySummary, BlockPage, BypassPage, FraudPage, Heartbeat, NewNote, ReviewNote, ServerPage,
};
pub use overview::{Overview, SmsAndVoice, Trend};
pub use people::People;
pub use retention::{Erased, NewRetentionRule, NotKept, Retention};
pub use sign_ins::{SignInPage, SignInReport};
pub use sources::Connections;
pub use tokens::Tokens;
pub use usage::{AppUsagePage, Usage, UserUsagePage};
pub use users::{EventPage, UserDetails, UserPage};
pub use views::{NewView, SavedView, SavedViews};

/// A text that is one of these.
pub fn names<T: Display>(all: &[T]) -> RefOr<Schema> {
    let values: Vec<String> = all.iter().map(ToString::to_string).collect();
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).into()
}

/// A text that is one of these, or null.
fn names_or_null<T: Display>(all: &[T]) -> RefOr<Schema> {
    let values = all.iter().map(|name| serde_json::Value::from(name.to_string())).chain([serde_json::Value::Null]);
    let types = utoipa::openapi::schema::SchemaType::from_iter([Type::String, Type::Null]);
    ObjectBuilder::new().schema_type(types).enum_values(Some(values)).into()
}

fn answer() -> RefOr<Schema> {
    names(Known::ALL)
}
fn method() -> RefOr<Schema> {
    names(AuthMethod::ALL)
}
fn population() -> RefOr<Schema> {
    names(Population::ALL)
}
fn left_out_reason() -> RefOr<Schema> {
    names(LeftOutReason::ALL)
}
fn record_kind() -> RefOr<Schema> {
    names(record::RecordKind::ALL)
}
fn component() -> RefOr<Schema> {
    names(sign_in::Component::ALL)
}
fn mfa_result() -> RefOr<Schema> {
    names(sign_in::MfaResult::ALL)
}
fn mfa_status() -> RefOr<Schema> {
    names_or_null(sign_in::MfaStatus::ALL)
}
fn second_factor() -> RefOr<Schema> {
    names(&sign_in::SecondFactor::all().collect::<Vec<_>>())
}

/// The problems every path may answer with.
#[derive(IntoResponses)]
pub enum Problems {
    /// A parameter is unknown or wrong.
    #[response(status = BAD_REQUEST, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// No token and no session, or not a good one.
    #[response(status = UNAUTHORIZED, content_type = "application/problem+json", headers(("www-authenticate" = String, description = "`Bearer`")))]
    Unauthorized(Problem),
    /// The role does not allow it, or the token may only send records.
    #[response(status = FORBIDDEN, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Too much was asked for within a minute.
    #[response(status = TOO_MANY_REQUESTS, content_type = "application/problem+json", headers(("retry-after" = u32, description = "Seconds until one may go on")))]
    TooManyReads(Problem),
    /// The database does not answer.
    #[response(status = SERVICE_UNAVAILABLE, content_type = "application/problem+json", headers(("retry-after" = u32, description = "Seconds until it is worth while to ask again")))]
    Unavailable(Problem),
    /// There was no answer in time.
    #[response(status = GATEWAY_TIMEOUT, content_type = "application/problem+json")]
    TooSlow(Problem),
}

/// The problem of paths that take a few lines of JSON.
#[derive(IntoResponses)]
#[response(status = PAYLOAD_TOO_LARGE, content_type = "application/problem+json")]
/// The body is longer than 64 KiB.
pub struct TooLarge(#[expect(dead_code, reason = "its shape is what is documented")] Problem);

/// A half-open span of time.
#[derive(ToSchema)]
pub struct Window {
    #[schema(format = DateTime)]
    pub from: String,
    #[schema(format = DateTime)]
    pub to: String,
}

/// Adds up to the number of all that are counted.
#[derive(ToSchema)]
pub struct Tally {
    pub yes: i64,
    pub no: i64,
    pub unknown: i64,
}

#[derive(ToSchema)]
pub struct LeftOut {
    #[schema(schema_with = left_out_reason)]
    pub reason: String,
    pub count: i64,
}

#[derive(ToSchema)]
pub struct PopulationSize {
    #[schema(schema_with = population)]
    pub name: String,
    pub size: i64,
    pub left_out: Vec<LeftOut>,
}

#[derive(ToSchema)]
pub struct Counts {
    pub success: i64,
    pub failure: i64,
}

#[derive(ToSchema)]
pub struct Source {
    #[schema(schema_with = record_kind)]
    pub source: String,
    #[schema(format = DateTime)]
    pub last_refreshed: String,
    #[schema(format = DateTime)]
    pub covers_from: String,
    #[schema(format = DateTime)]
    pub covers_to: String,
    pub records: i64,
}
