//! Answers, methods and outcomes inside tables.

use domain::answer::Answer;
use domain::method::{AuthMethod, MethodSet};
use domain::record::Outcome;
use domain::sign_in::{ConditionalAccessResult, MfaResult, SecondFactor, SignInStatus};
use leptos::prelude::*;

use crate::language::{Ui, t};

/// Filled dot yes, ring no, dotted ring and italics unknown.
pub fn answer(ui: &Ui, answer: Answer) -> impl IntoView + use<> {
    let class = match answer {
        Answer::Yes => "state yes",
        Answer::No => "state no",
        Answer::Unknown => "state unknown",
    };
    view! { <span class=class>{ui.answer(answer)}</span> }
}

/// Filled dot success; a failure is hatched, orange, and says so.
pub fn outcome(ui: &Ui, outcome: Outcome) -> impl IntoView + use<> {
    let class = match outcome {
        Outcome::Success => "state yes",
        Outcome::Failure => "state bad",
    };
    view! { <span class=class>{ui.status(outcome)}</span> }
}

/// Filled dot through, hatched failed, half a dot stopped on the way.
pub fn sign_in(ui: &Ui, status: SignInStatus) -> impl IntoView + use<> {
    let class = match status {
        SignInStatus::Success => "state yes",
        SignInStatus::Failure => "state bad",
        SignInStatus::Interrupted => "state open",
        SignInStatus::Unknown => "state unknown",
    };
    view! { <span class=class>{ui.sign_in_status(status)}</span> }
}

/// The same of the second factor; a ring where none was required.
pub fn mfa_result(ui: &Ui, result: MfaResult) -> impl IntoView + use<> {
    let class = match result {
        MfaResult::Satisfied => "state yes",
        MfaResult::Denied => "state bad",
        MfaResult::Pending => "state open",
        MfaResult::None => "state no",
        MfaResult::Unknown => "state unknown",
    };
    view! { <span class=class>{ui.mfa_result(result)}</span> }
}

/// The same of Conditional Access; a ring where no policy applied.
pub fn conditional_access(ui: &Ui, result: ConditionalAccessResult) -> impl IntoView + use<> {
    let class = match result {
        ConditionalAccessResult::Success => "state yes",
        ConditionalAccessResult::Failure => "state bad",
        ConditionalAccessResult::NotApplied => "state no",
        ConditionalAccessResult::Unknown => "state unknown",
    };
    view! { <span class=class>{ui.ca_result(result)}</span> }
}

/// The method of a second factor, with its recorded name where the method is not one of ours.
pub fn second_factor(ui: &Ui, factor: SecondFactor, raw: Option<&str>) -> AnyView {
    match factor {
        SecondFactor::Method(used) => method(ui, used, raw),
        SecondFactor::None => view! { <span class="quiet small">{ui.second_factor(factor)}</span> }.into_any(),
    }
}

/// Words of a record as tags; none of them, or nothing said at all, look otherwise.
pub fn words(ui: &Ui, words: Option<&[String]>) -> AnyView {
    match words {
        None => view! { <span class="state unknown">{t!(ui, answer.unknown)}</span> }.into_any(),
        Some([]) => view! { <span class="quiet small">{t!(ui, list.none)}</span> }.into_any(),
        Some(words) => {
            let tags = words.iter().map(|word| view! { <li class="tag">{word.clone()}</li> }).collect_view();
            view! { <ul class="tags">{tags}</ul> }.into_any()
        }
    }
}

/// Methods as tags; names that no vocabulary knows stand as they came.
pub fn methods(ui: &Ui, methods: Option<&MethodSet>) -> AnyView {
    let Some(methods) = methods else {
        return view! { <span class="state unknown">{t!(ui, answer.unknown)}</span> }.into_any();
    };
    if methods.is_empty() {
        return view! { <span class="quiet small">{t!(ui, list.none)}</span> }.into_any();
    }
    let raw = methods.raw().iter().map(|name| view! { <li class="tag raw">{name.clone()}</li> }).collect_view();
    let known = methods
        .iter()
        .filter(|method| *method != AuthMethod::Unknown || methods.raw().is_empty())
        .map(|method| view! { <li class=tag_class(method)>{ui.method(method)}</li> })
        .collect_view();
    view! { <ul class="tags">{known} {raw}</ul> }.into_any()
}

/// One method of an event, with its recorded name where the method is not one of ours.
pub fn method(ui: &Ui, method: AuthMethod, raw: Option<&str>) -> AnyView {
    match (method, raw) {
        (AuthMethod::Unknown, Some(raw)) => {
            let title = ui.method(method);
            view! {
                <span class="tag raw" title=title>
                    {raw.to_owned()}
                </span>
            }
            .into_any()
        }
        _ => view! { <span class=tag_class(method)>{ui.method(method)}</span> }.into_any(),
    }
}

const fn tag_class(method: AuthMethod) -> &'static str {
    if method.is_phishing_resistant() {
        "tag strong"
    } else if method.is_sms_or_voice() {
        "tag weak"
    } else {
        "tag"
    }
}
