//! A part of `/preferences`: where somebody is signed in, and how to end that.

use leptos::prelude::*;
use store::SessionItem;

use super::serve::Asked;
use crate::language::{Ui, t};
use crate::ui::name_form::name_form;
use crate::ui::section::{or_failed, section};
use crate::ui::table::scroller;

/// Nothing for demo sessions, which are nobody's. Whoever has no account of this installation proves themselves at the
/// identity provider.
pub async fn part(asked: &Asked, has_account: bool) -> Option<AnyView> {
    let sessions = asked.context.services.own_sessions(&asked.viewer)?;
    let listed = sessions.list(asked.context.now).await;
    let ui = &asked.ui;
    let this = asked.context.session.as_deref().unwrap_or_default();
    let is_young = sessions.is_young(this, asked.context.now).await;
    let read = listed.and_then(|listed| Ok((listed, is_young?)));
    let too_old = if has_account { t!(ui, sessions.too_old) } else { t!(ui, sessions.too_old_at_provider) };
    Some(or_failed(asked, t!(ui, sessions.title), read, |(listed, is_young)| {
        view(ui, &listed, this, is_young, too_old)
    }))
}

fn view(ui: &Ui, sessions: &[SessionItem], this: &str, is_young: bool, too_old: &'static str) -> AnyView {
    let rows = sessions.iter().map(|session| row(ui, session, this == session.id, is_young)).collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, sessions.name)}</th>
                    <th scope="col">{t!(ui, sessions.began)}</th>
                    <th scope="col">{t!(ui, sessions.last_used)}</th>
                    <th scope="col">{t!(ui, sessions.ends)}</th>
                    <th scope="col">{t!(ui, sessions.change)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let others = (sessions.len() > 1).then(|| if is_young { end_others(ui) } else { again(ui, too_old) });
    let title = t!(ui, sessions.title);
    let body = view! {
        {scroller(title, table)}
        {others}
    };
    section(title, t!(ui, sessions.sub).to_owned(), body.into_any())
}

fn end_others(ui: &Ui) -> AnyView {
    view! {
        <form class="card-text" method="post" action="/preferences/sessions">
            <button class="pill" type="submit">
                {t!(ui, sessions.end_others)}
            </button>
        </form>
    }
    .into_any()
}

fn again(ui: &Ui, too_old: &'static str) -> AnyView {
    view! {
        <p class="card-text">
            {too_old} " "
            <a href="/sign-in?return_to=%2Fpreferences">{t!(ui, factors.again)}</a>
        </p>
    }
    .into_any()
}

fn row(ui: &Ui, session: &SessionItem, is_this: bool, is_young: bool) -> AnyView {
    let action = format!("/preferences/sessions/{}", session.id);
    let label = t!(ui, sessions.name_of, name = session.name.clone());
    let end = if is_this {
        Some(view! { <span class="quiet">{t!(ui, sessions.this)}</span> }.into_any())
    } else {
        is_young.then(|| {
            view! {
                <form method="post" action=action.clone()>
                    <button
                        class="pill"
                        type="submit"
                        name="change"
                        value="end"
                        aria-label=t!(ui, sessions.end_of, name = session.name.clone())
                    >
                        {t!(ui, sessions.end)}
                    </button>
                </form>
            }
            .into_any()
        })
    };
    view! {
        <tr>
            <th scope="row">{session.name.clone()}</th>
            <td class="nowrap num">{ui.time(session.created_at)}</td>
            <td class="nowrap num">{ui.time(session.last_used_at)}</td>
            <td class="nowrap num">{ui.time(session.expires_at)}</td>
            <td>
                <div class="bar">
                    {name_form(ui, action, session.name.clone(), label)}
                    {end}
                </div>
            </td>
        </tr>
    }
    .into_any()
}
