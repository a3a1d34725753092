//! `/overview`: who is registered, enabled and capable, and what was registered and reset.

use domain::instant::Instant;
use domain::query::{Compare, OverviewQuery, QueryProblem, Report, TrendColumn};
use domain::report::{Overview, Snapshot, Trend};
use domain::view::ViewPage;
use http::StatusCode;
use leptos::prelude::*;

use super::forgiving;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::address::Address;
use crate::figures::href;
use crate::findings;
use crate::language::{Ui, t};
use crate::ui::empty;
use crate::ui::freshness::freshness;
use crate::ui::movement::Movements;
use crate::ui::query_problem::message;
use crate::ui::range_control::Moment;
use crate::ui::report_head::{population_line, report_head};
use crate::ui::views_menu::views_menu;
use history::History;

mod charts;
pub mod history;
pub mod tiles;

/// `/overview`, also `/`.
pub fn page() -> AnyView {
    page_for_viewers(content)
}

fn overview_href(query: &OverviewQuery) -> String {
    href("/overview", &query.to_url())
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let now = asked.context.now;
    let (query, problem) = forgiving::parse(&asked.context.query, |query| OverviewQuery::parse(query, now))?;
    let ui = asked.ui.clone().in_zone(query.report.tz.as_deref());
    if let Some(problem) = problem {
        return Ok(wrong(&ui, now, &query, &problem));
    }
    let reader = asked.reader();
    let both = reader.at_one_instant(|reader| {
        let query = &query;
        Box::pin(async move { Ok((reader.compared_overview(query).await?, reader.trend(&query.report).await?)) })
    });
    let (overview, trend) = both.await?;
    let headline = findings::headline(&ui, &overview);
    let movements = Movements { report: &query.report, trend: &trend, change: overview.change.as_ref() };
    let size = movements.of(&ui, "", |snapshot: &Snapshot| snapshot.size);
    let organisation = &asked.context.settings.organisation;
    let line = population_line(&ui, organisation, &overview.population, overview.change.is_some().then_some(&size));
    let address = Address::new("/overview", &query.to_url());
    let views = views_menu(&ui, &asked.views().await, ViewPage::Overview, &address);
    let body = view! {
        {head(&ui, &query, headline, line, views, Moment { now, wrong: None })}
        <div class="contents" id="figures" data-swap="">
            {figures(&ui, &query, &overview, &trend)}
        </div>
    };
    Ok(Content::new(t!(ui, overview.title), body))
}

fn wrong(ui: &Ui, now: Instant, query: &OverviewQuery, problem: &QueryProblem) -> Content {
    let title = t!(ui, problem.bad_title).to_owned();
    let body = view! {
        {head(ui, query, title, ().into_any(), ().into_any(), Moment { now, wrong: Some(&problem.parameter) })}
        {message(ui, problem)}
    };
    Content { status: StatusCode::BAD_REQUEST, ..Content::new(t!(ui, overview.title), body) }
}

fn head(
    ui: &Ui,
    query: &OverviewQuery,
    headline: String,
    line: AnyView,
    views: AnyView,
    moment: Moment<'_>,
) -> AnyView {
    let other = if query.compare.is_some() { None } else { Some(Compare::Previous) };
    let compare = overview_href(&OverviewQuery { compare: other, ..query.clone() });
    let label = match other {
        Some(_) => t!(ui, compare.on),
        None => t!(ui, compare.off),
    };
    let compare = view! {
        <a class="pill" class:chosen=other.is_none() href=compare>
            {label}
        </a>
    };
    report_head(ui, &query.report, headline, line, view! { {views} {compare} }.into_any(), moment, |report: &Report| {
        overview_href(&OverviewQuery { report: report.clone(), ..query.clone() })
    })
}

/// Tiles, charts and freshness; without data, what to do to get some.
fn figures(ui: &Ui, query: &OverviewQuery, overview: &Overview, trend: &Trend) -> AnyView {
    if overview.known_from.is_none() && overview.sources.is_empty() {
        return empty::no_data(ui);
    }
    let is_known = overview.known_from.is_some_and(|known_from| overview.as_of >= known_from);
    let before = overview.known_from.filter(|_| !is_known).map(|known_from| {
        view! { <p class="notice">{t!(ui, overview.unknown_before, at = ui.time(known_from))}</p> }
    });
    let sorted = |sort| format!("{}#table-history", overview_href(&OverviewQuery { history: Some(sort), ..query.clone() }));
    let history = is_known.then(|| {
        let history =
            History { report: &query.report, trend, columns: TrendColumn::ALL, sort: query.history, sorted: &sorted };
        view! {
            <section class="card history" aria-labelledby="history-title">
                <h2 id="history-title">{t!(ui, history.title)}</h2>
                {history.view(ui)}
            </section>
        }
    });
    view! {
        {before}
        {tiles::tiles(ui, &query.report, overview, is_known.then_some(trend))}
        {charts::charts(ui, query, overview)}
        {history}
        {freshness(ui, &overview.sources)}
    }
    .into_any()
}
