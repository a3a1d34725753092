use leptos::prelude::*;

use crate::islands::passkey::Passkey;
use crate::language::{Ui, t};

/// The button that signs in with a passkey.
pub fn sign_in(ui: &Ui, label: &'static str, class: &'static str, return_to: Option<String>) -> AnyView {
    let path = "/sign-in/passkey";
    button(ui, label, class, false, path, return_to.unwrap_or_else(|| "/".to_owned()))
}

/// The button that makes one, within a step.
pub fn make(ui: &Ui) -> AnyView {
    button(ui, t!(ui, passkey.instead), "pill wide", true, "/sign-in/set-up-second-step/passkey", String::new())
}

fn button(
    ui: &Ui,
    label: &'static str,
    class: &'static str,
    makes: bool,
    path: &'static str,
    return_to: String,
) -> AnyView {
    let sentences =
        [t!(ui, passkey.cancelled), t!(ui, passkey.known), t!(ui, passkey.refused), t!(ui, passkey.too_many)];
    view! {
        <Passkey
            label=label.to_owned()
            class=class.to_owned()
            makes=makes
            options=format!("{path}/options")
            answer=path.to_owned()
            return_to=return_to
            sentences=sentences.map(str::to_owned).to_vec()
        />
    }
    .into_any()
}
