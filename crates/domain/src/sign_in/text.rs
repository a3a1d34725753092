use super::texts::Texts;
use super::{MfaResult, MfaStatus};

/// What a text says of the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MfaText {
    pub status: MfaStatus,
    /// `None` for a text of no known status that does not say either.
    pub result: Option<MfaResult>,
}

impl MfaText {
    /// Of no known status: kept apart, never folded into one.
    pub(super) const fn unclassified(result: Option<MfaResult>) -> Self {
        Self { status: MfaStatus::Unclassified, result }
    }

    /// Whether it is the last word: not so "in progress", nor what says neither.
    pub(super) fn is_terminal(self) -> bool {
        matches!(self.result, Some(MfaResult::Satisfied | MfaResult::Denied))
    }
}

/// What a result text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    FirstFactor,
    Mfa(MfaText),
    /// Neither, as far as is known.
    Other,
}

/// Reads a result text of any era and language; `None` where it is not about the second factor.
///
/// The texts that are known, and the words around them, are in `texts.csv`. A text that names MFA but is not known is
/// `unclassified`, and denied where it says so before a semicolon or a comma; one that names nothing is not about MFA.
#[must_use]
pub fn mfa_text(text: &str) -> Option<MfaText> {
    match Texts::get().meaning(text) {
        Text::Mfa(text) => Some(text),
        Text::FirstFactor | Text::Other => None,
    }
}
