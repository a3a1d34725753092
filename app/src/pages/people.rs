//! `/settings/people`: who may come in, with which role. A Global Administrator changes it, a Global Reader sees it.

use std::collections::HashMap;

use domain::role::Role;
use leptos::prelude::*;
use store::{Factor, PersonItem};

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::language::{Ui, t};
use crate::ui::section::section;
use crate::ui::table::scroller;

pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let title = t!(ui, people.title);
    let settings = asked.settings()?;
    let people = settings.people().await?;
    let sessions = settings.session_counts(asked.context.now).await?;
    let may_change = asked.viewer.role.may_administer();
    let own = asked.viewer.person_id;
    let body = if people.is_empty() {
        view! { <p class="card-text">{t!(ui, people.none)}</p> }.into_any()
    } else {
        let rows = people.iter().map(|person| row(&ui, person, &sessions, may_change, own)).collect_view();
        let change = may_change.then(|| view! { <th scope="col">{t!(ui, people.change)}</th> });
        let table = view! {
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t!(ui, people.name)}</th>
                        <th scope="col">{t!(ui, people.role)}</th>
                        <th scope="col">{t!(ui, people.from)}</th>
                        <th scope="col">{t!(ui, people.factors)}</th>
                        <th scope="col">{t!(ui, people.last_sign_in)}</th>
                        <th scope="col" class="n">
                            {t!(ui, people.sessions)}
                        </th>
                        {change}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        };
        scroller(title, table)
    };
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">{t!(ui, people.sub)}</p>
            </div>
        </header>
        {section(t!(ui, people.accounts), t!(ui, people.accounts_sub).to_owned(), body)}
    };
    Ok(Content::new(title, body))
}

fn row(ui: &Ui, person: &PersonItem, sessions: &HashMap<i64, i64>, may_change: bool, own: Option<i64>) -> AnyView {
    let open = sessions.get(&person.id).copied().unwrap_or(0);
    let last = person.last_sign_in_at.map_or_else(|| t!(ui, people.never).to_owned(), |at| ui.time(at));
    let from = match person.issuer.clone() {
        Some(issuer) => view! { <td class="code">{issuer}</td> }.into_any(),
        None => view! { <td>{t!(ui, people.here)}</td> }.into_any(),
    };
    let disabled = person.is_disabled.then(|| view! { <span class="state no">{t!(ui, people.disabled)}</span> });
    // Nobody locks themselves out.
    let forms = may_change.then(|| if own == Some(person.id) { you(ui) } else { forms(ui, person, open) });
    view! {
        <tr>
            <th scope="row">
                {person.display_name.clone()} " " {disabled}
                <br />
                <span class="small quiet">{person.user_name.clone()}</span>
            </th>
            <td class="nowrap">{ui.role(person.role)}</td>
            {from}
            <td>{factors(ui, person)}</td>
            <td class="nowrap num">{last}</td>
            <td class="n">{ui.number(open)}</td>
            {forms.map(|forms| view! { <td>{forms}</td> })}
        </tr>
    }
    .into_any()
}

/// What the person proves themselves with beside a password.
fn factors(ui: &Ui, person: &PersonItem) -> AnyView {
    let Some(factors) = &person.factors else {
        return view! { <span class="quiet">{t!(ui, people.by_provider)}</span> }.into_any();
    };
    if factors.is_empty() {
        return view! { <span class="quiet">{t!(ui, people.no_factors)}</span> }.into_any();
    }
    let name = |factor: &Factor| match factor {
        Factor::Passkey => t!(ui, people.passkey),
        Factor::Totp => t!(ui, people.totp),
    };
    factors.iter().map(name).collect::<Vec<_>>().join(", ").into_any()
}

fn you(ui: &Ui) -> AnyView {
    view! { <span class="quiet">{t!(ui, people.you)}</span> }.into_any()
}

/// A role is given here to accounts of this installation alone; that of others is the provider's.
fn forms(ui: &Ui, person: &PersonItem, open: i64) -> AnyView {
    let action = format!("/settings/people/{}", person.id);
    let name = person.display_name.clone();
    let button = |change: &'static str, label: &'static str| {
        view! {
            <form method="post" action=action.clone()>
                <button
                    class="pill"
                    type="submit"
                    name="change"
                    value=change
                    aria-label=t!(ui, people.change_of, change = label, name = name.clone())
                >
                    {label}
                </button>
            </form>
        }
    };
    let end = (open > 0).then(|| button("end-sessions", t!(ui, people.end_sessions)));
    let able = if person.is_disabled {
        button("enable", t!(ui, people.enable))
    } else {
        button("disable", t!(ui, people.disable))
    };
    let role = person.issuer.is_none().then(|| {
        let roles = Role::ALL.iter().map(|role| {
            view! {
                <option value=role.as_str() selected=*role == person.role>
                    {ui.role(*role)}
                </option>
            }
        });
        view! {
            <form class="bar" method="post" action=action.clone()>
                <select
                    name="role"
                    aria-label=t!(ui, people.change_of, change = t!(ui, people.role), name = name.clone())
                >
                    {roles.collect_view()}
                </select>
                <button class="pill" type="submit" name="change" value="role">
                    {t!(ui, people.save)}
                </button>
            </form>
        }
    });
    view! {
        <div class="bar">
            {role}
            {able}
            {end}
        </div>
    }
    .into_any()
}
