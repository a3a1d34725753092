//! The language and the time zone of one answer, and the way to its sentences.

use domain::preferences::Language;
use jiff::tz::TimeZone;

pub use crate::sentences::i18n::Locale;

/// What every part of a page needs to speak: passed down, never global.
#[derive(Clone, Debug)]
pub struct Ui {
    pub locale: Locale,
    pub zone: TimeZone,
    /// IANA name of the zone, always shown beside times.
    pub zone_name: String,
}

impl Ui {
    /// English. A zone nobody knows is UTC, and says so.
    #[must_use]
    pub fn new(zone_name: &str) -> Self {
        let (zone, zone_name) = match TimeZone::get(zone_name) {
            Ok(zone) => (zone, zone_name.to_owned()),
            Err(_) => (TimeZone::UTC, "UTC".to_owned()),
        };
        Self { locale: Locale::en, zone, zone_name }
    }

    /// The same zone, in another language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        let locale = match language {
            Language::English => Locale::en,
            Language::Swedish => Locale::sv,
        };
        Self { locale, ..self }
    }

    /// The same language, in the zone that the URL names.
    #[must_use]
    pub fn in_zone(self, zone_name: Option<&str>) -> Self {
        match zone_name {
            Some(name) => Self { locale: self.locale, ..Self::new(name) },
            None => self,
        }
    }

    /// A language's own name, in that language
    #[must_use]
    pub const fn language_name(language: Language) -> &'static str {
        match language {
            Language::English => "English",
            Language::Swedish => "Svenska",
        }
    }

    /// For the `lang` attribute
    #[must_use]
    pub fn language(&self) -> Language {
        match self.locale {
            Locale::en => Language::English,
            Locale::sv => Language::Swedish,
        }
    }
}

/// A sentence of `locales/`, checked at compile time: `t!(ui, users.title)`.
macro_rules! t {
    ($ui:expr, $($sentence:tt)*) => {
        $crate::sentences::i18n::td_string!($ui.locale, $($sentence)*)
    };
}
pub(crate) use t;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    type Sentences = BTreeMap<String, BTreeMap<String, String>>;

    /// What is called the same in both languages, and patterns without words.
    const SAME: &[&str] = &[
        "api.link",
        "api.status",
        "api.title",
        "app.name",
        "app.title",
        "data.byte",
        "data.status",
        "data.title",
        "event_column.status",
        "sign_in_column.status",
        "sign_ins.error_code_is",
        "usage.bar",
        "format",
        "list.chip",
        "list.more_methods",
        "method.windows_hello",
        "nav.data",
        "overview.fresh",
        "explain.size",
        "preferences.system",
        "list.sub",
        "list.download_csv",
        "list.download_jsonl",
        "list.download_xlsx",
        "activity.code_and_label",
        "block_column.status",
        "bypass_column.status",
        "bypasses.seconds",
        "component.mfa_server",
        "nav.mfa",
        "review.by",
        "server_column.status",
        "server_column.version",
        "servers.count_one",
        "actor_kind.person",
        "actor_kind.token",
        "actor_kind.demo",
    ];

    fn languages() -> [Sentences; 2] {
        [include_str!("../locales/en.json"), include_str!("../locales/sv.json")]
            .map(|text| serde_json::from_str(text).expect("groups of sentences"))
    }

    fn places(sentence: &str) -> BTreeSet<&str> {
        sentence.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).map(str::trim).collect()
    }

    #[test]
    fn both_languages_have_the_same_sentences_with_the_same_places() {
        let [english, swedish] = languages();
        let shape = |sentences: &Sentences| -> Vec<(String, BTreeSet<String>)> {
            sentences
                .iter()
                .flat_map(|(group, sentences)| sentences.iter().map(move |(key, text)| (group, key, text)))
                .map(|(group, key, text)| (format!("{group}.{key}"), places(text).into_iter().map(str::to_owned).collect()))
                .collect()
        };
        assert_eq!(shape(&english), shape(&swedish));
    }

    #[test]
    fn no_sentence_is_left_in_english() {
        let [english, swedish] = languages();
        for (group, sentences) in &english {
            for (key, text) in sentences {
                let name = format!("{group}.{key}");
                let may_be_same = SAME.contains(&group.as_str()) || SAME.contains(&name.as_str());
                assert!(may_be_same || &swedish[group][key] != text, "{name} is English in sv.json: {text}");
                let quotes = swedish[group][key].contains(['"', '“']);
                assert!(!quotes, "{name}: Swedish quotes with ” on both sides");
            }
        }
    }
}
