//! The head of a report about a population: its finding, who it is about, and the controls of the whole page.

use domain::population::Population;
use domain::query::Report;
use domain::report::PopulationSize;
use leptos::prelude::*;

use super::copy_link::copy_link;
use super::icon;
use super::movement::Movement;
use super::range_control::{Moment, RangeControl, population_control};
use crate::address::Address;
use crate::figures::pinned;
use crate::language::{Ui, t};

/// `link` makes the page's address for another report; `more` stands among the controls.
pub fn report_head(
    ui: &Ui,
    report: &Report,
    headline: String,
    line: AnyView,
    more: AnyView,
    moment: Moment<'_>,
    link: impl Fn(&Report) -> String,
) -> AnyView {
    let chosen = report.population.unwrap_or(Population::Members);
    let population =
        population_control(ui, chosen, |population| link(&Report { population: Some(population), ..report.clone() }));
    let here = link(report);
    let (path, query) = here.split_once('?').unwrap_or((&here, ""));
    let range = RangeControl { report, moment, address: Address::new(path, query), has_window: true }.view(ui);
    let address = link(&pinned(report, report.as_of));
    let as_of = report.as_of_is_given.then(|| {
        let label = t!(ui, as_of.chip, at = ui.time(report.as_of));
        let without = link(&Report { as_of_is_given: false, ..report.clone() });
        let remove = t!(ui, as_of.remove, what = label.clone());
        view! {
            <p class="chip">
                {label}
                <a href=without aria-label=remove>
                    {icon::cross()}
                </a>
            </p>
        }
    });
    view! {
        <header class="head">
            <div class="head-text" id="finding" data-swap="">
                <h1>{headline}</h1>
                {line}
                {as_of}
            </div>
            <div class="head-controls">
                <div class="bar">
                    {copy_link(ui, address)}
                    {population}
                    {more}
                </div>
                {range}
            </div>
        </header>
    }
    .into_any()
}

/// "Fabrikam · Members: 3,980 of 4,253 known · 273 accounts left out", with the reasons to open, and how the population's
/// size has moved.
pub fn population_line(
    ui: &Ui,
    organisation: &str,
    population: &PopulationSize,
    movement: Option<&Movement>,
) -> AnyView {
    let out: i64 = population.left_out.iter().map(|left| left.count).sum();
    let line = t!(
        ui,
        population.line,
        population = ui.population(population.name),
        n = ui.number(population.size),
        total = ui.number(population.size + out)
    );
    // An organisation that nobody has named has no name to show.
    let whose = if organisation.is_empty() { String::new() } else { format!("{organisation} · ") };
    let moved = movement.map(Movement::words);
    if out == 0 {
        let nobody = t!(ui, population.nobody_left_out);
        let line = view! { <p class="quiet">{whose} {line} " · " {nobody}</p> };
        return view! { {line} {moved} }.into_any();
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
                {whose} {line} " · "
                <span class="link">{t!(ui, population.left_out, count = out, n = ui.number(out))}</span>
            </summary>
            <p class="small">{ui.population_rule(population.name)}</p>
            <ul class="left-out">{reasons}</ul>
        </details>
        {moved}
    }
    .into_any()
}
