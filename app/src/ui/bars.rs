//! A bar chart with its title, its key and its data as a table.

use charts::{Bar, BarChart, Segment};
use domain::method::AuthMethod;
use domain::query::{BarColumn, Column as _, EventsQuery, Sort};
use domain::record::{Feature, Outcome};
use domain::report::{Counts, MethodCounts};
use domain::window::Window;
use leptos::prelude::*;

use super::table::{number_heading, scroller, sortable};
use crate::figures::{Figures, href};
use crate::language::{Ui, t};

/// Succeeded and failed events of one feature, by method.
pub struct MethodBars<'a> {
    pub feature: Feature,
    /// The finding.
    pub title: String,
    /// Measure, population, period.
    pub subtitle: String,
    pub counts: &'a [MethodCounts],
    pub figures: &'a Figures,
    /// What is compared with.
    pub previous: Option<Window>,
    /// The order of the table; `None` leaves it folded up.
    pub sort: Option<Sort<BarColumn>>,
    /// The page with the table in another order.
    pub sorted: &'a dyn Fn(Sort<BarColumn>) -> String,
    /// The table as a file.
    pub download: String,
    /// "How is this counted?"
    pub counted: AnyView,
    /// Shown where there is nothing to draw.
    pub nothing: String,
}

fn events_href(query: &EventsQuery) -> String {
    href("/events", &query.to_url())
}

