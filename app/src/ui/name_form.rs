//! A form that gives something of one's own another name.

use leptos::prelude::*;
use store::MAX_SESSION_NAME;

use crate::language::{Ui, t};

/// `label` says of what to those who do not see the row.
pub fn name_form(ui: &Ui, action: String, name: String, label: String) -> AnyView {
    view! {
        <form class="bar" method="post" action=action>
            <input
                type="text"
                class="small-input"
                name="name"
                value=name
                maxlength=MAX_SESSION_NAME.to_string()
                autocomplete="off"
                aria-label=label
                required
            />
            <button class="pill" type="submit" name="change" value="rename">
                {t!(ui, sessions.rename)}
            </button>
        </form>
    }
    .into_any()
}
