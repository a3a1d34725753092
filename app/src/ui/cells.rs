//! Plain cells of a table.

use domain::answer::Answer;
use leptos::prelude::*;

use super::state;
use crate::language::{Ui, t};

pub fn text(text: Option<String>) -> AnyView {
    view! { <td>{text}</td> }.into_any()
}

/// A text that every record could have; where one has none, that is not known.
pub fn known(ui: &Ui, text: Option<String>) -> AnyView {
    match text {
        Some(text) => view! { <td>{text}</td> }.into_any(),
        None => view! { <td><span class="state unknown">{t!(ui, answer.unknown)}</span></td> }.into_any(),
    }
}

/// An id, or a name of a program's.
pub fn code(text: Option<String>) -> AnyView {
    view! { <td class="code">{text}</td> }.into_any()
}

pub fn answer(ui: &Ui, answer: Answer) -> AnyView {
    view! { <td>{state::answer(ui, answer)}</td> }.into_any()
}

/// A figure with its list; without one where nothing tells its rows from others.
pub fn number(ui: &Ui, n: i64, href: Option<String>) -> AnyView {
    let n = ui.number(n);
    match href {
        Some(href) => view! {
            <td class="n">
                <a href=href>{n}</a>
            </td>
        }
        .into_any(),
        None => view! { <td class="n">{n}</td> }.into_any(),
    }
}
