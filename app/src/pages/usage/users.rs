//! `/usage/users`: sign-ins and challenges of each user.

use domain::page::Page;
use domain::population::Population;
use domain::query::{SignInFilters, UserUsageColumn, UserUsageQuery};
use domain::report::UserUsageItem;
use domain::sign_in::MfaResult;
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use crate::figures::{Figures, list_href};
use crate::language::{Ui, t};
use crate::pages::list::{self, ListPage, Words};
use crate::pages::serve::Asked;
use crate::pages::sign_ins::nothing_imported;
use crate::ui::cells::{self, code, text};
use crate::ui::filter_bar::{Filter, Popover};
use crate::ui::person::Person;

pub fn page() -> AnyView {
    list::page::<UserUsageQuery>()
}

impl ListPage for UserUsageQuery {
    const SHOWN: &'static [UserUsageColumn] = &[
        UserUsageColumn::DisplayName,
        UserUsageColumn::SignIns,
        UserUsageColumn::Challenged,
        UserUsageColumn::Satisfied,
        UserUsageColumn::Denied,
        UserUsageColumn::Pending,
        UserUsageColumn::Unable,
    ];
    const VIEW: ViewPage = ViewPage::UserUsage;
    const HAS_WINDOW: bool = true;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, usage.per_user), table: t!(ui, usage.per_user_table), search: t!(ui, list.search_users) }
    }

    fn count(ui: &Ui, page: &Page<UserUsageItem>) -> String {
        let n = ui.number(page.total);
        if page.total_is_exact {
            t!(ui, users.count, count = page.total, n = n)
        } else {
            t!(ui, users.count_more, n = n)
        }
    }

    fn about(&self, ui: &Ui) -> String {
        let population = self.report.population.unwrap_or(Population::Members);
        t!(ui, list.sub, count = ui.population(population), about = ui.window(self.report.window()))
    }

    fn column(ui: &Ui, column: UserUsageColumn) -> &'static str {
        ui.user_usage_column(column)
    }

    fn is_number(column: UserUsageColumn) -> bool {
        !matches!(column, UserUsageColumn::UserId | UserUsageColumn::DisplayName | UserUsageColumn::UserName)
    }

    fn cell(&self, ui: &Ui, item: &UserUsageItem, column: UserUsageColumn) -> AnyView {
        let sign_ins = |n, filters: SignInFilters| {
            let filters = SignInFilters { user: vec![item.user_id.clone()], ..filters };
            number(ui, &Figures::of(&self.report, self.report.as_of), n, Some(filters))
        };
        match column {
            UserUsageColumn::UserId => code(Some(item.user_id.clone())),
            UserUsageColumn::DisplayName => {
                let person = Person {
                    id: Some(&item.user_id),
                    display_name: item.display_name.as_deref(),
                    user_name: item.user_name.as_deref(),
                };
                let with_user_name = !self.list.columns.contains(&UserUsageColumn::UserName);
                view! { <td>{person.view(ui, Some(&self.report), with_user_name)}</td> }.into_any()
            }
            UserUsageColumn::UserName => text(item.user_name.clone()),
            UserUsageColumn::SignIns => sign_ins(item.sign_ins, SignInFilters::default()),
            UserUsageColumn::Challenged => sign_ins(item.challenged, challenged(None)),
            UserUsageColumn::Satisfied => sign_ins(item.satisfied, challenged(Some(MfaResult::Satisfied))),
            UserUsageColumn::Denied => sign_ins(item.denied, challenged(Some(MfaResult::Denied))),
            UserUsageColumn::Pending => sign_ins(item.pending, challenged(Some(MfaResult::Pending))),
            UserUsageColumn::Unable => sign_ins(item.unable, unable()),
        }
    }

    fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
        let filters = &self.filters;
        vec![
            Filter::yes_or_no(ui, "challenged", t!(ui, usage_column.challenged), filters.challenged).into(),
            Filter::yes_or_no(ui, "unable", t!(ui, usage_column.unable), filters.unable).into(),
            Filter::population(ui, self.report.population, Some(Population::Members)).into(),
        ]
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        nothing_imported(asked, ui).await
    }

    fn no_match(&self, ui: &Ui) -> String {
        let window = self.report.window();
        t!(ui, usage.no_user, from = ui.time(window.from), to = ui.time(window.to))
    }
}

/// A number with the list of its sign-ins; without one where no filter tells them from others.
pub fn number(ui: &Ui, figures: &Figures, n: i64, filters: Option<SignInFilters>) -> AnyView {
    cells::number(ui, n, filters.map(|filters| list_href(&figures.sign_ins(filters))))
}

pub fn challenged(result: Option<MfaResult>) -> SignInFilters {
    SignInFilters { challenged: Some(true), mfa_result: result.into_iter().collect(), ..SignInFilters::default() }
}

/// Of attempts that nowhere met the challenge.
pub fn unable() -> SignInFilters {
    SignInFilters { unable: Some(true), ..SignInFilters::default() }
}
