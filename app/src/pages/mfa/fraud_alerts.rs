//! `/mfa/fraud-alerts`: people who said that it was somebody else.

use domain::answer::Answer;
use domain::page::Page;
use domain::query::{FraudAlertsQuery, FraudColumn};
use domain::record::RecordKind;
use domain::report::FraudItem;
use domain::view::ViewPage;
use domain::viewer::Viewer;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use crate::figures::sign_in_href;
use crate::language::{Ui, t};
use crate::pages::list::nothing::without_records;
use crate::pages::list::{self, ListPage, Words, is_whole};
use crate::pages::serve::Asked;
use crate::ui::cells::{self, code, text};
use crate::ui::filter_bar::{Filter, Popover};
use crate::ui::person::Person;
use crate::ui::review::Review;
use crate::ui::recorded;

mod summary;

pub fn page() -> AnyView {
    list::page::<FraudAlertsQuery>()
}

impl ListPage for FraudAlertsQuery {
    const SHOWN: &'static [FraudColumn] = &[
        FraudColumn::At,
        FraudColumn::DisplayName,
        FraudColumn::Blocked,
        FraudColumn::Reason,
        FraudColumn::SignInId,
        FraudColumn::Notes,
    ];
    const VIEW: ViewPage = ViewPage::FraudAlerts;
    const HAS_WINDOW: bool = true;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, fraud.title), table: t!(ui, fraud.table), search: t!(ui, list.search_events) }
    }

    fn count(ui: &Ui, page: &Page<FraudItem>) -> String {
        t!(ui, fraud.count, count = page.total, n = ui.number(page.total))
    }

    fn about(&self, ui: &Ui) -> String {
        ui.window(self.report.window())
    }

    fn column(ui: &Ui, column: FraudColumn) -> &'static str {
        ui.fraud_column(column)
    }

    fn is_number(_: FraudColumn) -> bool {
        false
    }

    fn cell(&self, ui: &Ui, alert: &FraudItem, column: FraudColumn) -> AnyView {
        let person = Person::from(alert);
        match column {
            FraudColumn::At => {
                let is_source_shown = self.shown().contains(&FraudColumn::Source);
                let source = (!is_source_shown).then(|| ui.fraud_source(alert.source).to_owned());
                recorded::time_with(ui, Some(alert.at), [source])
            }
            FraudColumn::DisplayName => {
                let with_user_name = !self.list.columns.contains(&FraudColumn::UserName);
                view! { <td>{person.view(ui, Some(&self.report), with_user_name)}</td> }.into_any()
            }
            FraudColumn::Blocked => cells::answer(ui, alert.blocked),
            FraudColumn::Source => text(Some(ui.fraud_source(alert.source).to_owned())),
            FraudColumn::Reason => {
                // An authentication's reason is its call result: a code, which has words.
                let result = alert.reason.as_deref().and_then(|reason| reason.parse().ok());
                let words = result.map(|result| ui.call_result(result));
                recorded::text(ui, words.or(alert.reason.as_deref()))
            }
            FraudColumn::SignInId => sign_in(ui, alert),
            FraudColumn::Notes => {
                Review { about: &alert.id, name: person.name(ui), notes: &alert.notes, return_to: None }.cell(ui)
            }
            FraudColumn::UserName => text(alert.user_name.clone()),
            FraudColumn::Id => code(Some(alert.id.clone())),
            FraudColumn::UserId => code(alert.user_id.clone()),
        }
    }

    fn cell_for(&self, viewer: &Viewer, ui: &Ui, alert: &FraudItem, column: FraudColumn) -> AnyView {
        if column != FraudColumn::Notes {
            return self.cell(ui, alert, column);
        }
        let name = Person::from(alert).name(ui);
        let return_to = super::return_to(viewer, &self.page_address());
        Review { about: &alert.id, name, notes: &alert.notes, return_to }.cell(ui)
    }

    async fn above(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        let summary = summary::Summary::of(&asked.reader(), &self.report).await?;
        Ok(summary.card(ui, &self.report))
    }

    fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
        let answers = [Answer::Yes, Answer::No, Answer::Unknown];
        let label = t!(ui, fraud_column.blocked);
        let word = |answer| ui.answer(answer).to_owned();
        vec![Filter::words("blocked", label, &answers, &self.filters.blocked, true, word).into()]
    }

    fn filters_without_control(&self, ui: &Ui) -> Vec<Filter> {
        vec![Filter::people(t!(ui, events.user), &self.filters.user)]
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    fn notes(&self, ui: &Ui) -> Vec<String> {
        let asks_for_unknown = self.filters.blocked.contains(&Answer::Unknown);
        asks_for_unknown.then(|| t!(ui, fraud.unknown_means).to_owned()).into_iter().collect()
    }

    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        let kinds = [RecordKind::DirectoryAudit, RecordKind::SignIn, RecordKind::MfaActivity, RecordKind::MfaBlock];
        without_records(asked, ui, &kinds, t!(ui, fraud.no_records)).await
    }

    fn no_match(&self, ui: &Ui) -> String {
        super::no_match(ui, &self.report, is_whole(self), |from, to| t!(ui, fraud.none, from = from, to = to))
    }
}

/// The sign-in that was reported; its id would tell nobody anything.
fn sign_in(ui: &Ui, alert: &FraudItem) -> AnyView {
    let link = alert.sign_in_id.as_deref().map(|id| {
        let label = t!(ui, fraud.sign_in_of, name = Person::from(alert).name(ui).to_owned(), at = ui.second(alert.at));
        view! {
            <a href=sign_in_href(id) aria-label=label>
                {t!(ui, fraud.sign_in)}
            </a>
        }
    });
    view! { <td>{link}</td> }.into_any()
}
