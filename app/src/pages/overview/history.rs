//! The tiles' lines as one table: what each figure was at every point.

use domain::query::{Column as _, Report, Sort, TrendColumn};
use domain::report::{Trend, TrendPoint};
use leptos::prelude::*;

use crate::figures::{href, pinned};
use crate::language::{Ui, t};
use crate::ui::bars::as_table;
use crate::ui::table::sortable;

/// A table of a trend, with some of its columns.
pub struct History<'a> {
    pub report: &'a Report,
    pub trend: &'a Trend,
    pub columns: &'static [TrendColumn],
    pub sort: Option<Sort<TrendColumn>>,
    /// The page with the table in another order.
    pub sorted: &'a dyn Fn(Sort<TrendColumn>) -> String,
}

impl History<'_> {
    pub fn view(self, ui: &Ui) -> AnyView {
        let sort = self.sort.unwrap_or(TrendColumn::DEFAULT_SORT);
        let mut points: Vec<&TrendPoint> = self.trend.points.iter().collect();
        TrendPoint::sort(&mut points, sort);
        let headings = self
            .columns
            .iter()
            .map(|&column| {
                sortable(ui, column, ui.trend_column(column), sort, column != TrendColumn::At, self.sorted)
            })
            .collect_view();
        let rows = points
            .into_iter()
            .map(|point| {
                let then = Report { span: self.report.span, ..pinned(self.report, point.at) };
                let numbers = self.columns.iter().filter_map(|column| point.number(*column));
                let cells = numbers.map(|n| view! { <td class="n">{ui.number(n)}</td> }).collect_view();
                view! {
                    <tr>
                        <th scope="row">
                            <a href=href("/overview", &then.to_url())>{ui.time(point.at)}</a>
                        </th>
                        {cells}
                    </tr>
                }
            })
            .collect_view();
        let label = t!(ui, history.table);
        let table = view! {
            <table>
                <caption class="visually-hidden">{label}</caption>
                <thead>
                    <tr>{headings}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        };
        let download = href("/overview/history.csv", &pinned(self.report, self.trend.as_of).to_url());
        as_table(ui, "history", self.sort.is_some(), label, Some(download), table)
    }
}
