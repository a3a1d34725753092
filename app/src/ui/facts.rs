use leptos::prelude::*;

use crate::language::{Ui, t};

/// A property and its value.
pub fn fact(label: &'static str, value: AnyView) -> AnyView {
    view! {
        <dl class="fact">
            <dt>{label}</dt>
            <dd>{value}</dd>
        </dl>
    }
    .into_any()
}

/// A text of a record; where it has none, that is said.
pub fn text_fact(ui: &Ui, label: &'static str, text: Option<&str>) -> AnyView {
    let value = match text {
        Some(text) => view! { <span>{text.to_owned()}</span> }.into_any(),
        None => view! { <span class="state unknown">{t!(ui, answer.unknown)}</span> }.into_any(),
    };
    fact(label, value)
}
