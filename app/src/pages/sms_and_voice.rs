//! `/sms-and-voice`: who is stopped when Microsoft ends codes by SMS and voice, and where they are.

use charts::LineChart;
use domain::answer::Answer;
use domain::method::MethodClass;
use domain::instant::Instant;
use domain::query::{GroupColumn, QueryProblem, Report, SmsAndVoiceQuery, Sort, TrendColumn, UNKNOWN_GROUP};
use domain::report::{GroupCounts, SmsAndVoice, Snapshot, Tally, Trend};
use http::StatusCode;
use leptos::prelude::*;

use super::forgiving;
use super::overview::history::History;
use super::overview::tiles::deadline;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::explanations::Explanations;
use crate::figures::{Figures, Group, href, pinned};
use crate::findings;
use crate::language::{Ui, t};
use crate::ui::empty;
use crate::ui::movement::Movements;
use crate::ui::query_problem::message;
use crate::ui::range_control::Moment;
use crate::ui::report_head::{population_line, report_head};
use crate::ui::table::{scroller, sortable};
use crate::ui::tile::Tile;

const PATH: &str = "/sms-and-voice";
const HISTORY: &[TrendColumn] =
    &[TrendColumn::At, TrendColumn::SmsOrVoiceOnly, TrendColumn::SmsOrVoiceAndBetter, TrendColumn::Size];

pub fn page() -> AnyView {
    page_for_viewers(content)
}

fn page_href(query: &SmsAndVoiceQuery) -> String {
    href(PATH, &query.to_url())
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let now = asked.context.now;
    let (query, problem) = forgiving::parse(&asked.context.query, |query| SmsAndVoiceQuery::parse(query, now))?;
    let ui = asked.ui.clone().in_zone(query.report.tz.as_deref());
    if let Some(problem) = problem {
        return Ok(wrong(&ui, now, &query, &problem));
    }
    let reader = asked.reader();
    let answer = reader.sms_and_voice(&query).await?;
    let trend = reader.trend(&query.report).await?;
    let organisation = &asked.context.settings.organisation;
    let line = population_line(&ui, organisation, &answer.population, None);
    let body = view! {
        {head(&ui, &query, findings::stopped(&ui, &answer), line, Moment { now, wrong: None })}
        <div class="contents" id="figures" data-swap="">
            {figures(&ui, &query, &answer, &trend)}
        </div>
    };
    Ok(Content::new(t!(ui, sms.title), body))
}

fn wrong(ui: &Ui, now: Instant, query: &SmsAndVoiceQuery, problem: &QueryProblem) -> Content {
    let body = view! {
        {head(ui, query, t!(ui, problem.bad_title).to_owned(), ().into_any(), Moment { now, wrong: Some(&problem.parameter) })}
        {message(ui, problem)}
    };
    Content { status: StatusCode::BAD_REQUEST, ..Content::new(t!(ui, sms.title), body) }
}

fn head(ui: &Ui, query: &SmsAndVoiceQuery, headline: String, line: AnyView, moment: Moment<'_>) -> AnyView {
    report_head(ui, &query.report, headline, line, ().into_any(), moment, |report: &Report| {
        page_href(&SmsAndVoiceQuery { report: report.clone(), ..query.clone() })
    })
}

fn figures(ui: &Ui, query: &SmsAndVoiceQuery, answer: &SmsAndVoice, trend: &Trend) -> AnyView {
    let Some(known_from) = answer.known_from else { return empty::no_data(ui) };
    if answer.as_of < known_from {
        let now = SmsAndVoiceQuery { report: Report { as_of_is_given: false, ..query.report.clone() }, ..query.clone() };
        return empty::before_data(ui, known_from, answer.as_of, page_href(&now));
    }
    view! {
        <p class="notice">{deadline(ui, answer.days_left)} " " {t!(ui, sms.what_happens)}</p>
        {tiles(ui, query, answer, trend)}
        {line(ui, query, answer, trend)}
        {groups(ui, query, answer, Group::Department)}
        {groups(ui, query, answer, Group::Country)}
    }
    .into_any()
}

fn tiles(ui: &Ui, query: &SmsAndVoiceQuery, answer: &SmsAndVoice, trend: &Trend) -> AnyView {
    let figures = Figures::of(&query.report, answer.as_of);
    let movements = Movements { report: &query.report, trend, change: answer.change.as_ref() };
    let explanations = explanations(query, answer);
    let size = answer.population.size;
    let tile = |class, title, explanation, rule, yes, measure: fn(&Snapshot) -> i64| {
        let rows = href("/users", &figures.method_class(class).to_url());
        Tile {
            title,
            explanation,
            tally: Tally { yes, no: size - yes, unknown: 0 },
            counted: explanations.of_users(ui, title, rule, Some(rows.clone())),
            href: rows,
            insights: Vec::new(),
            movement: Some(movements.of(ui, title, measure)),
            is_known: true,
        }
        .view(ui)
    };
    view! {
        <section class="tiles two" aria-labelledby="tiles-title">
            <h2 class="visually-hidden" id="tiles-title">
                {t!(ui, sms.title)}
            </h2>
            {tile(
                MethodClass::SmsOrVoiceOnly,
                t!(ui, method_class.sms_or_voice_only),
                t!(ui, sms.only_means),
                t!(ui, explain.sms_or_voice_only),
                answer.sms_or_voice_only,
                |snapshot| snapshot.insights.sms_or_voice_only,
            )}
            {tile(
                MethodClass::SmsOrVoiceAndBetter,
                t!(ui, sms.and_better),
                t!(ui, sms.better_means),
                t!(ui, explain.sms_or_voice_and_better),
                answer.sms_or_voice_and_better,
                |snapshot| snapshot.insights.sms_or_voice_and_better,
            )}
        </section>
    }
    .into_any()
}

