//! Whom a token is about, and whether it is for us, from our provider, and for now.

use domain::instant::{Instant, MINUTE_MS};
use serde_json::Value;
use url::Url;

use super::jws::Claims;

/// How far the provider's clock and ours may be apart.
const LEEWAY_MS: i64 = MINUTE_MS;
/// A token that was issued longer ago was not issued for this sign-in.
const FRESH_MS: i64 = 10 * MINUTE_MS;
/// Longer ids and names are nobody's.
const MAX_CHARS: usize = 255;
/// What a logout token says that it is (OpenID Connect Back-Channel Logout 1.0).
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What every token of the provider has to say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub now: Instant,
}

/// Why what a token says is not enough. For the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimProblem {
    #[error("`{0}` is missing, or is not what it should be")]
    Wrong(&'static str),
    #[error("it has expired")]
    Expired,
    #[error("it is not good yet, or was issued too long ago")]
    NotNow,
    #[error("it is of another tenant than its issuer")]
    OtherTenant,
}

/// Who somebody is at the provider. Names change and pass on to others; this does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub issuer: String,
    /// Microsoft Entra's `oid`, which all applications of a tenant know; elsewhere `sub`.
    pub id: String,
}

/// What is shown of a person; nothing is decided by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    pub user_name: String,
    pub display_name: String,
}

/// Whom a logout token ends the sessions of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedOut {
    pub subject: Option<Subject>,
    /// The provider's name for one session.
    pub session: Option<String>,
}

/// Whom an ID token is about. `nonce` is what was sent with the request; `None` where there was no browser in between.
///
/// # Errors
/// It is not for us, not from our provider, not for now, or not an answer to this request.
pub fn subject(claims: &Claims, expected: Expected<'_>, nonce: Option<&str>) -> Result<Subject, ClaimProblem> {
    check(claims, expected)?;
    if let Some(nonce) = nonce
        && text(claims, "nonce") != Some(nonce)
    {
        return Err(ClaimProblem::Wrong("nonce"));
    }
    subject_of(claims, expected.issuer)?.ok_or(ClaimProblem::Wrong("sub"))
}

/// Whose sessions a logout token ends.
///
/// # Errors
/// It is no logout token of our provider for us, or names nobody.
pub fn logged_out(claims: &Claims, expected: Expected<'_>) -> Result<LoggedOut, ClaimProblem> {
    check(claims, expected)?;
    // An ID token must not do for one.
    if claims.contains_key("nonce") {
        return Err(ClaimProblem::Wrong("nonce"));
    }
    let is_logout = claims.get("events").and_then(|events| events.get(LOGOUT_EVENT)).is_some_and(Value::is_object);
    if !is_logout {
        return Err(ClaimProblem::Wrong("events"));
    }
    let session = session(claims);
    let subject = if claims.contains_key("sub") { subject_of(claims, expected.issuer)? } else { None };
    if subject.is_none() && session.is_none() {
        return Err(ClaimProblem::Wrong("sub"));
    }
    Ok(LoggedOut { subject, session })
}

/// When the person last proved to the provider who they are: now, where its clock is ahead. `None`: it does not say, or
/// says what cannot be.
#[must_use]
pub fn proven_at(claims: &Claims, now: Instant) -> Option<Instant> {
    let at = instant(claims, "auth_time").ok()??;
    (at <= now.millis() + LEEWAY_MS).then(|| Instant::from_millis(at.min(now.millis())))
}

/// Whether that was after somebody was asked to, at `asked`. Where the provider does not say, the sign-in is good, and proves
/// no more than that the provider knows them: Microsoft Entra says it only when it is told to.
///
/// # Errors
/// It was before.
pub fn is_proven_since(proven_at: Option<Instant>, asked: Instant) -> Result<(), ClaimProblem> {
    let is_before = proven_at.is_some_and(|at| at < asked.plus_millis(-LEEWAY_MS));
    if is_before { Err(ClaimProblem::Wrong("auth_time")) } else { Ok(()) }
}

