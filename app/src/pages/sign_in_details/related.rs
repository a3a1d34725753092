//! The other records of the same correlation: one attempt is often many sign-ins.

use domain::instant::DAY_MS;
use domain::query::{ListQuery as _, Report, SignInColumn, SignInsQuery, Span};
use domain::report::SignInReport;
use domain::window::Window;
use leptos::prelude::*;

use crate::figures::{list_href, pinned};
use crate::language::{Ui, t};
use crate::pages::sign_ins::cells;
use crate::ui::section::section;
use crate::ui::table::scroller;

const COLUMNS: [SignInColumn; 6] = [
    SignInColumn::At,
    SignInColumn::App,
    SignInColumn::Status,
    SignInColumn::MfaRequired,
    SignInColumn::MfaResult,
    SignInColumn::Method,
];

pub fn view(ui: &Ui, report: &Report, sign_in: &SignInReport) -> AnyView {
    let title = t!(ui, sign_in_details.related);
    let Some(correlation_id) = &sign_in.item.correlation_id else {
        return section(title, t!(ui, sign_in_details.no_correlation).to_owned(), ().into_any());
    };
    if sign_in.related.is_empty() {
        return section(title, t!(ui, sign_in_details.no_related).to_owned(), ().into_any());
    }
    // The list's own cells, in the list's own report.
    let mut list = SignInsQuery::of(Report { population: None, ..report.clone() });
    let headings = COLUMNS.map(|column| view! { <th scope="col">{ui.sign_in_column(column)}</th> });
    let rows = sign_in
        .related
        .iter()
        .map(|item| {
            let cells = COLUMNS.map(|column| cells::cell(ui, &list, item, column)).into_iter().collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let table = view! {
        <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
                <tr>{headings.into_iter().collect_view()}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let shown = i64::try_from(sign_in.related.len()).unwrap_or(i64::MAX);
    let total = sign_in.related_total;
    let sub = if shown < total {
        t!(ui, sign_in_details.related_first, shown = ui.number(shown), total = ui.number(total))
    } else {
        t!(ui, sign_in_details.related_count, count = total, n = ui.number(total))
    };
    list.report = Report { span: Span::Window(around(sign_in)), ..pinned(report, report.as_of) };
    list.list.q = Some(correlation_id.clone());
    let all = view! {
        <p class="card-foot small">
            <a href=list_href(&list)>{t!(ui, sign_in_details.find_correlation)}</a>
        </p>
    };
    section(title, sub, view! { {scroller(title, table)} {all} }.into_any())
}

/// A list of an attempt lies in its own time, whatever the report's is.
fn around(sign_in: &SignInReport) -> Window {
    let times = || sign_in.related.iter().map(|item| item.at).chain([sign_in.item.at]);
    let (from, to) = (times().min().unwrap_or(sign_in.item.at), times().max().unwrap_or(sign_in.item.at));
    Window { from: from.plus_millis(-DAY_MS), to: to.plus_millis(DAY_MS) }
}
