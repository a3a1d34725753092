//! A part of `/preferences`: what an account of this installation proves itself with, the password last.

use leptos::prelude::*;
use store::{OwnFactorList, PasskeyItem};

use super::own_password;
use super::serve::Asked;
use crate::language::{Ui, t};
use crate::ui::name_form::name_form;
use crate::ui::section::{or_failed, section};
use crate::ui::table::scroller;

/// Nothing for demo sessions, which are nobody's, nor for people of the identity provider, who prove themselves there.
pub async fn part(asked: &Asked) -> Option<AnyView> {
    let factors = asked.context.services.own_factors(&asked.viewer)?;
    let listed = factors.list().await.transpose()?;
    let sessions = asked.context.services.own_sessions(&asked.viewer)?;
    let this = asked.context.session.as_deref().unwrap_or_default();
    let is_young = sessions.is_young(this, asked.context.now).await;
    let ui = &asked.ui;
    let read = listed.and_then(|listed| Ok((listed, is_young?)));
    Some(or_failed(asked, t!(ui, factors.title), read, |(listed, is_young)| view(ui, &listed, is_young)))
}

fn view(ui: &Ui, listed: &OwnFactorList, is_young: bool) -> AnyView {
    let app = listed.has_totp.then(|| app_row(ui, is_young));
    let passkeys = listed.passkeys.iter().map(|passkey| row(ui, passkey, is_young)).collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, factors.name)}</th>
                    <th scope="col">{t!(ui, factors.added)}</th>
                    <th scope="col">{t!(ui, factors.last_used)}</th>
                    <th scope="col">{t!(ui, factors.change)}</th>
                </tr>
            </thead>
            <tbody>{passkeys} {app}</tbody>
        </table>
    };
    let add = if is_young {
        view! {
            <form class="card-text" method="post" action="/preferences/factors">
                <button class="pill" type="submit">
                    {t!(ui, factors.add)}
                </button>
            </form>
        }
        .into_any()
    } else {
        view! {
            <p class="card-text">
                {t!(ui, factors.too_old)} " "
                <a href="/sign-in?return_to=%2Fpreferences">{t!(ui, factors.again)}</a>
            </p>
        }
        .into_any()
    };
    let title = t!(ui, factors.title);
    let body = view! {
        {scroller(title, table)}
        {add}
    };
    view! {
        {section(title, t!(ui, factors.sub).to_owned(), body.into_any())}
        {own_password::part(ui, listed.user_name.clone())}
    }
    .into_any()
}

fn app_row(ui: &Ui, is_young: bool) -> AnyView {
    let name = t!(ui, factors.app);
    let remove = is_young.then(|| remove(ui, "/preferences/factors/totp".to_owned(), name.to_owned()));
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td></td>
            <td></td>
            <td>{remove}</td>
        </tr>
    }
    .into_any()
}

fn row(ui: &Ui, passkey: &PasskeyItem, is_young: bool) -> AnyView {
    let action = format!("/preferences/factors/passkeys/{}", passkey.id);
    let last = passkey.last_used_at.map_or_else(|| t!(ui, factors.never).to_owned(), |at| ui.time(at));
    let label = t!(ui, factors.name_of, name = passkey.name.clone());
    let remove = is_young.then(|| remove(ui, action.clone(), passkey.name.clone()));
    view! {
        <tr>
            <th scope="row">{t!(ui, factors.passkey, name = passkey.name.clone())}</th>
            <td class="nowrap num">{ui.time(passkey.created_at)}</td>
            <td class="nowrap num">{last}</td>
            <td>
                <div class="bar">
                    {name_form(ui, action, passkey.name.clone(), label)}
                    {remove}
                </div>
            </td>
        </tr>
    }
    .into_any()
}

fn remove(ui: &Ui, action: String, name: String) -> AnyView {
    view! {
        <form method="post" action=action>
            <button
                class="pill"
                type="submit"
                name="change"
                value="remove"
                aria-label=t!(ui, factors.remove_of, name = name)
            >
                {t!(ui, factors.remove)}
            </button>
        </form>
    }
    .into_any()
}
