//! The field of a form in which a password is chosen.

use leptos::prelude::*;

use crate::language::{Ui, t};

/// Where a password is chosen, with what is asked of one below; password managers offer to make it.
pub fn new_password(ui: &Ui, label: &'static str, name: &'static str) -> AnyView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                name=name
                type="password"
                autocomplete="new-password"
                minlength="12"
                maxlength="1024"
                aria-describedby="password-hint"
                required
            />
        </label>
        <p class="small quiet" id="password-hint">
            {t!(ui, setup.password_hint)}
        </p>
    }
    .into_any()
}
