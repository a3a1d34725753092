//! The reports on the methods of users.

use utoipa::ToSchema;

use super::{Counts, PopulationSize, Source, Tally, Window, method, population};

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
    /// Null: days of the window are not kept.
    #[schema(required = true)]
    pub registrations: Option<Vec<MethodCounts>>,
    #[schema(required = true)]
    pub resets: Option<Vec<MethodCounts>>,
    /// Data that the window reaches further back than; absent: none.
    #[schema(nullable = false)]
    pub not_kept: Option<Vec<super::NotKept>>,
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
