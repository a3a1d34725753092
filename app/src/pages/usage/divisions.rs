//! Sign-ins divided by one fact each, and MFA that was skipped.

use domain::answer::Answer;
use domain::sign_in::{Component, MfaResult, SignInStatus};
use leptos::prelude::*;

use super::Parts;
use super::challenges::status_label;
use crate::figures::list_href;
use crate::language::t;
use crate::ui::counts::{Count, Counts};
use crate::ui::state;

pub fn divisions(parts: &Parts<'_>) -> AnyView {
    let ui = parts.ui;
    view! {
        <section class="divisions" aria-labelledby="divisions-title">
            <h2 id="divisions-title">{t!(ui, usage.divisions)}</h2>
            <div class="cards">
                {by_requirement(parts)} {by_sign_in_status(parts)} {by_required_by(parts)} {by_result(parts)}
                {skipped(parts)} {components(parts)}
            </div>
            {by_status(parts)}
        </section>
    }
    .into_any()
}

/// All sign-ins, as the last row.
fn all(parts: &Parts<'_>) -> Count {
    let all = list_href(&parts.figures.all_sign_ins());
    Count::new(t!(parts.ui, usage.all_sign_ins), parts.usage.sign_ins.total, all)
}

fn by_requirement(parts: &Parts<'_>) -> AnyView {
    let (ui, required) = (parts.ui, parts.usage.required);
    let row = |answer, n| Count::new(ui.answer(answer), n, list_href(&parts.figures.required(answer)));
    let title = t!(ui, usage.by_requirement);
    Counts {
        id: "by-requirement",
        title,
        counted: parts.counted(title, t!(ui, usage.explain_required), &parts.figures.all_sign_ins()),
        headings: vec![t!(ui, sign_in_column.mfa_required)],
        rows: vec![
            row(Answer::Yes, required.yes),
            row(Answer::No, required.no),
            row(Answer::Unknown, required.unknown),
        ],
        whole: all(parts),
        nothing: "",
        foot: ().into_any(),
    }
    .view(ui)
}

fn by_required_by(parts: &Parts<'_>) -> AnyView {
    let (ui, usage) = (parts.ui, parts.usage);
    let required = parts.figures.required(Answer::Yes);
    let title = t!(ui, usage.by_required_by);
    let row = |count: &domain::report::RequiredByCount| {
        Count::new(
            ui.required_by(count.required_by),
            count.count,
            list_href(&parts.figures.required_by(count.required_by)),
        )
    };
    Counts {
        id: "by-required-by",
        title,
        counted: parts.counted(title, t!(ui, usage.explain_required_by), &required),
        headings: vec![t!(ui, sign_in_column.required_by)],
        rows: usage.required_by.iter().map(row).collect(),
        whole: Count::new(t!(ui, usage.all_required), usage.required.yes, list_href(&required)),
        nothing: t!(ui, usage.nothing_required),
        foot: ().into_any(),
    }
    .view(ui)
}

fn by_result(parts: &Parts<'_>) -> AnyView {
    let (ui, results) = (parts.ui, parts.usage.results);
    let row = |result, n| Count {
        label: state::mfa_result(ui, result).into_any(),
        more: Vec::new(),
        n,
        href: Some(list_href(&parts.figures.result(result))),
    };
    let title = t!(ui, usage.by_result);
    Counts {
        id: "by-result",
        title,
        counted: parts.counted(title, t!(ui, usage.explain_result), &parts.figures.all_sign_ins()),
        headings: vec![t!(ui, sign_in_column.mfa_result)],
        rows: vec![
            row(MfaResult::Satisfied, results.satisfied),
            row(MfaResult::Denied, results.denied),
            row(MfaResult::Pending, results.pending),
            row(MfaResult::None, results.none),
            row(MfaResult::Unknown, results.unknown),
        ],
        whole: all(parts),
        nothing: "",
        foot: ().into_any(),
    }
    .view(ui)
}

