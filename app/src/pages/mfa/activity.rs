//! `/mfa/activity`: authentications through on-premises components.

use domain::answer::Answer;
use domain::method::AuthMethod;
use domain::mfa::CallResult;
use domain::page::Page;
use domain::query::{ActivityColumn, ActivityQuery};
use domain::record::RecordKind;
use domain::report::ActivityItem;
use domain::sign_in::Component;
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use crate::language::{Ui, t};
use crate::pages::list::nothing::without_records;
use crate::pages::list::{self, ListPage, Words, is_whole};
use crate::pages::serve::Asked;
use crate::ui::filter_bar::{Filter, Popover};

mod cells;
mod summary;

/// What records of on-premises components can tell of; others stand among the choices once they are chosen.
const METHODS: &[AuthMethod] = &[
    AuthMethod::PhoneCall,
    AuthMethod::Sms,
    AuthMethod::AppNotification,
    AuthMethod::AppCode,
    AuthMethod::OathCode,
    AuthMethod::SecurityQuestions,
    AuthMethod::Unknown,
];

pub fn page() -> AnyView {
    list::page::<ActivityQuery>()
}

impl ListPage for ActivityQuery {
    const SHOWN: &'static [ActivityColumn] = &[
        ActivityColumn::At,
        ActivityColumn::DisplayName,
        ActivityColumn::Authenticated,
        ActivityColumn::CallResult,
        ActivityColumn::Component,
        ActivityColumn::Method,
    ];
    const VIEW: ViewPage = ViewPage::Activity;
    const HAS_WINDOW: bool = true;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, activity.title), table: t!(ui, activity.table), search: t!(ui, list.search_events) }
    }

    fn count(ui: &Ui, page: &Page<ActivityItem>) -> String {
        let n = ui.number(page.total);
        if page.total_is_exact {
            t!(ui, activity.count, count = page.total, n = n)
        } else {
            t!(ui, activity.count_more, n = n)
        }
    }

    fn about(&self, ui: &Ui) -> String {
        ui.window(self.report.window())
    }

    fn column(ui: &Ui, column: ActivityColumn) -> &'static str {
        ui.activity_column(column)
    }

    fn is_number(_: ActivityColumn) -> bool {
        false
    }

    fn cell(&self, ui: &Ui, item: &ActivityItem, column: ActivityColumn) -> AnyView {
        cells::cell(ui, self, item, column)
    }

    async fn above(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        let summary = asked.reader().activity_summary(&self.report).await?;
        Ok(summary::card(ui, &self.report, &summary))
    }

    fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
        let filters = &self.filters;
        let verdicts = [Answer::Yes, Answer::No, Answer::Unknown];
        let components: Vec<Component> = Component::ALL.iter().copied().filter(|it| *it != Component::None).collect();
        let others = filters.method.iter().filter(|method| !METHODS.contains(method));
        let method = t!(ui, activity_column.method);
        vec![
            Filter::words(
                "authenticated",
                t!(ui, activity_column.authenticated),
                &verdicts,
                &filters.authenticated,
                true,
                |verdict| ui.verdict(verdict).to_owned(),
            )
            .into(),
            Filter::words(
                "call_result",
                t!(ui, activity_column.call_result),
                CallResult::ALL,
                &filters.call_result,
                false,
                |result| t!(ui, activity.code_and_label, label = ui.call_result(result), code = result.as_str()),
            )
            .into(),
            Filter::words(
                "component",
                t!(ui, activity_column.component),
                &components,
                &filters.component,
                false,
                |component| ui.component(component).to_owned(),
            )
            .into(),
            Filter::methods(ui, method, METHODS.iter().chain(others), &filters.method).into(),
            Filter::population(ui, self.report.population, None).into(),
        ]
    }

    fn filters_without_control(&self, ui: &Ui) -> Vec<Filter> {
        vec![Filter::people(t!(ui, events.user), &self.filters.user)]
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    fn notes(&self, ui: &Ui) -> Vec<String> {
        let asks_for_unknown = self.filters.authenticated.contains(&Answer::Unknown);
        asks_for_unknown.then(|| t!(ui, activity.unknown_means).to_owned()).into_iter().collect()
    }

    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        without_records(asked, ui, &[RecordKind::MfaActivity], t!(ui, activity.no_records)).await
    }

    fn no_match(&self, ui: &Ui) -> String {
        super::no_match(ui, &self.report, is_whole(self), |from, to| t!(ui, activity.none, from = from, to = to))
    }
}
