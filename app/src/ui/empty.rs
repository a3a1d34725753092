//! Empty states: no data yet, not switched on, nothing known at that time, nothing that matches.

use domain::instant::Instant;
use leptos::prelude::*;

use crate::language::{Ui, t};

/// Nothing has been imported yet.
pub fn no_data(ui: &Ui) -> AnyView {
    view! {
        <section class="card empty">
            <h2>{t!(ui, empty.no_data_title)}</h2>
            <p>{t!(ui, empty.no_data)}</p>
            <p>
                <code>{t!(ui, empty.no_data_command)}</code>
            </p>
            <p>
                <a href="/data">{t!(ui, empty.no_data_link)}</a>
            </p>
        </section>
    }
    .into_any()
}

/// Records have been imported, but none that this list is made of.
pub fn no_records(ui: &Ui, sentence: &'static str) -> AnyView {
    view! {
        <section class="card empty">
            <h2>{t!(ui, empty.no_records_title)}</h2>
            <p>{sentence}</p>
            <p>
                <code>{t!(ui, empty.no_data_command)}</code>
            </p>
            <p>
                <a href="/data">{t!(ui, empty.no_data_link)}</a>
            </p>
        </section>
    }
    .into_any()
}

/// Filters that leave nothing.
pub fn no_match(ui: &Ui, sentence: String, links: Vec<(String, &'static str)>) -> AnyView {
    let links = links
        .into_iter()
        .map(|(href, label)| {
            view! {
                <a class="pill" href=href>
                    {label}
                </a>
            }
        })
        .collect_view();
    view! {
        <section class="card empty">
            <h2>{t!(ui, empty.no_match_title)}</h2>
            <p>{sentence}</p>
            <p class="bar">{links}</p>
        </section>
    }
    .into_any()
}

/// Self-service password reset is on for nobody.
pub fn reset_is_off(ui: &Ui) -> AnyView {
    view! {
        <section class="card empty">
            <h2>{t!(ui, empty.reset_off_title)}</h2>
            <p>{t!(ui, empty.reset_off)}</p>
            <p class="bar">
                <a class="pill" href="/users?enabled=no&population=everyone">
                    {t!(ui, empty.reset_off_link)}
                </a>
            </p>
        </section>
    }
    .into_any()
}

/// Asked for a time before the first observation.
pub fn before_data(ui: &Ui, known_from: Instant, as_of: Instant, now: String) -> AnyView {
    view! {
        <section class="card empty">
            <h2>{t!(ui, empty.before_title)}</h2>
            <p>{t!(ui, empty.before, at = ui.time(known_from), as_of = ui.time(as_of))}</p>
            <p>
                <a class="pill" href=now>
                    {t!(ui, empty.show_now)}
                </a>
            </p>
        </section>
    }
    .into_any()
}
