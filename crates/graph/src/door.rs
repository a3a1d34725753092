//! The way out: a GET, and the POST for a token. There is no other request, so nothing can be changed at Microsoft.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue, header};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;
use uuid::Uuid;

use crate::address::may_be_reached;

/// No page is as large; more would not be a page.
const LARGEST_PAGE: usize = 64 << 20;
/// Between two pieces of an answer.
const NEXT_BYTES_WITHIN: Duration = Duration::from_secs(60);
const CONNECTED_WITHIN: Duration = Duration::from_secs(20);

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// No whole answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DoorError {
    #[error("nobody answers")]
    Unreachable,
    #[error("the answer broke off")]
    Cut,
    #[error("the answer is too large")]
    TooLarge,
}

pub type Outcome = Result<Answer, DoorError>;

/// Sends requests and brings whole answers.
pub trait Door: Send + Sync {
    fn get(&self, url: Url, headers: HeaderMap) -> BoxFuture<'_, Outcome>;

    /// The only POST: `form` is that of a token request.
    fn post_token(&self, url: Url, form: String) -> BoxFuture<'_, Outcome>;
}

/// The network. Redirects are not followed: a token goes to the host it is for and to no other. Nor does a name lead to what
/// no name should: see [`crate::safe_address`].
#[derive(Debug, Clone)]
pub struct HttpDoor {
    client: reqwest::Client,
}

impl HttpDoor {
    /// `named`: hosts that the settings name, which may be this computer.
    ///
    /// # Errors
    /// The system's certificates cannot be read.
    pub fn new(named: Vec<String>) -> Result<Self, reqwest::Error> {
        // Somebody else of this process may have chosen already; there is one implementation here, so it is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECTED_WITHIN)
            .read_timeout(NEXT_BYTES_WITHIN)
            .dns_resolver(Arc::new(Names { named: named.into() }))
            .user_agent(concat!("keyroll/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client })
    }
}

/// Asks the system for the addresses of a name, and leaves out those that are not to be asked.
struct Names {
    named: Arc<[String]>,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let named = Arc::clone(&self.named);
        Box::pin(async move {
            let name = name.as_str();
            let is_named = named.iter().any(|named| named == name);
            let found = tokio::net::lookup_host((name, 0)).await?;
            let may: Vec<SocketAddr> = found.filter(|at| may_be_reached(name, at.ip(), is_named)).collect();
            if may.is_empty() {
                return Err("the name leads to an address that is not asked".into());
            }
            Ok::<Addrs, _>(Box::new(may.into_iter()))
        })
    }
}

impl Door for HttpDoor {
    fn get(&self, url: Url, mut headers: HeaderMap) -> BoxFuture<'_, Outcome> {
        let id = Uuid::new_v4().to_string();
        if let Ok(id) = HeaderValue::from_str(&id) {
            headers.insert("client-request-id", id);
        }
        Box::pin(async move {
            let path = url.path().to_owned();
            let answer = whole(self.client.get(url).headers(headers).send().await).await?;
            let request_id = answer.headers.get("request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
            tracing::debug!(path, status = answer.status, client_request_id = id, request_id, "asked Graph");
            Ok(answer)
        })
    }

    fn post_token(&self, url: Url, form: String) -> BoxFuture<'_, Outcome> {
        let request =
            self.client.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        Box::pin(async move { whole(request.send().await).await })
    }
}

async fn whole(response: Result<reqwest::Response, reqwest::Error>) -> Outcome {
    let mut response = response.map_err(|_| DoorError::Unreachable)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(|_| DoorError::Cut)? {
        if body.len() + piece.len() > LARGEST_PAGE {
            return Err(DoorError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { status, headers, body: body.freeze() })
}
