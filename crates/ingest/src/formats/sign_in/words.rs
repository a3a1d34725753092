//! Words of sign-ins that say one of few things, in the languages of the portal (`formats/portal_words.csv`). A word that
//! is not known says nothing.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::sign_in::{ConditionalAccessResult, SignInStatus};
use serde_json::Value;

use crate::fields::Fields;
use crate::names::{bare, same_name};

/// Lines of `language,word,meaning`: whoever knows another language adds them there.
const WORDS: &str = include_str!("../portal_words.csv");

static MEANINGS: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
    let lines = WORDS.lines().skip(1).filter_map(|line| line.split_once(',')?.1.rsplit_once(','));
    lines.map(|(word, meaning)| (bare(word), meaning)).collect()
});

fn meaning(word: &str) -> Option<&'static str> {
    MEANINGS.get(&bare(word)).copied()
}

/// The portal's column "Status".
pub(super) fn status(word: &str) -> Option<SignInStatus> {
    match meaning(word)? {
        "success" => Some(SignInStatus::Success),
        "failure" => Some(SignInStatus::Failure),
        "interrupted" => Some(SignInStatus::Interrupted),
        _ => None,
    }
}

/// `conditionalAccessStatus` and the portal's "Conditional Access"; numbers are those of Graph's enum.
pub(super) fn conditional_access(word: &str) -> ConditionalAccessResult {
    match word.trim() {
        "success" | "0" => ConditionalAccessResult::Success,
        "failure" | "1" => ConditionalAccessResult::Failure,
        "notApplied" | "2" => ConditionalAccessResult::NotApplied,
        other => match meaning(other) {
            Some("success") => ConditionalAccessResult::Success,
            Some("failure") => ConditionalAccessResult::Failure,
            Some("not_applied") => ConditionalAccessResult::NotApplied,
            _ => ConditionalAccessResult::Unknown,
        },
    }
}

pub(super) fn yes_or_no(word: &str) -> Option<bool> {
    match meaning(word)? {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// An error code as number or text; some exporters write `Success` for 0, some `AADSTS50076`.
pub(super) fn code(fields: Fields<'_>, name: &str) -> Option<i64> {
    fields.number(&[name]).or_else(|| {
        let text = fields.get(name)?.as_str()?.trim();
        if same_name(text, "success") {
            return Some(0);
        }
        text.strip_prefix("AADSTS")?.parse().ok()
    })
}

/// `signInEventTypes`: a list, JSON text of one, or one word.
pub(super) fn event_types(fields: Fields<'_>) -> Option<bool> {
    let of = |name: &str| match name.trim() {
        "interactiveUser" => Some(true),
        "nonInteractiveUser" => Some(false),
        _ => None,
    };
    match fields.nested(&["signInEventTypes"]).as_deref() {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).find_map(of),
        _ => fields.text(&["signInEventTypes"])?.split([',', ';']).find_map(of),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines: Vec<&str> = WORDS.lines().skip(1).collect();
        for line in &lines {
            let (word, given) = line.split_once(',').and_then(|(_, rest)| rest.rsplit_once(',')).expect("three cells");
            assert_eq!(meaning(word), Some(given), "one word means one thing: {line}");
            let meanings = ["success", "failure", "interrupted", "not_applied", "yes", "no"];
            assert!(meanings.contains(&given), "{line}");
        }
    }

    #[test]
    fn words_of_five_languages() {
        for word in ["Success", "Opération réussie", "Correcto", "Erfolg", "Lyckades"] {
            assert_eq!(status(word), Some(SignInStatus::Success), "{word}");
        }
        for word in ["Failure", "Échec", "Error", "Fehler", "Misslyckades"] {
            assert_eq!(status(word), Some(SignInStatus::Failure), "{word}");
            assert_eq!(conditional_access(word), ConditionalAccessResult::Failure, "{word}");
        }
        for word in ["Interrupted", "Interrompu", "Interrumpido", "Unterbrochen", "Avbruten"] {
            assert_eq!(status(word), Some(SignInStatus::Interrupted), "{word}");
        }
        for word in ["Not Applied", "notApplied", "Non appliqué", "No aplicado", "Nicht angewendet", "Inte tillämpad"]
        {
            assert_eq!(conditional_access(word), ConditionalAccessResult::NotApplied, "{word}");
            assert_eq!(status(word), None, "{word}");
        }
        assert_eq!((status("Peut-être"), conditional_access("applied")), (None, ConditionalAccessResult::Unknown));
    }
}
