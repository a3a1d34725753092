//! Folding of names for search and sort: lower case, accents removed.

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

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(fold("  Björn   ÅKESSON "), "bjorn akesson");
        assert_eq!(fold("İstanbul"), "istanbul");
    }
}
