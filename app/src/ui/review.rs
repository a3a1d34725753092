//! Review notes: what administrators remarked on a block, a bypass or a fraud alert.

use domain::report::ReviewNote;
use leptos::prelude::*;

use crate::language::{Ui, t};

/// Longer remarks belong elsewhere.
const MAX_CHARS: usize = 1000;

/// Whom notes are on, and where a form that adds one leads back to.
pub struct Review<'a> {
    /// The row's id.
    pub about: &'a str,
    /// Said of the form to those who do not see the row beside it.
    pub name: &'a str,
    pub notes: &'a [ReviewNote],
    /// The page's address; `None` for viewers who may not add notes.
    pub return_to: Option<String>,
}

impl Review<'_> {
    /// The notes, oldest first, and the form that adds one.
    pub fn cell(self, ui: &Ui) -> AnyView {
        let notes = self
            .notes
            .iter()
            .map(|note| {
                view! {
                    <li>
                        <p class="note-text">{note.text.clone()}</p>
                        <p class="small quiet">
                            {t!(ui, review.by, author = note.author.clone(), at = ui.time(note.at))}
                        </p>
                    </li>
                }
            })
            .collect_view();
        let notes = if self.notes.is_empty() {
            let none = self.return_to.is_none().then(|| t!(ui, review.none));
            view! { <span class="quiet small">{none}</span> }.into_any()
        } else {
            view! { <ul class="review-notes">{notes}</ul> }.into_any()
        };
        let form = self.return_to.clone().map(|return_to| self.form(ui, return_to));
        view! { <td class="review">{notes} {form}</td> }.into_any()
    }

    fn form(&self, ui: &Ui, return_to: String) -> impl IntoView + use<> {
        let add = t!(ui, review.add_on, name = self.name.to_owned());
        let label = t!(ui, review.text_on, name = self.name.to_owned());
        view! {
            <details class="add-note" id=format!("note-{}", self.about)>
                <summary class="quiet-button" aria-label=add>
                    {t!(ui, review.add)}
                </summary>
                <form class="stack" method="post" action="/mfa/notes">
                    <input type="hidden" name="about" value=self.about.to_owned() />
                    <input type="hidden" name="return_to" value=return_to />
                    <label class="field">
                        <span>{t!(ui, review.text)}</span>
                        <textarea name="text" rows="3" required maxlength=MAX_CHARS.to_string() aria-label=label></textarea>
                    </label>
                    <button class="pill primary" type="submit">
                        {t!(ui, review.save)}
                    </button>
                </form>
            </details>
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;

    use super::*;

    #[test]
    fn notes_are_for_everybody_and_the_form_for_some() {
        let notes =
            [ReviewNote { text: "Called <Ada>".into(), author: "Sara Lind".into(), at: Instant::from_millis(0) }];
        let cell = |return_to: Option<&str>| {
            let return_to = return_to.map(str::to_owned);
            Review { about: "block-1", name: "Ada", notes: &notes, return_to }.cell(&Ui::new("UTC")).to_html()
        };
        let read = cell(None);
        assert!(read.contains("Called &lt;Ada&gt;") && read.contains("Sara Lind, 1 Jan 1970, 00:00"), "{read}");
        assert!(!read.contains("<form"), "{read}");
        let write = cell(Some("/mfa/blocked-users?status=open"));
        for part in [
            "method=\"post\" action=\"/mfa/notes\"",
            "name=\"about\" value=\"block-1\"",
            "name=\"return_to\" value=\"/mfa/blocked-users?status=open\"",
            "<textarea name=\"text\"",
            "aria-label=\"Note on Ada\"",
        ] {
            assert!(write.contains(part), "{part} in {write}");
        }
    }
}
