//! Parameters as the OpenAPI document tells them. They are read by `domain::query`, for pages and downloads too;
//! the values listed here come from the same enums.

use domain::population::Population;
use domain::preferences::Language;
use domain::query::{BarColumn, Column, Compare, GroupColumn, MAX_SIZE, TrendColumn};
use domain::window::Range;
use utoipa::IntoParams;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{KnownFormat, RefOr};

use super::schemas::names;

mod columns;
mod filters;

pub use columns::{
    ActivityColumns, AppUsageColumns, BlockColumns, BypassColumns, EventColumns, FraudColumns, MfaMethodsColumns,
    ReasonColumns, ServerColumns, SignInColumns, UserColumns, UserNameColumns, UserUsageColumns,
};
pub use filters::{
    ActivityFilters, BlockFilters, BypassFilters, EventFilters, FraudFilters, ReasonFilters, SignInFilters,
    UserFilters, UserUsageFilters,
};

type Shown = RefOr<Schema>;

fn many(schema: Shown) -> Shown {
    ArrayBuilder::new().items(schema).into()
}

fn text_as(format: SchemaFormat) -> Shown {
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
}
fn instant() -> Shown {
    text_as(SchemaFormat::KnownFormat(KnownFormat::DateTime))
}
fn time_zone() -> Shown {
    text_as(SchemaFormat::Custom("iana-time-zone".to_owned()))
}
fn cursor() -> Shown {
    text_as(SchemaFormat::Custom("cursor".to_owned()))
}

fn range() -> Shown {
    names(Range::ALL)
}
fn population() -> Shown {
    names(Population::ALL)
}
fn languages() -> Shown {
    names(Language::ALL)
}
fn size() -> Shown {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(MAX_SIZE)).into()
}
fn compare() -> Shown {
    names(Compare::ALL)
}
/// A column, or a minus and a column.
fn orders<C: Column>() -> Shown {
    let sortable = C::COLUMNS.iter().filter(|column| column.is_sortable());
    names(&sortable.flat_map(|column| [column.to_string(), format!("-{column}")]).collect::<Vec<_>>())
}

/// What the overview takes besides.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OverviewParameters {
    /// Puts the window of the same length before it beside each chart's figures.
    #[param(schema_with = compare)]
    pub compare: Option<String>,
    /// The order of `registrations`: most events first where nothing is given.
    #[param(schema_with = orders::<BarColumn>)]
    pub sort_registrations: Option<String>,
    /// The order of `resets`: most events first where nothing is given.
    #[param(schema_with = orders::<BarColumn>)]
    pub sort_resets: Option<String>,
    /// The order of the page's table of the trend: it changes nothing here.
    #[param(schema_with = orders::<TrendColumn>)]
    pub sort_history: Option<String>,
}

/// What the report on SMS and voice takes besides.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GroupOrders {
    /// The order of `departments`: most users with SMS or voice only first where nothing is given.
    #[param(schema_with = orders::<GroupColumn>)]
    pub sort_departments: Option<String>,
    /// The order of `countries`: most users with SMS or voice only first where nothing is given.
    #[param(schema_with = orders::<GroupColumn>)]
    pub sort_countries: Option<String>,
    /// The order of the page's table of the trend: it changes nothing here.
    #[param(schema_with = orders::<TrendColumn>)]
    pub sort_history: Option<String>,
}

/// What every report takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportParameters {
    /// The window, ending at `as_of`: multiples of 24 hours, or twelve calendar months in UTC. 30d where nothing is
    /// given. Not together with `from` and `to`.
    #[param(schema_with = range)]
    pub range: Option<String>,
    /// The beginning of the window; belongs to it. Only together with `to`.
    #[param(schema_with = instant)]
    pub from: Option<String>,
    /// The end of the window; does not belong to it.
    #[param(schema_with = instant)]
    pub to: Option<String>,
    /// The instant the report is about: 9999-12-30 at the latest. Now where nothing is given.
    #[param(schema_with = instant)]
    pub as_of: Option<String>,
    /// The users a figure about users is about: `members` where nothing is given. A filter on lists of events.
    #[param(schema_with = population)]
    pub population: Option<String>,
    /// IANA time zone. Pages show instants in it; JSON is always UTC. Where it is given, `from`, `to` and `as_of` may
    /// also be a date and time without a zone.
    #[param(schema_with = time_zone)]
    pub tz: Option<String>,
    /// Language of pages, and of the sentences of `/reasons`.
    #[param(schema_with = languages)]
    pub lang: Option<String>,
}

/// What every list takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// Search, without case and accents.
    #[param(max_length = 200)]
    pub q: Option<String>,
    /// Items on a page: 50 where nothing is given.
    #[param(schema_with = size)]
    pub size: Option<u32>,
    /// `next` or `previous` of another page of the same list and sort.
    #[param(schema_with = cursor)]
    pub after: Option<String>,
}
