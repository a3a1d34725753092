//! The most common issues: what kept challenged sign-ins from going through, who must act, and what to do.

use domain::reason::{self, ReasonKind};
use domain::report::Issue;
use leptos::prelude::*;

use super::Parts;
use crate::figures::list_href;
use crate::language::t;
use crate::ui::counts::{Count, Counts};

const MOST_COMMON: usize = 10;

pub fn issues(parts: &Parts<'_>) -> AnyView {
    let (ui, usage) = (parts.ui, parts.usage);
    let title = t!(ui, usage.issues);
    let unmet = parts.figures.unmet();
    let results = usage.challenge_results;
    let shown: i64 = usage.issues.iter().take(MOST_COMMON).map(|issue| issue.count).sum();
    let rest = results.denied + results.pending - shown;
    let foot = (rest > 0).then(|| {
        view! { <p class="card-foot small quiet">{t!(ui, usage.issues_more, count = rest, n = ui.number(rest))}</p> }
    });
    Counts {
        id: "issues",
        title,
        counted: parts.counted(title, t!(ui, usage.explain_issues), &unmet),
        headings: vec![t!(ui, usage_column.issue), t!(ui, usage_column.actor), t!(ui, usage_column.next)],
        rows: usage.issues.iter().take(MOST_COMMON).map(|issue| row(parts, issue)).collect(),
        whole: Count {
            label: t!(ui, usage.all_issues).into_any(),
            more: vec![().into_any(), ().into_any()],
            n: results.denied + results.pending,
            href: Some(list_href(&unmet)),
        },
        nothing: t!(ui, usage.no_issues),
        foot: foot.into_any(),
    }
    .view(ui)
}

fn row(parts: &Parts<'_>, issue: &Issue) -> Count {
    let ui = parts.ui;
    let code = match (issue.mfa_status, issue.error_code) {
        (Some(status), _) => Some((ReasonKind::Status, status.to_string(), ui.mfa_status(status).to_owned())),
        (None, Some(code)) => Some((ReasonKind::ErrorCode, code.to_string(), ui.error_code(code))),
        (None, None) => None,
    };
    let label = match &code {
        Some((kind, code, label)) => {
            let href = list_href(&parts.figures.reason(*kind, code));
            view! { <a href=href>{label.clone()}</a> }.into_any()
        }
        None => t!(ui, mfa_result.no_text).into_any(),
    };
    let reason =
        code.as_ref().and_then(|(kind, code, _)| reason::reasons().iter().find(|r| r.kind == *kind && r.code == *code));
    let text = code.as_ref().and_then(|(kind, code, _)| ui.reason(*kind, code));
    let actor = reason.map(|reason| ui.actor(reason.actor));
    let next = text.map(|text| view! { <p class="reason small">{text.next.clone()}</p> });
    Count {
        label,
        more: vec![actor.into_any(), next.into_any()],
        n: issue.count,
        href: parts.figures.issue(issue).as_ref().map(list_href),
    }
}
