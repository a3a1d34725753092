//! Secrets at rest: encrypted with a key that is not in the database.
//!
//! The key is `KEYROLL_KEY`, or in the file that `KEYROLL_KEY_FILE` names, or in `keyroll.key` beside the settings file
//! (without one, in the working directory), which is made when the first secret is stored, for the owner alone to read.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use secrecy::{ExposeSecret as _, SecretString};

/// Before the encrypted text: which way it was made.
const PREFIX: &str = "x1:";
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
const FILE: &str = "keyroll.key";

/// What a secret is for: one that was sealed for something else does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// What Keyroll shows to others: credentials of connected tenants, refresh tokens of sessions.
    Connection,
    /// An authenticator app of one person: in the row of another it is worth nothing.
    Totp { person: i64 },
}

impl Purpose {
    fn text(self) -> String {
        match self {
            Self::Connection => "keyroll: secret of a connection".to_owned(),
            Self::Totp { person } => format!("keyroll: authenticator app of person {person}"),
        }
    }
}

/// Seals and opens secrets.
#[derive(Clone)]
pub enum Vault {
    /// The key itself.
    Key(SecretString),
    /// The file that has it; made if need be, unless somebody named it.
    File { path: PathBuf, is_ours: bool },
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("the key file {} cannot be read: {error}", path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error("the key is not 32 bytes in base64, such as `openssl rand -base64 32` prints")]
    Key,
    #[error("it was stored with another key than this one; enter it again")]
    OtherKey,
    #[error("the operating system has no random numbers to give")]
    Randomness,
    #[error("the new key is the one that it is under already")]
    SameKey,
}

impl Default for Vault {
    fn default() -> Self {
        Self::beside(None)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(_) => f.write_str("Vault::Key"),
            Self::File { path, .. } => write!(f, "Vault::File({})", path.display()),
        }
    }
}

impl Vault {
    /// As the environment says: `key` and `key_file` are its variables, `config` the settings file.
    #[must_use]
    pub fn of(key: Option<String>, key_file: Option<PathBuf>, config: Option<&Path>) -> Self {
        match (key, key_file) {
            (Some(key), _) => Self::Key(key.into()),
            (None, Some(path)) => Self::File { path, is_ours: false },
            (None, None) => Self::beside(config),
        }
    }

    fn beside(config: Option<&Path>) -> Self {
        let directory = config.and_then(Path::parent).unwrap_or(Path::new(""));
        Self::File { path: directory.join(FILE), is_ours: true }
    }

    /// # Errors
    /// There is no key, and none can be made.
    pub fn seal(&self, purpose: Purpose, secret: &SecretString) -> Result<String, VaultError> {
        let cipher = self.cipher(true)?;
        let mut nonce = [0_u8; NONCE_BYTES];
        OsRng.try_fill_bytes(&mut nonce).map_err(|_| VaultError::Randomness)?;
        let purpose = purpose.text();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: purpose.as_bytes() };
        let sealed = cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| VaultError::Key)?;
        Ok(format!("{PREFIX}{}", STANDARD.encode([&nonce[..], &sealed].concat())))
    }

    /// # Errors
    /// There is no key, it is another one, or the secret was sealed for something else.
    pub fn open(&self, purpose: Purpose, sealed: &str) -> Result<SecretString, VaultError> {
        let cipher = self.cipher(false)?;
        let bytes = sealed.strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
        let bytes = bytes.ok_or(VaultError::OtherKey)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or(VaultError::OtherKey)?;
        let purpose = purpose.text();
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        let secret = cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| VaultError::OtherKey)?;
        String::from_utf8(secret).map(Into::into).map_err(|_| VaultError::OtherKey)
    }

    /// The same secret under another key, which opens it.
    ///
    /// # Errors
    /// This key does not open it, or the other one cannot be used or is this one.
    pub fn seal_again(&self, other: &Self, purpose: Purpose, sealed: &str) -> Result<String, VaultError> {
        let secret = self.open(purpose, sealed)?;
        let again = other.seal(purpose, &secret)?;
        if other.open(purpose, &again)?.expose_secret() != secret.expose_secret() {
            return Err(VaultError::OtherKey);
        }
        if self.open(purpose, &again).is_ok() { Err(VaultError::SameKey) } else { Ok(again) }
    }

    fn cipher(&self, may_make: bool) -> Result<XChaCha20Poly1305, VaultError> {
        let text = match self {
            Self::Key(key) => key.clone(),
            Self::File { path, is_ours } => key_in(path, *is_ours && may_make)?,
        };
        let key = STANDARD.decode(text.expose_secret().trim()).ok().filter(|key| key.len() == KEY_BYTES);
        Ok(XChaCha20Poly1305::new(Key::from_slice(&key.ok_or(VaultError::Key)?)))
    }
}