fn by_sign_in_status(parts: &Parts<'_>) -> AnyView {
    let (ui, counts) = (parts.ui, parts.usage.sign_ins);
    let row = |status, n| Count {
        label: state::sign_in(ui, status).into_any(),
        more: Vec::new(),
        n,
        href: Some(list_href(&parts.figures.with_status(status))),
    };
    let title = t!(ui, usage.by_sign_in_status);
    Counts {
        id: "by-sign-in-status",
        title,
        counted: parts.counted(title, t!(ui, usage.explain_sign_in_status), &parts.figures.all_sign_ins()),
        headings: vec![t!(ui, sign_in_column.status)],
        rows: vec![
            row(SignInStatus::Success, counts.success),
            row(SignInStatus::Failure, counts.failure),
            row(SignInStatus::Interrupted, counts.interrupted),
            row(SignInStatus::Unknown, counts.unknown),
        ],
        whole: all(parts),
        nothing: "",
        foot: ().into_any(),
    }
    .view(ui)
}

/// MFA was satisfied and nobody was asked: why.
fn skipped(parts: &Parts<'_>) -> AnyView {
    let (ui, figures) = (parts.ui, &parts.figures);
    let statuses =
        || parts.usage.statuses.iter().filter(|count| count.mfa_result == MfaResult::Satisfied && !count.challenged);
    let title = t!(ui, usage.skipped);
    let row = |count| Count {
        label: status_label(parts, count),
        more: Vec::new(),
        n: count.count,
        href: Some(list_href(&figures.status(count))),
    };
    let total = statuses().map(|count| count.count).sum();
    Counts {
        id: "skipped",
        title,
        counted: parts.counted(title, t!(ui, usage.explain_skipped), &figures.skipped()),
        headings: vec![t!(ui, usage_column.why)],
        rows: statuses().map(row).collect(),
        whole: Count::new(t!(ui, usage.all_skipped), total, list_href(&figures.skipped())),
        nothing: t!(ui, usage.nothing_skipped),
        foot: ().into_any(),
    }
    .view(ui)
}

fn components(parts: &Parts<'_>) -> AnyView {
    let (ui, figures) = (parts.ui, &parts.figures);
    let title = t!(ui, usage.components);
    let is_on_premises = |count: &&domain::report::ComponentCount| count.component != Component::None;
    let row = |count: &domain::report::ComponentCount| {
        Count::new(ui.component(count.component), count.count, list_href(&figures.component(count.component)))
    };
    let foot = view! {
        <p class="card-foot small">
            <a href=list_href(&figures.activity())>{t!(ui, usage.to_activity)}</a>
        </p>
    };
    Counts {
        id: "components",
        title,
        counted: parts.counted(title, t!(ui, usage.explain_components), &figures.all_sign_ins()),
        headings: vec![t!(ui, sign_in_column.component)],
        rows: parts.usage.components.iter().filter(is_on_premises).map(row).collect(),
        whole: all(parts),
        nothing: t!(ui, usage.no_components),
        foot: foot.into_any(),
    }
    .view(ui)
}

/// Every result with every status text.
fn by_status(parts: &Parts<'_>) -> AnyView {
    let (ui, usage) = (parts.ui, parts.usage);
    let title = t!(ui, usage.by_status);
    let row = |count| Count {
        label: status_label(parts, count),
        more: vec![
            state::mfa_result(ui, count.mfa_result).into_any(),
            state::answer(ui, Answer::from(Some(count.challenged))).into_any(),
        ],
        n: count.count,
        href: Some(list_href(&parts.figures.status(count))),
    };
    Counts {
        id: "by-status",
        title,
        counted: parts.counted(title, t!(ui, usage.explain_status), &parts.figures.all_sign_ins()),
        headings: vec![
            t!(ui, sign_in_column.mfa_status),
            t!(ui, sign_in_column.mfa_result),
            t!(ui, usage_column.challenged),
        ],
        rows: usage.statuses.iter().map(row).collect(),
        whole: Count { more: vec![().into_any(), ().into_any()], ..all(parts) },
        nothing: "",
        foot: ().into_any(),
    }
    .view(ui)
}