/// The provider's name for the session that a token is of.
#[must_use]
pub fn session(claims: &Claims) -> Option<String> {
    text(claims, "sid").map(str::to_owned)
}

/// How a person is called, as far as the token says.
#[must_use]
pub fn names(claims: &Claims, subject: &Subject) -> Names {
    let user_name = ["preferred_username", "upn", "email"].into_iter().find_map(|name| text(claims, name));
    let user_name = user_name.unwrap_or(&subject.id).to_owned();
    let display_name = text(claims, "name").map_or_else(|| user_name.clone(), str::to_owned);
    Names { user_name, display_name }
}

fn check(claims: &Claims, expected: Expected<'_>) -> Result<(), ClaimProblem> {
    if text(claims, "iss") != Some(expected.issuer) {
        return Err(ClaimProblem::Wrong("iss"));
    }
    // For us and for nobody else: a token that others may show is no proof of who shows it.
    let is_for_us = match claims.get("aud") {
        Some(Value::String(audience)) => audience == expected.client_id,
        Some(Value::Array(audiences)) => {
            !audiences.is_empty() && audiences.iter().all(|audience| audience == expected.client_id)
        }
        _ => false,
    };
    if !is_for_us {
        return Err(ClaimProblem::Wrong("aud"));
    }
    if claims.get("azp").is_some_and(|party| party != expected.client_id) {
        return Err(ClaimProblem::Wrong("azp"));
    }
    let now = expected.now.millis();
    let expires = instant(claims, "exp")?.ok_or(ClaimProblem::Wrong("exp"))?;
    if now >= expires.saturating_add(LEEWAY_MS) {
        return Err(ClaimProblem::Expired);
    }
    let issued = instant(claims, "iat")?.ok_or(ClaimProblem::Wrong("iat"))?;
    let begins = instant(claims, "nbf")?.unwrap_or(issued);
    let is_now = issued <= now + LEEWAY_MS && begins <= now + LEEWAY_MS && issued >= now - FRESH_MS;
    if is_now { Ok(()) } else { Err(ClaimProblem::NotNow) }
}

/// `None`: the token names nobody.
fn subject_of(claims: &Claims, issuer: &str) -> Result<Option<Subject>, ClaimProblem> {
    let id = match tenant_of(issuer) {
        None => text(claims, "sub"),
        Some(tenant) => {
            if text(claims, "tid").is_none_or(|given| !given.eq_ignore_ascii_case(&tenant)) {
                return Err(ClaimProblem::OtherTenant);
            }
            // A logout token of Entra's may have `sub` alone, which is another id.
            text(claims, "oid")
        }
    };
    Ok(id.map(|id| Subject { issuer: issuer.to_owned(), id: id.to_owned() }))
}

/// The tenant that an issuer of Microsoft Entra's is of: `https://login.microsoftonline.com/{tenant}/v2.0`, and alike
/// in national clouds.
fn tenant_of(issuer: &str) -> Option<String> {
    let url = Url::parse(issuer).ok()?;
    let mut path = url.path_segments()?;
    match (path.next(), path.next(), path.next()) {
        (Some(tenant), Some("v2.0"), None) => uuid::Uuid::try_parse(tenant).ok().map(|id| id.to_string()),
        _ => None,
    }
}

/// A text that is there and not too long.
fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    let text = claims.get(name)?.as_str()?.trim();
    (!text.is_empty() && text.chars().count() <= MAX_CHARS && !text.chars().any(char::is_control)).then_some(text)
}

/// Seconds since 1970, as milliseconds.
fn instant(claims: &Claims, name: &'static str) -> Result<Option<i64>, ClaimProblem> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_i64().filter(|seconds| (0..1 << 40).contains(seconds));
    seconds.map(|seconds| Some(seconds * 1000)).ok_or(ClaimProblem::Wrong(name))
}
