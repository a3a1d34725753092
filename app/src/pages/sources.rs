//! `/settings/sources`: connected tenants. A Global Administrator changes them, a Global Reader looks at them.

use domain::connection::{Cloud, ConnectionFault, ConnectionItem, Probe};
use domain::role::Role;
use leptos::prelude::*;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use super::sign_in::notice_view;
use crate::language::{Ui, t};
use crate::ui::connected::resources;
use crate::ui::section::section;

mod form;
mod tested;

pub use form::SourceForm;

/// What a form of this page came to, where it leads nowhere else.
#[derive(Debug, Clone)]
pub enum SourcesAnswer {
    /// A connection was tested.
    Tested { id: i64, probe: Probe },
    /// The form is not right; its fields again, but for the secret.
    Refused { id: Option<i64>, form: SourceForm, fault: ConnectionFault },
}

pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let settings = asked.settings()?;
    let items = settings.connections().await?;
    let may_change = asked.viewer.role.may_administer();
    let answer = asked.context.sources.as_deref();
    let notice = asked.context.notice.map(|notice| notice_view(&ui, notice));
    let title = t!(ui, connection.title);
    let cards = items.iter().map(|item| card(&ui, item, may_change, answer)).collect_view();
    let none = items
        .is_empty()
        .then(|| section(t!(ui, connection.none_title), t!(ui, connection.none).to_owned(), ().into_any()));
    let add = may_change.then(|| {
        let (form, fault) = match answer {
            Some(SourcesAnswer::Refused { id: None, form, fault }) => (form.clone(), Some(*fault)),
            _ => (SourceForm::default(), None),
        };
        view! {
            <section class="card" id="add">
                <div class="card-head">
                    <h2>{t!(ui, connection.add_title)}</h2>
                    <p class="small quiet">{t!(ui, connection.add_sub)}</p>
                </div>
                {form::view(&ui, None, &form, fault)}
            </section>
        }
    });
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">{t!(ui, connection.sub)}</p>
            </div>
        </header>
        {notice}
        {none}
        {cards}
        {add}
        {(!may_change).then(|| {
            view! {
                <p class="small quiet">
                    {t!(ui, connection.read_only, role = ui.role(Role::GlobalAdministrator))}
                </p>
            }
        })}
    };
    Ok(Content::new(title, body))
}

fn card(ui: &Ui, item: &ConnectionItem, may_change: bool, answer: Option<&SourcesAnswer>) -> AnyView {
    let cloud = match Cloud::of(&item.authority, &item.graph_root) {
        Cloud::Other => item.graph_root.clone(),
        known => ui.cloud(known).to_owned(),
    };
    let place = match &item.secret_name {
        Some(name) => format!("{}: {name}", ui.secret_place(item.secret_place)),
        None => ui.secret_place(item.secret_place).to_owned(),
    };
    let facts = [
        (t!(ui, connection.directory), item.directory.clone()),
        (t!(ui, connection.client_id), item.client_id.clone()),
        (t!(ui, connection.cloud), cloud),
        (t!(ui, connection.credential), format!("{} · {place}", ui.credential_kind(item.credential))),
    ];
    let facts = facts.map(|(name, value)| {
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    let probe = match answer {
        Some(SourcesAnswer::Tested { id, probe }) if *id == item.id => Some(tested::view(ui, probe)),
        _ => None,
    };
    let refused = match answer {
        Some(SourcesAnswer::Refused { id: Some(id), form, fault }) if *id == item.id => Some((form.clone(), *fault)),
        _ => None,
    };
    let change = may_change.then(|| change(ui, item, refused));
    view! {
        <section class="card list">
            <div class="card-head">
                <h2>{item.name.clone()}</h2>
            </div>
            <dl class="facts">{facts.into_iter().collect_view()}</dl>
            {resources(ui, &item.name, &item.resources)}
            {probe}
            {change}
        </section>
    }
    .into_any()
}

/// Test, change, remove. Removing is asked for twice, without a script.
fn change(ui: &Ui, item: &ConnectionItem, refused: Option<(SourceForm, ConnectionFault)>) -> AnyView {
    let is_open = refused.is_some();
    let (form, fault) = match refused {
        Some((form, fault)) => (form, Some(fault)),
        None => (SourceForm::of(item), None),
    };
    let (id, name) = (item.id, item.name.clone());
    view! {
        <div class="card-text stack">
            <form method="post" action=format!("/settings/sources/{id}/test")>
                <button class="pill" type="submit" aria-label=t!(ui, connection.test_of, name = name.clone())>
                    {t!(ui, connection.test)}
                </button>
            </form>
            <details open=is_open>
                <summary class="link">{t!(ui, connection.change_of, name = name.clone())}</summary>
                {form::view(ui, Some(id), &form, fault)}
            </details>
            <details>
                <summary class="link">{t!(ui, connection.remove_of, name = name.clone())}</summary>
                <form class="stack" method="post" action=format!("/settings/sources/{id}/remove")>
                    <p class="small">{t!(ui, connection.remove_what)}</p>
                    <p>
                        <button class="pill" type="submit">
                            {t!(ui, connection.remove)}
                        </button>
                    </p>
                </form>
            </details>
        </div>
    }
    .into_any()
}
