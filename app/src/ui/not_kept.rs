//! Days that are not kept: figures over them are unknown, never zero.

use domain::retention::NotKept;
use leptos::prelude::*;

use crate::language::{Ui, t};

/// In the place of figures: what is not known, and from when on it is.
pub fn not_kept(ui: &Ui, not_kept: &[NotKept]) -> AnyView {
    let sentences = not_kept
        .iter()
        .map(|gone| {
            let (data, at) = (ui.kept(gone.data).to_owned(), ui.time(gone.kept_from));
            view! { <p>{t!(ui, retention.not_kept, data = data, at = at)}</p> }
        })
        .collect_view();
    view! {
        <section class="card empty">
            <h2>{t!(ui, retention.not_kept_title)}</h2>
            {sentences}
        </section>
    }
    .into_any()
}
