//! `/usage`: what happened to sign-ins and their second factor: the six questions, and what else there is to know.

use domain::instant::Instant;
use domain::query::{QueryProblem, Report, SignInsQuery, Span};
use domain::record::RecordKind;
use domain::report::Usage;
use domain::retention::Kept;
use domain::view::ViewPage;
use domain::window::Range;
use http::StatusCode;
use leptos::prelude::*;

use super::forgiving;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::address::Address;
use crate::explanations::Explanations;
use crate::figures::{Figures, href, list_href, pinned};
use crate::findings;
use crate::language::{Ui, t};
use crate::ui::empty;
use crate::ui::freshness::freshness;
use crate::ui::not_kept::not_kept;
use crate::ui::query_problem::message;
use crate::ui::range_control::Moment;
use crate::ui::report_head::{population_line, report_head};
use crate::ui::views_menu::views_menu;

pub mod applications;
mod challenges;
mod divisions;
mod issues;
mod over_time;
mod passwords;
mod questions;
#[cfg(test)]
mod tests;
pub mod users;

const PATH: &str = "/usage";

pub fn page() -> AnyView {
    page_for_viewers(content)
}

fn usage_href(report: &Report) -> String {
    href(PATH, &report.to_url())
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let now = asked.context.now;
    let (report, problem) = forgiving::parse(&asked.context.query, |query| Report::parse(query, now))?;
    let ui = asked.ui.clone().in_zone(report.tz.as_deref());
    if let Some(problem) = problem {
        return Ok(wrong(&ui, now, &report, &problem));
    }
    let usage = asked.reader().usage(&report).await?;
    let line = population_line(&ui, &asked.context.settings.organisation, &usage.population, None);
    let address = Address::new(PATH, &report.to_url());
    let views = views_menu(&ui, &asked.views().await, ViewPage::Usage, &address);
    let headline = if usage.not_kept.is_empty() {
        findings::usage(&ui, &usage)
    } else {
        t!(ui, retention.not_kept_title).to_owned()
    };
    let body = view! {
        {head(&ui, &report, headline, line, views, Moment { now, wrong: None })}
        <div class="contents" id="figures" data-swap="">
            {figures(&ui, &report, &usage)}
        </div>
    };
    Ok(Content::new(t!(ui, usage.title), body))
}

fn wrong(ui: &Ui, now: Instant, report: &Report, problem: &QueryProblem) -> Content {
    let title = t!(ui, problem.bad_title).to_owned();
    let body = view! {
        {head(ui, report, title, ().into_any(), ().into_any(), Moment { now, wrong: Some(&problem.parameter) })}
        {message(ui, problem)}
    };
    Content { status: StatusCode::BAD_REQUEST, ..Content::new(t!(ui, usage.title), body) }
}

fn head(ui: &Ui, report: &Report, headline: String, line: AnyView, more: AnyView, moment: Moment<'_>) -> AnyView {
    report_head(ui, report, headline, line, more, moment, usage_href)
}

/// What the parts of the page have in common.
struct Parts<'a> {
    ui: &'a Ui,
    report: &'a Report,
    usage: &'a Usage,
    figures: Figures,
    explanations: Explanations<'a>,
}

impl Parts<'_> {
    /// "How is this counted?" of a figure about everybody's sign-ins.
    fn counted(&self, figure: &str, rule: &'static str, rows: &SignInsQuery) -> AnyView {
        self.explanations.of_sign_ins(self.ui, figure, rule, list_href(rows))
    }

    /// Where a table of the page is a file.
    fn download(&self, table: &str) -> Option<String> {
        Some(href(&format!("/usage/{table}.csv"), &pinned(self.report, self.usage.as_of).to_url()))
    }
}

fn figures(ui: &Ui, report: &Report, usage: &Usage) -> AnyView {
    if usage.sources.is_empty() {
        return empty::no_data(ui);
    }
    let parts = Parts {
        ui,
        report,
        usage,
        figures: Figures::of(report, usage.as_of),
        explanations: Explanations::of(report, usage.as_of, &usage.population, &usage.sources, "/api/v1/usage"),
    };
    let has_sign_ins = usage.sources.iter().any(|source| source.source == RecordKind::SignIn);
    let is_gone = |data: Kept| usage.not_kept.iter().any(|gone| gone.data == data);
    let passwords = (!is_gone(Kept::Events)).then(|| passwords::passwords(&parts));
    let gone = (!usage.not_kept.is_empty()).then(|| not_kept(ui, &usage.not_kept));
    let sign_ins = if is_gone(Kept::SignIns) {
        ().into_any()
    } else if !has_sign_ins {
        empty::no_records(ui, t!(ui, sign_ins.no_data))
    } else if usage.sign_ins.total == 0 {
        nothing_then(ui, report, usage)
    } else {
        view! {
            {questions::tiles(&parts)}
            {challenges::charts(&parts)}
            {issues::issues(&parts)}
            {over_time::over_time(&parts)}
            {divisions::divisions(&parts)}
        }
        .into_any()
    };
    view! {
        {gone}
        {sign_ins}
        {passwords}
        {freshness(ui, &usage.sources)}
    }
    .into_any()
}

/// There are sign-ins, but none in the window.
fn nothing_then(ui: &Ui, report: &Report, usage: &Usage) -> AnyView {
    let longer = (report.range() != Some(Range::Year)).then(|| {
        let report = Report { span: Span::Range(Range::Year), ..report.clone() };
        (usage_href(&report), t!(ui, empty.longer))
    });
    let (from, to) = (ui.time(usage.window.from), ui.time(usage.window.to));
    empty::no_match(ui, t!(ui, usage.nothing_then, from = from, to = to), longer.into_iter().collect())
}