fn explanations<'a>(query: &SmsAndVoiceQuery, answer: &'a SmsAndVoice) -> Explanations<'a> {
    Explanations::of(&query.report, answer.as_of, &answer.population, &answer.sources, "/api/v1/sms-and-voice")
}

/// How many there were over the range, with the same as a table.
fn line(ui: &Ui, query: &SmsAndVoiceQuery, answer: &SmsAndVoice, trend: &Trend) -> AnyView {
    let movement = Movements { report: &query.report, trend, change: answer.change.as_ref() }.of(
        ui,
        t!(ui, method_class.sms_or_voice_only),
        |snapshot| snapshot.insights.sms_or_voice_only,
    );
    let middle = trend.window.from.plus_millis((trend.window.to.millis() - trend.window.from.millis()) / 2);
    let chart = LineChart {
        name: movement.name().to_owned(),
        points: trend.points.iter().map(|p| (p.at.millis(), p.snapshot.insights.sms_or_voice_only)).collect(),
        span: (trend.window.from.millis(), trend.window.to.millis()),
        is_last_unfinished: trend.is_last_step_unfinished,
        dates: [trend.window.from, middle, trend.window.to].map(|at| (at.millis(), ui.date(at))).into(),
    };
    let svg = chart.svg(|n| ui.number(n));
    let sorted = |sort: Sort<TrendColumn>| {
        format!("{}#table-history", page_href(&SmsAndVoiceQuery { history: Some(sort), ..query.clone() }))
    };
    let history =
        History { report: &query.report, trend, columns: HISTORY, sort: query.history, sorted: &sorted }.view(ui);
    let rows = href("/users", &Figures::of(&query.report, answer.as_of).method_class(MethodClass::SmsOrVoiceOnly).to_url());
    let counted = explanations(query, answer).of_users(
        ui,
        t!(ui, method_class.sms_or_voice_only),
        t!(ui, explain.sms_or_voice_only),
        Some(rows),
    );
    let window = ui.days(trend.window);
    view! {
        <section class="card chart" aria-labelledby="line-title">
            <div class="chart-head">
                <h2 id="line-title">{findings::burn_down(ui, answer)}</h2>
                {counted}
            </div>
            <p class="chart-sub">
                {t!(ui, sms.line_sub, population = ui.population(answer.population.name), window = window)}
            </p>
            <div class="line-box" inner_html=svg></div>
            <p class="chart-sentence small quiet">{movement.name().to_owned()} "."</p>
            {history}
        </section>
    }
    .into_any()
}

/// Departments or countries, with the list behind every number.
fn groups(ui: &Ui, query: &SmsAndVoiceQuery, answer: &SmsAndVoice, group: Group) -> AnyView {
    let (id, label, title, groups, sort) = match group {
        Group::Department => (
            "departments",
            t!(ui, user_column.department),
            t!(ui, sms.by_department),
            &answer.departments,
            query.departments,
        ),
        Group::Country => {
            ("countries", t!(ui, user_column.country), t!(ui, sms.by_country), &answer.countries, query.countries)
        }
    };
    let sorted = |sort: Sort<GroupColumn>| {
        let mut query = query.clone();
        match group {
            Group::Department => query.departments = sort,
            Group::Country => query.countries = sort,
        }
        format!("{}#{id}", page_href(&query))
    };
    let headings = GroupColumn::ALL
        .iter()
        .map(|&column| {
            let label = ui.group_column(column, label);
            sortable(ui, column, label, sort, column != GroupColumn::Name, sorted)
        })
        .collect_view();
    let figures = Figures::of(&query.report, answer.as_of);
    let rows = groups.iter().map(|counts| row(ui, &figures, group, counts)).collect_view();
    let asked = SmsAndVoiceQuery { report: pinned(&query.report, answer.as_of), ..query.clone() };
    let download = href(&format!("{PATH}/{id}.csv"), &asked.to_url());
    let table = view! {
        <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
                <tr>{headings}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <div class="card list" id=id>
            <div class="list-head">
                <h2>{title}</h2>
                <a class="small" href=download download>
                    {t!(ui, overview.download_table)}
                </a>
            </div>
            {scroller(title, table)}
        </div>
    }
    .into_any()
}

fn row(ui: &Ui, figures: &Figures, group: Group, counts: &GroupCounts) -> AnyView {
    let cell = |n: i64, class| {
        let href = href("/users", &figures.group(group, &counts.name, class).to_url());
        view! {
            <td class="n">
                <a href=href>{ui.number(n)}</a>
            </td>
        }
    };
    let name = if counts.name == UNKNOWN_GROUP { ui.answer(Answer::Unknown).to_owned() } else { counts.name.clone() };
    view! {
        <tr>
            <th scope="row">{name}</th>
            {cell(counts.size, None)}
            {cell(counts.sms_or_voice_only, Some(MethodClass::SmsOrVoiceOnly))}
            <td class="n">{ui.share(counts.sms_or_voice_only, counts.size)}</td>
            {cell(counts.sms_or_voice_and_better, Some(MethodClass::SmsOrVoiceAndBetter))}
        </tr>
    }
    .into_any()
}
