use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use domain::query::Params;
use domain::viewer::Viewer;
use serde::Serialize;
use store::PersonItem;

use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Who may come in.
#[derive(Debug, Serialize)]
pub struct People {
    items: Vec<Account>,
}

#[derive(Debug, Serialize)]
struct Account {
    #[serde(flatten)]
    person: PersonItem,
    sessions: i64,
}

/// Who may come in, with which role, and in how many browsers: for Global Readers and Global Administrators.
#[utoipa::path(
    get,
    path = "/api/v1/settings/people",
    operation_id = "list_people",
    tag = "settings",
    responses((status = OK, body = schemas::People), super::schemas::Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<People>, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let settings = state.services.settings(&viewer)?;
    let sessions = settings.session_counts(state.clock.now()).await?;
    let account = |person: PersonItem| Account { sessions: sessions.get(&person.id).copied().unwrap_or(0), person };
    let items = settings.people().await?.into_iter().map(account).collect();
    Ok(Json(People { items }))
}
