use domain::page::Page;
use domain::query::{EventColumn, EventsQuery, List, Report, Span};
use domain::report::EventItem;
use domain::window::Range;
use http::StatusCode;
use leptos::prelude::*;

use super::forgiving;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::figures::{href, pinned};
use crate::language::{Ui, t};
use crate::ui::copy_link::copy_link;
use crate::ui::empty;
use crate::ui::pager::pager;
use crate::ui::range_control::range_control;
use crate::ui::table::{scroller, sortable};

pub mod cells;
mod filters;

/// `/events`: registration and reset details.
pub fn page() -> AnyView {
    page_for_viewers(content)
}

/// What the list shows when the URL names no columns.
const COLUMNS: &[EventColumn] = &[
    EventColumn::At,
    EventColumn::DisplayName,
    EventColumn::Feature,
    EventColumn::Method,
    EventColumn::Status,
    EventColumn::Reason,
];

/// The columns of this list, in the order asked for.
fn columns(query: &EventsQuery) -> &[EventColumn] {
    if query.list.columns.is_empty() { COLUMNS } else { &query.list.columns }
}

/// The address of a list of events.
pub fn events_href(query: &EventsQuery) -> String {
    href("/events", &query.to_url())
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let now = asked.context.now;
    let (query, problem) = forgiving::parse(&asked.context.query, |query| EventsQuery::parse(query, now))?;
    let ui = asked.ui.clone().in_zone(query.report.tz.as_deref());
    if problem.is_some() {
        let bar = filters::bar(&ui, &query, problem);
        let body = view! { {head(&ui, &query, None)} {bar.view(&ui)} };
        return Ok(Content { status: StatusCode::BAD_REQUEST, ..Content::new(t!(ui, events.title), body) });
    }
    let reader = asked.reader();
    let page = reader.events(&query).await?;
    let list = if page.total > 0 {
        table(&ui, &query, &page)
    } else if reader.sources().await?.is_empty() {
        empty::no_data(&ui)
    } else {
        nothing(&ui, &query)
    };
    let body = view! {
        {head(&ui, &query, Some(&page))}
        {filters::bar(&ui, &query, None).view(&ui)}
        {list}
    };
    Ok(Content::new(t!(ui, events.title), body))
}

/// The query with its instant named and on its first page: for links that must show the same events later.
fn lasting(query: &EventsQuery) -> EventsQuery {
    let mut lasting = EventsQuery { report: pinned(&query.report, query.report.as_of), ..query.clone() };
    lasting.list.after = None;
    lasting
}

fn with_span(query: &EventsQuery, span: Span) -> EventsQuery {
    let list = List { after: None, ..query.list.clone() };
    EventsQuery { report: Report { span, ..query.report.clone() }, list, ..query.clone() }
}

fn head(ui: &Ui, query: &EventsQuery, page: Option<&Page<EventItem>>) -> AnyView {
    let lasting = lasting(query);
    let window = ui.window(query.report.window());
    let sub = match page {
        Some(page) => {
            let n = ui.number(page.total);
            let count = if page.total_is_exact {
                t!(ui, events.count, count = page.total, n = n)
            } else {
                t!(ui, events.count_more, n = n)
            };
            t!(ui, events.sub, count = count, window = window)
        }
        None => window,
    };
    let download = page.filter(|page| page.total > 0).map(|_| {
        view! {
            <a class="pill" href=href("/events.csv", &lasting.to_url()) download>
                {t!(ui, list.download)}
            </a>
        }
    });
    let range = range_control(ui, &query.report, |span| events_href(&with_span(query, span)));
    view! {
        <header class="head">
            <div class="head-text">
                <h1>{t!(ui, events.title)}</h1>
                <p class="quiet">{sub} " · " {t!(ui, overview.zone, zone = ui.zone_name.clone())}</p>
            </div>
            <div class="bar head-controls">
                {copy_link(ui, events_href(&EventsQuery { list: query.list.clone(), ..lasting.clone() }))}
                {download}
                {range}
            </div>
        </header>
    }
    .into_any()
}

fn nothing(ui: &Ui, query: &EventsQuery) -> AnyView {
    let window = query.report.window();
    let sentence = t!(ui, empty.no_match_events, from = ui.time(window.from), to = ui.time(window.to));
    let clear = EventsQuery::of(Report { population: None, ..query.report.clone() });
    let mut links = vec![(events_href(&with_span(query, Span::Range(Range::Year))), t!(ui, empty.longer))];
    if *query != clear {
        links.push((events_href(&clear), t!(ui, empty.clear)));
    }
    empty::no_match(ui, sentence, links)
}

fn table(ui: &Ui, query: &EventsQuery, page: &Page<EventItem>) -> AnyView {
    let columns = columns(query);
    let headings = columns
        .iter()
        .map(|&column| {
            sortable(ui, column, ui.event_column(column), query.list.sort, false, |sort| {
                let list = List { sort, after: None, ..query.list.clone() };
                events_href(&EventsQuery { list, ..query.clone() })
            })
        })
        .collect_view();
    let has_user_name = query.list.columns.contains(&EventColumn::UserName);
    let rows = page
        .items
        .iter()
        .map(|event| {
            let cells = columns
                .iter()
                .map(|&column| cells::cell(ui, Some(&query.report), event, column, !has_user_name))
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let table = view! {
        <table>
            <caption class="visually-hidden">{t!(ui, events.table)}</caption>
            <thead>
                <tr>{headings}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let pages = pager(ui, page, |cursor| {
        let mut step = lasting(query);
        step.list.after = Some(cursor);
        events_href(&step)
    });
    view! { <section class="card list">{scroller(t!(ui, events.table), table)} {pages}</section> }.into_any()
}
