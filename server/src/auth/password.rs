//! Passwords: argon2id, a minimal length, nothing that is easy to guess, and no rules of composition.

use std::sync::{Arc, OnceLock};

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use tokio::sync::Semaphore;

use super::guessable::Refused;

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 12;
/// Most characters of a password: longer ones only cost us work.
pub const MAX_CHARS: usize = 1024;
/// Passwords hashed at one time: each takes 19 MiB.
const AT_ONCE: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    #[error("the password needs at least {MIN_CHARS} characters")]
    TooShort,
    #[error("the password may have at most {MAX_CHARS} characters")]
    TooLong,
    #[error(
        "the password is easy to guess: it is a known one, or made of known words, names or repetitions; a sentence of your \
         own is best"
    )]
    Guessable,
}

/// Hashing or checking did not come to an end.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be hashed: {0}")]
pub struct HashingFailed(String);

/// Why an account does not get a password.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error(transparent)]
    Problem(#[from] PasswordProblem),
    #[error(transparent)]
    Failed(#[from] HashingFailed),
}

/// # Errors
/// The password is too short or too long.
pub fn check_length(password: &str) -> Result<(), PasswordProblem> {
    match password.chars().count() {
        ..MIN_CHARS => Err(PasswordProblem::TooShort),
        MIN_CHARS..=MAX_CHARS => Ok(()),
        _ => Err(PasswordProblem::TooLong),
    }
}

/// The PHC string of a password: argon2id with a salt of its own. Takes tens of milliseconds and 19 MiB.
///
/// # Errors
/// No random numbers, or the hash function refuses its input.
pub fn hash(password: &str) -> Result<String, HashingFailed> {
    let failed = |error: &dyn std::fmt::Display| HashingFailed(error.to_string());
    let mut salt = [0_u8; 16];
    OsRng.try_fill_bytes(&mut salt).map_err(|error| failed(&error))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| failed(&error))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(|error| failed(&error))?;
    Ok(hash.to_string())
}

fn matches(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
}

/// Hashes and checks passwords off the request threads, a few at a time.
#[derive(Debug, Clone)]
pub struct Passwords {
    at_once: Arc<Semaphore>,
    /// Checked where there is no such person, so that the answer takes as long.
    nobody: Arc<OnceLock<String>>,
    refused: Refused,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new(Refused::default())
    }
}

impl Passwords {
    #[must_use]
    pub fn new(refused: Refused) -> Self {
        Self { at_once: Arc::new(Semaphore::new(AT_ONCE)), nobody: Arc::default(), refused }
    }

    /// The PHC string of a password that an account is to have. `words`: those that somebody would try first here.
    ///
    /// # Errors
    /// It is too short, too long or easy to guess; or as [`hash`].
    pub async fn take(&self, password: String, words: Vec<String>) -> Result<String, NotTaken> {
        check_length(&password)?;
        let refused = self.refused.clone();
        self.off_thread(move || {
            if refused.is_guessable(&password, &words) {
                return Err(PasswordProblem::Guessable.into());
            }
            Ok(hash(&password)?)
        })
        .await?
    }

    /// Whether the password is the one stored; the same work, and `false`, where nothing is stored.
    ///
    /// # Errors
    /// As [`hash`].
    pub async fn check(&self, password: String, stored: Option<String>) -> Result<bool, HashingFailed> {
        let nobody = Arc::clone(&self.nobody);
        self.off_thread(move || match stored {
            Some(stored) => Ok(matches(&password, &stored)),
            None => {
                let stored = match nobody.get() {
                    Some(stored) => stored.clone(),
                    None => hash("nobody has this password")?,
                };
                let stored = nobody.get_or_init(|| stored);
                let _ = matches(&password, stored);
                Ok(false)
            }
        })
        .await?
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingFailed> {
        let failed = |error: &dyn std::fmt::Display| HashingFailed(error.to_string());
        let _permit = self.at_once.acquire().await.map_err(|error| failed(&error))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| failed(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_the_only_rule() {
        assert_eq!(check_length("elevenchars"), Err(PasswordProblem::TooShort));
        assert_eq!(check_length("åäöåäöåäöåäö"), Ok(()));
        assert_eq!(check_length(&"x".repeat(1025)), Err(PasswordProblem::TooLong));
    }

    #[test]
    fn a_hash_is_argon2id_and_matches_its_password_only() {
        let stored = hash("correct horse battery").expect("hashes");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(matches("correct horse battery", &stored));
        assert!(!matches("correct horse batterx", &stored));
        assert!(!matches("correct horse battery", "not a hash"));
    }
}
