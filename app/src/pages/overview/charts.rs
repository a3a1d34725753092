//! What was registered and reset in the window, beside the window before where that is asked for.

use domain::query::{BarColumn, OverviewQuery, Sort};
use domain::record::Feature;
use domain::report::{MethodCounts, Overview};
use leptos::prelude::*;

use super::overview_href;
use crate::explanations::Explanations;
use crate::figures::{Figures, href, pinned};
use crate::findings;
use crate::language::{Ui, t};
use crate::ui::bars::MethodBars;
use crate::ui::not_kept::not_kept;

pub fn charts(ui: &Ui, query: &OverviewQuery, overview: &Overview) -> AnyView {
    if !overview.not_kept.is_empty() {
        return not_kept(ui, &overview.not_kept);
    }
    let window = ui.days(overview.window);
    let registrations = Texts {
        title: findings::registrations(ui, &overview.registrations),
        subtitle: t!(ui, overview.registrations_sub, window = window.clone()),
        figure: t!(ui, overview.registrations),
        file: "/overview/registrations.csv",
    };
    let resets = Texts {
        title: findings::resets(ui, &overview.resets),
        subtitle: t!(ui, overview.resets_sub, window = window),
        figure: t!(ui, overview.resets),
        file: "/overview/resets.csv",
    };
    view! {
        <section class="charts" aria-labelledby="charts-title">
            <h2 class="visually-hidden" id="charts-title">
                {t!(ui, overview.activity)}
            </h2>
            {bars(ui, query, overview, Feature::Registration, &overview.registrations, registrations)}
            {bars(ui, query, overview, Feature::Reset, &overview.resets, resets)}
        </section>
    }
    .into_any()
}

struct Texts {
    title: String,
    subtitle: String,
    figure: &'static str,
    file: &'static str,
}

fn bars(
    ui: &Ui,
    query: &OverviewQuery,
    overview: &Overview,
    feature: Feature,
    counts: &[MethodCounts],
    Texts { title, subtitle, figure, file }: Texts,
) -> AnyView {
    let report = &query.report;
    let figures = Figures::of(report, overview.as_of);
    let explanations =
        Explanations::of(report, overview.as_of, &overview.population, &overview.sources, "/api/v1/overview");
    let rows = href("/events", &figures.events(feature).to_url());
    let sorted = |sort: Sort<BarColumn>| {
        let mut query = query.clone();
        match feature {
            Feature::Registration => query.registrations = Some(sort),
            Feature::Reset => query.resets = Some(sort),
        }
        format!("{}#table-{feature}", overview_href(&query))
    };
    let asked = OverviewQuery { report: pinned(report, overview.as_of), ..query.clone() };
    let (from, to) = (ui.time(overview.window.from), ui.time(overview.window.to));
    MethodBars {
        feature,
        title,
        subtitle,
        counts,
        figures: &figures,
        previous: overview.previous,
        sort: match feature {
            Feature::Registration => query.registrations,
            Feature::Reset => query.resets,
        },
        sorted: &sorted,
        download: href(file, &asked.to_url()),
        counted: explanations.of_events(ui, figure, feature, rows),
        nothing: t!(ui, overview.none_sentence, from = from, to = to),
    }
    .view(ui)
}
