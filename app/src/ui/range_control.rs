use domain::population::Population;
use domain::query::{Report, Span};
use domain::window::Range;
use leptos::prelude::*;

use super::icon;
use crate::language::{Ui, t};

/// 24 hours, 7 days, 30 days; a longer range from the URL is shown beside them.
pub fn range_control(ui: &Ui, report: &Report, link: impl Fn(Span) -> String) -> AnyView {
    let mut ranges = vec![Range::Day, Range::Week, Range::Month];
    ranges.extend(report.range().filter(|range| !ranges.contains(range)));
    let links = ranges
        .into_iter()
        .map(|range| {
            let current = (report.range() == Some(range)).then_some("true");
            view! {
                <a href=link(Span::Range(range)) aria-current=current>
                    {ui.range(range)}
                </a>
            }
        })
        .collect_view();
    view! {
        <div class="segments" role="group" aria-label=t!(ui, range.label)>
            {links}
        </div>
    }
    .into_any()
}

/// Which users figures are about.
pub fn population_control(ui: &Ui, chosen: Population, link: impl Fn(Population) -> String) -> AnyView {
    let links = Population::ALL
        .iter()
        .map(|&population| {
            let current = (population == chosen).then_some("true");
            view! {
                <li>
                    <a href=link(population) aria-current=current>
                        <b>{ui.population(population)}</b>
                        <span class="small quiet">{ui.population_rule(population)}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="popover end" name="popover">
            <summary class="pill">
                <span class="visually-hidden">{t!(ui, population.label)} ": "</span>
                {ui.population(chosen)}
                {icon::chevron()}
            </summary>
            <ul class="sheet choices">{links}</ul>
        </details>
    }
    .into_any()
}
