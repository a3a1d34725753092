//! What the keyboard does, as a table: in the dialog that `?` opens, and on a page of its own.

use domain::role::Role;
use leptos::prelude::*;

use super::frame::entries;
use crate::islands::shortcuts::Shortcuts;
use crate::language::{Ui, t};

/// Every shortcut with what it does.
pub fn table(ui: &Ui, role: Role) -> AnyView {
    let row = |keys: &[&'static str], what: String| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! {
            <tr>
                <td class="nowrap">{keys}</td>
                <td>{what}</td>
            </tr>
        }
    };
    let pages = entries(ui, role);
    let pages = pages.into_iter().map(|entry| row(&["g", entry.key], t!(ui, keyboard.go, page = entry.label)));
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, keyboard.keys)}</th>
                    <th scope="col">{t!(ui, keyboard.what)}</th>
                </tr>
            </thead>
            <tbody>
                {row(&["?"], t!(ui, keyboard.help).to_owned())} {row(&["/"], t!(ui, keyboard.search).to_owned())}
                {pages.collect_view()} {row(&["Esc"], t!(ui, keyboard.close).to_owned())}
            </tbody>
        </table>
    }
    .into_any()
}

/// The dialog, and the island that listens.
pub fn dialog(ui: &Ui, role: Role) -> AnyView {
    view! {
        <dialog class="dialog" id="shortcuts" aria-labelledby="shortcuts-title">
            <h2 id="shortcuts-title">{t!(ui, keyboard.title)}</h2>
            {table(ui, role)}
            <form class="bar" method="dialog">
                <a href="/preferences">{t!(ui, keyboard.switch_off)}</a>
                <button class="pill push" type="submit">
                    {t!(ui, keyboard.close_button)}
                </button>
            </form>
        </dialog>
        <Shortcuts />
    }
    .into_any()
}
