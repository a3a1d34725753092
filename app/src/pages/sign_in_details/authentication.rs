//! Authentication Details: every step in its order.

use domain::answer::Answer;
use domain::query::Report;
use domain::reason::ReasonKind;
use domain::report::{SignInReport, StepItem};
use leptos::prelude::*;

use crate::figures::{Figures, list_href};
use crate::language::{Ui, t};
use crate::ui::cells::{answer, known, text};
use crate::ui::section::section;
use crate::ui::table::scroller;

pub fn view(ui: &Ui, report: &Report, sign_in: &SignInReport) -> AnyView {
    let title = t!(ui, sign_in_details.authentication);
    let steps = match sign_in.steps.as_deref() {
        None => return section(title, t!(ui, sign_in_details.no_steps_known).to_owned(), ().into_any()),
        Some([]) => return section(title, t!(ui, sign_in_details.no_steps).to_owned(), ().into_any()),
        Some(steps) => steps,
    };
    let rows = (1..).zip(steps).map(|(n, step)| row(ui, report, n, step)).collect_view();
    let headings = [
        t!(ui, sign_in_column.at),
        t!(ui, sign_in_column.method),
        t!(ui, sign_in_column.detail),
        t!(ui, sign_in_details.succeeded),
        t!(ui, sign_in_details.result),
        t!(ui, sign_in_details.step_requirement),
    ];
    let headings = headings.map(|heading| view! { <th scope="col">{heading}</th> }).into_iter().collect_view();
    let table = view! {
        <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, sign_in_details.step)}</th>
                    {headings}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let count = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    section(title, t!(ui, sign_in_details.steps, count = count, n = ui.number(count)), scroller(title, table))
}

fn row(ui: &Ui, report: &Report, n: i64, step: &StepItem) -> AnyView {
    let at = step.at.map(|at| ui.second(at));
    let meaning = step.mfa_status.map(|status| {
        let reason = list_href(&Figures::of(report, report.as_of).reason(ReasonKind::Status, status.as_str()));
        view! {
            <span class="beneath">
                <a href=reason>{ui.mfa_status(status)}</a>
            </span>
        }
    });
    view! {
        <tr>
            <th scope="row" class="num">
                {ui.number(n)}
            </th>
            <td class="nowrap num">{at}</td>
            {known(ui, step.method.clone())}
            {text(step.detail.clone())}
            {answer(ui, Answer::from(step.succeeded))}
            <td class="reason">{step.result.clone()} {meaning}</td>
            {text(step.requirement.clone())}
        </tr>
    }
    .into_any()
}
