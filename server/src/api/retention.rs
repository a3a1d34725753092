use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::{Extension, Json};
use domain::query::Params;
use domain::retention::{Kept, MAX_DAYS, MIN_DAYS, NotKept, RetentionRule};
use domain::viewer::Viewer;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::problem::Problem;
use super::schemas;
use crate::auth::secret;
use crate::state::AppState;

/// Every kind of data with its rule.
#[derive(Debug, Serialize)]
pub struct Retention {
    items: Vec<RetentionRule>,
}

/// How long each kind of data is kept: for Global Readers and Global Administrators.
#[utoipa::path(
    get,
    path = "/api/v1/settings/retention",
    operation_id = "list_retention",
    tag = "settings",
    responses((status = OK, body = schemas::Retention), super::schemas::Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<Retention>, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let items = state.services.settings(&viewer)?.retention().await?;
    Ok(Json(Retention { items }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    data: Kept,
    /// What is not said is not "for ever".
    #[serde(deserialize_with = "Option::deserialize")]
    days: Option<Number>,
}

/// Sets for how many whole UTC days a kind of data is kept; null: for ever. Global Administrators.
#[utoipa::path(
    post,
    path = "/api/v1/settings/retention",
    operation_id = "set_retention",
    tag = "settings",
    request_body = schemas::NewRetentionRule,
    responses((status = OK, body = schemas::Retention, description = "The rules as they are now"), super::schemas::TooLarge, super::schemas::Problems)
)]
pub async fn set(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    body: Bytes,
) -> Result<Json<Retention>, Problem> {
    let admin = state.services.admin(&viewer)?;
    let Rule { data, days } = serde_json::from_slice(&body).map_err(|error| Problem::bad_body(&error))?;
    let wrong = || Problem::bad_body(&format!("days is a number from {MIN_DAYS} to {MAX_DAYS}, or null: for ever"));
    let days = days.map(|days| whole_days(&days).ok_or_else(wrong)).transpose()?;
    admin.set_retention(data, days).await?;
    state.keeping.notify_one();
    let items = state.services.settings(&viewer)?.retention().await?;
    Ok(Json(Retention { items }))
}

/// 90.0 is a whole number as well, and some write it so.
fn whole_days(given: &Number) -> Option<i64> {
    let text = given.to_string();
    let days = text.strip_suffix(".0").unwrap_or(&text).parse().ok()?;
    (MIN_DAYS..=MAX_DAYS).contains(&days).then_some(days)
}

/// Erases a person for good: what happened stays, nameless, in every count. Global Administrators.
///
/// It goes on in the background, and no import brings the person back.
#[utoipa::path(
    post,
    path = "/api/v1/users/{id}/erase",
    operation_id = "erase_user",
    tag = "lists",
    params(("id" = String, Path, description = "Object id or user name")),
    responses(
        (status = ACCEPTED, body = schemas::Erased, description = "It has begun"),
        (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "Nobody is known by this id"),
        super::schemas::Problems
    )
)]
pub async fn erase(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<(StatusCode, Json<Erased>), Problem> {
    let eraser = state.services.erase(&viewer)?;
    Params::parse(&query.unwrap_or_default()).finish()?;
    let key = secret::random_bytes().map_err(|error| Problem::conflict(&error))?;
    let erasing = eraser.begin(&id, &viewer.name, key, state.clock.now()).await?;
    let erasing = erasing.ok_or_else(|| Problem::missing("user", &id))?;
    state.keeping.notify_one();
    Ok((StatusCode::ACCEPTED, Json(Erased { id: erasing.outward_id() })))
}

/// What is left of a person.
#[derive(Debug, Serialize)]
pub struct Erased {
    id: String,
}

/// Figures over days that are not kept are null: unknown, never zero.
///
/// # Errors
/// The report is no JSON.
pub fn known(
    report: &impl Serialize,
    not_kept: &[NotKept],
    figures: &[(Kept, &[&str])],
) -> Result<Json<serde_json::Value>, Problem> {
    let mut json = serde_json::to_value(report)?;
    for (data, names) in figures {
        if !not_kept.iter().any(|gone| gone.data == *data) {
            continue;
        }
        for name in *names {
            if let Some(figure) = json.get_mut(*name) {
                *figure = serde_json::Value::Null;
            }
        }
    }
    Ok(Json(json))
}
