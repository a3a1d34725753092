//! Conditional Access: what it made of the sign-in, policy by policy. A record that says nothing is no empty list.

use domain::report::SignInReport;
use domain::sign_in::{AppliedPolicy, ConditionalAccessResult};
use leptos::prelude::*;

use crate::language::{Ui, t};
use crate::ui::section::section;
use crate::ui::state;
use crate::ui::table::scroller;

pub fn view(ui: &Ui, sign_in: &SignInReport) -> AnyView {
    let title = t!(ui, required_by.conditional_access);
    let access = sign_in.conditional_access.as_ref();
    let result = access.map_or(ConditionalAccessResult::Unknown, |access| access.result);
    let result = t!(ui, sign_in_details.ca_result, result = ui.ca_result(result));
    let policies = match access.and_then(|access| access.policies.as_deref()) {
        None => view! { <p class="card-text">{t!(ui, sign_in_details.no_policies_known)}</p> }.into_any(),
        Some([]) => view! { <p class="card-text">{t!(ui, sign_in_details.no_policies)}</p> }.into_any(),
        Some(policies) => table(ui, title, policies),
    };
    section(title, result, policies)
}

fn table(ui: &Ui, title: &'static str, policies: &[AppliedPolicy]) -> AnyView {
    let rows = policies
        .iter()
        .map(|policy| {
            let name = policy.name.clone().or_else(|| policy.id.clone());
            let name = name.unwrap_or_else(|| t!(ui, answer.unknown).to_owned());
            let id = policy.id.clone().filter(|_| policy.name.is_some());
            view! {
                <tr>
                    <th scope="row">{name} <span class="beneath code">{id}</span></th>
                    <td>{state::words(ui, policy.grant_controls.as_deref())}</td>
                    <td>{state::words(ui, policy.session_controls.as_deref())}</td>
                    <td>{result(ui, policy.result.as_deref())}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, sign_ins.policy)}</th>
                    <th scope="col">{t!(ui, sign_in_details.grant_controls)}</th>
                    <th scope="col">{t!(ui, sign_in_details.session_controls)}</th>
                    <th scope="col">{t!(ui, sign_in_details.result)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroller(title, table)
}

/// In our words where there are some, else as the record has it.
fn result(ui: &Ui, raw: Option<&str>) -> AnyView {
    let Some(raw) = raw else {
        return view! { <span class="state unknown">{t!(ui, answer.unknown)}</span> }.into_any();
    };
    let class = match raw.to_ascii_lowercase().as_str() {
        "success" | "reportonlysuccess" => "state yes",
        "failure" | "reportonlyfailure" => "state bad",
        "reportonlyinterrupted" => "state open",
        "unknown" => "state unknown",
        _ => "state no",
    };
    match ui.policy_result(raw) {
        Some(word) => view! { <span class=class>{word}</span> }.into_any(),
        None => view! { <span class="tag raw">{raw.to_owned()}</span> }.into_any(),
    }
}
