use domain::freshness::{SourceGroup, StaleAfter};
use domain::instant::{DAY_MS, HOUR_MS, Instant, MINUTE_MS};
use domain::record::RecordKind;
use domain::report::{ImportCounts, SourceStatus, UnclassifiedValue};
use leptos::prelude::*;

use super::tally;
use crate::language::{Ui, t};
use crate::ui::section::section;
use crate::ui::table::{number_heading, scroller};

/// When a source counts as old, and what time it is.
#[derive(Clone, Copy)]
pub struct Moment {
    pub stale_after: StaleAfter,
    pub now: Instant,
}

pub fn sources_card(ui: &Ui, sources: &[SourceStatus], moment: Moment) -> AnyView {
    let title = t!(ui, data.sources);
    if sources.is_empty() {
        return section(title, t!(ui, data.no_sources).to_owned(), ().into_any());
    }
    let rows = sources.iter().map(|status| row(ui, status, moment)).collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, data.source)}</th>
                    <th scope="col">{t!(ui, data.last_refreshed)}</th>
                    <th scope="col">{t!(ui, data.lag)}</th>
                    <th scope="col">{t!(ui, data.covers)}</th>
                    <th scope="col">{t!(ui, data.gaps)}</th>
                    {number_heading(t!(ui, data.accepted))}
                    {number_heading(t!(ui, data.again))}
                    {number_heading(t!(ui, data.replaced))}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    section(title, t!(ui, data.sources_sub).to_owned(), scroller(title, table))
}

fn row(ui: &Ui, status: &SourceStatus, moment: Moment) -> AnyView {
    let source = &status.source;
    let covers = t!(ui, format.span, from = ui.time(source.covers_from), to = ui.time(source.covers_to));
    let group = SourceGroup::of(source.source);
    let is_stale = |group: &SourceGroup| moment.stale_after.is_stale(*group, source.last_refreshed, moment.now);
    let stale = group.filter(is_stale).map(|group| {
        let hours = ui.number(i64::from(moment.stale_after.hours(group)));
        view! { <span class="state bad">{t!(ui, data.is_stale, n = hours)}</span> }
    });
    view! {
        <tr>
            <th scope="row">{ui.source(source.source)} " " {stale}</th>
            <td class="nowrap num">{ui.time(source.last_refreshed)}</td>
            <td class="nowrap num">{age(ui, source.covers_to, moment.now)}</td>
            <td class="nowrap num">{covers}</td>
            <td class="nowrap">{gaps(ui, status)}</td>
            <td class="n">{ui.number(source.records)}</td>
            <td class="n">{ui.number(status.duplicate)}</td>
            <td class="n">{ui.number(status.replaced)}</td>
        </tr>
    }
    .into_any()
}

/// "3 h old"
fn age(ui: &Ui, at: Instant, now: Instant) -> String {
    let age = (now.millis() - at.millis()).max(0);
    match age {
        age if age < 2 * HOUR_MS => t!(ui, data.age_minutes, n = ui.number(age / MINUTE_MS)),
        age if age < 2 * DAY_MS => t!(ui, data.age_hours, n = ui.number(age / HOUR_MS)),
        age => t!(ui, data.age_days, n = ui.number(age / DAY_MS)),
    }
}

fn gaps(ui: &Ui, status: &SourceStatus) -> AnyView {
    let gaps = match status.gaps.as_deref() {
        None => return view! { <span class="quiet small">{t!(ui, data.gaps_not_told)}</span> }.into_any(),
        Some([]) => return view! { <span class="quiet small">{t!(ui, data.no_gaps)}</span> }.into_any(),
        Some(gaps) => gaps,
    };
    let spans = gaps
        .iter()
        .map(|gap| view! { <li>{t!(ui, format.span, from = ui.time(gap.from), to = ui.time(gap.to))}</li> })
        .collect_view();
    view! { <ul class="plain nowrap num">{spans}</ul> }.into_any()
}

/// What became of everything that came in lately, and what kinds of it are not kept.
pub fn totals_card(ui: &Ui, counts: &ImportCounts) -> AnyView {
    let others: Vec<_> = counts.by_kind.iter().filter(|(kind, _)| kind.parse::<RecordKind>().is_err()).collect();
    let others = (!others.is_empty()).then(|| {
        view! {
            <h3 class="card-sub">{t!(ui, data.other_kinds)}</h3>
            {tally::of_kinds(ui, others)}
        }
    });
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!(ui, data.last_30_days)}</h2>
                <p class="small quiet">{t!(ui, data.last_30_days_sub)}</p>
            </div>
            {tally::of_counts(ui, counts)}
            {others}
        </section>
    }
    .into_any()
}

pub fn unclassified_card(ui: &Ui, values: &[UnclassifiedValue]) -> AnyView {
    let title = t!(ui, data.unclassified);
    if values.is_empty() {
        return section(title, t!(ui, data.unclassified_none).to_owned(), ().into_any());
    }
    let rows = values
        .iter()
        .map(|value| {
            let n = ui.number(value.count);
            let n = if value.count_is_exact { n } else { t!(ui, data.at_least, n = n) };
            view! {
                <tr>
                    <td>{ui.unclassified_field(value.field)}</td>
                    <th scope="row">{value.value.clone()}</th>
                    <td class="n">{n}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, data.unclassified_field)}</th>
                    <th scope="col">{t!(ui, data.value)}</th>
                    {number_heading(t!(ui, data.occurrences))}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    section(title, t!(ui, data.unclassified_sub).to_owned(), scroller(title, table))
}
