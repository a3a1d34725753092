//! What is wrong with a query, in one sentence for the person who wrote it.

/// Characters of a token that a message repeats.
const LONGEST_SHOWN: usize = 60;

/// A query option is refused.
///
/// Its text names the option, the token and where it stands, for example
/// `$filter: expected a value after 'eq' at position 14, found ')'.`
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{option}: {message}.")]
pub struct ODataError {
    option: String,
    position: Option<usize>,
    message: String,
}

impl ODataError {
    /// The option as a whole is refused.
    pub(crate) fn of(option: &str, message: impl Into<String>) -> Self {
        Self { option: shown(option), position: None, message: message.into() }
    }

    /// Something in the option is refused; the message names the position, too.
    pub(crate) fn at(option: &str, position: Position, message: impl Into<String>) -> Self {
        Self { position: Some(position.0), ..Self::of(option, message) }
    }

    /// The same, with how it could be mended.
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.message.push_str(hint);
        self
    }

    /// The option with its `$`, in lower case where it is one of OData's.
    #[must_use]
    pub fn option(&self) -> &str {
        &self.option
    }

    /// The 1-based place of the token in the option's decoded text, in characters.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        self.position
    }
}

/// Where a token begins: 1 for the first character of the option's decoded text.
///
/// All positions are equal, so that trees are compared by what they say and not by where they say it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Position(pub usize);

impl PartialEq for Position {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The text, cut to what a sentence can hold.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
