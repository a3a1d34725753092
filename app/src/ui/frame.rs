//! What stands around a page: navigation, who is signed in, the main landmark.

use domain::viewer::Viewer;
use leptos::prelude::*;

use super::icon;
use crate::language::{Ui, t};
use crate::pages::RequestContext;

/// Pages of the navigation. Only pages that exist.
fn entries(ui: &Ui) -> [(Option<&'static str>, &'static str, &'static str); 5] {
    [
        (None, "/overview", t!(ui, nav.overview)),
        (Some(t!(ui, nav.people)), "/users", t!(ui, nav.users)),
        (None, "/sms-and-voice", t!(ui, nav.sms_and_voice)),
        (None, "/events", t!(ui, nav.events)),
        (Some(t!(ui, nav.records)), "/data", t!(ui, nav.data)),
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
                {demo}
                {body}
            </main>
        </div>
    }
    .into_any()
}

fn navigation(ui: &Ui, context: &RequestContext, viewer: &Viewer) -> impl IntoView + use<> {
    let links = entries(ui).map(|(group, href, label)| {
        let is_here = if href == "/overview" {
            matches!(context.path.as_str(), "/" | "/overview")
        } else {
            context.path == href || context.path.starts_with(&format!("{href}/"))
        };
        let current = is_here.then_some("page");
        view! {
            {group.map(|group| view! { <p class="nav-group">{group}</p> })}
            <a href=href aria-current=current>
                {label}
            </a>
        }
    });
    let initials: String = viewer.name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect();
    // A demo session is called by its role: once is enough.
    let role = Some(viewer.role.title()).filter(|title| *title != viewer.name);
    view! {
        <nav class="nav" aria-label=t!(ui, app.main_navigation)>
            {links.into_iter().collect_view()}
        </nav>
        <div class="who">
            <span class="face" aria-hidden="true">
                {initials.to_uppercase()}
            </span>
            <span class="who-name">
                <b>{viewer.name.clone()}</b>
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
