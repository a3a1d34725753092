//! `[passwords]`: what accounts of this installation may not have as a password, beside what everybody would guess.

use std::path::PathBuf;

use serde::Deserialize;

use crate::auth::guessable::{NotAList, Refused};
use crate::auth::password::Passwords;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordSettings {
    /// A file with a password or word on each line; absent: none.
    pub refused: Option<PathBuf>,
}

impl PasswordSettings {
    /// # Errors
    /// The file is not one.
    pub fn open(&self) -> Result<Passwords, NotAList> {
        Ok(Passwords::new(self.refused.as_deref().map(Refused::read).transpose()?.unwrap_or_default()))
    }
}
