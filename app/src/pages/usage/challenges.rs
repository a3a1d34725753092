//! How users completed MFA, by method, and why they could not, by status.

use charts::{Bar, BarChart, Segment};
use domain::query::SignInsQuery;
use domain::reason::ReasonKind;
use domain::report::{SecondFactorCounts, StatusCount};
use domain::sign_in::MfaResult;
use leptos::prelude::*;

use super::Parts;
use crate::figures::list_href;
use crate::language::t;
use crate::ui::bars::{as_table, drawing};
use crate::ui::cells;
use crate::ui::table::number_heading;

/// Bars of reasons beyond these are short, and stand in the table.
const MOST_BARS: usize = 8;

pub fn charts(parts: &Parts<'_>) -> AnyView {
    view! {
        <section class="charts" aria-labelledby="challenges-title">
            <h2 class="visually-hidden" id="challenges-title">
                {t!(parts.ui, usage.challenges)}
            </h2>
            {completed(parts)}
            {denied(parts)}
        </section>
    }
    .into_any()
}

struct Card {
    id: &'static str,
    title: &'static str,
    subtitle: String,
    counted: AnyView,
    bars: Vec<Bar>,
    sentence: String,
    keys: AnyView,
    list: (String, &'static str),
    table: AnyView,
}

impl Card {
    fn view(self) -> AnyView {
        let chart = BarChart { id: self.id.to_owned(), bars: self.bars };
        let picture = if chart.bars.is_empty() { ().into_any() } else { drawing(&chart) };
        let title_id = format!("chart-{}", self.id);
        view! {
            <section class="card chart" aria-labelledby=title_id.clone()>
                <div class="chart-head">
                    <h3 id=title_id.clone()>{self.title}</h3>
                    {self.counted}
                </div>
                <p class="chart-sub">{self.subtitle}</p>
                {picture}
                <p class="chart-sentence small quiet">{self.sentence}</p>
                <div class="chart-foot">
                    {self.keys} <a class="push" href=self.list.0>
                        {self.list.1}
                    </a>
                </div>
                {self.table}
            </section>
        }
        .into_any()
    }
}

fn completed(parts: &Parts<'_>) -> AnyView {
    let (ui, usage, figures) = (parts.ui, parts.usage, &parts.figures);
    let results = usage.challenge_results;
    let sentence = if results.total() == 0 {
        t!(ui, usage.nobody_challenged).to_owned()
    } else {
        t!(
            ui,
            usage.completed_sentence,
            total = ui.number(results.total()),
            satisfied = ui.number(results.satisfied),
            denied = ui.number(results.denied),
            pending = ui.number(results.pending),
            unknown = ui.number(results.unknown)
        )
    };
    let title = t!(ui, usage.how_completed);
    Card {
        id: "methods",
        title,
        subtitle: t!(ui, usage.how_completed_sub, window = ui.days(usage.window)),
        counted: parts.counted(title, t!(ui, usage.explain_completed), &figures.challenge(MfaResult::Satisfied)),
        bars: usage
            .methods
            .iter()
            .filter(|counts| counts.satisfied + counts.denied > 0)
            .map(|counts| bar(parts, counts))
            .collect(),
        sentence,
        keys: view! {
            <span class="key">{ui.mfa_result(MfaResult::Satisfied)}</span>
            <span class="key bad">{ui.mfa_result(MfaResult::Denied)}</span>
        }
        .into_any(),
        list: (list_href(&figures.challenged()), t!(ui, usage.list_of_challenged)),
        table: methods_table(parts, title),
    }
    .view()
}

fn bar(parts: &Parts<'_>, counts: &SecondFactorCounts) -> Bar {
    let label = parts.ui.second_factor(counts.method);
    let segment = |result, value| {
        let query = parts.figures.second_factor(counts.method, Some(result));
        segment(parts, label, result, value, &query)
    };
    Bar {
        label: label.to_owned(),
        success: segment(MfaResult::Satisfied, counts.satisfied),
        failure: segment(MfaResult::Denied, counts.denied),
        previous: None,
    }
}

fn segment(parts: &Parts<'_>, label: &'static str, result: MfaResult, value: i64, query: &SignInsQuery) -> Segment {
    let ui = parts.ui;
    let n = ui.number(value);
    let name = t!(ui, usage.bar, what = label, n = n.clone(), result = ui.mfa_result(result));
    Segment { value, text: n, href: list_href(query), name }
}

fn methods_table(parts: &Parts<'_>, title: &'static str) -> AnyView {
    let (ui, usage) = (parts.ui, parts.usage);
    if usage.methods.is_empty() {
        return ().into_any();
    }
    let rows = usage
        .methods
        .iter()
        .map(|counts| {
            let cell = |result: Option<MfaResult>, n: i64| {
                cells::number(ui, n, Some(list_href(&parts.figures.second_factor(counts.method, result))))
            };
            let all = counts.satisfied + counts.denied + counts.pending + counts.unknown;
            view! {
                <tr>
                    <th scope="row">{ui.second_factor(counts.method)}</th>
                    {cell(Some(MfaResult::Satisfied), counts.satisfied)}
                    {cell(Some(MfaResult::Denied), counts.denied)}
                    {cell(Some(MfaResult::Pending), counts.pending)}
                    {cell(Some(MfaResult::Unknown), counts.unknown)}
                    {cell(None, all)}
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
                    <th scope="col">{t!(ui, sign_in_column.method)}</th>
                    {number_heading(ui.mfa_result(MfaResult::Satisfied))}
                    {number_heading(ui.mfa_result(MfaResult::Denied))}
                    {number_heading(ui.mfa_result(MfaResult::Pending))}
                    {number_heading(ui.mfa_result(MfaResult::Unknown))}
                    {number_heading(t!(ui, overview.total))}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    as_table(ui, "methods", false, &label, parts.download("methods"), table)
}

fn denied(parts: &Parts<'_>) -> AnyView {
    let (ui, usage, figures) = (parts.ui, parts.usage, &parts.figures);
    let statuses: Vec<&StatusCount> =
        usage.statuses.iter().filter(|count| count.mfa_result == MfaResult::Denied).collect();
    let n = usage.results.denied;
    let sentence = match statuses.len() {
        0 => t!(ui, usage.nobody_denied).to_owned(),
        all if all > MOST_BARS => t!(ui, usage.denied_most, count = n, n = ui.number(n), bars = MOST_BARS),
        _ => t!(ui, usage.denied, count = n, n = ui.number(n)),
    };
    let bars = statuses.iter().take(MOST_BARS).map(|count| {
        let label = ui.status_text(count.mfa_status.into());
        let nothing = Segment { value: 0, text: String::new(), href: String::new(), name: String::new() };
        let failure = segment(parts, label, count.mfa_result, count.count, &figures.status(count));
        Bar { label: label.to_owned(), success: nothing, failure, previous: None }
    });
    let all = figures.result(MfaResult::Denied);
    let title = t!(ui, usage.why_unable);
    Card {
        id: "reasons",
        title,
        subtitle: t!(ui, usage.why_unable_sub, window = ui.days(usage.window)),
        counted: parts.counted(title, t!(ui, usage.explain_denied), &all),
        bars: bars.collect(),
        sentence,
        keys: view! { <span class="key bad">{ui.mfa_result(MfaResult::Denied)}</span> }.into_any(),
        list: (list_href(&all), t!(ui, usage.list_of_denied)),
        table: denied_table(parts, title, &statuses),
    }
    .view()
}

fn denied_table(parts: &Parts<'_>, title: &'static str, statuses: &[&StatusCount]) -> AnyView {
    let ui = parts.ui;
    if statuses.is_empty() {
        return ().into_any();
    }
    let rows = statuses
        .iter()
        .map(|count| {
            view! {
                <tr>
                    <th scope="row">{status_label(parts, count)}</th>
                    {cells::number(ui, count.count, Some(list_href(&parts.figures.status(count))))}
                    <td class="n quiet">{ui.share(count.count, parts.usage.results.denied)}</td>
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
                    <th scope="col">{t!(ui, sign_in_column.mfa_status)}</th>
                    {number_heading(t!(ui, usage_column.sign_ins))}
                    {number_heading(t!(ui, usage_column.share))}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    as_table(ui, "reasons", false, &label, parts.download("statuses"), table)
}

/// The status, which leads to what it means and who must act.
pub fn status_label(parts: &Parts<'_>, count: &StatusCount) -> AnyView {
    let label = parts.ui.status_text(count.mfa_status.into());
    match count.mfa_status {
        Some(status) => {
            let reason = list_href(&parts.figures.reason(ReasonKind::Status, status.as_str()));
            view! { <a href=reason>{label}</a> }.into_any()
        }
        None => label.into_any(),
    }
}
