//! Straight into the router: no socket, so that tokio's paused clock decides about time.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, header};
use futures::future::BoxFuture;
use graph::{Answer, Door, DoorError, Outcome};
use tower::ServiceExt as _;
use url::Url;

/// The same router that a port of this computer would have.
#[derive(Debug, Clone)]
pub struct InProcess(pub Router);

impl InProcess {
    async fn send(&self, method: Method, url: Url, headers: HeaderMap, body: String) -> Outcome {
        let mut request = Request::builder().method(method).uri(url.as_str());
        if let Some(all) = request.headers_mut() {
            all.extend(headers);
            let host = format!("{}:{}", url.host_str().unwrap_or_default(), url.port().unwrap_or(80));
            all.insert(header::HOST, host.parse().map_err(|_| DoorError::Unreachable)?);
        }
        let request = request.body(Body::from(body)).map_err(|_| DoorError::Unreachable)?;
        let response = self.0.clone().oneshot(request).await.map_err(|_| DoorError::Unreachable)?;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 64 << 20).await.map_err(|_| DoorError::Cut)?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }
}

impl Door for InProcess {
    fn get(&self, url: Url, headers: HeaderMap) -> BoxFuture<'_, Outcome> {
        Box::pin(self.send(Method::GET, url, headers, String::new()))
    }

    fn post_token(&self, url: Url, form: String) -> BoxFuture<'_, Outcome> {
        let form_type = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse())];
        let headers = form_type.into_iter().filter_map(|(name, value)| Some((name, value.ok()?))).collect();
        Box::pin(self.send(Method::POST, url, headers, form))
    }
}
