//! `/settings/tokens`: bearer tokens for programs. A Global Administrator makes and revokes them, a Global Reader sees
//! which there are.

use domain::instant::Instant;
use domain::role::Role;
use leptos::prelude::*;
use store::{TokenItem, TokenScope};

use super::context::TokenMade;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use super::sign_in::notice_view;
use crate::language::{Ui, t};
use crate::ui::section::section;
use crate::ui::table::scroller;

/// As long as a new token is good for unless somebody says otherwise.
const DAYS: u32 = 90;
const MAX_DAYS: u32 = 366;

pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let title = t!(ui, tokens.title);
    let settings = asked.settings()?;
    let tokens = settings.tokens().await?;
    let may_change = asked.viewer.role.may_administer();
    let now = asked.context.now;
    let list = if tokens.is_empty() {
        view! { <p class="card-text">{t!(ui, tokens.none)}</p> }.into_any()
    } else {
        // The youngest first: that is the one somebody has just made.
        let rows = tokens.iter().rev().map(|token| row(&ui, token, now, may_change)).collect_view();
        let change = may_change.then(|| view! { <th scope="col">{t!(ui, tokens.change)}</th> });
        let table = view! {
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t!(ui, tokens.name)}</th>
                        <th scope="col">{t!(ui, tokens.may)}</th>
                        <th scope="col">{t!(ui, tokens.state)}</th>
                        <th scope="col">{t!(ui, tokens.created)}</th>
                        <th scope="col">{t!(ui, tokens.last_used)}</th>
                        {change}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        };
        scroller(title, table)
    };
    let notice = asked.context.notice.map(|notice| notice_view(&ui, notice));
    let made = asked.context.token_made.as_deref().map(|made| shown_once(&ui, made));
    let create = may_change.then(|| form(&ui));
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">{t!(ui, tokens.sub)}</p>
            </div>
        </header>
        {notice}
        {made}
        {section(t!(ui, tokens.all), t!(ui, tokens.all_sub).to_owned(), list)}
        {create}
    };
    Ok(Content::new(title, body))
}

fn shown_once(ui: &Ui, made: &TokenMade) -> AnyView {
    view! {
        <section class="card" role="status">
            <div class="card-head">
                <h2>{t!(ui, tokens.made, name = made.name.clone())}</h2>
                <p class="small quiet">{t!(ui, tokens.made_once)}</p>
            </div>
            <div class="card-text">
                <p class="example">
                    <code>{made.token.clone()}</code>
                </p>
            </div>
        </section>
    }
    .into_any()
}

fn may(ui: &Ui, scope: TokenScope) -> String {
    match scope {
        TokenScope::Ingest => t!(ui, tokens.only_sends).to_owned(),
        TokenScope::Role(role) => t!(ui, tokens.reads_as, role = ui.role(role)),
    }
}

fn row(ui: &Ui, token: &TokenItem, now: Instant, may_change: bool) -> AnyView {
    let is_good = token.revoked_at.is_none() && token.expires_at > now;
    let state = match token.revoked_at {
        Some(at) => view! { <span class="state no">{t!(ui, tokens.revoked, at = ui.time(at))}</span> }.into_any(),
        None if is_good => view! { <span>{t!(ui, tokens.expires, at = ui.time(token.expires_at))}</span> }.into_any(),
        None => {
            view! { <span class="state no">{t!(ui, tokens.expired, at = ui.time(token.expires_at))}</span> }.into_any()
        }
    };
    let last = token.last_used_at.map_or_else(|| t!(ui, tokens.never).to_owned(), |at| ui.time(at));
    let revoke = may_change.then(|| {
        let form = is_good.then(|| {
            view! {
                <form method="post" action=format!("/settings/tokens/{}/revoke", token.id)>
                    <button class="pill" type="submit" aria-label=t!(ui, tokens.revoke_of, name = token.name.clone())>
                        {t!(ui, tokens.revoke)}
                    </button>
                </form>
            }
        });
        view! { <td>{form}</td> }
    });
    view! {
        <tr>
            <th scope="row">
                {token.name.clone()} <br />
                <code class="small quiet nowrap">{format!("{}…", token.hint)}</code>
            </th>
            <td>{may(ui, token.scope)}</td>
            <td class="nowrap">{state}</td>
            <td class="nowrap num">{ui.time(token.created_at)}</td>
            <td class="nowrap num">{last}</td>
            {revoke}
        </tr>
    }
    .into_any()
}

fn form(ui: &Ui) -> AnyView {
    let roles = Role::ALL.iter().map(|role| {
        view! { <option value=role.as_str()>{may(ui, TokenScope::Role(*role))}</option> }
    });
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!(ui, tokens.new_token)}</h2>
            </div>
            <form class="stack preferences" method="post" action="/settings/tokens">
                <label class="field">
                    <span>{t!(ui, tokens.name)}</span>
                    <input name="name" type="text" maxlength="80" autocomplete="off" required />
                </label>
                <label class="field">
                    <span>{t!(ui, tokens.may)}</span>
                    <select name="scope">
                        {roles.collect_view()} <option value="ingest">{may(ui, TokenScope::Ingest)}</option>
                    </select>
                </label>
                <label class="field">
                    <span>{t!(ui, tokens.days)}</span>
                    <input name="days" type="number" min="1" max=MAX_DAYS.to_string() value=DAYS.to_string() required />
                </label>
                <p>
                    <button class="pill primary" type="submit">
                        {t!(ui, tokens.create)}
                    </button>
                </p>
            </form>
        </section>
    }
    .into_any()
}
