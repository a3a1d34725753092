//! Cells of histories: what somebody wrote, when it was, and what stands where a record says nothing.

use domain::instant::Instant;
use leptos::prelude::*;

use crate::language::{Ui, t};

/// What somebody wrote; "not recorded" where a record could say it and does not.
pub fn text(ui: &Ui, text: Option<&str>) -> AnyView {
    let content = match text {
        Some(text) => view! { <span>{text.to_owned()}</span> }.into_any(),
        None => nothing(ui),
    };
    view! { <td class="reason">{content}</td> }.into_any()
}

/// An instant to the second; blank before there is one.
pub fn time(ui: &Ui, at: Option<Instant>) -> AnyView {
    let at = at.map(|at| ui.second(at));
    view! { <td class="nowrap num">{at}</td> }.into_any()
}

/// An instant, and beneath it what is told of it.
pub fn time_with(ui: &Ui, at: Option<Instant>, lines: impl IntoIterator<Item = Option<String>>) -> AnyView {
    let at = at.map(|at| view! { <span class="nowrap num">{ui.second(at)}</span> });
    let lines = lines.into_iter().flatten().map(|line| view! { <span class="beneath">{line}</span> }).collect_view();
    view! { <td>{at} {lines}</td> }.into_any()
}

/// Where a record could say something and does not.
pub fn nothing(ui: &Ui) -> AnyView {
    view! { <span class="not-recorded">{t!(ui, mfa.not_recorded)}</span> }.into_any()
}
