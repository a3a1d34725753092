//! What users are found by: any part of a name or user name; one or two letters find the beginnings of words.
//!
//! Both are one mechanism. Beside the folded names stand the first two letters of each of their words, each with two
//! spaces before, which occur nowhere else. So what is looked for is always a piece of text, and always has three letters
//! in a row that an index knows: `an` is `  an`, and `a` is `  a`.

use std::collections::BTreeSet;

use domain::fold::fold;

/// The first two letters of each word, each with two spaces before. Words are of letters and digits.
fn word_beginnings(folded: &[String; 2]) -> String {
    let words = folded.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    let beginnings: BTreeSet<String> = words.map(|word| word.chars().take(2).collect()).collect();
    beginnings.into_iter().filter(|beginning| !beginning.is_empty()).flat_map(|two| ["  ".to_owned(), two]).collect()
}

/// Display name and user name and their words' beginnings. Folded names have no line breaks, and neither has what is
/// looked for.
pub fn search_text(names: [&str; 2]) -> String {
    let folded = names.map(fold);
    let beginnings = word_beginnings(&folded);
    let [display_name, user_name] = folded;
    format!("{display_name}\n{user_name}\n{beginnings}")
}

/// SQLite's full-text tables. Each is kept by triggers of the table that it is of, called as it is with `add`, `change`
/// and `remove` in the place of `trigrams`.
pub const FULL_TEXT: [&str; 2] = ["user_label_trigrams", "user_search_trigrams"];

/// What somebody looks for, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// One or two letters or digits: the beginning of a word.
    Beginning(String),
    /// Any part of a name.
    Part(String),
}

impl Sought {
    /// `None` where nothing is looked for.
    pub fn of(q: &str) -> Option<Self> {
        let folded = fold(q);
        if folded.is_empty() {
            return None;
        }
        let is_beginning = folded.chars().count() <= 2 && folded.chars().all(char::is_alphanumeric);
        Some(if is_beginning { Self::Beginning(folded) } else { Self::Part(folded) })
    }

    /// The piece of a search text.
    fn piece(&self) -> String {
        match self {
            Self::Beginning(letters) => format!("  {letters}"),
            Self::Part(part) => part.clone(),
        }
    }

    /// For `LIKE … ESCAPE '\'`.
    pub fn pattern(&self) -> String {
        format!("%{}%", self.piece().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
    }

    /// Whether the trigrams alone say it: a text that has them has the piece.
    pub fn is_one_trigram(&self) -> bool {
        match self {
            Self::Beginning(_) => true,
            Self::Part(part) => part.chars().count() == 3,
        }
    }

    /// What SQLite's full-text index is asked: trigrams that cover the piece. `None` where it is too short for one.
    pub fn trigrams(&self) -> Option<String> {
        let letters: Vec<char> = match self {
            // One space is enough before two letters: a space before a letter stands nowhere but before a word.
            Self::Beginning(two) if two.chars().count() == 2 => format!(" {two}").chars().collect(),
            _ => self.piece().chars().collect(),
        };
        let last = letters.len().checked_sub(3)?;
        let begins = (0..last).step_by(3).chain([last]);
        let quoted = begins.map(|i| {
            let trigram: String = letters[i..i + 3].iter().collect();
            format!("\"{}\"", trigram.replace('"', "\"\""))
        });
        Some(quoted.collect::<Vec<_>>().join(" AND "))
    }
}

#[cfg(test)]
mod tests {
    use super::{Sought, word_beginnings};

    #[test]
    fn words_are_of_letters_and_digits() {
        assert_eq!(
            word_beginnings(&["asa o'neil", "asa.oneil2@x.example"].map(String::from)),
            "  as  ex  ne  o  on  x"
        );
        assert_eq!(word_beginnings(&["", "--"].map(String::from)), "");
    }

    #[test]
    fn one_or_two_letters_are_beginnings_and_all_else_is_a_part() {
        assert_eq!(Sought::of(" Å "), Some(Sought::Beginning("a".into())));
        assert_eq!(Sought::of("a."), Some(Sought::Part("a.".into())));
        assert_eq!(Sought::of("  "), None);
    }

    #[test]
    fn trigrams_cover_what_is_looked_for() {
        let trigrams = |q| Sought::of(q).and_then(|sought| sought.trigrams());
        assert_eq!(trigrams("a").as_deref(), Some("\"  a\""));
        assert_eq!(trigrams("an").as_deref(), Some("\" an\""));
        assert_eq!(trigrams("ann").as_deref(), Some("\"ann\""));
        assert_eq!(trigrams("ann\"a").as_deref(), Some("\"ann\" AND \"n\"\"a\""));
        assert_eq!(trigrams("annaly").as_deref(), Some("\"ann\" AND \"aly\""));
        assert_eq!(trigrams("a.").as_deref(), None);
    }
}
