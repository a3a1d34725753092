//! Answers as Graph writes them.

use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use domain::instant::Instant;
use futures::stream;
use serde_json::{Value, json};

use crate::RetryAfter;

pub fn json_answer(status: u16, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// `innerError` is spelled in two ways by the real one, too.
pub fn error(status: u16, code: &str) -> Response<Body> {
    let inner = json!({ "date": "2026-02-03T08:00:00", "request-id": "5c0b…", "client-request-id": "5c0b…" });
    let message = "kim@contoso.com may not do this.";
    let name = if status == 403 { "innerError" } else { "innererror" };
    json_answer(status, &json!({ "error": { "code": code, "message": message, name: inner } }))
}

/// 429 or 5xx, with or without a time.
pub fn wait(status: u16, retry_after: RetryAfter, now: Instant) -> Response<Body> {
    let mut response = error(status, if status == 429 { "TooManyRequests" } else { "ServiceUnavailable" });
    let date = |ahead: u64| {
        let since = std::time::Duration::from_millis(u64::try_from(now.millis()).unwrap_or_default());
        let at = domain::instant::Instant::from_millis(now.millis()).timestamp();
        debug_assert_eq!(UNIX_EPOCH + since, std::time::SystemTime::from(at));
        let at = at + std::time::Duration::from_secs(ahead);
        at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    let text = match retry_after {
        RetryAfter::Silent => None,
        RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
        RetryAfter::Date(seconds) => Some(date(seconds)),
        RetryAfter::Garbage => Some("a while".to_owned()),
    };
    let headers = response.headers_mut();
    if let Some(text) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(header::RETRY_AFTER, text);
    }
    if let Ok(date) = HeaderValue::from_str(&date(0)) {
        headers.insert(header::DATE, date);
    }
    response
}

/// A body that ends in the middle: `loudly`, so that the connection breaks with it.
pub fn cut(body: &str, loudly: bool) -> Response<Body> {
    let half = Bytes::copy_from_slice(&body.as_bytes()[..body.len() / 2]);
    let mut response = if loudly {
        let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        Response::new(Body::from_stream(stream::iter([Ok(half), Err(broken)])))
    } else {
        Response::new(Body::from(half))
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
