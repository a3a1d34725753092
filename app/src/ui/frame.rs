//! What stands around a page: navigation, who is signed in, the main landmark.

use domain::role::Role;
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
pub fn entries(ui: &Ui, role: Role) -> Vec<Entry> {
    let entry = |group, href, label, key| Entry { group, href, label, key };
    let mut entries = vec![
        entry(None, "/overview", t!(ui, nav.overview), "o"),
        entry(Some(t!(ui, nav.people)), "/users", t!(ui, nav.users), "u"),
        entry(None, "/sms-and-voice", t!(ui, nav.sms_and_voice), "s"),
        entry(None, "/events", t!(ui, nav.events), "e"),
        entry(None, "/lists/mfa-registered", t!(ui, nav.lists), "l"),
        entry(Some(t!(ui, nav.sign_ins)), "/usage", t!(ui, nav.usage), "m"),
        entry(None, "/sign-ins", t!(ui, nav.sign_ins), "i"),
        entry(Some(t!(ui, nav.mfa)), "/mfa/activity", t!(ui, nav.activity), "a"),
        entry(None, "/mfa/blocked-users", t!(ui, nav.blocked_users), "b"),
        entry(None, "/mfa/bypassed-users", t!(ui, nav.bypassed_users), "p"),
        entry(None, "/mfa/fraud-alerts", t!(ui, nav.fraud_alerts), "f"),
        entry(None, "/mfa/servers", t!(ui, nav.servers), "v"),
        entry(None, "/reasons", t!(ui, nav.reasons), "r"),
        entry(Some(t!(ui, nav.records)), "/data", t!(ui, nav.data), "d"),
        entry(None, "/exports", t!(ui, nav.exports), "x"),
    ];
    if role.may_read_settings() {
        entries.push(entry(Some(t!(ui, nav.settings)), "/settings/people", t!(ui, nav.accounts), "c"));
        entries.push(entry(None, "/settings/tokens", t!(ui, nav.tokens), "n"));
        entries.push(entry(None, "/settings/sources", t!(ui, nav.sources), "t"));
        entries.push(entry(None, "/settings/retention", t!(ui, nav.retention), "k"));
        entries.push(entry(None, "/settings/access-log", t!(ui, nav.access_log), "w"));
    }
    entries
}

/// A page for somebody who is signed in.
pub fn frame(ui: &Ui, context: &RequestContext, viewer: &Viewer, body: AnyView, foot: AnyView) -> AnyView {
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
                {foot}
            </main>
        </div>
        {context.preferences.shortcuts.then(|| shortcuts::dialog(ui, viewer.role))}
    }
    .into_any()
}

impl Entry {
    /// Whether a path is this page or one beneath it; lists beside each other share an entry.
    fn holds(&self, path: &str) -> bool {
        let section = if self.href.starts_with("/lists/") { "/lists" } else { self.href };
        let is_beneath = path.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_beneath || (self.href == "/overview" && path == "/")
    }

    fn link(self, path: &str) -> AnyView {
        let current = self.holds(path).then_some("page");
        view! {
            <li>
                <a href=self.href aria-current=current data-key=self.key>
                    {self.label}
                </a>
            </li>
        }
        .into_any()
    }
}

/// Entries under their headings: a list each.
fn groups(entries: Vec<Entry>, path: &str) -> impl IntoView + use<> {
    let mut groups: Vec<(Option<&'static str>, Vec<AnyView>)> = Vec::new();
    for entry in entries {
        match groups.last_mut().filter(|_| entry.group.is_none()) {
            Some((_, links)) => links.push(entry.link(path)),
            None => groups.push((entry.group, vec![entry.link(path)])),
        }
    }
    groups
        .into_iter()
        .map(|(heading, links)| {
            view! {
                <div class="nav-part">
                    {heading.map(|heading| view! { <p class="nav-group">{heading}</p> })}
                    <ul aria-label=heading>{links}</ul>
                </div>
            }
        })
        .collect_view()
}

fn navigation(ui: &Ui, context: &RequestContext, viewer: &Viewer) -> impl IntoView + use<> {
    // A demo session has no person: it is called by its role, and once is enough.
    let (name, role) = match viewer.person_id {
        Some(_) => (viewer.name.clone(), Some(ui.role(viewer.role))),
        None => (ui.role(viewer.role).to_owned(), None),
    };
    let initials: String = name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect();
    view! {
        <nav class="nav" aria-label=t!(ui, app.main_navigation)>
            {groups(entries(ui, viewer.role), &context.path)}
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_page_has_a_key_of_its_own_and_shows_where_one_is() {
        let entries = entries(&Ui::new("UTC"), Role::GlobalAdministrator);
        let keys: BTreeSet<&str> = entries.iter().map(|entry| entry.key).collect();
        assert_eq!(keys.len(), entries.len());
        let here = |path: &str| -> Vec<&str> {
            entries.iter().filter(|entry| entry.holds(path)).map(|entry| entry.href).collect()
        };
        assert_eq!(here("/"), ["/overview"]);
        assert_eq!(here("/users/ada"), ["/users"]);
        assert_eq!(here("/mfa/servers"), ["/mfa/servers"]);
        assert_eq!(here("/lists/mfa-methods"), ["/lists/mfa-registered"]);
        assert_eq!(here("/users-of-old"), [""; 0]);
    }
}
