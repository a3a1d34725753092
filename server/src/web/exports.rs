//! The forms and files of `/exports`.

use app::pages::Notice;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::export::Format;
use domain::preferences::Preferences;
use domain::view::ViewPage;
use domain::viewer::Viewer;
use serde::Deserialize;
use store::{ExportRefused, NoFile};

use super::sign_in::read_form;
use crate::access::Witness;
use crate::exports::{NotTaken, Wanted, answer, ask};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::language;

#[derive(Deserialize)]
struct Form {
    list: ViewPage,
    #[serde(default)]
    query: String,
    format: Format,
}

/// `POST /exports`. Leads to the page that shows how far it is.
pub async fn begin(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(preferences): Extension<Preferences>,
    request: Request,
) -> Result<Response, WebError> {
    let language = language::preferred(&state, &preferences, request.headers());
    let Form { list, query, format } = read_form::<Form>(request).await?;
    match ask(&state, &viewer, Wanted { list, query, format, language: Some(language) }).await {
        Ok(_) => Ok(Redirect::to("/exports").into_response()),
        Err(NotTaken::Refused(ExportRefused::TooManyWaiting)) => Ok(to_exports(Notice::TooManyExportsWaiting)),
        Err(NotTaken::Refused(_)) => Ok(to_exports(Notice::TooManyExports)),
        Err(NotTaken::Query(problem)) => Err(problem.into()),
        Err(NotTaken::Store(error)) => Err(error.into()),
        Err(other @ (NotTaken::NotAList(_) | NotTaken::NotOfRows(_))) => Err(WebError::Form(other.to_string())),
    }
}

/// `POST /exports/{id}/delete`
pub async fn delete(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    // One that has gone is deleted: two pages may be open.
    if let Ok(id) = id.parse() {
        state.services.exports(&viewer).delete(id, state.clock.now()).await?;
    }
    Ok(to_exports(Notice::ExportDeleted))
}

/// `GET /exports/{id}/download`
pub async fn download(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(witness): Extension<Witness>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let exports = state.services.exports(&viewer);
    let id = id.parse().map_err(|_| WebError::from(NoFile::Missing))?;
    let file = exports.file(id, state.clock.now()).await?;
    Ok(answer(exports, file, &format!("/exports/{id}/about"), &witness).into_response())
}

/// `GET /exports/{id}/about`: how the file's rows were counted.
pub async fn about(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let id = id.parse().map_err(|_| WebError::from(NoFile::Missing))?;
    let file = state.services.exports(&viewer).file(id, state.clock.now()).await?;
    let name = format!("attachment; filename=\"{}.{}\"", file.item.file_name, Format::Txt);
    let headers = [(header::CONTENT_TYPE, Format::Txt.content_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((StatusCode::OK, headers, file.about).into_response())
}

impl From<NoFile> for WebError {
    fn from(why: NoFile) -> Self {
        match why {
            NoFile::Store(error) => error.into(),
            NoFile::Missing => Self::Missing(why.to_string()),
            NoFile::Forbidden(_) => Self::Forbidden(why.to_string()),
            NoFile::NotYet | NoFile::Never(_) => Self::Conflict(why.to_string()),
        }
    }
}

fn to_exports(notice: Notice) -> Response {
    Redirect::to(&format!("/exports?notice={}", notice.as_str())).into_response()
}
