use domain::population::Population;
use domain::query::{QueryProblem, Report};
use domain::report::PopulationSize;
use http::StatusCode;
use leptos::prelude::*;

use super::forgiving;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::figures::{href, pinned};
use crate::findings;
use crate::language::{Ui, t};
use crate::ui::copy_link::copy_link;
use crate::ui::query_problem::message;
use crate::ui::range_control::{population_control, range_control};

mod figures;

/// `/overview`, also `/`.
pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let now = asked.context.now;
    let (report, problem) = forgiving::parse(&asked.context.query, |query| Report::parse(query, now))?;
    let ui = asked.ui.clone().in_zone(report.tz.as_deref());
    if let Some(problem) = problem {
        return Ok(wrong(&ui, &report, &problem));
    }
    let reader = asked.reader();
    let overview = reader.overview(&report).await?;
    let trend = reader.trend(&report).await?;
    let headline = findings::headline(&ui, &overview);
    let line = population_line(&ui, &asked.context.settings.organisation, &overview.population);
    let body = view! {
        {head(&ui, &report, headline, line)}
        {figures::figures(&ui, &report, &overview, &trend)}
    };
    Ok(Content::new(t!(ui, overview.title), body))
}

fn wrong(ui: &Ui, report: &Report, problem: &QueryProblem) -> Content {
    let title = t!(ui, problem.bad_title).to_owned();
    let body = view! {
        {head(ui, report, title, ().into_any())}
        {message(ui, problem)}
    };
    Content { status: StatusCode::BAD_REQUEST, ..Content::new(t!(ui, overview.title), body) }
}

fn head(ui: &Ui, report: &Report, headline: String, line: AnyView) -> AnyView {
    let link = |report: &Report| href("/overview", &report.to_url());
    let chosen = report.population.unwrap_or(Population::Members);
    let population = population_control(ui, chosen, |population| {
        link(&Report { population: Some(population), ..report.clone() })
    });
    let range = range_control(ui, report, |span| link(&Report { span, ..report.clone() }));
    let address = link(&pinned(report, report.as_of));
    let as_of = report.as_of_is_given.then(|| {
        let label = t!(ui, as_of.chip, at = ui.time(report.as_of));
        let without = link(&Report { as_of_is_given: false, ..report.clone() });
        let remove = t!(ui, as_of.remove, what = label.clone());
        view! {
            <p class="chip">
                {label}
                <a href=without aria-label=remove>
                    {crate::ui::icon::cross()}
                </a>
            </p>
        }
    });
    view! {
        <header class="head">
            <div class="head-text">
                <h1>{headline}</h1>
                {line}
                {as_of}
            </div>
            <div class="bar head-controls">
                {copy_link(ui, address)}
                {population}
                {range}
            </div>
        </header>
    }
    .into_any()
}

/// "Fabrikam · Members: 3,980 of 4,253 known · 273 accounts left out", with the reasons to open.
fn population_line(ui: &Ui, organisation: &str, population: &PopulationSize) -> AnyView {
    let out: i64 = population.left_out.iter().map(|left| left.count).sum();
    let line = t!(
        ui,
        population.line,
        population = ui.population(population.name),
        n = ui.number(population.size),
        total = ui.number(population.size + out)
    );
    if out == 0 {
        let nobody = t!(ui, population.nobody_left_out);
        return view! { <p class="quiet">{organisation.to_owned()} " · " {line} " · " {nobody}</p> }.into_any();
    }
    let reasons = population
        .left_out
        .iter()
        .map(|left| {
            view! {
                <li>
                    <span>{ui.left_out(left.reason)}</span>
                    <b class="num">{ui.number(left.count)}</b>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="population-line quiet">
            <summary>
                {organisation.to_owned()} " · " {line} " · "
                <span class="link">{t!(ui, population.left_out, count = out, n = ui.number(out))}</span>
            </summary>
            <p class="small">{ui.population_rule(population.name)}</p>
            <ul class="left-out">{reasons}</ul>
        </details>
    }
    .into_any()
}
