use domain::page::Page;
use domain::population::Population;
use domain::query::{List, Report, UserColumn, UsersQuery};
use domain::report::UserItem;
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
use crate::ui::table::{scroller, sortable};

mod cells;
mod filters;

/// `/users`: registration details.
pub fn page() -> AnyView {
    page_for_viewers(content)
}

/// What the list shows when the URL names no columns.
const COLUMNS: &[UserColumn] = &[
    UserColumn::DisplayName,
    UserColumn::Registered,
    UserColumn::Enabled,
    UserColumn::Capable,
    UserColumn::Methods,
    UserColumn::UpdatedAt,
];

/// The columns of this list, in the order asked for.
fn columns(query: &UsersQuery) -> &[UserColumn] {
    if query.list.columns.is_empty() { COLUMNS } else { &query.list.columns }
}

fn users_href(query: &UsersQuery) -> String {
    href("/users", &query.to_url())
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let now = asked.context.now;
    let (query, problem) = forgiving::parse(&asked.context.query, |query| UsersQuery::parse(query, now))?;
    let ui = asked.ui.clone().in_zone(query.report.tz.as_deref());
    let reader = asked.reader();
    let choices = reader.filter_choices().await?;
    if problem.is_some() {
        let bar = filters::bar(&ui, &query, &choices, problem);
        let body = view! { {head(&ui, &query, None)} {bar.view(&ui)} };
        return Ok(Content { status: StatusCode::BAD_REQUEST, ..Content::new(t!(ui, users.title), body) });
    }
    let page = reader.users(&query).await?;
    let list = if page.total == 0 { nothing(&asked, &ui, &query).await? } else { table(&ui, &query, &page) };
    let body = view! {
        {head(&ui, &query, Some(&page))}
        {filters::bar(&ui, &query, &choices, None).view(&ui)}
        {also_mobile(&ui, &query)}
        {list}
    };
    Ok(Content::new(t!(ui, users.title), body))
}

/// The query with its instant named and on its first page: for links that must show the same users later.
fn lasting(query: &UsersQuery) -> UsersQuery {
    let mut lasting = UsersQuery { report: pinned(&query.report, query.report.as_of), ..query.clone() };
    lasting.list.after = None;
    lasting
}

fn head(ui: &Ui, query: &UsersQuery, page: Option<&Page<UserItem>>) -> AnyView {
    let lasting = lasting(query);
    let sub = page.map(|page| {
        let n = ui.number(page.total);
        let count = if page.total_is_exact {
            t!(ui, users.count, count = page.total, n = n)
        } else {
            t!(ui, users.count_more, n = n)
        };
        let sub = t!(ui, users.sub, count = count, population = ui.population(query.population()));
        view! { <p class="quiet">{sub}</p> }
    });
    let download = page.filter(|page| page.total > 0).map(|_| {
        view! {
            <a class="pill" href=href("/users.csv", &lasting.to_url()) download>
                {t!(ui, list.download)}
            </a>
        }
    });
    view! {
        <header class="head">
            <div class="head-text">
                <h1>{t!(ui, users.title)}</h1>
                {sub}
            </div>
            <div class="bar head-controls">
                {copy_link(ui, users_href(&UsersQuery { list: query.list.clone(), ..lasting.clone() }))}
                {download}
            </div>
        </header>
    }
    .into_any()
}

/// The page says so where a filter matches more than its name.
fn also_mobile(ui: &Ui, query: &UsersQuery) -> AnyView {
    query
        .method
        .iter()
        .filter(|method| method.matched_by_filter().iter().count() > 1)
        .map(|method| view! { <p class="notice">{t!(ui, users.also_mobile, method = ui.method(*method))}</p> })
        .collect_view()
        .into_any()
}

async fn nothing(asked: &Asked, ui: &Ui, query: &UsersQuery) -> Result<AnyView, Problem> {
    let report = Report { population: Some(Population::Everyone), ..query.report.clone() };
    let overview = asked.reader().overview(&report).await?;
    let now = Report { as_of_is_given: false, ..query.report.clone() };
    let clear = UsersQuery::of(query.report.clone());
    Ok(match overview.known_from {
        None => empty::no_data(ui),
        Some(from) if query.report.as_of < from => {
            let now = users_href(&UsersQuery { report: now, ..query.clone() });
            empty::before_data(ui, from, query.report.as_of, now)
        }
        Some(_) if *query == clear => {
            let sentence = t!(ui, empty.no_population, at = ui.time(query.report.as_of));
            let everyone = users_href(&UsersQuery::of(report));
            empty::no_match(ui, sentence, vec![(everyone, ui.population(Population::Everyone))])
        }
        Some(_) => {
            let clear = users_href(&clear);
            empty::no_match(ui, t!(ui, empty.no_match_users).to_owned(), vec![(clear, t!(ui, empty.clear))])
        }
    })
}

fn table(ui: &Ui, query: &UsersQuery, page: &Page<UserItem>) -> AnyView {
    let columns = columns(query);
    let headings = columns
        .iter()
        .map(|&column| {
            sortable(ui, column, ui.user_column(column), query.list.sort, column == UserColumn::UpdatedAt, |sort| {
                let list = List { sort, after: None, ..query.list.clone() };
                users_href(&UsersQuery { list, ..query.clone() })
            })
        })
        .collect_view();
    let rows = page
        .items
        .iter()
        .map(|user| {
            let cells = columns.iter().map(|&column| cells::cell(ui, query, user, column)).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let table = view! {
        <table>
            <caption class="visually-hidden">{t!(ui, users.table)}</caption>
            <thead>
                <tr>{headings}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let pages = pager(ui, page, |cursor| {
        let mut step = lasting(query);
        step.list.after = Some(cursor);
        users_href(&step)
    });
    view! { <section class="card list">{scroller(t!(ui, users.table), table)} {pages}</section> }.into_any()
}
