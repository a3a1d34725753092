use domain::preferences::{Language, Theme, time_zones};
use leptos::prelude::*;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use super::sign_in::{notice_view, return_to};
use super::{own_factors, own_sessions};
use crate::language::{Ui, t};

/// `/preferences`: everything that is remembered of a person, in one form.
pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let factors = own_factors::part(&asked).await;
    let sessions = own_sessions::part(&asked, factors.is_some()).await;
    let (ui, context) = (asked.ui, asked.context);
    let chosen = &context.preferences;
    let languages = Language::ALL
        .iter()
        .map(|&language| (language.as_str(), Ui::language_name(language), chosen.language == Some(language)));
    let by_browser = [("", t!(ui, preferences.by_browser), chosen.language.is_none())];
    let themes = Theme::ALL.iter().map(|&theme| (theme.as_str(), ui.theme(theme), chosen.theme == theme));
    let zones = time_zones().into_iter().map(|zone| view! { <option value=zone></option> }).collect_view();
    let zone = chosen.time_zone.clone().unwrap_or_default();
    let organisations = context.settings.time_zone.clone();
    let back = return_to(&context.query).unwrap_or_else(|| "/preferences".to_owned());
    let notice = context.notice.map(|notice| notice_view(&ui, notice));
    let title = t!(ui, preferences.title);
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">{t!(ui, preferences.sub)}</p>
            </div>
        </header>
        {notice}
        <form class="card stack preferences" method="post" action="/preferences">
            <input type="hidden" name="return_to" value=back />
            {radios(t!(ui, preferences.language), "language", by_browser.into_iter().chain(languages))}
            {radios(t!(ui, preferences.theme), "theme", themes)}
            <label class="field">
                <span>{t!(ui, preferences.time_zone)}</span>
                <input
                    name="time_zone"
                    type="text"
                    list="zones"
                    value=zone
                    placeholder=organisations.clone()
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby="zone-hint"
                />
            </label>
            <datalist id="zones">{zones}</datalist>
            <p class="small quiet" id="zone-hint">
                {t!(ui, preferences.zone_hint, zone = organisations)}
            </p>
            <input type="hidden" name="shortcuts" value="off" />
            <label class="choice">
                <input type="checkbox" name="shortcuts" value="on" checked=chosen.shortcuts />
                {t!(ui, preferences.shortcuts)}
            </label>
            <p class="small">
                <a href="/help/keyboard">{t!(ui, keyboard.title)}</a>
            </p>
            <button class="pill primary wide" type="submit">
                {t!(ui, preferences.save)}
            </button>
        </form>
        {factors}
        {sessions}
    };
    Ok(Content::new(title, body))
}

fn radios(
    label: &'static str,
    name: &'static str,
    choices: impl Iterator<Item = (&'static str, &'static str, bool)>,
) -> AnyView {
    let choices = choices
        .map(|(value, label, is_chosen)| {
            view! {
                <label class="choice">
                    <input type="radio" name=name value=value checked=is_chosen />
                    {label}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset>
            <legend>
                <b>{label}</b>
            </legend>
            {choices}
        </fieldset>
    }
    .into_any()
}
