//! The menu of what is remembered of a person: language and theme by one press, the rest on its page.

use domain::preferences::{Language, Theme};
use leptos::prelude::*;

use super::icon;
use crate::language::{Ui, t};
use crate::pages::RequestContext;

/// In the navigation: each choice is a button of a plain form that leads back to the same screen.
pub fn menu(ui: &Ui, context: &RequestContext) -> AnyView {
    let here = context.here();
    let spoken = ui.language();
    let languages = Language::ALL
        .iter()
        .map(|&language| {
            let name = Ui::language_name(language);
            choice("language", language.as_str(), name, Some(language), spoken == language)
        })
        .collect_view();
    let themes = Theme::ALL
        .iter()
        .map(|&theme| choice("theme", theme.as_str(), ui.theme(theme), None, context.preferences.theme == theme))
        .collect_view();
    let more = format!(
        "/preferences?{}",
        form_urlencoded::Serializer::new(String::new()).append_pair("return_to", &here).finish()
    );
    view! {
        <details class="own-choices">
            <summary class="quiet-button">{t!(ui, preferences.title)} {icon::chevron()}</summary>
            <div class="stack">
                {form(t!(ui, preferences.language), &here, languages.into_any())}
                {form(t!(ui, preferences.theme), &here, themes.into_any())}
                <p class="small">
                    {t!(ui, overview.zone, zone = ui.zone_name.clone())} " · "
                    <a href=more>{t!(ui, preferences.more)}</a>
                </p>
                <p class="small">
                    <a href="/help/keyboard">{t!(ui, keyboard.title)}</a> " · "
                    <a href="/api/docs">{t!(ui, api.link)}</a>
                </p>
            </div>
        </details>
    }
    .into_any()
}

fn form(label: &'static str, here: &str, buttons: AnyView) -> AnyView {
    view! {
        <form method="post" action="/preferences">
            <input type="hidden" name="return_to" value=here.to_owned() />
            <fieldset>
                <legend>{label}</legend>
                <div class="segments">{buttons}</div>
            </fieldset>
        </form>
    }
    .into_any()
}

fn choice(
    name: &'static str,
    value: &'static str,
    label: &'static str,
    language: Option<Language>,
    is_chosen: bool,
) -> AnyView {
    view! {
        <button
            type="submit"
            name=name
            value=value
            lang=language.map(Language::as_str)
            aria-pressed=if is_chosen { "true" } else { "false" }
        >
            {label}
        </button>
    }
    .into_any()
}
