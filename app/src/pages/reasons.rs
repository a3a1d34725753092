//! `/reasons`: every status, call result and error code in plain words, and how often it occurred.

use domain::page::Page;
use domain::query::{
    ActivityFilters, ActivityQuery, ReasonColumn, ReasonsQuery, Report, SignInFilters, SignInsQuery,
};
use domain::reason::{Actor, ReasonKind, ReasonText};
use domain::report::ReasonItem;
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use super::list::{self, ListPage, Words};
use super::serve::Asked;
use crate::figures::{list_href, pinned};
use crate::language::{Ui, t};
use crate::ui::cells::{code, text};
use crate::ui::filter_bar::{Filter, Popover};

pub fn page() -> AnyView {
    list::page::<ReasonsQuery>()
}

impl ListPage for ReasonsQuery {
    const SHOWN: &'static [ReasonColumn] = &[
        ReasonColumn::Label,
        ReasonColumn::Meaning,
        ReasonColumn::Actor,
        ReasonColumn::Next,
        ReasonColumn::Count,
    ];
    const VIEW: ViewPage = ViewPage::Reasons;
    const HAS_WINDOW: bool = true;
    const IS_OF_RECORDS: bool = false;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, reasons.title), table: t!(ui, reasons.table), search: t!(ui, reasons.search) }
    }

    fn count(ui: &Ui, page: &Page<ReasonItem>) -> String {
        t!(ui, reasons.count, count = page.total, n = ui.number(page.total))
    }

    fn about(&self, ui: &Ui) -> String {
        ui.window(self.report.window())
    }

    fn column(ui: &Ui, column: ReasonColumn) -> &'static str {
        ui.reason_column(column)
    }

    fn is_number(column: ReasonColumn) -> bool {
        column == ReasonColumn::Count
    }

    fn cell(&self, ui: &Ui, item: &ReasonItem, column: ReasonColumn) -> AnyView {
        let words = ui.reason(item.kind, &item.code);
        let sentence = |given: &str, of: fn(&ReasonText) -> &String| {
            let sentence = words.map_or_else(|| given.to_owned(), |words| of(words).clone());
            view! { <td class="reason">{sentence}</td> }.into_any()
        };
        match column {
            ReasonColumn::Label => {
                let label = words.map_or_else(|| item.label.clone(), |words| words.label.clone());
                // A code that nobody has described is its own label.
                let has_code = label != item.code && !self.shown().contains(&ReasonColumn::Code);
                view! {
                    <th scope="row" class="reason-name">
                        {label}
                        {has_code.then(|| view! { <span class="code">{item.code.clone()}</span> })}
                        <span class="beneath">{ui.reason_kind(item.kind)}</span>
                    </th>
                }
                .into_any()
            }
            ReasonColumn::Meaning => sentence(&item.meaning, |words| &words.meaning),
            ReasonColumn::Next => sentence(&item.next, |words| &words.next),
            ReasonColumn::Actor => {
                let class = match item.actor {
                    Actor::Nobody => "quiet",
                    Actor::Unknown => "state unknown",
                    _ => "tag",
                };
                view! { <td><span class=class>{ui.actor(item.actor)}</span></td> }.into_any()
            }
            ReasonColumn::Count => count(ui, &self.report, item),
            ReasonColumn::Kind => text(Some(ui.reason_kind(item.kind).to_owned())),
            ReasonColumn::Code => code(Some(item.code.clone())),
        }
    }

    fn row_id(&self, item: &ReasonItem) -> Option<String> {
        Some(format!("reason-{}", item.code))
    }

    /// Labels, meanings and steps are sentences: searched and sorted as they are read.
    fn spoken(&self, ui: &Ui) -> Self {
        let report = Report { lang: Some(ui.language()), ..self.report.clone() };
        Self { report, ..self.clone() }
    }

    fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
        let filters = &self.filters;
        let kind = |kind| ui.reason_kind(kind).to_owned();
        let actor = |actor| ui.actor(actor).to_owned();
        let (of, by) = (t!(ui, reason_column.kind), t!(ui, reason_column.actor));
        vec![
            Filter::words("kind", of, ReasonKind::ALL, &filters.kind, false, kind).into(),
            Filter::words("actor", by, Actor::ALL, &filters.actor, true, actor).into(),
        ]
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    async fn nothing(&self, _: &Asked, _: &Ui) -> Result<Option<AnyView>, StoreError> {
        Ok(None)
    }

    fn no_match(&self, ui: &Ui) -> String {
        t!(ui, reasons.no_match).to_owned()
    }
}

/// How often, with what is counted: sign-ins have statuses and error codes, authentications on premises call results.
fn count(ui: &Ui, report: &Report, item: &ReasonItem) -> AnyView {
    let (count, n) = (item.count, ui.number(item.count));
    let unit = match item.kind {
        ReasonKind::CallResult => t!(ui, activity.count, count = count, n = n),
        ReasonKind::Status | ReasonKind::ErrorCode => t!(ui, reasons.sign_ins, count = count, n = n),
    };
    match occurrences(report, item).filter(|_| count > 0) {
        Some(list) => view! {
            <td class="n nowrap">
                <a href=list>{unit}</a>
            </td>
        }
        .into_any(),
        None => view! { <td class="n nowrap quiet">{unit}</td> }.into_any(),
    }
}

/// The list of exactly those; `None` for a code that no filter knows.
fn occurrences(report: &Report, item: &ReasonItem) -> Option<String> {
    let report = Report { population: None, ..pinned(report, report.as_of) };
    let sign_ins = |filters| list_href(&SignInsQuery::with(report.clone(), filters));
    Some(match item.kind {
        ReasonKind::Status => {
            sign_ins(SignInFilters { mfa_status: vec![item.code.parse().ok()?], ..SignInFilters::default() })
        }
        ReasonKind::ErrorCode => {
            sign_ins(SignInFilters { error_code: vec![item.code.parse().ok()?], ..SignInFilters::default() })
        }
        ReasonKind::CallResult => {
            let filters = ActivityFilters { call_result: vec![item.code.parse().ok()?], ..ActivityFilters::default() };
            list_href(&ActivityQuery::with(report, filters))
        }
    })
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;
    use domain::query::ListQuery as _;
    use domain::reason::reasons;

    use super::*;

    #[test]
    fn every_reason_has_a_list_at_its_own_instant() {
        let now: Instant = "2026-11-20T12:00:00.123Z".parse().expect("an instant");
        let report = Report::parse("range=7d&population=admins&tz=Europe/Stockholm", now).expect("parameters");
        for reason in reasons() {
            let item = ReasonItem {
                kind: reason.kind,
                code: reason.code.to_owned(),
                label: String::new(),
                meaning: String::new(),
                actor: reason.actor,
                next: String::new(),
                count: 1,
            };
            let link = occurrences(&report, &item).expect("a filter knows it");
            let (path, query) = link.split_once('?').expect("filters");
            let code = format!("={}", reason.code);
            assert!(query.contains(&code) && !query.contains("population"), "{link}");
            let as_of = if path == "/sign-ins" {
                SignInsQuery::parse(query, Instant::MAX).expect("our own link").report.as_of
            } else {
                ActivityQuery::parse(query, Instant::MAX).expect("our own link").report.as_of
            };
            assert_eq!(as_of, now);
        }
    }
}
