//! `$batch`: up to twenty requests in one.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::viewer::Viewer;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::GraphError;
use super::resource::Resource;
use super::{Asked, Version, read, refusal};
use crate::access::Witness;
use crate::auth::reads;
use crate::layers::client_origin::ClientOrigin;
use crate::state::AppState;

/// As many as at Microsoft.
const MOST: usize = 20;

#[derive(Deserialize)]
struct Batch {
    requests: Vec<Single>,
}

/// One request; its address is what follows on the version.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Single {
    id: String,
    #[serde(default)]
    method: String,
    url: String,
    #[serde(default)]
    headers: HashMap<String, String>,
    /// Ids of requests that must have succeeded before.
    #[serde(default)]
    depends_on: Vec<String>,
}

/// Answers each request in its order. That one of them is refused is no error of the whole.
pub async fn answer(
    version: Version,
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(origin): Extension<ClientOrigin>,
    Extension(witness): Extension<Witness>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let batch = match serde_json::from_slice::<Batch>(&body) {
        Ok(batch) if batch.requests.len() <= MOST => batch,
        Ok(batch) => {
            let message = format!("$batch: {} requests, and {MOST} are the most.", batch.requests.len());
            return refusal(GraphError::bad_request(message));
        }
        Err(error) => return refusal(GraphError::bad_request(format!("$batch: {error}."))),
    };
    let urls = batch.requests.iter().map(|single| single.url.as_str()).collect::<Vec<_>>();
    witness.asks_for(format!("/{version}/$batch {}", urls.join(" ")));
    let mut statuses: HashMap<String, u16> = HashMap::new();
    let mut responses = Vec::new();
    // The request itself has been counted.
    let mut is_first = true;
    for single in batch.requests {
        let counted = if is_first { Ok(()) } else { reads::count_one(&state, &witness) };
        is_first = false;
        let has_failed = |id: &String| statuses.get(id).is_none_or(|status| *status >= 400);
        let answer = if let Some(before) = single.depends_on.iter().find(|id| has_failed(id)) {
            Err(GraphError::failed_dependency(before))
        } else if let Err(refused) = counted {
            Err(GraphError::too_many_reads(refused))
        } else {
            answer_one(&single, &headers, |headers, path, query| {
                Asked::new(&state, &viewer, headers, &origin, version, &format!("/{version}/{path}"), query)
            })
            .await
        };
        let mut headers = json!({"Content-Type": "application/json"});
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err(error) => {
                if let Some(seconds) = error.retry_seconds() {
                    headers["Retry-After"] = seconds.to_string().into();
                }
                (error.status().as_u16(), error.body("", &single.id, ""))
            }
        };
        statuses.insert(single.id.clone(), status);
        responses.push(json!({"id": single.id, "status": status, "headers": headers, "body": body}));
    }
    Json(json!({ "responses": responses })).into_response()
}

/// `ask` makes what is asked of headers, a path without its version, and a query.
async fn answer_one(
    single: &Single,
    headers: &HeaderMap,
    ask: impl Fn(&HeaderMap, &str, &str) -> Asked,
) -> Result<Value, GraphError> {
    if !single.method.eq_ignore_ascii_case("GET") {
        return Err(GraphError::only_get());
    }
    let mut headers = headers.clone();
    for (name, value) in &single.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    let (path, query) = single.url.split_once('?').unwrap_or((&single.url, ""));
    let asked = ask(&headers, path.trim_start_matches('/'), query);
    match asked.resource()? {
        Resource::Metadata | Resource::Batch => Err(GraphError::no_such_segment(&single.url)),
        resource => read(&asked, resource).await,
    }
}
