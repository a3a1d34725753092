//! Folding of names for search and sort: lower case, accents removed.

use std::borrow::Cow;

use crate::preferences::Language;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower-cased, without combining marks, inner white space single: what search and sort compare.
#[must_use]
pub fn fold(text: &str) -> String {
    let folded: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| !is_combining_mark(*c))
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What names are sorted by, compared byte by byte: folded, but for what the language has as letters of their own.
///
/// Sort keys are stored and are part of cursors, so they must not change with a library's version of Unicode's tables;
/// and letters, unlike the bytes of Unicode's collation, can be compared as text by both engines.
#[must_use]
pub fn sort_key(text: &str, language: Language) -> String {
    let letters: Cow<'_, str> = match language {
        Language::English => text.into(),
        // å ä ö come after z, where ASCII has three signs that names do not have; æ is an ä, ø an ö, ü a y.
        Language::Swedish => text
            .nfc()
            .map(|c| match c {
                'å' | 'Å' => '{',
                'ä' | 'Ä' | 'æ' | 'Æ' => '|',
                'ö' | 'Ö' | 'ø' | 'Ø' => '}',
                'ü' | 'Ü' => 'y',
                c => c,
            })
            .collect::<String>()
            .into(),
    };
    fold(&letters)
}

#[cfg(test)]
mod tests {
    use super::{fold, sort_key};
    use crate::preferences::Language;

    #[test]
    fn each_language_has_its_order() {
        let sorted = |language| {
            let mut names = ["Östen", "Zara", "Ärla", "Åsa", "anna", "Øst", "Ünal", "Ylva", "A\u{30a}ke", "Élise"];
            names.sort_by_key(|name| sort_key(name, language));
            names
        };
        assert_eq!(
            sorted(Language::Swedish),
            ["anna", "Élise", "Ylva", "Ünal", "Zara", "A\u{30a}ke", "Åsa", "Ärla", "Øst", "Östen"].map(|name| name)
        );
        assert_eq!(sorted(Language::English)[..4], ["A\u{30a}ke", "anna", "Ärla", "Åsa"]);
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(fold("  Björn   ÅKESSON "), "bjorn akesson");
        assert_eq!(fold("İstanbul"), "istanbul");
    }
}
