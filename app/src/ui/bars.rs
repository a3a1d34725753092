//! A bar chart with its title, its key and its data as a table.

use charts::{Bar, BarChart, Segment};
use domain::method::AuthMethod;
use domain::query::EventsQuery;
use domain::record::{Feature, Outcome};
use domain::report::MethodCounts;
use leptos::prelude::*;

use super::table::scroller;
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
                <h3 id=format!("chart-{id}")>{self.title.clone()}</h3>
                <p class="chart-sub">{self.subtitle.clone()}</p>
                {drawing}
                <p class="chart-sentence small quiet">{sentence}</p>
                <div class="chart-foot">
                    <span class="key">{t!(ui, overview.succeeded)}</span>
                    <span class="key bad">{t!(ui, overview.failed)}</span>
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

    fn drawing(&self, ui: &Ui) -> AnyView {
        let bars = self.counts.iter().map(|count| Bar {
            label: ui.method(count.method).to_owned(),
            success: self.segment(ui, count.method, Outcome::Success, count.success),
            failure: self.segment(ui, count.method, Outcome::Failure, count.failure),
        });
        let chart = BarChart { id: self.feature.as_str().to_owned(), bars: bars.collect() };
        // A chart that cannot be laid out leaves its table: the same figures.
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

    fn table(&self, ui: &Ui) -> impl IntoView + use<> {
        let cell = |method, status, value: i64| {
            let href = events_href(&self.figures.bar(self.feature, method, status));
            view! {
                <td class="n">
                    <a href=href>{ui.number(value)}</a>
                </td>
            }
        };
        let rows = self
            .counts
            .iter()
            .map(|count| {
                view! {
                    <tr>
                        <th scope="row">{ui.method(count.method)}</th>
                        {cell(count.method, Outcome::Success, count.success)}
                        {cell(count.method, Outcome::Failure, count.failure)}
                    </tr>
                }
            })
            .collect_view();
        let table = view! {
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t!(ui, overview.method)}</th>
                        <th scope="col" class="n">
                            {t!(ui, overview.succeeded)}
                        </th>
                        <th scope="col" class="n">
                            {t!(ui, overview.failed)}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        };
        view! {
            <details class="chart-table">
                <summary>{t!(ui, overview.as_table)}</summary>
                {scroller(&t!(ui, overview.table_of, title = self.title.clone()), table)}
            </details>
        }
    }
}
