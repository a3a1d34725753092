//! The form of `/settings/retention`.

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::retention::{Kept, MAX_DAYS, MIN_DAYS};
use domain::viewer::Viewer;
use serde::Deserialize;

use super::sign_in::read_form;
use crate::state::AppState;
use crate::web::error::WebError;

#[derive(Deserialize)]
struct Rule {
    data: Kept,
    /// Empty: for ever.
    #[serde(default)]
    days: String,
}

/// `POST /settings/retention`. Leads back to the page, which shows the rule.
pub async fn set(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let admin = state.services.admin(&viewer)?;
    let Rule { data, days } = read_form::<Rule>(request).await?;
    let wrong = || WebError::Form(format!("days is a number from {MIN_DAYS} to {MAX_DAYS}, or nothing: for ever"));
    let days = match days.trim() {
        "" => None,
        days => Some(days.parse().map_err(|_| wrong())?),
    };
    if days.is_some_and(|days| !(MIN_DAYS..=MAX_DAYS).contains(&days)) {
        return Err(wrong());
    }
    admin.set_retention(data, days).await?;
    state.keeping.notify_one();
    Ok(Redirect::to("/settings/retention").into_response())
}
