//! The answers as the OpenAPI document tells them. `domain` knows nothing of OpenAPI; a test holds every answer
//! against these shapes, so that they cannot differ.

use std::collections::BTreeMap;
use std::fmt::Display;

use domain::answer::Answer as Known;
use domain::method::AuthMethod;
use domain::population::{LeftOutReason, Population};
use domain::record;
use domain::report::ImportStatus;
use domain::view::ViewPage;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoResponses, ToSchema};

use super::problem::Problem;

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
fn user_type() -> RefOr<Schema> {
    names_or_null(record::UserType::ALL)
}
fn per_user_mfa() -> RefOr<Schema> {
    names_or_null(record::PerUserMfa::ALL)
}
fn feature() -> RefOr<Schema> {
    names(record::Feature::ALL)
}
fn outcome() -> RefOr<Schema> {
    names(record::Outcome::ALL)
}
fn event_source() -> RefOr<Schema> {
    names(record::EventSource::ALL)
}
fn import_status() -> RefOr<Schema> {
    names(ImportStatus::ALL)
}

/// The problems every path may answer with.
#[derive(IntoResponses)]
pub enum Problems {
    /// A parameter is unknown or wrong.
    #[response(status = BAD_REQUEST, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// No token and no session, or not a good one.
    #[response(status = UNAUTHORIZED, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// The token may not read.
    #[response(status = FORBIDDEN, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// The database does not answer.
    #[response(status = SERVICE_UNAVAILABLE, content_type = "application/problem+json")]
    Unavailable(Problem),
}

fn view_page() -> RefOr<Schema> {
    names(ViewPage::ALL)
}

/// A view to save.
#[derive(ToSchema)]
pub struct NewView {
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    #[schema(schema_with = view_page)]
    pub page: String,
    /// The page's query string, without the question mark; empty where nothing is given.
    #[schema(required = false)]
    pub query: String,
    /// Whether everybody with a role sees it; no where nothing is given.
    #[schema(required = false)]
    pub shared: bool,
}

/// A saved view.
#[derive(ToSchema)]
pub struct SavedView {
    pub id: i64,
    pub name: String,
    #[schema(schema_with = view_page)]
    pub page: String,
    /// The page's query string.
    pub query: String,
    pub shared: bool,
    /// Who saved it: a person's name, or a role's.
    pub author: String,
    /// Whether the caller may rename and delete it.
    pub may_change: bool,
    /// False where the page no longer takes the query.
    pub works: bool,
    #[schema(format = DateTime)]
    pub created_at: String,
}

#[derive(ToSchema)]
pub struct SavedViews {
    pub items: Vec<SavedView>,
}

/// A half-open span of time.
#[derive(ToSchema)]
pub struct Window {
    #[schema(format = DateTime)]
    pub from: String,
    #[schema(format = DateTime)]
    pub to: String,
}

/// Adds up to the population's size.
#[derive(ToSchema)]
pub struct Tally {
    pub yes: i64,
    pub no: i64,
    pub unknown: i64,
}

#[derive(ToSchema)]
pub struct Tiles {
    pub registered: Tally,
    pub enabled: Tally,
    pub capable: Tally,
    pub mfa_registered: Tally,
    pub mfa_capable: Tally,
    pub passwordless_capable: Tally,
}

#[derive(ToSchema)]
pub struct Insights {
    pub registered_not_enabled: i64,
    pub enabled_not_registered: i64,
    pub sms_or_voice_only: i64,
    pub sms_or_voice_and_better: i64,
}

/// By how much every figure has changed since then.
#[derive(ToSchema)]
pub struct Change {
    #[schema(format = DateTime)]
    pub since: String,
    pub size: i64,
    pub tiles: Tiles,
    pub insights: Insights,
}

/// What the overview says with this `as_of`.
#[derive(ToSchema)]
pub struct TrendPoint {
    #[schema(format = DateTime)]
    pub at: String,
    pub size: i64,
    pub tiles: Tiles,
    pub insights: Insights,
}

