//! "How is this counted?": the rule behind a figure, who is in and out, where it comes from, and the ways to its rows.

use domain::instant::{DAY_MS, HOUR_MS, Instant, MINUTE_MS};
use domain::report::{PopulationSize, SourceItem};
use leptos::prelude::*;

use crate::language::{Ui, t};

/// What is to be told of a figure.
pub struct Explanation<'a> {
    /// The figure's own name.
    pub figure: String,
    /// How it is counted, in plain words.
    pub rule: &'static str,
    /// Who is in it and who is left out; `None` where every account counts.
    pub population: Option<&'a PopulationSize>,
    /// The records it is made of.
    pub sources: Vec<&'a SourceItem>,
    /// The instant of the answer: ages are told as of it.
    pub as_of: Instant,
    /// The list of exactly what is counted; `None` where the figure stands on that list.
    pub rows: Option<String>,
    /// Path and query of the same figure as JSON.
    pub api: String,
}

/// A button that opens the explanation; works without JavaScript.
pub fn explain(ui: &Ui, explanation: Explanation<'_>) -> AnyView {
    let Explanation { figure, rule, population, sources, as_of, rows, api } = explanation;
    let who = population.map_or_else(|| t!(ui, explain.everybody).into_any(), |population| who(ui, population));
    let sources = sources
        .into_iter()
        .map(|source| {
            let refreshed = t!(ui, overview.fresh, source = ui.source(source.source), at = ui.time(source.last_refreshed));
            let age = age(ui, source.last_refreshed, as_of).map(|age| format!(" ({age})"));
            view! { <li>{refreshed} {age}</li> }
        })
        .collect_view();
    let rows = rows.map(|rows| {
        view! {
            <dt>{t!(ui, explain.rows)}</dt>
            <dd>
                <a href=rows>{t!(ui, explain.to_rows)}</a>
            </dd>
        }
    });
    view! {
        <details class="popover end explain" name="popover">
            <summary title=t!(ui, explain.how)>
                <span aria-hidden="true">"?"</span>
                <span class="visually-hidden">{t!(ui, explain.how_of, figure = figure)}</span>
            </summary>
            <dl class="sheet sheet-body small">
                <dt>{t!(ui, explain.rule)}</dt>
                <dd>{rule}</dd>
                <dt>{t!(ui, explain.who)}</dt>
                <dd>{who}</dd>
                <dt>{t!(ui, explain.source)}</dt>
                <dd>
                    <ul>{sources}</ul>
                </dd>
                {rows}
                <dt>{t!(ui, explain.api)}</dt>
                <dd>
                    <code>{api}</code>
                </dd>
            </dl>
        </details>
    }
    .into_any()
}

fn who(ui: &Ui, population: &PopulationSize) -> AnyView {
    let out = population
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
    let count = population.left_out.iter().map(|left| left.count).sum::<i64>();
    let left_out = if count == 0 {
        t!(ui, explain.nobody_out).to_owned()
    } else {
        t!(ui, explain.out, n = ui.number(count))
    };
    view! {
        {t!(ui, explain.size, population = ui.population(population.name), n = ui.number(population.size))}
        " "
        {ui.population_rule(population.name)}
        " "
        {left_out}
        <ul class="left-out">{out}</ul>
    }
    .into_any()
}

/// "5 hours old"; `None` where the record is younger than the answer's instant.
fn age(ui: &Ui, at: Instant, as_of: Instant) -> Option<String> {
    let millis = as_of.millis().checked_sub(at.millis()).filter(|millis| *millis >= 0)?;
    let words = |size: i64| (millis / size, ui.number(millis / size));
    Some(if millis < HOUR_MS {
        let (count, n) = words(MINUTE_MS);
        t!(ui, explain.minutes, count = count, n = n)
    } else if millis < 2 * DAY_MS {
        let (count, n) = words(HOUR_MS);
        t!(ui, explain.hours, count = count, n = n)
    } else {
        let (count, n) = words(DAY_MS);
        t!(ui, explain.days, count = count, n = n)
    })
}
