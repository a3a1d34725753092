//! Passwords that somebody would try first: known ones, words, names, and what has to do with this place.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::viewer::TenantId;
use store::{Services, StoreError};
use zxcvbn::{Score, zxcvbn};

use super::password::MIN_CHARS;

/// Of zero to four: more than 10^8 guesses, for somebody who knows what people choose. Fewer would do against a sign-in that
/// is slowed down; but the hashes are in every copy of the database, and argon2id lets a thief try some thousands a second.
const ENOUGH: Score = Score::Three;
/// Characters that are looked at: the work grows with more than their number (of signs that all may stand for letters, a hundred
/// take a second, these less than half of one), and what comes after them does not make a password worse.
const LOOKED_AT: usize = 64;
/// Shorter ones are no words.
const MIN_WORD: usize = 3;
/// Of a file, which is kept in memory.
const MAX_FILE_BYTES: u64 = 16 << 20;
/// A file of so many lines at most is also looked for inside passwords.
const MAX_WORDS: usize = 1_000;

/// The file of refused passwords is none.
#[derive(Debug, thiserror::Error)]
#[error("the file of refused passwords {} cannot be used: {why}", path.display())]
pub struct NotAList {
    path: PathBuf,
    why: String,
}

/// What the settings refuse.
#[derive(Debug, Clone, Default)]
pub struct Refused {
    /// Lower-cased, as all that is compared.
    passwords: Arc<HashSet<String>>,
    words: Arc<Vec<String>>,
}

impl Refused {
    /// # Errors
    /// The file cannot be read, is too large, or is not UTF-8.
    pub fn read(path: &Path) -> Result<Self, NotAList> {
        let not = |why: String| NotAList { path: path.to_owned(), why };
        let bytes = fs::metadata(path).map_err(|error| not(error.to_string()))?.len();
        if bytes > MAX_FILE_BYTES {
            return Err(not(format!("it has {} MiB, of at most {}", bytes.div_ceil(1 << 20), MAX_FILE_BYTES >> 20)));
        }
        let text = fs::read(path).map_err(|error| not(error.to_string()))?;
        let text = String::from_utf8(text).map_err(|_| not("it is not UTF-8".to_owned()))?;
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::to_lowercase);
        let lines: Vec<String> = lines.filter(|line| !line.trim().is_empty()).collect();
        let words = if lines.len() <= MAX_WORDS { lines.clone() } else { Vec::new() };
        // Shorter ones are refused anyhow.
        let passwords = lines.into_iter().filter(|line| line.chars().count() >= MIN_CHARS).collect();
        Ok(Self { passwords: Arc::new(passwords), words: Arc::new(words) })
    }

    /// Whether somebody would try a password soon. `words` have to do with the account and this place: a password is as good as
    /// what it has beside them. Takes some milliseconds.
    #[must_use]
    pub fn is_guessable(&self, password: &str, words: &[String]) -> bool {
        let password = password.to_lowercase();
        if self.passwords.contains(&password) {
            return true;
        }
        let is_word = |word: &&str| word.chars().count() >= MIN_WORD;
        let mut words: Vec<&str> = words.iter().chain(&*self.words).map(String::as_str).filter(is_word).collect();
        // The longest first: of `contoso.com`, `contoso` would leave an end.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let rest = words.iter().fold(password, |rest, word| rest.replace(word, ""));
        let rest: String = rest.chars().take(LOOKED_AT).collect();
        // Told once more, as they may be written backwards or with digits for letters.
        zxcvbn(&rest, &words).score() < ENOUGH
    }
}

/// Words that somebody would try here: the program's name, those of connected tenants, and `names`, each whole and in its parts.
///
/// # Errors
/// The store does not answer.
pub async fn words(services: &Services, names: &[&str]) -> Result<Vec<String>, StoreError> {
    let tenants = services.console_settings(TenantId::ONLY).connections().await?;
    let tenants = tenants.iter().flat_map(|tenant| [tenant.name.as_str(), tenant.directory.as_str()]);
    Ok(["keyroll"].into_iter().chain(names.iter().copied()).chain(tenants).flat_map(whole_and_parts).collect())
}

fn whole_and_parts(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let parts = name.split(|sign: char| !sign.is_alphanumeric()).map(str::to_owned);
    parts.chain([name.clone()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_guessable(password: &str) -> bool {
        let words: Vec<String> = ["keyroll", "ada.lovelace@contoso.com", "https://sign-ins.fabrikam.example"]
            .into_iter()
            .flat_map(whole_and_parts)
            .collect();
        Refused::default().is_guessable(password, &words)
    }

    #[test]
    fn what_everybody_would_try_is_refused() {
        for known in [
            "passwordpassword",
            "Password1234!",
            "P4ssw0rd!P4ssw0rd!",
            "qwertyuiop12",
            "123456789012",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "iloveyou1234",
            "letmeinletmein",
        ] {
            assert!(is_guessable(known), "{known}");
        }
        assert!(is_guessable(&"x".repeat(1024)), "however long");
    }

    #[test]
    fn words_of_this_place_make_no_password() {
        for ours in [
            "keyroll keyroll",
            "Keyroll2026!",
            "contoso keyroll ada",
            "Ada.Lovelace@Contoso.com",
            "llorYek llorYek 1",
            "k3yr0llk3yr0ll",
            "https://sign-ins.fabrikam.example/",
            "fabrikam-fabrikam-1234",
        ] {
            assert!(is_guessable(ours), "{ours}");
        }
    }

    #[test]
    fn sentences_and_random_signs_are_taken() {
        for good in [
            "correct horse battery staple",
            "seven green bicycles at dawn",
            "a long enough password",
            "twelve chars",
            "Contoso has seven green bicycles",
            "vK9#tq2!mZ7x",
            "nycklarna ligger under mattan",
            "七辆绿色的自行车在黎明时分出发",
        ] {
            assert!(!is_guessable(good), "{good}");
        }
        // As many guesses as there are, wherever it is cut.
        assert!(!is_guessable(&"seven green bicycles at dawn, ".repeat(34)));
    }
}
