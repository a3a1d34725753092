//! The tables beside charts as CSV: the figures of the page with the same parameters, in the order asked for.

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::query::{
    BarColumn, Column, GroupColumn, ListQuery as _, OverviewQuery, Report, SignInsQuery, SmsAndVoiceQuery, TrendColumn,
};
use domain::report::{Fields, GroupCounts, MethodCounts, TrendPoint, Usage};
use domain::viewer::Viewer;

use crate::access::Rows;
use crate::export::{Exported as _, Format, table};
use crate::state::AppState;
use crate::web::error::WebError;

/// Every table of a report.
pub fn routes() -> Router<AppState> {
    let tables = Router::new()
        .route("/overview/registrations.csv", get(registrations))
        .route("/overview/resets.csv", get(resets))
        .route("/overview/history.csv", get(history))
        .route("/sms-and-voice/departments.csv", get(departments))
        .route("/sms-and-voice/countries.csv", get(countries));
    OF_USAGE.iter().fold(tables, |tables, &(name, of)| {
        let answer = move |state, viewer, query| usage(state, viewer, query, (name, of));
        tables.route(&format!("/usage/{name}.csv"), get(answer))
    })
}

/// Method, succeeded, failed, all; and all of the window compared with.
fn bars(
    name: &str,
    query: &OverviewQuery,
    mut rows: Vec<MethodCounts>,
    sort: Option<domain::query::Sort<BarColumn>>,
) -> Response {
    MethodCounts::sort(&mut rows, sort.unwrap_or(BarColumn::DEFAULT_SORT));
    let columns = match query.compare {
        Some(_) => BarColumn::ALL,
        None => &BarColumn::ALL[..4],
    };
    file(name, &query.report, &rows, columns)
}

async fn registrations(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = OverviewQuery::parse(&query.unwrap_or_default(), state.clock.now())?;
    let overview = state.services.read(&viewer).compared_overview(&query).await?;
    Ok(bars("registrations", &query, overview.registrations, query.registrations))
}

async fn resets(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = OverviewQuery::parse(&query.unwrap_or_default(), state.clock.now())?;
    let overview = state.services.read(&viewer).compared_overview(&query).await?;
    Ok(bars("resets", &query, overview.resets, query.resets))
}

async fn history(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = OverviewQuery::parse(&query.unwrap_or_default(), state.clock.now())?;
    let trend = state.services.read(&viewer).trend(&query.report).await?;
    let mut points: Vec<&TrendPoint> = trend.points.iter().collect();
    TrendPoint::sort(&mut points, query.history.unwrap_or(TrendColumn::DEFAULT_SORT));
    Ok(file("history", &query.report, &points, TrendColumn::ALL))
}

/// A table of what happened to sign-ins, as the text of its file.
type UsageTable = fn(&Usage) -> Result<String, serde_json::Error>;

/// The tables of `/usage`: their columns are fields of the API's JSON.
const OF_USAGE: &[(&str, UsageTable)] = &[
    ("requirements", |usage| table::csv_of_json(&usage.required_by, &["required_by", "count"])),
    ("statuses", |usage| table::csv_of_json(&usage.statuses, &["mfa_result", "mfa_status", "challenged", "count"])),
    ("methods", |usage| table::csv_of_json(&usage.methods, &["method", "satisfied", "denied", "pending", "unknown"])),
    ("issues", |usage| table::csv_of_json(&usage.issues, &["mfa_status", "error_code", "count"])),
    ("history", |usage| {
        let columns = ["from", "to", "sign_ins", "satisfied", "denied", "pending", "unknown"];
        table::csv_of_json(&usage.over_time, &columns)
    }),
];

async fn usage(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
    (name, of): (&str, UsageTable),
) -> Result<Response, WebError> {
    let report = Report::parse(&query.unwrap_or_default(), state.clock.now())?;
    let usage = state.services.read(&viewer).usage(&report).await?;
    // About all sign-ins of the window, whoever the population is.
    let scope = SignInsQuery::of(report).scope();
    let csv = of(&usage).map_err(WebError::internal)?;
    Ok(download(&format!("usage-{name}-{scope}.{}", Format::Csv), csv))
}

/// Everything but the share, which follows from the numbers.
const GROUPS: &[GroupColumn] =
    &[GroupColumn::Name, GroupColumn::Size, GroupColumn::SmsOrVoiceOnly, GroupColumn::SmsOrVoiceAndBetter];

async fn departments(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = SmsAndVoiceQuery::parse(&query.unwrap_or_default(), state.clock.now())?;
    let answer = state.services.read(&viewer).sms_and_voice(&query).await?;
    Ok(file::<_, GroupCounts>("sms-and-voice-departments", &query.report, &answer.departments, GROUPS))
}

async fn countries(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = SmsAndVoiceQuery::parse(&query.unwrap_or_default(), state.clock.now())?;
    let answer = state.services.read(&viewer).sms_and_voice(&query).await?;
    Ok(file::<_, GroupCounts>("sms-and-voice-countries", &query.report, &answer.countries, GROUPS))
}

fn file<C: Column, T: Fields<C>>(name: &str, report: &Report, rows: &[T], columns: &[C]) -> Response {
    download(&table::file_name(name, report), table::csv(rows, columns))
}

fn download(file_name: &str, csv: String) -> Response {
    // Lines beneath the heading: no cell of a table of figures has more than one.
    let rows = Rows::of(csv.lines().count().saturating_sub(1));
    let disposition = format!("attachment; filename=\"{file_name}\"");
    let headers =
        [(header::CONTENT_TYPE, Format::Csv.content_type().to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, Extension(rows), csv).into_response()
}
