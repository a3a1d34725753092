//! What stands around a page: navigation, who is signed in, the main landmark.

use domain::viewer::Viewer;
use leptos::prelude::*;

use super::{choices, icon, printed, shortcuts};
use crate::language::{Ui, t};
use crate::pages::RequestContext;

/// A page of the navigation.
pub struct Entry {
    /// The heading that begins with this page.
    group: Option<&'static str>,
    href: &'static str,
    pub label: &'static str,
    /// Together with `g`, its shortcut: the same in every language.
    pub key: &'static str,
}

/// Pages of the navigation. Only pages that exist.
pub fn entries(ui: &Ui) -> Vec<Entry> {
    let entry = |group, href, label, key| Entry { group, href, label, key };
    vec![
        entry(None, "/overview", t!(ui, nav.overview), "o"),
        entry(Some(t!(ui, nav.people)), "/users", t!(ui, nav.users), "u"),
        entry(None, "/sms-and-voice", t!(ui, nav.sms_and_voice), "s"),
        entry(None, "/events", t!(ui, nav.events), "e"),
        entry(Some(t!(ui, nav.sign_ins)), "/usage", t!(ui, nav.usage), "m"),
        entry(None, "/sign-ins", t!(ui, nav.sign_ins), "i"),
        entry(Some(t!(ui, nav.records)), "/data", t!(ui, nav.data), "d"),
    ]
}

/// A page for somebody who is signed in.
pub fn frame(ui: &Ui, context: &RequestContext, viewer: &Viewer, body: AnyView) -> AnyView {
    let demo = context.settings.is_demo.then(|| view! { <p class="banner">{t!(ui, app.demo)}</p> });
    view! {
        <a class="skip" href="#content">
            {t!(ui, app.skip)}
        </a>
        <div class="app">
            <header class="side">
                <a class="brand" href="/overview">
                    {icon::mark()}
                    {t!(ui, app.name)}
                </a>
                <div class="side-wide">{navigation(ui, context, viewer)}</div>
                <details class="side-narrow">
                    <summary class="pill">{t!(ui, app.menu)}</summary>
                    <div class="sheet">{navigation(ui, context, viewer)}</div>
                </details>
            </header>
            <main class="main" id="content" tabindex="-1">
                {printed::line(ui, context)}
                {demo}
                {body}
            </main>
        </div>
        {context.preferences.shortcuts.then(|| shortcuts::dialog(ui))}
    }
    .into_any()
}

fn navigation(ui: &Ui, context: &RequestContext, viewer: &Viewer) -> impl IntoView + use<> {
    let links = entries(ui).into_iter().map(|Entry { group, href, label, key }| {
        let is_here = if href == "/overview" {
            matches!(context.path.as_str(), "/" | "/overview")
        } else {
            context.path == href || context.path.starts_with(&format!("{href}/"))
        };
        let current = is_here.then_some("page");
        view! {
            {group.map(|group| view! { <p class="nav-group">{group}</p> })}
            <a href=href aria-current=current data-key=key>
                {label}
            </a>
        }
    });
    // A demo session has no person: it is called by its role, and once is enough.
    let (name, role) = match viewer.person_id {
        Some(_) => (viewer.name.clone(), Some(ui.role(viewer.role))),
        None => (ui.role(viewer.role).to_owned(), None),
    };
    let initials: String = name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect();
    view! {
        <nav class="nav" aria-label=t!(ui, app.main_navigation)>
            {links.collect_view()}
        </nav>
        {choices::menu(ui, context)}
        <div class="who">
            <span class="face" aria-hidden="true">
                {initials.to_uppercase()}
            </span>
            <span class="who-name">
                <b>{name}</b>
                {role.map(|role| view! { <span class="small quiet">{role}</span> })}
            </span>
            <form method="post" action="/sign-out">
                <button class="quiet-button" type="submit">
                    {t!(ui, nav.sign_out)}
                </button>
            </form>
        </div>
    }
}

/// A page without navigation: signing in, setting up, errors before anybody is known.
pub fn bare_frame(ui: &Ui, body: AnyView) -> AnyView {
    view! {
        <main class="bare" id="content">
            <p class="brand">{icon::mark()} {t!(ui, app.name)}</p>
            {body}
        </main>
    }
    .into_any()
}
