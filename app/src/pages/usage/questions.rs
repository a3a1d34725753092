//! The questions that one number answers: challenged sign-ins, users challenged, users who cannot complete MFA.

use domain::answer::Answer;
use domain::query::{SignInsQuery, UserUsageFilters};
use domain::report::Tally;
use leptos::prelude::*;

use super::Parts;
use crate::figures::list_href;
use crate::language::t;
use crate::ui::tile::{Insight, Tile};

pub fn tiles(parts: &Parts<'_>) -> AnyView {
    let ui = parts.ui;
    let figures = &parts.figures;
    let everybody = parts.usage.users.everybody;
    let of_all = t!(
        ui,
        usage.everybody,
        signed_in = ui.number(everybody.signed_in),
        challenged = ui.number(everybody.challenged),
        unable = ui.number(everybody.unable)
    );
    view! {
        <section class="tiles" aria-labelledby="questions-title">
            <h2 class="visually-hidden" id="questions-title">
                {t!(ui, usage.questions)}
            </h2>
            {sign_ins(parts).view(ui)}
            {users_challenged(parts).view(ui)}
            {users_unable(parts).view(ui)}
        </section>
        <div class="bar">
            <a class="pill" href=list_href(&figures.users_with_sign_ins(UserUsageFilters::default()))>
                {t!(ui, usage.per_user)}
            </a>
            <a class="pill" href=list_href(&figures.applications())>
                {t!(ui, usage.per_app)}
            </a>
            <a class="pill" href=list_href(&figures.all_sign_ins())>
                {t!(ui, usage.all_sign_ins)}
            </a>
            <p class="small quiet">{of_all}</p>
        </div>
    }
    .into_any()
}

/// Was the sign-in challenged?
fn sign_ins(parts: &Parts<'_>) -> Tile {
    let (ui, usage, figures) = (parts.ui, parts.usage, &parts.figures);
    let insight = |label: &'static str, n: i64, query: &SignInsQuery| Insight { label, n, href: list_href(query) };
    let challenged = figures.challenged();
    let title = t!(ui, usage.was_challenged);
    Tile {
        title,
        explanation: t!(ui, usage.challenged_means),
        tally: Tally {
            yes: usage.challenged,
            no: usage.sign_ins.total - usage.challenged - usage.required.unknown,
            unknown: usage.required.unknown,
        },
        href: list_href(&challenged),
        insights: vec![
            insight(
                t!(ui, usage.required_not_challenged),
                usage.required.yes - usage.challenged,
                &figures.required_not_challenged(),
            ),
            insight(t!(ui, usage.not_required), usage.required.no, &figures.required(Answer::No)),
            insight(t!(ui, usage.requirement_unknown), usage.required.unknown, &figures.required(Answer::Unknown)),
        ],
        counted: parts.counted(title, t!(ui, usage.explain_challenged), &challenged),
        movement: None,
        is_known: true,
    }
}

/// How many users are challenged?
fn users_challenged(parts: &Parts<'_>) -> Tile {
    let (ui, users) = (parts.ui, parts.usage.users);
    let challenged = UserUsageFilters { challenged: Some(true), ..UserUsageFilters::default() };
    let with_any = list_href(&parts.figures.users_with_sign_ins(UserUsageFilters::default()));
    let insights = vec![Insight { label: t!(ui, usage.signed_in), n: users.signed_in, href: with_any }];
    let explanation = t!(ui, usage.users_challenged_means);
    let rule = t!(ui, usage.explain_users_challenged);
    of_users(parts, t!(ui, usage.users_challenged), explanation, rule, users.challenged, challenged, insights)
}

/// How many users cannot complete the challenge?
fn users_unable(parts: &Parts<'_>) -> Tile {
    let (ui, users) = (parts.ui, parts.usage.users);
    let unable = UserUsageFilters { unable: Some(true), ..UserUsageFilters::default() };
    let challenged = UserUsageFilters { challenged: Some(true), ..UserUsageFilters::default() };
    let challenged = list_href(&parts.figures.users_with_sign_ins(challenged));
    let insights = vec![Insight { label: t!(ui, usage.challenged_at_all), n: users.challenged, href: challenged }];
    let explanation = t!(ui, usage.users_unable_means);
    let rule = t!(ui, usage.explain_users_unable);
    of_users(parts, t!(ui, usage.users_unable), explanation, rule, users.unable, unable, insights)
}

/// n of the population's N.
fn of_users(
    parts: &Parts<'_>,
    title: &'static str,
    explanation: &'static str,
    rule: &'static str,
    n: i64,
    filters: UserUsageFilters,
    insights: Vec<Insight>,
) -> Tile {
    let href = list_href(&parts.figures.users_with_sign_ins(filters));
    Tile {
        title,
        explanation,
        tally: Tally { yes: n, no: parts.usage.population.size - n, unknown: 0 },
        insights,
        counted: parts.explanations.of_users_signing_in(parts.ui, title, rule, href.clone()),
        href,
        movement: None,
        is_known: true,
    }
}
