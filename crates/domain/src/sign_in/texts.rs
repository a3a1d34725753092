use std::collections::HashMap;
use std::sync::OnceLock;

use super::normal::normalise;
use super::text::{MfaText, Text};
use super::{MfaResult, MfaStatus};

/// Every text that is known, a line each: made for people who translate.
const TABLE: &str = include_str!("texts.csv");

/// How Entra writes what it logs most, besides the English texts behind these beginnings.
const USUAL: [&str; 3] =
    ["Correct password", "First factor requirement satisfied by claim in the token", "Authentication in progress"];
const USUAL_BEGINNINGS: [&str; 3] = ["MFA ", "MFA requirement ", "MFA denied; "];

/// What stands in `texts.csv`, normalised.
#[derive(Default)]
pub(super) struct Texts {
    /// Beginnings that name MFA; the longest first, so that "MFA requirement" goes as a whole.
    names: Vec<String>,
    denials: Vec<String>,
    frauds: Vec<String>,
    first_factor: Vec<String>,
    known: HashMap<String, MfaText>,
    /// What is read of texts spelled as usual: there are millions of them.
    usual: HashMap<String, Text>,
}

impl Texts {
    pub(super) fn get() -> &'static Self {
        static TEXTS: OnceLock<Texts> = OnceLock::new();
        TEXTS.get_or_init(|| {
            let texts = Self::of(TABLE);
            let behind = |text: &str| USUAL_BEGINNINGS.map(|beginning| format!("{beginning}{text}"));
            let known = rows(TABLE, Some("en")).filter(|(id, _)| id.parse::<MfaStatus>().is_ok());
            let spelled = known.flat_map(|(_, text)| behind(&text)).chain(USUAL.map(str::to_owned));
            let usual = spelled.map(|spelled| (spelled.clone(), texts.read(&spelled))).collect();
            Self { usual, ..texts }
        })
    }

    fn of(table: &str) -> Self {
        let mut texts = Self::default();
        let mut known = Vec::new();
        for (id, text) in rows(table, None) {
            let text = normalise(&text);
            match id {
                "mfa" => texts.names.push(text),
                "denied" => texts.denials.push(text),
                "fraud" => texts.frauds.push(text),
                "first_factor" => texts.first_factor.push(text),
                "satisfied" => {
                    known.push((text, MfaText { status: MfaStatus::Unclassified, result: Some(MfaResult::Satisfied) }));
                }
                // A test sees to it that every id is one.
                id => known.extend(
                    id.parse::<MfaStatus>().ok().map(|status| (text, MfaText { status, result: status.result() })),
                ),
            }
        }
        texts.names.sort_unstable_by_key(|name| std::cmp::Reverse(name.len()));
        // Looked up without a name of MFA before them, so kept without.
        texts.known =
            known.into_iter().map(|(text, meaning)| (texts.without_name(&text).1.to_owned(), meaning)).collect();
        texts
    }

    /// What a text is about.
    pub(super) fn meaning(&self, text: &str) -> Text {
        self.usual.get(text).copied().unwrap_or_else(|| self.read(text))
    }

    fn read(&self, text: &str) -> Text {
        let text = normalise(text);
        // First: "First factor requirement satisfied by claim in the token" ends as a text about MFA does.
        if self.first_factor.iter().any(|beginning| text.starts_with(beginning.as_str())) {
            return Text::FirstFactor;
        }
        let (is_named, text) = self.without_name(&text);
        let (is_denied, text) = self.without_denial(text);
        let denied = is_denied.then_some(MfaResult::Denied);
        if text.is_empty() {
            return if is_denied { Text::Mfa(MfaText::unclassified(denied)) } else { Text::Other };
        }
        if let Some(known) = self.known.get(text) {
            // A denial that is known only to be about MFA is a denial still.
            return Text::Mfa(MfaText { result: known.result.or(denied), ..*known });
        }
        if !is_named && !is_denied {
            return Text::Other;
        }
        if self.frauds.iter().any(|part| text.contains(part.as_str())) {
            let status = MfaStatus::FraudReported;
            return Text::Mfa(MfaText { status, result: status.result() });
        }
        Text::Mfa(MfaText::unclassified(denied))
    }

    /// Whether there was a beginning that names MFA, and what follows it.
    fn without_name<'a>(&self, text: &'a str) -> (bool, &'a str) {
        let rest = self.names.iter().find_map(|name| text.strip_prefix(name.as_str()).filter(|rest| is_apart(rest)));
        rest.map_or((false, text), |rest| (true, rest.trim_start_matches(is_separator)))
    }

    /// Whether there was a word for denied, and what follows it. As one word of many it says nothing by itself.
    fn without_denial<'a>(&self, text: &'a str) -> (bool, &'a str) {
        let rest = self.denials.iter().find_map(|denial| {
            text.strip_prefix(denial.as_str()).filter(|rest| rest.is_empty() || rest.starts_with([';', ',', ':']))
        });
        rest.map_or((false, text), |rest| (true, rest.trim_start_matches(is_separator)))
    }
}

const fn is_separator(c: char) -> bool {
    matches!(c, ' ' | ';' | ',' | ':')
}

/// Whether a word ends here.
fn is_apart(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(is_separator)
}

/// Id and text of each line, of one language or of all; comments and the header are none.
fn rows<'a>(table: &'a str, only: Option<&'a str>) -> impl Iterator<Item = (&'a str, String)> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(move |line| {
        let (id, rest) = line.split_once(',')?;
        let (language, text) = rest.split_once(',')?;
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let text = quoted.map_or_else(|| text.to_owned(), |text| text.replace("\"\"", "\""));
        only.is_none_or(|only| only == language).then_some((id, text))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const WORDS: [&str; 5] = ["mfa", "denied", "satisfied", "fraud", "first_factor"];

    #[test]
    fn every_line_says_something() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
        for line in lines {
            let columns: Vec<&str> = line.splitn(3, ',').collect();
            assert_eq!(columns.len(), 3, "{line}");
            assert!(WORDS.contains(&columns[0]) || columns[0].parse::<MfaStatus>().is_ok(), "{line}");
            assert!(["en", "sv", "fr", "de", "es"].contains(&columns[1]), "{line}");
            assert_eq!(columns[2].contains(','), columns[2].starts_with('"') && columns[2].ends_with('"'), "{line}");
            assert!(!normalise(columns[2]).is_empty(), "{line}");
        }
    }

    #[test]
    fn no_text_stands_for_two() {
        let mut seen = BTreeMap::new();
        for (id, text) in rows(TABLE, None).filter(|(id, _)| id.parse::<MfaStatus>().is_ok()) {
            let first = seen.entry(Texts::get().without_name(&normalise(&text)).1.to_owned()).or_insert(id);
            assert_eq!(*first, id, "{text}");
        }
    }

    #[test]
    fn every_status_is_known_in_every_language() {
        for language in ["en", "sv", "fr", "de", "es"] {
            for status in MfaStatus::ALL.iter().filter(|status| **status != MfaStatus::Unclassified) {
                let line = format!("\n{status},{language},");
                assert!(TABLE.contains(&line), "{line}");
            }
            for word in WORDS {
                let line = format!("\n{word},{language},");
                assert!(TABLE.contains(&line), "{line}");
            }
        }
    }
}
