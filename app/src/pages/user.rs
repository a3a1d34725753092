use domain::query::{EventColumn, EventsQuery, Report, Span, UserFlag};
use domain::report::{StateInterval, UserDetails, UserItem};
use domain::window::Window;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::events::cells;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::figures::{href, user_href};
use crate::language::{Ui, t};
use crate::ui::facts::fact;
use crate::ui::section::section;
use crate::ui::state;
use crate::ui::table::scroller;

mod blocks;
mod sign_ins;

/// `/users/{id}`: one person, by object id or user name.
pub fn page() -> AnyView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    page_for_viewers(async move |asked| content(asked, id).await)
}

async fn content(asked: Asked, id: String) -> Result<Content, Problem> {
    let report = Report::parse(&asked.context.query, asked.context.now)?;
    let ui = asked.ui.clone().in_zone(report.tz.as_deref());
    let Some(user) = asked.reader().user(&id, report.as_of).await? else {
        return Err(Problem::Missing {
            title: t!(ui, user.missing_title).to_owned(),
            sentence: t!(ui, user.missing, id = id),
            link: ("/users", t!(ui, user.to_list)),
        });
    };
    let name = user.display_name.clone().or_else(|| user.user_name.clone()).unwrap_or_else(|| user.id.clone());
    let erase = asked.viewer.role.may_administer().then(|| {
        view! {
            <div class="bar head-controls">
                <a class="pill" href=format!("{}/erase", user_href(&user.id))>
                    {t!(ui, erase.button)}
                </a>
            </div>
        }
    });
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{name.clone()}</h1>
                <p class="quiet">{user.user_name.clone()}</p>
            </div>
            {erase}
        </header>
        <div class="contents" id="figures" data-swap="">
            {state_card(&ui, &report, &user)}
            {history(&ui, &user.history)}
            {events(&ui, &report, &user)}
            {sign_ins::card(&ui, &report, &user)}
            {blocks::card(&ui, &report, &user)}
        </div>
    };
    Ok(Content::new(name, body))
}

fn state_card(ui: &Ui, report: &Report, user: &UserDetails) -> AnyView {
    let at = ui.time(report.as_of);
    let facts = match &user.state {
        Some(state) => view! { <div class="facts">{facts(ui, state)}</div> }.into_any(),
        None => view! { <p class="card-text">{t!(ui, user.no_state, at = at.clone())}</p> }.into_any(),
    };
    let per_user = user.per_user_mfa.map(|state| (t!(ui, user.per_user_mfa), ui.per_user_mfa(state).to_owned()));
    let time = |label, at: Option<domain::instant::Instant>| at.map(|at| (label, ui.time(at)));
    let more = [
        per_user,
        time(t!(ui, user.created), user.created_at),
        time(t!(ui, user.deleted), user.deleted_at),
        time(t!(ui, user.first_seen), user.first_seen_at),
        time(t!(ui, user.last_seen), user.last_seen_at),
        Some((t!(ui, user_column.id), user.id.clone())),
    ];
    let more = more
        .into_iter()
        .flatten()
        .map(|(label, value)| fact(label, view! { <span>{value}</span> }.into_any()))
        .collect_view();
    view! {
        <section class="card" aria-labelledby="state-title">
            <div class="card-head">
                <h2 id="state-title">{t!(ui, user.state)}</h2>
                <p class="small quiet">{t!(ui, user.state_at, at = at)} " · " {ui.zone_name.clone()}</p>
            </div>
            {facts}
            <div class="facts">{more}</div>
        </section>
    }
    .into_any()
}