#[derive(ToSchema)]
pub struct Trend {
    #[schema(format = DateTime)]
    pub as_of: String,
    /// From the beginning of the report's window to `as_of`.
    pub window: Window,
    /// The first observation of any user; points before it are left out. Null: no data yet.
    #[schema(format = DateTime, required = true)]
    pub known_from: Option<String>,
    #[schema(schema_with = population)]
    pub population: String,
    /// Milliseconds between points, but for the first and the last.
    pub step_ms: i64,
    /// The hour, day or week of the last point is not over at `as_of`.
    pub is_last_step_unfinished: bool,
    /// The beginning of the window, the last millisecond of every whole step in it, and `as_of`.
    pub points: Vec<TrendPoint>,
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
pub struct MethodCounts {
    #[schema(schema_with = method)]
    pub method: String,
    pub success: i64,
    pub failure: i64,
    /// Of the window compared with; absent: nothing is compared.
    #[schema(nullable = false)]
    pub previous: Option<Counts>,
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

#[derive(ToSchema)]
pub struct Overview {
    #[schema(format = DateTime)]
    pub as_of: String,
    pub window: Window,
    /// The first observation of any user; null: no data yet.
    #[schema(format = DateTime, required = true)]
    pub known_from: Option<String>,
    pub population: PopulationSize,
    pub tiles: Tiles,
    pub insights: Insights,
    /// Since the beginning of the window; null: nothing was known then.
    #[schema(required = true)]
    pub change: Option<Change>,
    /// The window that the charts are compared with; absent: nothing is compared.
    #[schema(nullable = false)]
    pub previous: Option<Window>,
    pub registrations: Vec<MethodCounts>,
    pub resets: Vec<MethodCounts>,
    pub sources: Vec<Source>,
}

/// Users of the population in one department or country.
#[derive(ToSchema)]
pub struct GroupCounts {
    /// As the directory writes it; `unknown` where it says nothing.
    pub name: String,
    pub size: i64,
    pub sms_or_voice_only: i64,
    pub sms_or_voice_and_better: i64,
}

#[derive(ToSchema)]
pub struct SmsAndVoice {
    #[schema(format = DateTime)]
    pub as_of: String,
    pub window: Window,
    /// The first observation of any user; null: no data yet.
    #[schema(format = DateTime, required = true)]
    pub known_from: Option<String>,
    #[schema(format = DateTime)]
    pub ends_at: String,
    /// Whole days of UTC from `as_of`; negative afterwards.
    pub days_left: i64,
    pub population: PopulationSize,
    /// Nothing but methods that end, and what is no factor of its own.
    pub sms_or_voice_only: i64,
    /// Something that stays beside them.
    pub sms_or_voice_and_better: i64,
    /// Since the beginning of the window; null: nothing was known then.
    #[schema(required = true)]
    pub change: Option<Change>,
    /// Everybody in the population is in exactly one.
    pub departments: Vec<GroupCounts>,
    /// Everybody in the population is in exactly one.
    pub countries: Vec<GroupCounts>,
    pub sources: Vec<Source>,
}

/// A user; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct User {
    pub id: Option<String>,
    #[schema(nullable)]
    pub display_name: Option<String>,
    #[schema(nullable)]
    pub user_name: Option<String>,
    #[schema(schema_with = user_type)]
    pub user_type: Option<String>,
    #[schema(schema_with = answer)]
    pub enabled_account: Option<String>,
    #[schema(schema_with = answer)]
    pub admin: Option<String>,
    #[schema(schema_with = answer)]
    pub registered: Option<String>,
    #[schema(schema_with = answer)]
    pub enabled: Option<String>,
    #[schema(schema_with = answer)]
    pub capable: Option<String>,
    #[schema(schema_with = answer)]
    pub mfa_registered: Option<String>,
    #[schema(schema_with = answer)]
    pub mfa_capable: Option<String>,
    #[schema(schema_with = answer)]
    pub passwordless_capable: Option<String>,
    /// Method ids, raw names for methods without one; null: not known.
    pub methods: Option<Vec<String>>,
    pub default_method: Option<String>,
    pub department: Option<String>,
    pub country: Option<String>,
    #[schema(format = DateTime)]
    pub updated_at: Option<String>,
}

#[derive(ToSchema)]
pub struct UserPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<User>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// An event; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct Event {
    pub id: Option<String>,
    #[schema(format = DateTime)]
    pub at: Option<String>,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    #[schema(schema_with = feature)]
    pub feature: Option<String>,
    #[schema(schema_with = method)]
    pub method: Option<String>,
    /// The method's name as the record has it.
    pub raw_method: Option<String>,
    #[schema(schema_with = outcome)]
    pub status: Option<String>,
    pub reason: Option<String>,
    #[schema(schema_with = event_source)]
    pub source: Option<String>,
}

#[derive(ToSchema)]
pub struct EventPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<Event>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// A span of time in which the state was one and the same.
#[derive(ToSchema)]
pub struct StateInterval {
    #[schema(format = DateTime)]
    pub from: String,
    /// Null: until further notice.
    #[schema(format = DateTime, required = true)]
    pub to: Option<String>,
    pub state: User,
}

#[derive(ToSchema)]
pub struct UserDetails {
    /// The state at `as_of`; null before the first observation.
    #[schema(required = true)]
    pub state: Option<User>,
    pub id: String,
    #[schema(required = true)]
    pub display_name: Option<String>,
    #[schema(required = true)]
    pub user_name: Option<String>,
    #[schema(schema_with = per_user_mfa, required = true)]
    pub per_user_mfa: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub created_at: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub deleted_at: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub first_seen_at: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub last_seen_at: Option<String>,
    /// Every change of state, newest first.
    pub history: Vec<StateInterval>,
    /// Newest first, at most 100.
    pub events: Vec<Event>,
    pub events_total: i64,
}

#[derive(ToSchema)]
pub struct ImportCounts {
    pub files: i64,
    pub records: i64,
    pub accepted: i64,
    pub duplicate: i64,
    pub replaced: i64,
    pub skipped: i64,
    pub rejected: i64,
    pub by_kind: BTreeMap<String, i64>,
}

#[derive(ToSchema)]
pub struct Import {
    pub id: i64,
    pub file_name: String,
    #[schema(format = DateTime)]
    pub started_at: String,
    #[schema(format = DateTime, required = true)]
    pub finished_at: Option<String>,
    #[schema(schema_with = import_status)]
    pub status: String,
    /// Why the file was refused.
    #[schema(required = true)]
    pub refusal: Option<String>,
    pub counts: ImportCounts,
}

#[derive(ToSchema)]
pub struct Quarantined {
    #[schema(required = true)]
    pub line: Option<i64>,
    #[schema(required = true)]
    pub byte: Option<i64>,
    pub reason: String,
    /// The beginning of what was refused, phone numbers scrubbed.
    pub excerpt: String,
}

#[derive(ToSchema)]
pub struct Data {
    pub sources: Vec<Source>,
    pub imports: Vec<Import>,
}

#[derive(ToSchema)]
pub struct ImportDetails {
    pub id: i64,
    pub file_name: String,
    #[schema(format = DateTime)]
    pub started_at: String,
    #[schema(format = DateTime, required = true)]
    pub finished_at: Option<String>,
    #[schema(schema_with = import_status)]
    pub status: String,
    /// Why the file was refused.
    #[schema(required = true)]
    pub refusal: Option<String>,
    pub counts: ImportCounts,
    pub quarantined: Vec<Quarantined>,
}
