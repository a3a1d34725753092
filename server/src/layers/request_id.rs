//! A number for every request: in the log, and in the answer for the person who asks about it.

use axum::extract::MatchedPath;
use axum::http::{HeaderName, HeaderValue, Request};
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::Span;

pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Numbers requests with random UUIDs.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewRequestId;

impl MakeRequestId for NewRequestId {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()).ok().map(RequestId::new)
    }
}

/// Takes out what a client sent as its number: the layer below would keep it.
pub async fn forget(mut request: axum::extract::Request) -> axum::extract::Request {
    request.headers_mut().remove(HEADER);
    request
}

/// The request's number; empty before it has one.
#[must_use]
pub fn of<B>(request: &Request<B>) -> String {
    let id = request.extensions().get::<RequestId>();
    id.and_then(|id| id.header_value().to_str().ok()).unwrap_or("").to_owned()
}

/// The log's span of a request. By its route and without its query: paths hold people's ids, searches their names.
pub fn span<B>(request: &Request<B>) -> Span {
    let id = of(request);
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    tracing::info_span!("http.request", method = %request.method(), route, id)
}
