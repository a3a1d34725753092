//! Sign-ins over time: how many there were, and what became of those that were challenged.

use charts::{Column, ColumnChart};
use domain::query::SignInFilters;
use domain::report::UsagePoint;
use domain::sign_in::MfaResult;
use domain::window::Window;
use leptos::prelude::*;

use super::Parts;
use crate::figures::list_href;
use crate::language::t;
use crate::ui::bars::as_table;
use crate::ui::cells;
use crate::ui::table::number_heading;

pub fn over_time(parts: &Parts<'_>) -> AnyView {
    let (ui, usage) = (parts.ui, parts.usage);
    let title = t!(ui, usage.over_time);
    let Window { from, to } = usage.window;
    let middle = from.plus_millis((to.millis() - from.millis()) / 2);
    let chart = ColumnChart {
        id: "over-time".to_owned(),
        columns: usage.over_time.iter().map(|point| column(parts, point)).collect(),
        span: (from.millis(), to.millis()),
        dates: [from, middle, to].map(|at| (at.millis(), ui.date(at))).into(),
    };
    let svg = chart.svg(|n| ui.number(n));
    let busiest = usage.over_time.iter().max_by_key(|point| point.sign_ins).map(|point| {
        let (from, to) = (ui.time(point.from), ui.time(point.to));
        t!(ui, usage.busiest, n = ui.number(point.sign_ins), from = from, to = to)
    });
    let total = usage.sign_ins.total;
    let sentence = t!(ui, usage.over_time_sentence, count = total, n = ui.number(total));
    view! {
        <section class="card chart" aria-labelledby="over-time-title">
            <div class="chart-head">
                <h2 id="over-time-title">{title}</h2>
                {parts.counted(title, t!(ui, usage.explain_over_time), &parts.figures.all_sign_ins())}
            </div>
            <p class="chart-sub">{t!(ui, usage.over_time_sub, window = ui.days(usage.window))}</p>
            <div class="line-box" inner_html=svg></div>
            <p class="chart-sentence small quiet">{sentence} " " {busiest}</p>
            <div class="chart-foot">
                <span class="key">{ui.mfa_result(MfaResult::Satisfied)}</span>
                <span class="key bad">{ui.mfa_result(MfaResult::Denied)}</span>
                <span class="key open">{t!(ui, usage.open)}</span>
                <span class="key rest">{t!(ui, usage.not_challenged)}</span>
                <a class="push" href=list_href(&parts.figures.all_sign_ins())>
                    {t!(ui, usage.all_sign_ins)}
                </a>
            </div>
            {table(parts, title)}
        </section>
    }
    .into_any()
}

const fn window(point: &UsagePoint) -> Window {
    Window { from: point.from, to: point.to }
}

fn column(parts: &Parts<'_>, point: &UsagePoint) -> Column {
    let ui = parts.ui;
    let open = point.pending + point.unknown;
    let title = t!(
        ui,
        usage.column,
        from = ui.time(point.from),
        to = ui.time(point.to),
        n = ui.number(point.sign_ins),
        satisfied = ui.number(point.satisfied),
        denied = ui.number(point.denied),
        open = ui.number(open)
    );
    Column {
        from: point.from.millis(),
        to: point.to.millis(),
        ok: point.satisfied,
        bad: point.denied,
        open,
        rest: point.sign_ins - point.satisfied - point.denied - open,
        href: list_href(&parts.figures.sign_ins_within(window(point), SignInFilters::default())),
        title,
    }
}

fn table(parts: &Parts<'_>, title: &'static str) -> AnyView {
    let ui = parts.ui;
    let rows = parts
        .usage
        .over_time
        .iter()
        .map(|point| {
            let cell = |result: Option<MfaResult>, n: i64| {
                let filters = match result {
                    Some(result) => {
                        SignInFilters { challenged: Some(true), mfa_result: vec![result], ..SignInFilters::default() }
                    }
                    None => SignInFilters::default(),
                };
                cells::number(ui, n, Some(list_href(&parts.figures.sign_ins_within(window(point), filters))))
            };
            view! {
                <tr>
                    <th scope="row" class="nowrap num">
                        {ui.time(point.from)}
                    </th>
                    <td class="nowrap num">{ui.time(point.to)}</td>
                    {cell(None, point.sign_ins)}
                    {cell(Some(MfaResult::Satisfied), point.satisfied)}
                    {cell(Some(MfaResult::Denied), point.denied)}
                    {cell(Some(MfaResult::Pending), point.pending)}
                    {cell(Some(MfaResult::Unknown), point.unknown)}
                </tr>
            }
        })
        .collect_view();
    let label = t!(ui, overview.table_of, title = title);
    let table = view! {
        <table>
            <caption class="visually-hidden">{label.clone()}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, range.from)}</th>
                    <th scope="col">{t!(ui, range.to)}</th>
                    {number_heading(t!(ui, usage_column.sign_ins))}
                    {number_heading(ui.mfa_result(MfaResult::Satisfied))}
                    {number_heading(ui.mfa_result(MfaResult::Denied))}
                    {number_heading(ui.mfa_result(MfaResult::Pending))}
                    {number_heading(ui.mfa_result(MfaResult::Unknown))}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    as_table(ui, "over-time", false, &label, parts.download("history"), table)
}
