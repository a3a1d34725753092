//! `/sign-ins`: every sign-in and what became of its second factor.

use domain::answer::Answer;
use domain::page::Page;
use domain::query::{SignInColumn, SignInsQuery};
use domain::record::RecordKind;
use domain::report::SignInItem;
use domain::sign_in::{
    Component, ConditionalAccessResult, MfaResult, MfaStatus, RequiredBy, SecondFactor, SignInStatus, StatusText,
};
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use super::list::{self, ListPage, Words};
use super::serve::Asked;
use crate::language::{Ui, t};
use crate::ui::empty;
use crate::ui::filter_bar::{Filter, Popover};

pub mod cells;

pub fn page() -> AnyView {
    list::page::<SignInsQuery>()
}

const ANSWERS: [Answer; 3] = [Answer::Yes, Answer::No, Answer::Unknown];

impl ListPage for SignInsQuery {
    const SHOWN: &'static [SignInColumn] = &[
        SignInColumn::At,
        SignInColumn::DisplayName,
        SignInColumn::App,
        SignInColumn::Status,
        SignInColumn::MfaRequired,
        SignInColumn::MfaResult,
        SignInColumn::Method,
        SignInColumn::CaResult,
    ];
    const VIEW: ViewPage = ViewPage::SignIns;
    const HAS_WINDOW: bool = true;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, sign_ins.title), table: t!(ui, sign_ins.table), search: t!(ui, sign_ins.search) }
    }

    fn count(ui: &Ui, page: &Page<SignInItem>) -> String {
        let n = ui.number(page.total);
        if page.total_is_exact {
            t!(ui, sign_ins.count, count = page.total, n = n)
        } else {
            t!(ui, sign_ins.count_more, n = n)
        }
    }

    fn about(&self, ui: &Ui) -> String {
        ui.window(self.report.window())
    }

    fn column(ui: &Ui, column: SignInColumn) -> &'static str {
        ui.sign_in_column(column)
    }

    fn is_number(_: SignInColumn) -> bool {
        false
    }

    /// Policies are a column under another name.
    fn is_restricted(parameter: &str) -> bool {
        matches!(parameter, "ca_result" | "ca_policy" | "ip")
    }

    fn cell(&self, ui: &Ui, item: &SignInItem, column: SignInColumn) -> AnyView {
        cells::cell(ui, self, item, column)
    }

    fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
        let asked = &self.filters;
        let answer = |answer: Answer| ui.answer(answer).to_owned();
        let required = named(ui, SignInColumn::MfaRequired, &ANSWERS, &asked.mfa_required, answer);
        let required_by = named(ui, SignInColumn::RequiredBy, RequiredBy::ALL, &asked.required_by, |by| {
            ui.required_by(by).to_owned()
        });
        let result = named(ui, SignInColumn::MfaResult, MfaResult::ALL, &asked.mfa_result, |result| {
            ui.mfa_result(result).to_owned()
        });
        let texts = MfaStatus::ALL.iter().copied().map(StatusText::Status).chain([StatusText::None]);
        let texts: Vec<StatusText> = texts.collect();
        let texts =
            named(ui, SignInColumn::MfaStatus, &texts, &asked.mfa_status, |text| ui.status_text(text).to_owned());
        let methods: Vec<SecondFactor> = SecondFactor::all().collect();
        let method =
            named(ui, SignInColumn::Method, &methods, &asked.method, |method| ui.second_factor(method).to_owned());
        let status = named(ui, SignInColumn::Status, SignInStatus::ALL, &asked.status, |status| {
            ui.sign_in_status(status).to_owned()
        });
        let ca_result = named(ui, SignInColumn::CaResult, ConditionalAccessResult::ALL, &asked.ca_result, |result| {
            ui.ca_result(result).to_owned()
        });
        let interactive = named(ui, SignInColumn::Interactive, &ANSWERS, &asked.interactive, answer);
        let component = named(ui, SignInColumn::Component, Component::ALL, &asked.component, |component| {
            ui.component(component).to_owned()
        });
        let challenged = Filter::yes_or_no(ui, "challenged", t!(ui, usage_column.challenged), asked.challenged);
        let unable = Filter::yes_or_no(ui, "unable", t!(ui, usage_column.unable), asked.unable);
        vec![
            status.into(),
            Popover { label: required.label, filters: vec![required, challenged, required_by] },
            Popover { label: result.label, filters: vec![result, unable] },
            texts.into(),
            method.into(),
            Popover {
                label: t!(ui, list.more),
                filters: vec![Filter::population(ui, self.report.population, None), ca_result, interactive, component],
            },
        ]
    }

    fn filters_without_control(&self, ui: &Ui) -> Vec<Filter> {
        let asked = &self.filters;
        vec![
            Filter::given("app", ui.sign_in_column(SignInColumn::App), &asked.app),
            Filter::people(t!(ui, events.user), &asked.user),
            Filter::given("error_code", ui.sign_in_column(SignInColumn::ErrorCode), &asked.error_code),
            Filter::given("ip", ui.sign_in_column(SignInColumn::Ip), &asked.ip),
            Filter::given("ca_policy", t!(ui, sign_ins.policy), &asked.ca_policy),
        ]
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    /// Says what a word of ours means where the list is about it.
    fn notes(&self, ui: &Ui) -> Vec<String> {
        let challenged = self.filters.challenged.map(|_| t!(ui, sign_ins.challenged_means).to_owned());
        let unable = self.filters.unable.map(|_| t!(ui, sign_ins.unable_means).to_owned());
        challenged.into_iter().chain(unable).collect()
    }

    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        nothing_imported(asked, ui).await
    }

    fn no_match(&self, ui: &Ui) -> String {
        let window = self.report.window();
        t!(ui, sign_ins.no_match, from = ui.time(window.from), to = ui.time(window.to))
    }
}

/// A filter that is called what its column is.
fn named<T: Copy + PartialEq + std::fmt::Display>(
    ui: &Ui,
    column: SignInColumn,
    all: &[T],
    chosen: &[T],
    word: impl Fn(T) -> String,
) -> Filter {
    Filter::words(column.as_str(), ui.sign_in_column(column), all, chosen, true, word)
}

/// Why there is no sign-in at all: none was ever imported.
pub async fn nothing_imported(asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
    let sources = asked.reader().sources().await?;
    let is_there = sources.iter().any(|source| source.source == RecordKind::SignIn);
    Ok((!is_there).then(|| empty::no_records(ui, t!(ui, sign_ins.no_data))))
}
