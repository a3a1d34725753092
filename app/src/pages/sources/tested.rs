//! What a test of a connection found out.

use domain::connection::Probe;
use leptos::prelude::*;

use crate::language::{Ui, t};
use crate::ui::table::scroller;

pub fn view(ui: &Ui, probe: &Probe) -> AnyView {
    if let Some(problem) = &probe.problem {
        let sentence = ui.pull_problem(problem);
        return view! {
            <p class="field-problem" role="alert">
                {sentence}
            </p>
        }
        .into_any();
    }
    let row = |what: &'static str, is_fine: Option<bool>, sentence: String| {
        let answer = match is_fine {
            Some(true) => t!(ui, answer.yes),
            Some(false) => t!(ui, answer.no),
            None => t!(ui, answer.unknown),
        };
        view! {
            <tr>
                <th scope="row">{what}</th>
                <td>{answer}</td>
                <td>{sentence}</td>
            </tr>
        }
    };
    let resources = probe.resources.iter().map(|one| {
        let sentence = one.problem.as_ref().map_or_else(String::new, |problem| ui.pull_problem(problem));
        row(ui.resource(one.resource), Some(one.problem.is_none()), sentence)
    });
    let details = row(
        t!(ui, connection.mfa_details),
        Some(!probe.without_details),
        if probe.without_details { t!(ui, connection.without_details).to_owned() } else { String::new() },
    );
    let policies = match probe.policies {
        Some(true) => String::new(),
        Some(false) => t!(ui, connection.policies_missing).to_owned(),
        None => t!(ui, connection.policies_unknown).to_owned(),
    };
    let policies = row(t!(ui, connection.policies), probe.policies, policies);
    let label = t!(ui, connection.tested);
    let table = view! {
        <table>
            <caption class="visually-hidden">{label}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, connection.resource)}</th>
                    <th scope="col">{t!(ui, connection.readable)}</th>
                    <th scope="col">{t!(ui, connection.why)}</th>
                </tr>
            </thead>
            <tbody>{resources.collect_view()} {details} {policies}</tbody>
        </table>
    };
    view! {
        <p class="notice" role="status">
            {label}
        </p>
        {scroller(label, table)}
    }
    .into_any()
}