impl MethodBars<'_> {
    pub fn view(self, ui: &Ui) -> AnyView {
        let id = self.feature.as_str();
        let all = events_href(&self.figures.events(self.feature));
        let success = self.counts.iter().map(|count| count.success).sum::<i64>();
        let failure = self.counts.iter().map(|count| count.failure).sum::<i64>();
        let before =
            self.previous.map(|_| self.counts.iter().filter_map(|count| count.previous).map(Counts::total).sum());
        let compared = before.map(|before: i64| {
            let difference = success + failure - before;
            let n = ui.number(difference.saturating_abs());
            match difference {
                0 => t!(ui, compare.same, before = ui.number(before)),
                1.. => t!(ui, compare.more, n = n, before = ui.number(before)),
                _ => t!(ui, compare.fewer, n = n, before = ui.number(before)),
            }
        });
        let is_compared = compared.is_some();
        let sentence = if self.counts.is_empty() {
            self.nothing.clone()
        } else {
            t!(
                ui,
                overview.sentence,
                total = ui.number(success + failure),
                success = ui.number(success),
                failure = ui.number(failure)
            )
        };
        let drawing = if self.counts.is_empty() { ().into_any() } else { self.drawing(ui) };
        let table = (!self.counts.is_empty()).then(|| self.table(ui));
        view! {
            <section class="card chart" aria-labelledby=format!("chart-{id}")>
                <div class="chart-head">
                    <h3 id=format!("chart-{id}")>{self.title.clone()}</h3>
                    {self.counted}
                </div>
                <p class="chart-sub">{self.subtitle.clone()}</p>
                {drawing}
                <p class="chart-sentence small quiet">{sentence} " " {compared}</p>
                <div class="chart-foot">
                    <span class="key">{t!(ui, overview.succeeded)}</span>
                    <span class="key bad">{t!(ui, overview.failed)}</span>
                    {is_compared.then(|| view! { <span class="key before">{t!(ui, compare.before)}</span> })}
                    <a class="push" href=all>
                        {t!(ui, overview.all_events)}
                    </a>
                </div>
                {table}
            </section>
        }
        .into_any()
    }

    fn segment(&self, ui: &Ui, method: AuthMethod, status: Outcome, value: i64) -> Segment {
        let (label, n) = (ui.method(method), ui.number(value));
        let name = match status {
            Outcome::Success => t!(ui, overview.bar_success, method = label, n = n.clone()),
            Outcome::Failure => t!(ui, overview.bar_failure, method = label, n = n.clone()),
        };
        Segment { value, text: n, href: events_href(&self.figures.bar(self.feature, method, status)), name }
    }

    fn before(&self, ui: &Ui, method: AuthMethod, window: Window, counts: Counts) -> Segment {
        let n = ui.number(counts.total());
        let name = t!(ui, compare.bar, method = ui.method(method), n = n.clone());
        Segment { value: counts.total(), text: n, href: self.before_href(method, window), name }
    }

    fn before_href(&self, method: AuthMethod, window: Window) -> String {
        events_href(&self.figures.method_within(self.feature, method, window))
    }

    fn drawing(&self, ui: &Ui) -> AnyView {
        let bars = self.counts.iter().map(|count| Bar {
            label: ui.method(count.method).to_owned(),
            success: self.segment(ui, count.method, Outcome::Success, count.success),
            failure: self.segment(ui, count.method, Outcome::Failure, count.failure),
            previous: self
                .previous
                .zip(count.previous)
                .map(|(window, counts)| self.before(ui, count.method, window, counts)),
        });
        let chart = BarChart { id: self.feature.as_str().to_owned(), bars: bars.collect() };
        drawing(&chart)
    }

    fn table(&self, ui: &Ui) -> AnyView {
        let mut counts = self.counts.to_vec();
        let sort = self.sort.unwrap_or(BarColumn::DEFAULT_SORT);
        MethodCounts::sort(&mut counts, sort);
        let heading = |column, label| sortable(ui, column, label, sort, column != BarColumn::Method, self.sorted);
        let cell = |href: String, value: i64| {
            view! {
                <td class="n">
                    <a href=href>{ui.number(value)}</a>
                </td>
            }
        };
        let rows = counts
            .iter()
            .map(|count| {
                let part =
                    |status, value| cell(events_href(&self.figures.bar(self.feature, count.method, status)), value);
                let whole =
                    events_href(&EventsQuery { method: vec![count.method], ..self.figures.events(self.feature) });
                let previous = self.previous.zip(count.previous).map(|(window, previous)| {
                    let change = count.total() - previous.total();
                    let sign = if change > 0 { "+" } else { "" };
                    view! {
                        {cell(self.before_href(count.method, window), previous.total())}
                        <td class="n">{sign} {ui.number(change)}</td>
                    }
                });
                view! {
                    <tr>
                        <th scope="row">{ui.method(count.method)}</th>
                        {part(Outcome::Success, count.success)}
                        {part(Outcome::Failure, count.failure)}
                        {cell(whole, count.total())}
                        {previous}
                    </tr>
                }
            })
            .collect_view();
        let previous = self.previous.map(|_| {
            view! {
                {heading(BarColumn::Previous, t!(ui, compare.before))}
                {number_heading(t!(ui, compare.change))}
            }
        });
        let label = t!(ui, overview.table_of, title = self.title.clone());
        let table = view! {
            <table>
                <caption class="visually-hidden">{label.clone()}</caption>
                <thead>
                    <tr>
                        {heading(BarColumn::Method, t!(ui, overview.method))}
                        {heading(BarColumn::Success, t!(ui, overview.succeeded))}
                        {heading(BarColumn::Failure, t!(ui, overview.failed))}
                        {heading(BarColumn::Total, t!(ui, overview.total))} {previous}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        };
        as_table(ui, self.feature.as_str(), self.sort.is_some(), &label, Some(self.download.clone()), table)
    }
}

/// The bars with their labels. A chart that cannot be laid out leaves its table: the same figures.
pub fn drawing(chart: &BarChart) -> AnyView {
    let Ok(rows) = chart.rows() else { return ().into_any() };
    let rows = rows
        .into_iter()
        .map(|row| {
            let svg = row.svg();
            view! {
                <li>
                    <span class="bar-label">{row.label}</span>
                    <div class="bar-box" inner_html=svg></div>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="definitions-box" inner_html=chart.definitions()></div>
        <ul class="bars">{rows}</ul>
    }
    .into_any()
}

/// The twin of a chart: folded up until it is asked for, with its own download where there is one.
pub fn as_table(
    ui: &Ui,
    id: &str,
    is_open: bool,
    label: &str,
    download: Option<String>,
    table: impl IntoView + 'static,
) -> AnyView {
    let download = download.map(|download| {
        view! {
            <p class="chart-download small">
                <a href=download download>
                    {t!(ui, overview.download_table)}
                </a>
            </p>
        }
    });
    view! {
        <details class="chart-table" id=format!("table-{id}") open=is_open>
            <summary>{t!(ui, overview.as_table)}</summary>
            {scroller(label, table)}
            {download}
        </details>
    }
    .into_any()
}