fn facts(ui: &Ui, user: &UserItem) -> AnyView {
    let flags = UserFlag::ALL
        .iter()
        .map(|&flag| fact(ui.flag(flag), state::answer(ui, user.flag(flag)).into_any()))
        .collect_view();
    let text =
        |label, text: &Option<String>| text.clone().map(|text| fact(label, view! { <span>{text}</span> }.into_any()));
    let user_type = user.user_type.map(|user_type| ui.user_type(user_type).to_owned());
    let updated = user.updated_at.map_or_else(|| t!(ui, format.never).to_owned(), |at| ui.time(at));
    view! {
        {flags}
        {fact(t!(ui, user_column.methods), state::methods(ui, user.methods.as_ref()))}
        {text(t!(ui, user_column.default_method), &user.default_method)}
        {text(t!(ui, user_column.user_type), &user_type)}
        {fact(t!(ui, user_column.enabled_account), state::answer(ui, user.enabled_account).into_any())}
        {fact(t!(ui, user_column.admin), state::answer(ui, user.admin).into_any())}
        {text(t!(ui, user_column.department), &user.department)}
        {text(t!(ui, user_column.country), &user.country)}
        {fact(t!(ui, user_column.updated_at), view! { <span>{updated}</span> }.into_any())}
    }
    .into_any()
}

fn history(ui: &Ui, history: &[StateInterval]) -> AnyView {
    let title = t!(ui, user.history);
    if history.is_empty() {
        return section(title, t!(ui, user.history_none).to_owned(), ().into_any());
    }
    let headings = UserFlag::ALL.iter().map(|&flag| view! { <th scope="col">{ui.flag(flag)}</th> }).collect_view();
    let rows = history
        .iter()
        .map(|interval| {
            let answers = UserFlag::ALL
                .iter()
                .map(|&flag| view! { <td>{state::answer(ui, interval.state.flag(flag))}</td> })
                .collect_view();
            let to = interval.to.map_or_else(|| t!(ui, user.now).to_owned(), |to| ui.time(to));
            view! {
                <tr>
                    <td class="nowrap num">{ui.time(interval.from)}</td>
                    <td class="nowrap num">{to}</td>
                    {answers}
                    <td>{state::methods(ui, interval.state.methods.as_ref())}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, user.from)}</th>
                    <th scope="col">{t!(ui, user.to)}</th>
                    {headings}
                    <th scope="col">{t!(ui, user_column.methods)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    section(title, t!(ui, user.history_sub).to_owned(), scroller(title, table))
}

fn events(ui: &Ui, report: &Report, user: &UserDetails) -> AnyView {
    let title = t!(ui, user.events_title);
    let shown = i64::try_from(user.events.len()).unwrap_or(i64::MAX);
    if user.events.is_empty() {
        return section(title, t!(ui, user.events_none).to_owned(), ().into_any());
    }
    let total = ui.number(user.events_total);
    let sub = if shown < user.events_total {
        t!(ui, user.events_newest, shown = ui.number(shown), total = total)
    } else {
        t!(ui, user.events, count = user.events_total, n = total)
    };
    let columns =
        [EventColumn::At, EventColumn::Feature, EventColumn::Method, EventColumn::Status, EventColumn::Reason];
    let headings =
        columns.iter().map(|&column| view! { <th scope="col">{ui.event_column(column)}</th> }).collect_view();
    let rows = user
        .events
        .iter()
        .map(|event| {
            let cells = columns.iter().map(|&column| cells::cell(ui, None, event, column, false)).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>{headings}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let all = all_events(report, user).map(|query| {
        view! {
            <p class="under-table">
                <a href=href("/events", &query.to_url())>{t!(ui, user.all_events)}</a>
            </p>
        }
    });
    section(title, sub, view! { {scroller(title, table)} {all} }.into_any())
}

/// The list of all this person's events: from the oldest shown or first seen to the newest.
fn all_events(report: &Report, user: &UserDetails) -> Option<EventsQuery> {
    let newest = user.events.first()?.at;
    let oldest = user.events.last()?.at;
    let from = user.first_seen_at.map_or(oldest, |seen| seen.min(oldest));
    let window = Window { from, to: newest.plus_millis(1) };
    let report = Report { span: Span::Window(window), population: None, ..report.clone() };
    Some(EventsQuery { user: vec![user.id.clone()], ..EventsQuery::of(report) })
}