/// The file's text; a new key where there is no file yet.
fn key_in(path: &Path, may_make: bool) -> Result<SecretString, VaultError> {
    let failed = |error| VaultError::File { path: path.to_owned(), error };
    match std::fs::read_to_string(path) {
        Ok(text) => return Ok(text.into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && may_make => {}
        Err(error) => return Err(failed(error)),
    }
    let mut key = [0_u8; KEY_BYTES];
    OsRng.try_fill_bytes(&mut key).map_err(|_| VaultError::Randomness)?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // For the owner alone from the beginning, and whole before anybody can see it.
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(failed)?;
    writeln!(file, "{}", STANDARD.encode(key)).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        // Somebody else was quicker: theirs it is.
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(error.error)),
    }
    std::fs::read_to_string(path).map(Into::into).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(directory: &Path) -> Vault {
        Vault::of(None, None, Some(&directory.join("keyroll.toml")))
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_alone() {
        let (one, two) = (tempfile::tempdir().expect("a place"), tempfile::tempdir().expect("a place"));
        let sealed = vault(one.path()).seal(Purpose::Connection, &"hunter2".into()).expect("sealed");
        assert!(!sealed.contains("hunter2"));
        assert_ne!(sealed, vault(one.path()).seal(Purpose::Connection, &"hunter2".into()).expect("sealed"));
        assert_eq!(vault(one.path()).open(Purpose::Connection, &sealed).expect("opened").expose_secret(), "hunter2");
        assert!(
            matches!(vault(two.path()).open(Purpose::Connection, &sealed), Err(VaultError::File { .. })),
            "nothing is made to read"
        );
        vault(two.path()).seal(Purpose::Connection, &"another".into()).expect("sealed");
        assert!(matches!(vault(two.path()).open(Purpose::Connection, &sealed), Err(VaultError::OtherKey)));
        for i in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[i] = if changed[i] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("text");
            assert!(changed == sealed || vault(one.path()).open(Purpose::Connection, &changed).is_err(), "byte {i}");
        }
    }

    #[test]
    fn what_is_sealed_for_one_thing_opens_for_no_other() {
        let place = tempfile::tempdir().expect("a place");
        let (vault, ada, bo) = (vault(place.path()), Purpose::Totp { person: 1 }, Purpose::Totp { person: 11 });
        let sealed = vault.seal(ada, &"hunter2".into()).expect("sealed");
        assert_eq!(vault.open(ada, &sealed).expect("opened").expose_secret(), "hunter2");
        for other in [bo, Purpose::Connection] {
            assert!(matches!(vault.open(other, &sealed), Err(VaultError::OtherKey)), "{other:?}");
        }
    }

    #[test]
    fn what_was_sealed_by_an_earlier_version_opens() {
        let vault = Vault::of(Some(STANDARD.encode([7_u8; KEY_BYTES])), None, None);
        let cipher = XChaCha20Poly1305::new(Key::from_slice(&[7; KEY_BYTES]));
        let payload = Payload { msg: b"hunter2", aad: b"keyroll: secret of a connection" };
        let sealed = cipher.encrypt(XNonce::from_slice(&[1; NONCE_BYTES]), payload).expect("sealed");
        let sealed = format!("x1:{}", STANDARD.encode([&[1; NONCE_BYTES][..], &sealed].concat()));
        assert_eq!(vault.open(Purpose::Connection, &sealed).expect("opened").expose_secret(), "hunter2");
    }

    #[cfg(unix)]
    #[test]
    fn the_key_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().expect("a place");
        vault(place.path()).seal(Purpose::Connection, &"hunter2".into()).expect("sealed");
        let mode = place.path().join(FILE).metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_was_given_is_used_or_refused() {
        let key = STANDARD.encode([7_u8; KEY_BYTES]);
        let given = Vault::of(Some(format!("{key}\n")), None, None);
        let sealed = given.seal(Purpose::Connection, &"hunter2".into()).expect("sealed");
        assert_eq!(given.open(Purpose::Connection, &sealed).expect("opened").expose_secret(), "hunter2");
        assert!(matches!(
            Vault::of(Some("short".into()), None, None).open(Purpose::Connection, &sealed),
            Err(VaultError::Key)
        ));
        let missing = Vault::of(None, Some("/nowhere/key".into()), None);
        assert!(
            matches!(missing.seal(Purpose::Connection, &"x".into()), Err(VaultError::File { .. })),
            "a named file is not made"
        );
        assert_eq!(format!("{given:?}"), "Vault::Key");
    }
}
