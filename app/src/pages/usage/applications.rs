//! `/usage/applications`: sign-ins and challenges of each application.

use domain::page::Page;
use domain::query::{AppUsageColumn, AppUsageQuery, SignInFilters};
use domain::report::AppUsageItem;
use domain::sign_in::MfaResult;
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use super::users::{challenged, number, unable};
use crate::figures::Figures;
use crate::language::{Ui, t};
use crate::pages::list::{self, ListPage, Words};
use crate::pages::serve::Asked;
use crate::pages::sign_ins::nothing_imported;
use crate::ui::cells::known;
use crate::ui::filter_bar::Popover;

pub fn page() -> AnyView {
    list::page::<AppUsageQuery>()
}

impl ListPage for AppUsageQuery {
    const SHOWN: &'static [AppUsageColumn] = AppUsageColumn::ALL;
    const VIEW: ViewPage = ViewPage::AppUsage;
    const HAS_WINDOW: bool = true;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, usage.per_app), table: t!(ui, usage.per_app_table), search: t!(ui, usage.search_app) }
    }

    fn count(ui: &Ui, page: &Page<AppUsageItem>) -> String {
        let n = ui.number(page.total);
        if page.total_is_exact {
            t!(ui, usage.app_count, count = page.total, n = n)
        } else {
            t!(ui, usage.app_count_more, n = n)
        }
    }

    fn about(&self, ui: &Ui) -> String {
        ui.window(self.report.window())
    }

    fn column(ui: &Ui, column: AppUsageColumn) -> &'static str {
        ui.app_usage_column(column)
    }

    fn is_number(column: AppUsageColumn) -> bool {
        column != AppUsageColumn::App
    }

    fn cell(&self, ui: &Ui, item: &AppUsageItem, column: AppUsageColumn) -> AnyView {
        let sign_ins = |n, filters: SignInFilters| {
            // Sign-ins that name no application cannot be asked for.
            let filters = item.app.clone().map(|app| SignInFilters { app: vec![app], ..filters });
            number(ui, &Figures::of(&self.report, self.report.as_of), n, filters)
        };
        match column {
            AppUsageColumn::App => known(ui, item.app.clone()),
            AppUsageColumn::SignIns => sign_ins(item.sign_ins, SignInFilters::default()),
            AppUsageColumn::Challenged => sign_ins(item.challenged, challenged(None)),
            AppUsageColumn::Satisfied => sign_ins(item.satisfied, challenged(Some(MfaResult::Satisfied))),
            AppUsageColumn::Denied => sign_ins(item.denied, challenged(Some(MfaResult::Denied))),
            AppUsageColumn::Pending => sign_ins(item.pending, challenged(Some(MfaResult::Pending))),
            AppUsageColumn::Unable => sign_ins(item.unable, unable()),
        }
    }

    /// Every account's sign-ins, whatever the application.
    fn filters(&self, _: &Ui, _: &FilterChoices) -> Vec<Popover> {
        Vec::new()
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        nothing_imported(asked, ui).await
    }

    fn no_match(&self, ui: &Ui) -> String {
        let window = self.report.window();
        t!(ui, usage.no_app, from = ui.time(window.from), to = ui.time(window.to))
    }
}
