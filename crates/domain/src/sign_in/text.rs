use super::{MfaResult, MfaStatus};

/// What a text says of the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MfaText {
    pub status: MfaStatus,
    /// `None` for a text of no known status that does not say either.
    pub result: Option<MfaResult>,
}

/// Reads a result text of any era and language; `None` where it is not about the second factor.
#[must_use]
pub fn mfa_text(_text: &str) -> Option<MfaText> {
    None
}
