use domain::page::Page;
use domain::query::Column as _;
use domain::view::SavedView;
use leptos::prelude::*;
use store::StoreError;

use super::{ListPage, permitted};
use crate::language::{Ui, t};
use crate::pages::serve::Asked;
use crate::ui::copy_link::copy_link;
use crate::ui::download_menu::download_menu;
use crate::ui::range_control::{Moment, RangeControl};
use crate::ui::table_menu::TableMenu;
use crate::ui::views_menu::views_menu;

/// Title, count, and what can be done with the list as a whole.
pub fn head<Q: ListPage>(
    asked: &Asked,
    ui: &Ui,
    query: &Q,
    views: &Result<Vec<SavedView>, StoreError>,
    page: Option<&Page<Q::Item>>,
    wrong: Option<&str>,
) -> AnyView {
    let about = query.about(ui);
    let (sub, said) = match page {
        Some(page) => {
            let count = Q::count(ui, page);
            (t!(ui, list.sub, count = count.clone(), about = about), Some(t!(ui, list.filtered, count = count)))
        }
        None => (about, None),
    };
    let lasting = query.lasting().address();
    let download = page.map(|page| download_menu(ui, Q::NAME, Q::VIEW, &lasting, page.total));
    let range = RangeControl {
        report: query.report(),
        moment: Moment { now: asked.context.now, wrong },
        address: query.address(),
        has_window: Q::HAS_WINDOW,
    };
    // One control about time has its place in the row; ranges take one of their own.
    let (about_an_instant, windows) = match range.view(ui) {
        range if Q::HAS_WINDOW => (None, Some(range)),
        range => (Some(range), None),
    };
    let menu = TableMenu {
        address: query.address(),
        columns: permitted(&asked.reader(), Q::Column::COLUMNS)
            .iter()
            .map(|column| (column.to_string(), Q::column(ui, *column), query.shown().contains(column)))
            .collect(),
        size: query.list().size,
    };
    let actions = view! {
        <div class="bar">
            {copy_link(ui, lasting.to_string())}
            {views_menu(ui, views, Q::VIEW, &query.address())}
            {menu.view(ui)}
            <div class="contents" id="download" data-swap="">
                {download}
            </div>
            {about_an_instant}
        </div>
    }
    .into_any();
    view! {
        <header class="head">
            <div class="head-text">
                <h1>{Q::words(ui).title}</h1>
                <p class="quiet" id="count" data-swap="" data-said=said>
                    {sub}
                    " · "
                    {t!(ui, overview.zone, zone = ui.zone_name.clone())}
                </p>
            </div>
            <div class="head-controls">
                {actions}
                {windows}
            </div>
        </header>
    }
    .into_any()
}
