//! The language of an answer whose URL names none.

use axum::http::{HeaderMap, header};
use domain::preferences::{Language, Preferences};

use crate::state::AppState;

/// The language that the browser likes best, of those that there are.
#[must_use]
pub fn accepted(headers: &HeaderMap) -> Option<Language> {
    Language::accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?)
}

/// The viewer's, else the browser's, else the organisation's: as pages choose theirs.
#[must_use]
pub fn preferred(state: &AppState, preferences: &Preferences, headers: &HeaderMap) -> Language {
    preferences.language.or_else(|| accepted(headers)).unwrap_or(state.site.language)
}
