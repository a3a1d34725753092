//! Conditional requests of `/api/v1`: every answer that is read has an `ETag`, and whoever names it again is told that
//! nothing has changed (304) instead of being sent the same.
//!
//! The tag is of the answer itself, so nothing can change without it, whatever the reason: records, rights, settings.
//! It is weak for two reasons. The same tag stands on the answer as it is and compressed, which are not the same bytes.
//! And a report says at which instant it was asked: two that differ in nothing else count as one, or a program that asks
//! every minute would never be told that all is as it was.

use std::borrow::Cow;
use std::fmt::Write as _;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::api::problem::Problem;
use crate::auth::identify::bearer;

/// What an answer depends on beside its address: who asks, and what the client can unpack.
const VARY: &str = "authorization, cookie, accept-encoding";
/// A program's own copy, never a proxy's, and never used without asking. A browser keeps nothing (`no-store`, as
/// everywhere): what a person has read is not to stay on the disk of the computer.
const FOR_PROGRAMS: &str = "private, no-cache";
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

/// What a report says of when it was asked, and for which windows.
#[derive(Deserialize)]
struct Question<'a> {
    #[serde(borrow)]
    as_of: &'a RawValue,
    #[serde(borrow)]
    window: Span<'a>,
    /// A window in a report that is compared with it; lists have another `previous`, but no `as_of`.
    #[serde(borrow)]
    previous: Option<Span<'a>>,
}

#[derive(Deserialize)]
struct Span<'a> {
    #[serde(borrow)]
    from: &'a RawValue,
    #[serde(borrow)]
    to: &'a RawValue,
}

/// `W/"…"` of an answer.
fn tag(body: &[u8]) -> String {
    let mut tag = String::from("W/\"");
    for byte in Sha256::digest(timeless(body)).iter().take(TAG_BYTES) {
        // Writing to a string does not fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag + "\""
}

/// An answer with a report's own instants by their names, wherever they stand: ends of its lines and bars are the ends
/// of its window. A name without quotes stands nowhere else in JSON.
fn timeless(body: &[u8]) -> Cow<'_, [u8]> {
    let (Ok(question), Ok(text)) = (serde_json::from_slice::<Question<'_>>(body), std::str::from_utf8(body)) else {
        return Cow::Borrowed(body);
    };
    let Question { as_of, window, previous } = question;
    let mut instants = vec![(as_of, "as_of"), (window.from, "from"), (window.to, "to")];
    instants.extend(previous.map(|before| (before.from, "before")));
    let named = instants.into_iter().filter(|(instant, _)| instant.get().starts_with('"'));
    let text = named.fold(text.to_owned(), |text, (instant, name)| text.replace(instant.get(), name));
    Cow::Owned(text.into_bytes())
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
    fn a_tag_is_of_everything_but_when_it_was_asked() {
        let report = |(from, to): (&str, &str), since: &str, yes: i32| {
            let window = format!(r#"{{"from":"{from}","to":"{to}"}}"#);
            let change = format!(r#"{{"since":"{since}","yes":{yes}}}"#);
            tag(format!(r#"{{"as_of":"{to}","window":{window},"change":{change},"previous":null}}"#).as_bytes())
        };
        let (first, second) = (("2026-01-01", "2026-01-02"), ("2026-02-01", "2026-02-02"));
        assert_eq!(report(first, first.0, 1), report(second, second.0, 1), "the same, a month later");
        assert_ne!(report(first, first.0, 1), report(second, second.0, 2), "another figure");
        assert_ne!(report(first, first.0, 1), report(second, first.0, 1), "an instant that is none of the question's");
        assert_ne!(report(first, first.0, 1), report(first, first.1, 1), "the window's end for its beginning");
    }

    #[test]
    fn what_is_no_report_is_taken_as_it_is() {
        let of = |body: &str| tag(body.as_bytes());
        let list = r#"{"items":[{"at":"2026-01-01"}],"next":null,"previous":"x"}"#;
        assert_ne!(of(list), of(&list.replace("01-01", "01-02")));
        assert_ne!(of(list), of(&list.replace('x', "y")));
        assert_ne!(of("[1]"), of("[2]"));
        assert_ne!(of(r#"{"as_of":1,"window":{}}"#), of(r#"{"as_of":2,"window":{}}"#));
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
