//! Lists that are written to files in the background: asked for here, by form or API; written by `jobs::exports`.

use axum::Extension;
use axum::body::Body;
use axum::http::header;
use axum::response::IntoResponse;
use bytes::Bytes;
use domain::export::Format;
use domain::preferences::Language;
use domain::query::QueryProblem;
use domain::view::ViewPage;
use domain::viewer::Viewer;
use store::{ExportRefused, Exports, NewExport, StoreError, StoredFile};

use crate::access::{Rows, Witness};
use crate::export::list;
use crate::state::AppState;

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub list: ViewPage,
    pub query: String,
    pub format: Format,
    /// Of sentences in rows, where the query names none.
    pub language: Option<Language>,
}

/// It is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error(transparent)]
    Query(#[from] QueryProblem),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("`{0}` is no list that can be written to a file")]
    NotAList(ViewPage),
    #[error("{0} holds no rows; a note on how they were counted comes with every file")]
    NotOfRows(Format),
    #[error(transparent)]
    Refused(ExportRefused),
}

/// Has a list written as it is now; answers the export's number.
///
/// # Errors
/// The list does not take the query, its author may not see what is asked for, or too many wait already.
pub async fn ask(state: &AppState, viewer: &Viewer, wanted: Wanted) -> Result<i64, NotTaken> {
    let now = state.clock.now();
    let mut asked = list(wanted.list, &wanted.query, now)?.ok_or(NotTaken::NotAList(wanted.list))?;
    if !Format::OF_ROWS.contains(&wanted.format) {
        return Err(NotTaken::NotOfRows(wanted.format));
    }
    asked.permit(&state.services.read(viewer))?;
    asked.pin(wanted.language);
    let export = NewExport {
        list: wanted.list,
        query: asked.query(),
        format: wanted.format,
        file_name: asked.file_name(wanted.format),
        now,
        expires_at: now.plus_millis(state.exports.settings.keep_ms()),
    };
    let id = state.services.exports(viewer).ask(export).await.map_err(|refused| match refused {
        ExportRefused::Store(error) => NotTaken::Store(error),
        refused => NotTaken::Refused(refused),
    })?;
    state.exports.asked.notify_one();
    Ok(id)
}

/// A whole file as an answer; `about` is where the note is on how it was counted. The access log is told which list it is,
/// as if it were downloaded directly, and how many rows it has.
pub fn answer(exports: Exports, file: StoredFile, about: &str, witness: &Witness) -> impl IntoResponse + use<> {
    let item = &file.item;
    witness.asks_for(format!("/{}.{}?{}", item.list, item.format, item.query));
    let rows = Extension(Rows::of(usize::try_from(item.rows).unwrap_or_default()));
    let headers = [
        (header::CONTENT_TYPE, file.item.format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.item.file_name)),
        (header::CONTENT_LENGTH, file.item.bytes.unwrap_or_default().to_string()),
        (header::LINK, format!("<{about}>; rel=\"describedby\"")),
    ];
    let parts = futures::stream::try_unfold(0, move |part| {
        let (exports, file) = (exports.clone(), file.clone());
        async move {
            if part == file.parts {
                return Ok(None);
            }
            let content = exports.part(&file, part).await.inspect_err(|error| {
                // The connection ends instead of the body: nobody keeps half a file.
                tracing::error!(%error, "a download was broken off");
            })?;
            Ok::<_, StoreError>(Some((Bytes::from(content), part + 1)))
        }
    });
    (headers, rows, Body::from_stream(parts))
}
