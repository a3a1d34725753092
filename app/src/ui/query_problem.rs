//! What is wrong with a parameter, in the viewer's language.

use domain::query::{ProblemKind, QueryProblem, UserFlag};
use leptos::prelude::*;

use crate::language::{Ui, t};

/// Where the message about a wrong parameter stands.
pub const PROBLEM_ID: &str = "parameter-problem";

/// The name of a parameter's control, or the parameter itself where it has none.
pub fn parameter_label(ui: &Ui, parameter: &str) -> String {
    if let Ok(flag) = parameter.parse::<UserFlag>() {
        return ui.flag(flag).to_owned();
    }
    match parameter {
        "population" => t!(ui, population.label),
        "range" => t!(ui, range.label),
        "from" => t!(ui, range.from),
        "to" => t!(ui, range.to),
        "as_of" => t!(ui, range.as_of),
        "q" => t!(ui, list.search),
        "compare" => t!(ui, compare.label),
        "columns" => t!(ui, list.columns),
        "method" => t!(ui, overview.method),
        "method_class" => t!(ui, method_class.label),
        "feature" => t!(ui, event_column.feature),
        "status" => t!(ui, event_column.status),
        "user" => t!(ui, events.user),
        "component" => t!(ui, activity_column.component),
        "authenticated" => t!(ui, activity_column.authenticated),
        "call_result" => t!(ui, activity_column.call_result),
        "blocked" => t!(ui, fraud_column.blocked),
        "kind" => t!(ui, reason_column.kind),
        "actor" => t!(ui, reason_column.actor),
        "action" => t!(ui, access_column.action),
        "outcome" => t!(ui, access_column.outcome),
        "actor_kind" => t!(ui, access_column.actor_kind),
        "challenged" => t!(ui, usage_column.challenged),
        "unable" => t!(ui, usage_column.unable),
        "tab" => t!(ui, sign_in_details.tab),
        // What filters of sign-ins are called is what their columns are.
        other => other.parse().map_or(other, |column| ui.sign_in_column(column)),
    }
    .to_owned()
}

/// The problem in a sentence; parameters and values stand as in the URL.
pub fn sentence(ui: &Ui, problem: &QueryProblem) -> String {
    let name = problem.parameter.clone();
    match problem.kind.clone() {
        ProblemKind::UnknownParameter => t!(ui, problem.unknown_parameter, name = name),
        ProblemKind::UnknownValue { given, allowed } => {
            t!(ui, problem.unknown_value, name = name, given = given, allowed = allowed.join(", "))
        }
        ProblemKind::NotAnInstant { given } => t!(ui, problem.not_an_instant, name = name, given = given),
        ProblemKind::NotAZone { given } => t!(ui, problem.not_a_zone, name = name, given = given),
        ProblemKind::NotInRange { given, min, max } => {
            t!(ui, problem.not_in_range, name = name, given = given, min = ui.number(min), max = ui.number(max))
        }
        ProblemKind::Repeated => t!(ui, problem.repeated, name = name),
        ProblemKind::RangeAndWindow => t!(ui, problem.range_and_window).to_owned(),
        ProblemKind::HalfAWindow => t!(ui, problem.half_a_window, name = name),
        ProblemKind::EmptyWindow => t!(ui, problem.empty_window).to_owned(),
        ProblemKind::NotACursor => t!(ui, problem.not_a_cursor, name = name),
        ProblemKind::TooLong { max } => t!(ui, problem.too_long, name = name, max = max),
    }
}

/// The message where a page has no filter bar.
pub fn message(ui: &Ui, problem: &QueryProblem) -> AnyView {
    view! {
        <p class="field-problem" id=PROBLEM_ID role="alert">
            <b>{parameter_label(ui, &problem.parameter)}</b>
            ": "
            {sentence(ui, problem)}
        </p>
    }
    .into_any()
}
