//! Conditional requests of `/api/v1`: every answer that is read has an `ETag`, and whoever names it again is told that
//! nothing has changed (304) instead of being sent the same.
//!
//! The tag is of the answer itself, so nothing can change without it, whatever the reason: records, rights, settings.
//! It is weak for two reasons. The same tag stands on the answer as it is and compressed, which are not the same bytes.
//! And a report says at which instant it was asked: two that differ in nothing else are one, or a program that asks
//! every minute would never be told that all is as it was.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::api::problem::Problem;
use crate::auth::identify::bearer;

/// What an answer depends on beside its address: who asks, and what the client can unpack.
const VARY: &str = "authorization, cookie, accept-encoding";
/// A program's own copy, never a proxy's, and never used without asking. A browser keeps nothing (`no-store`, as
/// everywhere): what a person has read is not to stay on the disk of the computer.
const FOR_PROGRAMS: &str = "private, no-cache";
/// Fields at the top of a report that follow from when and for which window it was asked.
const OF_THE_QUESTION: [&str; 2] = ["as_of", "window"];
/// Of the digest, as it stands in the tag: 128 bits.
const TAG_BYTES: usize = 16;

/// Puts the tag on what is read, and leaves out what the client has already.
pub async fn answer(request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let by_program = bearer(request.headers()).is_some();
    let known: Vec<HeaderValue> = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // What is not whole in memory already streams, and is nothing to keep there.
    if body.size_hint().exact().is_none() {
        return Response::from_parts(parts, body);
    }
    let bytes = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return Problem::unfinished(&error).into_response(),
    };
    let tag = tag(&bytes);
    let is_known = known.iter().filter_map(|list| list.to_str().ok()).any(|list| names(list, &tag));
    set(&mut parts.headers, &tag, by_program);
    if !is_known {
        return Response::from_parts(parts, Body::from(bytes));
    }
    parts.status = StatusCode::NOT_MODIFIED;
    for of_the_body in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        parts.headers.remove(of_the_body);
    }
    Response::from_parts(parts, Body::empty())
}

fn set(headers: &mut HeaderMap, tag: &str, by_program: bool) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::VARY, HeaderValue::from_static(VARY));
    if by_program {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(FOR_PROGRAMS));
    }
}

/// `W/"…"` of an answer.
fn tag(body: &[u8]) -> String {
    let mut digest = Sha256::new();
    match serde_json::from_slice::<BTreeMap<&str, &RawValue>>(body) {
        Ok(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| !OF_THE_QUESTION.contains(name)) {
                // JSON has none of these bytes, so that no two answers are one text.
                digest.update([name.as_bytes(), b"\0", value.get().as_bytes(), b"\0"].concat());
            }
        }
        Err(_) => digest.update(body),
    }
    let mut tag = String::from("W/\"");
    for byte in digest.finalize().iter().take(TAG_BYTES) {
        // Writing to a string does not fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag + "\""
}

/// Whether `If-None-Match` names this tag: `*`, or a list of tags, weak or strong, which are compared weakly
/// (RFC 9110, 13.1.2).
fn names(list: &str, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    // None of our tags has a comma in it, so that one in somebody else's does no harm.
    list.trim() == "*" || list.split(',').any(|one| opaque(one) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_of_everything_but_the_question() {
        let of = |body: &str| tag(body.as_bytes());
        let report = of(r#"{"as_of":"2026-01-01","window":{"to":"2026-01-01"},"tiles":{"yes":1}}"#);
        assert_eq!(report, of(r#"{"as_of":"2026-01-02","window":{"to":"2026-01-02"},"tiles":{"yes":1}}"#));
        assert_ne!(report, of(r#"{"as_of":"2026-01-01","window":{"to":"2026-01-01"},"tiles":{"yes":2}}"#));
        assert_ne!(of(r#"{"items":[{"as_of":1}]}"#), of(r#"{"items":[{"as_of":2}]}"#), "only at the top");
        assert_ne!(of("[1]"), of("[2]"), "what is no object");
        assert_ne!(of(r#"{"a":1,"b":2}"#), of(r#"{"a":2,"b":1}"#));
    }

    #[test]
    fn a_tag_is_found_in_any_list() {
        let tag = "W/\"ab\"";
        for list in ["*", " * ", "W/\"ab\"", "\"ab\"", "\"x\", W/\"ab\"", "\"x\",\"ab\"", "\"a,b\", \"ab\""] {
            assert!(names(list, tag), "{list}");
        }
        for list in ["", "ab", "\"abc\"", "W/\"x\"", "\"*\"", "\"a\",\"b\""] {
            assert!(!names(list, tag), "{list}");
        }
    }
}
