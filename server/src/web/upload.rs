//! The form that takes files: each is received to its end, stands among the imports at once, and is read in the background.

use app::pages::Notice;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Json};
use domain::report::ImportDoor;
use domain::viewer::Viewer;
use serde::Serialize;
use store::Operator;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;

use crate::import::{ImportSettings, Input, begin};
use crate::state::AppState;
use crate::web::error::WebError;

/// What the form calls its files.
const FIELD: &str = "files";
/// Of a file without a name.
const UNNAMED: &str = "upload";

/// Where the files of a form can be seen.
#[derive(Debug, Serialize)]
struct Taken {
    /// The page to go to.
    location: String,
    imports: Vec<i64>,
}

enum Refused {
    TooLarge,
    TooMany,
    /// The form ended early, or is none.
    Broken(String),
    Failed(WebError),
}

/// `POST /data`: Security Administrators and Global Administrators.
pub async fn upload(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, WebError> {
    let operator = state.services.operate(&viewer)?;
    if state.site.is_demo {
        return Ok(told(&headers, Notice::DemoTakesNothing));
    }
    match files(&state, &operator, request).await {
        Ok(imports) if imports.is_empty() => Ok(told(&headers, Notice::NoFileChosen)),
        Ok(imports) => Ok(taken(&headers, imports)),
        Err(Refused::TooLarge) => Ok(told(&headers, Notice::UploadTooLarge)),
        Err(Refused::TooMany) => Ok(told(&headers, Notice::TooManyUploads)),
        Err(Refused::Broken(why)) => Err(WebError::Form(why)),
        Err(Refused::Failed(error)) => Err(error),
    }
}

async fn files(state: &AppState, operator: &Operator, request: Request) -> Result<Vec<i64>, Refused> {
    let mut form =
        Multipart::from_request(request, &()).await.map_err(|refused| Refused::Broken(refused.body_text()))?;
    let mut imports = Vec::new();
    let mut room = state.max_body_bytes;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some(FIELD) {
            continue;
        }
        // The name without the folders that some programs send with it.
        let name = field.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let place = state.background.place().map_err(|_| Refused::TooMany)?;
        let (file, bytes) = receive(field, room).await?;
        if name.is_empty() && bytes == 0 {
            // What browsers send where nothing was chosen.
            continue;
        }
        room -= bytes;
        let name = if name.is_empty() { UNNAMED.to_owned() } else { name };
        let input = Input { path: file.path().to_owned(), name };
        let begun = begin(operator, &state.clock, ImportDoor::Upload, input, ImportSettings::default()).await;
        let begun = begun.map_err(|error| Refused::Failed(WebError::internal(error)))?;
        imports.push(begun.id().0);
        place.take(operator.clone(), begun, file);
    }
    Ok(imports)
}

/// The bytes of a file, on disk.
async fn receive(mut field: Field<'_>, room: u64) -> Result<(NamedTempFile, u64), Refused> {
    let failed = |error: std::io::Error| Refused::Failed(WebError::internal(error));
    let file = NamedTempFile::new().map_err(failed)?;
    let mut writer = tokio::fs::File::from_std(file.reopen().map_err(failed)?);
    let mut bytes = 0;
    while let Some(part) = field.chunk().await.map_err(broken)? {
        bytes += part.len() as u64;
        if bytes > room {
            return Err(Refused::TooLarge);
        }
        writer.write_all(&part).await.map_err(failed)?;
    }
    writer.flush().await.map_err(failed)?;
    Ok((file, bytes))
}

fn broken(error: MultipartError) -> Refused {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Refused::TooLarge } else { Refused::Broken(error.body_text()) }
}

/// Scripts are told where to go, browsers go there.
fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("json"))
}

fn taken(headers: &HeaderMap, imports: Vec<i64>) -> Response {
    let location = match imports[..] {
        [only] => format!("/data/{only}"),
        _ => "/data".to_owned(),
    };
    if wants_json(headers) {
        Json(Taken { location, imports }).into_response()
    } else {
        Redirect::to(&location).into_response()
    }
}

/// The page says what was wrong.
fn told(headers: &HeaderMap, notice: Notice) -> Response {
    let location = format!("/data?notice={}", notice.as_str());
    if wants_json(headers) {
        return Json(Taken { location, imports: Vec::new() }).into_response();
    }
    Redirect::to(&location).into_response()
}
