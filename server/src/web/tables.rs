//! The tables beside charts as CSV: the figures of the page with the same parameters, in the order asked for.

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::query::{BarColumn, Column, GroupColumn, OverviewQuery, Report, SmsAndVoiceQuery, TrendColumn};
use domain::report::{Fields, GroupCounts, MethodCounts, TrendPoint};
use domain::viewer::Viewer;

use crate::export::{Format, table};
use crate::state::AppState;
use crate::web::error::WebError;

/// Every table of a report.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/overview/registrations.csv", get(registrations))
        .route("/overview/resets.csv", get(resets))
        .route("/overview/history.csv", get(history))
        .route("/sms-and-voice/departments.csv", get(departments))
        .route("/sms-and-voice/countries.csv", get(countries))
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
    let disposition = format!("attachment; filename=\"{}\"", table::file_name(name, report));
    let headers =
        [(header::CONTENT_TYPE, Format::Csv.content_type().to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, table::csv(rows, columns)).into_response()
}
