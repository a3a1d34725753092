//! Review notes on blocks, bypasses and fraud alerts, whichever way they come.

use domain::instant::Instant;
use domain::report::ReviewNote;
use domain::viewer::Viewer;
use store::{Operator, StoreError};

/// The longest note.
pub const MAX_CHARS: usize = 1000;

/// A note was not added.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    #[error("A note has 1 to {MAX_CHARS} characters of text; this one is empty, longer, or has control characters.")]
    NotANote,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a note of the viewer's to the block, bypass or fraud alert with this id.
///
/// # Errors
/// The text is no note, nothing has this id, or the store does not answer.
pub async fn add(
    operator: &Operator,
    viewer: &Viewer,
    about: &str,
    text: &str,
    now: Instant,
) -> Result<ReviewNote, ReviewError> {
    let note = ReviewNote { text: note_text(text)?, author: viewer.name.clone(), at: now };
    if about.chars().any(char::is_control) {
        // No id has one, and Postgres takes no NUL to look it up by.
        return Err(StoreError::Missing { what: "block, bypass or fraud alert", name: about.to_owned() }.into());
    }
    operator.add_note(about, &note.text, &note.author, now).await?;
    Ok(note)
}

/// The text as it is stored: without the ends of a text area, its phone numbers masked like those of records.
fn note_text(given: &str) -> Result<String, ReviewError> {
    // Browsers send two characters for a line break that they have counted as one.
    let text = given.replace("\r\n", "\n");
    let text = text.trim();
    let is_note = !text.is_empty()
        && text.chars().count() <= MAX_CHARS
        && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    if is_note { Ok(ingest::scrub(text).into_owned()) } else { Err(ReviewError::NotANote) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_to_a_thousand_characters() {
        assert_eq!(note_text("  Called her:\r\nit was she. ").expect("a note"), "Called her:\nit was she.");
        assert!(note_text(&"å".repeat(MAX_CHARS)).is_ok());
        assert!(note_text(&format!("  {}\r\n", "x\r\n".repeat(MAX_CHARS / 2))).is_ok(), "a line break is one");
        for given in ["", " \r\n ", "a\0b", "a\u{1b}[31m", &"å".repeat(MAX_CHARS + 1)] {
            assert!(note_text(given).is_err(), "{given:?}");
        }
        assert_eq!(note_text("rang +46 70 123 45 67").expect("a note"), "rang +XX XX XXX XX 67");
    }
}
