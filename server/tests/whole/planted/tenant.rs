//! A tenant and a provider over http, which plants what it can: numbers in every page, and in its refusals the secret it was sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::json;

use super::records::{NUMBER, audits, sign_ins, users};

/// Of the tenant that repeats what it is sent.
pub const ECHOING: &str = "echoing.example.com";
pub const CLIENT_ID: &str = "7a1c0de0-0000-4000-8000-000000000009";
pub const ACCESS_TOKEN: &str = "canaryAccess.Zz5.Token";

pub struct Tenant {
    pub url: String,
    pub host: String,
    asked: Arc<AtomicBool>,
}

impl Tenant {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let url = format!("http://{host}");
        let asked = Arc::new(AtomicBool::new(false));
        let (issuer, was_asked) = (url.clone(), Arc::clone(&asked));
        let document = move || async move {
            Json(json!({"issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys")}))
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(|| async { Json(json!({"keys": []})) }))
            .route("/token", post(|body: Bytes| async move { repeated(&body) }))
            .route(
                "/contoso.com/oauth2/v2.0/token",
                post(|| async {
                    Json(json!({"token_type": "Bearer", "expires_in": 3599, "access_token": ACCESS_TOKEN}))
                }),
            )
            .route(&format!("/{ECHOING}/oauth2/v2.0/token"), post(|body: Bytes| async move { repeated(&body) }))
            .fallback(move |uri: Uri| {
                was_asked.store(true, Ordering::SeqCst);
                async move { page(uri.path()) }
            });
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { url, host, asked }
    }

    /// Whether anything but a token was asked for.
    pub fn was_asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }
}

/// As if the secret were wrong: everything that was sent, in the words of the refusal.
fn repeated(body: &[u8]) -> Response {
    let sent: String = form_urlencoded::parse(body).map(|(name, value)| format!("{name}={value} ")).collect();
    let said = format!("AADSTS7000215: Invalid client secret provided. {sent}, call {NUMBER}");
    (StatusCode::UNAUTHORIZED, Json(json!({"error": sent, "error_description": said, "error_codes": [7_000_215]})))
        .into_response()
}

fn page(path: &str) -> Response {
    let records = if path.ends_with("/signIns") {
        sign_ins()
    } else if path.ends_with("/directoryAudits") {
        audits()
    } else if path.contains("userRegistrationDetails") || path.contains("/users") {
        users()
    } else {
        let said = format!("no {path}, call {NUMBER}");
        return (StatusCode::FORBIDDEN, Json(json!({"error": {"code": said, "message": said}}))).into_response();
    };
    Json(json!({"value": records})).into_response()
}
