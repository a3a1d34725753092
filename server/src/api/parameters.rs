//! Parameters as the OpenAPI document tells them. They are read by `domain::query`, for pages and downloads too;
//! the values listed here come from the same enums.

use domain::instant::Instant;
use domain::population::Population;
use domain::preferences::Language;
use domain::query::{BarColumn, Column, Compare, GroupColumn, List, MAX_SIZE, Report, Span, TrendColumn, UserColumn};
use domain::window::Range;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{KnownFormat, RefOr};

use super::schemas::names;

/// Structs whose fields are the parameters of a query, with what each field says of its own: `IntoParams` alone leaves
/// that out wherever a schema is named.
macro_rules! parameters {
    ($(
        $(#[doc = $of:literal])*
        pub struct $name:ident {
            $($(#[doc = $says:literal])* $(#[param($($how:tt)*)])? pub $field:ident: $type:ty,)*
        }
    )+) => {$(
        $(#[doc = $of])*
        pub struct $name;

        const _: () = {
            #[derive(utoipa::IntoParams)]
            #[into_params(parameter_in = Query)]
            #[expect(dead_code, reason = "read by the derive only")]
            struct Fields {
                $($(#[param($($how)*)])? $field: $type,)*
            }

            impl utoipa::IntoParams for $name {
                fn into_params(
                    place: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
                ) -> Vec<utoipa::openapi::path::Parameter> {
                    let says: &[(&str, &[&str])] = &[$((stringify!($field), &[$($says),*]),)*];
                    $crate::api::parameters::described(<Fields as utoipa::IntoParams>::into_params(place), says)
                }
            }
        };
    )+};
}

mod columns;
mod filters;

pub use columns::{
    AccessColumns, ActivityColumns, AppUsageColumns, BlockColumns, BypassColumns, EventColumns, FraudColumns,
    MfaMethodsColumns, ReasonColumns, ServerColumns, SignInColumns, UserColumns, UserNameColumns, UserUsageColumns,
};
pub use filters::{
    AccessFilters, ActivityFilters, BlockFilters, BypassFilters, EventFilters, FraudFilters, ReasonFilters,
    SignInFilters, UserFilters, UserUsageFilters,
};

type Shown = RefOr<Schema>;

/// The same parameters with the lines that are said of each.
fn described(mut parameters: Vec<Parameter>, says: &[(&str, &[&str])]) -> Vec<Parameter> {
    for parameter in &mut parameters {
        let lines = says.iter().filter(|(name, _)| *name == parameter.name).flat_map(|(_, lines)| *lines);
        let text = lines.map(|line| line.trim()).collect::<Vec<_>>().join("\n");
        parameter.description = Some(text).filter(|text| !text.is_empty());
    }
    parameters
}

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
    let Span::Range(default) = default_span() else { return names(Range::ALL) };
    with_default(names(Range::ALL), default.to_string())
}
/// What a report is about that is asked for nothing.
fn default_span() -> Span {
    Report::parse("", Instant::MAX).map_or(Span::Range(Range::Month), |report| report.span)
}
fn with_default(mut schema: Shown, default: impl Into<serde_json::Value>) -> Shown {
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.default = Some(default.into());
    }
    schema
}
fn population() -> Shown {
    names(Population::ALL)
}
fn languages() -> Shown {
    names(Language::ALL)
}
fn size() -> Shown {
    let schema = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(MAX_SIZE));
    with_default(schema.into(), List::<UserColumn>::default().size)
}
fn compare() -> Shown {
    names(Compare::ALL)
}
/// A column, or a minus and a column.
fn orders<C: Column>() -> Shown {
    let sortable = C::COLUMNS.iter().filter(|column| column.is_sortable());
    names(&sortable.flat_map(|column| [column.to_string(), format!("-{column}")]).collect::<Vec<_>>())
}

parameters! {
    /// What the overview takes besides.
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
}
