use domain::answer::Answer;
use domain::method::MethodClass;
use domain::population::Population;
use domain::query::{QueryProblem, Report, UserFlag};
use domain::record::Feature;
use domain::report::{Overview, PopulationSize};
use http::StatusCode;
use leptos::prelude::*;

use super::forgiving;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::figures::{Figures, href, pinned};
use crate::findings;
use crate::islands::copy_link::CopyLink;
use crate::language::{Ui, t};
use crate::ui::bars::MethodBars;
use crate::ui::empty;
use crate::ui::query_problem::message;
use crate::ui::range_control::{population_control, range_control};
use crate::ui::tile::{Insight, Tile};

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
    let overview = asked.reader().overview(&report).await?;
    let headline = findings::headline(&ui, &overview);
    let line = population_line(&ui, &asked.context.settings.organisation, &overview.population);
    let body = view! {
        {head(&ui, &report, headline, line)}
        {figures(&ui, &report, &overview)}
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

/// The button that copies the page's address.
pub fn copy_link(ui: &Ui, address: String) -> impl IntoView + use<> {
    view! {
        <CopyLink
            address=address
            label=t!(ui, copy.label).to_owned()
            done=t!(ui, copy.done).to_owned()
            failed=t!(ui, copy.failed).to_owned()
        />
    }
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

fn figures(ui: &Ui, report: &Report, overview: &Overview) -> AnyView {
    let Some(known_from) = overview.known_from else {
        return if overview.sources.is_empty() {
            empty::no_data(ui)
        } else {
            view! { {tiles(ui, report, overview, false)} {charts(ui, report, overview)} {freshness(ui, overview)} }
                .into_any()
        };
    };
    let is_known = overview.as_of >= known_from;
    let before = (!is_known).then(|| {
        view! { <p class="notice">{t!(ui, overview.unknown_before, at = ui.time(known_from))}</p> }
    });
    view! {
        {before}
        {tiles(ui, report, overview, is_known)}
        {charts(ui, report, overview)}
        {freshness(ui, overview)}
    }
    .into_any()
}

fn tiles(ui: &Ui, report: &Report, overview: &Overview, is_known: bool) -> AnyView {
    let figures = Figures::of(report, overview.as_of);
    let users = |query: domain::query::UsersQuery| href("/users", &query.to_url());
    let insight = |label, n, query| Insight { label, n, href: users(query) };
    let tile = |flag: UserFlag, explanation, insights: Vec<Insight>| {
        let tally = *overview.tiles.get(flag);
        let mut insights = insights;
        if tally.unknown > 0 {
            insights.push(insight(t!(ui, overview.unknown), tally.unknown, figures.users(flag, Answer::Unknown)));
        }
        let insights = if is_known { insights } else { Vec::new() };
        let href = users(figures.users(flag, Answer::Yes));
        Tile { title: ui.flag(flag), explanation, tally, href, insights, is_known }
    };
    let no = |flag: UserFlag, label| insight(label, overview.tiles.get(flag).no, figures.users(flag, Answer::No));
    let counts = overview.insights;
    let registered = tile(
        UserFlag::Registered,
        t!(ui, overview.explain_registered),
        vec![
            no(UserFlag::Registered, t!(ui, overview.not_registered)),
            insight(
                t!(ui, overview.registered_not_enabled),
                counts.registered_not_enabled,
                figures.registered_not_enabled(),
            ),
        ],
    );
    let enabled = tile(
        UserFlag::Enabled,
        t!(ui, overview.explain_enabled),
        vec![
            no(UserFlag::Enabled, t!(ui, overview.not_enabled)),
            insight(
                t!(ui, overview.enabled_not_registered),
                counts.enabled_not_registered,
                figures.enabled_not_registered(),
            ),
        ],
    );
    let capable = tile(
        UserFlag::Capable,
        t!(ui, overview.explain_capable),
        vec![
            no(UserFlag::Capable, t!(ui, overview.not_capable)),
            insight(
                t!(ui, overview.sms_or_voice_only),
                counts.sms_or_voice_only,
                figures.method_class(MethodClass::SmsOrVoiceOnly),
            ),
        ],
    );
    let small = [UserFlag::MfaRegistered, UserFlag::MfaCapable, UserFlag::PasswordlessCapable]
        .map(|flag| tile(flag, "", Vec::new()).small_view(ui));
    view! {
        <section class="tiles" aria-labelledby="tiles-title">
            <h2 class="visually-hidden" id="tiles-title">
                {t!(ui, overview.registration)}
            </h2>
            {registered.view(ui)}
            {enabled.view(ui)}
            {capable.view(ui)}
        </section>
        <section class="tiles" aria-labelledby="strong-title">
            <h2 class="visually-hidden" id="strong-title">
                {t!(ui, overview.strong)}
            </h2>
            {small.into_iter().collect_view()}
        </section>
    }
    .into_any()
}

fn charts(ui: &Ui, report: &Report, overview: &Overview) -> AnyView {
    let figures = Figures::of(report, overview.as_of);
    let window = ui.window(overview.window);
    let nothing = || {
        let (from, to) = (ui.time(overview.window.from), ui.time(overview.window.to));
        t!(ui, overview.none_sentence, from = from, to = to)
    };
    let registrations = MethodBars {
        feature: Feature::Registration,
        title: findings::registrations(ui, &overview.registrations),
        subtitle: t!(ui, overview.registrations_sub, window = window.clone()),
        counts: &overview.registrations,
        figures: &figures,
        nothing: nothing(),
    };
    let resets = MethodBars {
        feature: Feature::Reset,
        title: findings::resets(ui, &overview.resets),
        subtitle: t!(ui, overview.resets_sub, window = window),
        counts: &overview.resets,
        figures: &figures,
        nothing: nothing(),
    };
    view! {
        <section class="charts" aria-labelledby="charts-title">
            <h2 class="visually-hidden" id="charts-title">
                {t!(ui, overview.activity)}
            </h2>
            {registrations.view(ui)}
            {resets.view(ui)}
        </section>
    }
    .into_any()
}

fn freshness(ui: &Ui, overview: &Overview) -> AnyView {
    let sources = overview
        .sources
        .iter()
        .map(|source| {
            let at = ui.time(source.last_refreshed);
            view! { <li>{t!(ui, overview.fresh, source = ui.source(source.source), at = at)}</li> }
        })
        .collect_view();
    view! {
        <footer class="fresh">
            <b>{t!(ui, overview.last_refreshed)}</b>
            <ul>{sources}</ul>
            <span>{t!(ui, overview.zone, zone = ui.zone_name.clone())}</span>
        </footer>
    }
    .into_any()
}
