//! On-premises components, and what was done to users' MFA.

use domain::mfa;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::{answer, component, method, names, names_or_null};

fn mode() -> RefOr<Schema> {
    names_or_null(mfa::CallMode::ALL)
}
fn call_result() -> RefOr<Schema> {
    names_or_null(mfa::CallResult::ALL)
}
fn block_status() -> RefOr<Schema> {
    names(mfa::BlockStatus::ALL)
}
fn bypass_status() -> RefOr<Schema> {
    names(mfa::BypassStatus::ALL)
}
fn fraud_source() -> RefOr<Schema> {
    names(mfa::FraudSource::ALL)
}

/// An authentication through an on-premises component; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct Activity {
    pub id: Option<String>,
    #[schema(format = DateTime)]
    pub at: Option<String>,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    #[schema(schema_with = component)]
    pub component: Option<String>,
    #[schema(schema_with = method)]
    pub method: Option<String>,
    /// Whether the user confirms with a PIN.
    #[schema(schema_with = mode)]
    pub mode: Option<String>,
    pub authentication_type: Option<String>,
    pub application: Option<String>,
    /// Masked.
    pub phone: Option<String>,
    #[schema(schema_with = call_result)]
    pub call_result: Option<String>,
    /// The result as the file has it.
    pub raw_result: Option<String>,
    /// The verdict: a `SUCCESS_` code is none.
    #[schema(schema_with = answer)]
    pub authenticated: Option<String>,
    /// Absent for Reports Readers.
    pub ip: Option<String>,
}

#[derive(ToSchema)]
pub struct ActivityPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<Activity>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// What a component did in the window.
#[derive(ToSchema)]
pub struct ComponentUsage {
    #[schema(schema_with = component)]
    pub component: String,
    /// Of the activity report, by verdict.
    pub authenticated: i64,
    pub not_authenticated: i64,
    pub unknown: i64,
    /// Sign-ins of the sign-in log that came through it.
    pub sign_ins: i64,
}

#[derive(ToSchema)]
pub struct ActivitySummary {
    pub components: Vec<ComponentUsage>,
}

/// A remark on a block, a bypass or a fraud alert.
#[derive(ToSchema)]
pub struct ReviewNote {
    pub text: String,
    pub author: String,
    #[schema(format = DateTime)]
    pub at: String,
}

/// A remark to add.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// `id` of a block, a bypass or a fraud alert.
    pub about: String,
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = "^[^\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F]*[^\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\s][^\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F]*$"
    )]
    pub text: String,
}

/// A block of a user; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct Block {
    pub id: Option<String>,
    /// When the user was blocked; of an unblocking whose block is not known, its own time.
    #[schema(format = DateTime)]
    pub at: Option<String>,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub by: Option<String>,
    pub reason: Option<String>,
    /// When it ends by itself.
    #[schema(format = DateTime)]
    pub until: Option<String>,
    #[schema(schema_with = block_status)]
    pub status: Option<String>,
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    pub ended_by: Option<String>,
    pub end_reason: Option<String>,
    /// With `columns`, each as one text.
    #[schema(nullable = false)]
    pub notes: Option<Vec<ReviewNote>>,
}

#[derive(ToSchema)]
pub struct BlockPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<Block>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// A one-time bypass; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct Bypass {
    pub id: Option<String>,
    #[schema(format = DateTime)]
    pub at: Option<String>,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub by: Option<String>,
    pub reason: Option<String>,
    /// How long it is good for.
    pub seconds: Option<i64>,
    #[schema(format = DateTime)]
    pub until: Option<String>,
    #[schema(schema_with = bypass_status)]
    pub status: Option<String>,
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    pub end_reason: Option<String>,
    /// With `columns`, each as one text.
    #[schema(nullable = false)]
    pub notes: Option<Vec<ReviewNote>>,
}

#[derive(ToSchema)]
pub struct BypassPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<Bypass>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// A fraud alert; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct Fraud {
    pub id: Option<String>,
    #[schema(format = DateTime)]
    pub at: Option<String>,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    #[schema(schema_with = fraud_source)]
    pub source: Option<String>,
    /// Whether the alert blocked the user.
    #[schema(schema_with = answer)]
    pub blocked: Option<String>,
    pub reason: Option<String>,
    /// The sign-in that was reported, where it is known.
    pub sign_in_id: Option<String>,
    /// With `columns`, each as one text.
    #[schema(nullable = false)]
    pub notes: Option<Vec<ReviewNote>>,
}

#[derive(ToSchema)]
pub struct FraudPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<Fraud>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// A server of MFA Server; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct Server {
    pub name: Option<String>,
    pub version: Option<String>,
    pub status: Option<String>,
    pub address: Option<String>,
    #[schema(format = DateTime)]
    pub last_contact: Option<String>,
    /// Whether it has been silent for longer than servers are.
    #[schema(schema_with = answer)]
    pub stale: Option<String>,
}

#[derive(ToSchema)]
pub struct ServerPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<Server>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// What a server says of itself.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// What tells servers apart, compared without case.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "^\\s*[^\\u0000-\\u001F\\u007F-\\u009F]*[^\\u0000-\\u001F\\u007F-\\u009F\\s][^\\u0000-\\u001F\\u007F-\\u009F]*\\s*$"
    )]
    pub name: String,
    #[schema(max_length = 200, pattern = "^\\s*[^\\u0000-\\u001F\\u007F-\\u009F]*\\s*$")]
    pub version: Option<String>,
    #[schema(max_length = 200, pattern = "^\\s*[^\\u0000-\\u001F\\u007F-\\u009F]*\\s*$")]
    pub status: Option<String>,
    #[schema(max_length = 200, pattern = "^\\s*[^\\u0000-\\u001F\\u007F-\\u009F]*\\s*$")]
    pub address: Option<String>,
    /// The time of the request where nothing, or a time in the future, is given.
    #[schema(format = DateTime)]
    pub last_contact: Option<String>,
}
