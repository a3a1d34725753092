use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use domain::query::SmsAndVoiceQuery;
use domain::report::SmsAndVoice;
use domain::viewer::Viewer;

use super::parameters::{GroupOrders, ReportParameters};
use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Who is stopped when Microsoft ends codes by SMS and voice, by department and by country.
#[utoipa::path(
    get,
    path = "/api/v1/sms-and-voice",
    operation_id = "sms_and_voice",
    tag = "reports",
    params(ReportParameters, GroupOrders),
    responses((status = OK, body = schemas::SmsAndVoice), super::schemas::Problems)
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<SmsAndVoice>, Problem> {
    let query = SmsAndVoiceQuery::parse(&query.unwrap_or_default(), state.clock.now())?;
    Ok(Json(state.services.read(&viewer).sms_and_voice(&query).await?))
}
