//! Sentences with code in them, examples, and English on a page of another language.

use domain::preferences::Language;
use leptos::prelude::*;

use crate::language::Ui;

/// The `lang` of what is English everywhere; nothing where the page is.
pub fn english(ui: &Ui) -> Option<&'static str> {
    (ui.language() != Language::English).then_some(Language::English.as_str())
}

/// A sentence in which `…` between backticks is code.
pub fn with_code(sentence: &str) -> AnyView {
    let pieces = sentence.split('`').enumerate().map(|(place, piece)| {
        let piece = piece.to_owned();
        if place % 2 == 1 { view! { <code>{piece}</code> }.into_any() } else { piece.into_any() }
    });
    pieces.collect_view().into_any()
}

/// Something to copy: one click marks all of it. It scrolls by itself, by keyboard too.
pub fn example(label: String, text: String) -> AnyView {
    view! {
        <pre class="example" role="region" tabindex="0" aria-label=label>
            <code>{text}</code>
        </pre>
    }
    .into_any()
}
