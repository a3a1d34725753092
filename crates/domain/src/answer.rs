//! Yes, no, or unknown: a missing licence, permission, field or sync is never a yes or a no.

use crate::named;

named! {
    /// A fact about a user with unknown as a third value.
    pub enum Answer {
        Unknown => "unknown",
        No => "no",
        Yes => "yes",
    }
}

impl Answer {
    /// Both of two facts: *no* if either is no, else *unknown* if either is unknown.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

impl From<Option<bool>> for Answer {
    fn from(given: Option<bool>) -> Self {
        match given {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}
