//! `/users.csv`, `/mfa/activity.xlsx` and so on: the list of the page of that name, every matching row.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::preferences::Preferences;
use domain::query::{
    AccessLogQuery, ActivityQuery, AppUsageQuery, BlockedUsersQuery, BypassedUsersQuery, EventsQuery, FraudAlertsQuery,
    MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, ReasonsQuery, ServersQuery, SignInsQuery,
    UserUsageQuery, UsersQuery,
};
use domain::viewer::Viewer;
use futures::StreamExt as _;

use crate::access::Rows;
use crate::export::{self, Exported, Format};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::language;

/// Every list in every format.
pub fn routes() -> Router<AppState> {
    [
        list::<UsersQuery>,
        list::<EventsQuery>,
        list::<SignInsQuery>,
        list::<UserUsageQuery>,
        list::<AppUsageQuery>,
        list::<ActivityQuery>,
        list::<BlockedUsersQuery>,
        list::<BypassedUsersQuery>,
        list::<FraudAlertsQuery>,
        list::<ServersQuery>,
        list::<MfaRegisteredQuery>,
        list::<MfaNotRegisteredQuery>,
        list::<MfaMethodsQuery>,
        list::<ReasonsQuery>,
        list::<AccessLogQuery>,
    ]
    .into_iter()
    .fold(Router::new(), |router, list| list(router))
}

fn list<Q: Exported>(mut router: Router<AppState>) -> Router<AppState> {
    for &format in Format::ALL {
        let answer = move |state, viewer, preferences, headers, query| async move {
            download::<Q>(state, viewer, preferences, headers, query, format)
        };
        router = router.route(&format!("/{}.{format}", Q::NAME), get(answer));
    }
    router
}

fn download<Q: Exported>(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(preferences): Extension<Preferences>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    format: Format,
) -> Result<Response, WebError> {
    let mut query = Q::parse(&query.unwrap_or_default(), state.clock.now())?;
    if Q::HAS_SENTENCES {
        query.report_mut().lang.get_or_insert_with(|| language::preferred(&state, &preferences, &headers));
    }
    let reader = state.services.read(&viewer);
    // Once the file has begun there is no way to say no.
    reader.permit(&query)?;
    let name = query.file_name(format);
    let about = format!("</{}.{}?{}>; rel=\"describedby\"", Q::NAME, Format::Txt, query.lasting().to_url());
    let place = state.downloads.take(&viewer).ok_or(WebError::TooManyDownloads)?;
    let rows = Rows::default();
    let bytes = export::file(query, reader, format, rows.clone()).map(move |part| {
        let _until_its_end = &place;
        // The error ends the connection instead of the body: the browser keeps no half list.
        part.inspect_err(|error| tracing::error!(%error, "a download was broken off"))
    });
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        // How it was counted.
        (header::LINK, about),
    ];
    Ok((headers, Extension(rows), Body::from_stream(bytes)).into_response())
}
