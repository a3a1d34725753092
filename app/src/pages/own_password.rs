//! A part of `/preferences`: another password for an account of this installation.

use leptos::prelude::*;

use crate::language::{Ui, t};
use crate::ui::new_password::new_password;
use crate::ui::section::section;

pub fn part(ui: &Ui, user_name: String) -> AnyView {
    let form = view! {
        <form class="stack preferences" method="post" action="/preferences/password">
            // For password managers, which keep the two together.
            <input type="text" name="user_name" autocomplete="username" value=user_name hidden />
            <label class="field">
                <span>{t!(ui, own_password.current)}</span>
                <input name="current_password" type="password" autocomplete="current-password" required />
            </label>
            {new_password(ui, t!(ui, own_password.next), "new_password")}
            <button class="pill wide" type="submit">
                {t!(ui, own_password.submit)}
            </button>
        </form>
    };
    section(t!(ui, own_password.title), t!(ui, own_password.sub).to_owned(), form.into_any())
}
