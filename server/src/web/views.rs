//! The forms that save, rename and delete views. What came of it is told by the page they lead to.

use app::pages::Notice;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::view::{ViewName, ViewPage};
use domain::viewer::Viewer;
use serde::Deserialize;
use store::{NewView, StoreError, ViewError};

use super::sign_in::read_form;
use crate::state::AppState;
use crate::web::error::WebError;

#[derive(Deserialize)]
pub struct Save {
    name: String,
    page: ViewPage,
    #[serde(default)]
    query: String,
    /// A box that is not ticked is not sent.
    shared: Option<String>,
}

#[derive(Deserialize)]
pub struct Rename {
    name: String,
}

/// `POST /views`. Leads to the view: the same screen.
pub async fn save(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let form = read_form::<Save>(request).await?;
    let now = state.clock.now();
    let Ok(name) = ViewName::new(&form.name) else { return Ok(to_views(Notice::ViewNameWrong)) };
    let query = form.page.canonical(&form.query, now)?;
    let to = if query.is_empty() { format!("/{}", form.page) } else { format!("/{}?{query}", form.page) };
    let view = NewView { name, page: form.page, query, is_shared: form.shared.is_some(), now };
    match state.services.views(&viewer).save(view).await {
        Ok(_) => Ok(Redirect::to(&to).into_response()),
        Err(error) => refused(error),
    }
}

/// `POST /views/{id}/rename`
pub async fn rename(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, WebError> {
    let form = read_form::<Rename>(request).await?;
    let Ok(name) = ViewName::new(&form.name) else { return Ok(to_views(Notice::ViewNameWrong)) };
    match state.services.views(&viewer).rename(id, &name).await {
        Ok(()) => Ok(to_views(Notice::ViewRenamed)),
        Err(error) => refused(error),
    }
}

/// `POST /views/{id}/delete`
pub async fn delete(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    match state.services.views(&viewer).delete(id).await {
        Ok(()) => Ok(to_views(Notice::ViewDeleted)),
        Err(error) => refused(error),
    }
}

fn refused(error: ViewError) -> Result<Response, WebError> {
    Ok(to_views(match error {
        ViewError::TooMany => Notice::TooManyViews,
        ViewError::Forbidden(_) => Notice::ViewNotYours,
        ViewError::Store(StoreError::Missing { .. }) => Notice::ViewMissing,
        ViewError::Store(error) => return Err(error.into()),
    }))
}

fn to_views(notice: Notice) -> Response {
    Redirect::to(&format!("/views?notice={}", notice.as_str())).into_response()
}
