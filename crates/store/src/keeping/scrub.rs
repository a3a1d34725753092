//! Ids and names of a person taken out of texts.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// What stands in the place of a name.
pub(super) const ERASED: &str = "erased";

/// What a person is called by.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Called {
    /// Object ids and user names, in lower case: wherever they stand, the person is meant.
    pub ids: BTreeSet<String>,
    /// Display names, in lower case: others may have the same.
    pub names: BTreeSet<String>,
}

impl Called {
    pub fn id(&mut self, id: Option<&str>) {
        self.ids.extend(id.map(|id| id.trim().to_lowercase()).filter(|id| !id.is_empty()));
    }

    pub fn name(&mut self, name: Option<&str>) {
        self.names.extend(name.map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()));
    }

    /// The text without the person; `None` where it does not name them.
    pub fn scrub(&self, text: &str, left: &str) -> Option<String> {
        let mut scrubbed = text.to_owned();
        let mut found = false;
        for id in &self.ids {
            found |= replace(&mut scrubbed, id, left);
        }
        for name in &self.names {
            // A name of one word may be anybody's, and part of another's.
            if scrubbed.trim().to_lowercase() == *name {
                scrubbed = ERASED.to_owned();
                found = true;
            } else if name.contains(' ') {
                found |= replace(&mut scrubbed, name, ERASED);
            }
        }
        found.then_some(scrubbed)
    }

    /// The same of every text in a JSON document; of a text that is none, as of any text.
    pub fn scrub_json(&self, text: &str, left: &str) -> Option<String> {
        let Ok(mut json) = serde_json::from_str::<Json>(text) else { return self.scrub(text, left) };
        self.scrub_value(&mut json, left).then(|| json.to_string())
    }

    pub fn scrub_value(&self, json: &mut Json, left: &str) -> bool {
        match json {
            Json::String(text) => match self.scrub(text, left) {
                Some(scrubbed) => {
                    *text = scrubbed;
                    true
                }
                None => false,
            },
            Json::Array(items) => items.iter_mut().fold(false, |found, item| self.scrub_value(item, left) | found),
            Json::Object(fields) => {
                fields.values_mut().fold(false, |found, field| self.scrub_value(field, left) | found)
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => false,
        }
    }
}

/// Replaces every occurrence, in any case, that is not within a longer word.
fn replace(text: &mut String, what: &str, by: &str) -> bool {
    let lower = text.to_lowercase();
    // Letters whose lower case has another length are rare; then nothing can be told from positions.
    if lower.len() != text.len() {
        if !lower.contains(what) {
            return false;
        }
        *text = lower.replace(what, by);
        return true;
    }
    let mut replaced = String::with_capacity(text.len());
    let mut rest = 0;
    for (at, _) in lower.match_indices(what) {
        let before = lower[..at].chars().next_back();
        let after = lower[at + what.len()..].chars().next();
        if before.is_some_and(char::is_alphanumeric) || after.is_some_and(char::is_alphanumeric) {
            continue;
        }
        replaced.push_str(&text[rest..at]);
        replaced.push_str(by);
        rest = at + what.len();
    }
    if rest == 0 {
        return false;
    }
    replaced.push_str(&text[rest..]);
    *text = replaced;
    true
}

/// The words of a text that may be an id or a user name.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || "@._-+'#".contains(c)))
        .map(|word| word.trim_matches(|c: char| ".'".contains(c)))
        .filter(|word| word.contains('@') || word.len() == 36)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ann() -> Called {
        let mut called = Called::default();
        called.id(Some("Ann@Contoso.com"));
        called.name(Some("Ann Lee"));
        called.name(Some("Ann"));
        called
    }

    #[test]
    fn a_person_is_found_in_any_case_and_others_are_left() {
        let scrub = |text| ann().scrub(text, "erased:7");
        assert_eq!(scrub("reset for ANN@contoso.com."), Some("reset for erased:7.".into()));
        assert_eq!(scrub("by ann lee, Anna Leeson"), Some("by erased, Anna Leeson".into()));
        assert_eq!(scrub("Ann"), Some(ERASED.into()));
        assert_eq!(scrub("joann@contoso.com"), None);
        assert_eq!(scrub("Ann Other"), None);
    }

    #[test]
    fn json_is_gone_through() {
        let json = r#"{"targets":[{"upn":"ann@contoso.com","displayName":"Ann"}],"n":1}"#;
        let scrubbed = ann().scrub_json(json, "erased:7").expect("found");
        assert!(!scrubbed.to_lowercase().contains("ann"), "{scrubbed}");
        assert_eq!(ann().scrub_json(r#"{"a":"nobody"}"#, "erased:7"), None);
    }

    #[test]
    fn words_may_be_ids() {
        let found: Vec<_> = words(r#"{"upn":"a@b.c","id":"6f4fc0e2-8a5b-4e3f-9c1d-0a1b2c3d4e5f"} x"#).collect();
        assert_eq!(found, ["a@b.c", "6f4fc0e2-8a5b-4e3f-9c1d-0a1b2c3d4e5f"]);
    }
}
