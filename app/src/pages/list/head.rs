use domain::page::Page;
use domain::query::Column as _;
use leptos::prelude::*;

use super::ListPage;
use crate::language::{Ui, t};
use crate::ui::copy_link::copy_link;
use crate::ui::download_menu::download_menu;
use crate::ui::range_control::range_control;
use crate::ui::table_menu::TableMenu;

/// Title, count, and what can be done with the list as a whole.
pub fn head<Q: ListPage>(
    ui: &Ui,
    query: &Q,
    page: Option<&Page<Q::Item>>,
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
    let download = page.filter(|page| page.total > 0).map(|_| download_menu(ui, Q::NAME, &lasting));
    let range = Q::HAS_WINDOW.then(|| {
        range_control(ui, query.report(), |span| {
            let mut other = query.clone();
            other.report_mut().span = span;
            other.address().to_string()
        })
    });
    let menu = TableMenu {
        address: query.address(),
        columns: Q::Column::COLUMNS
            .iter()
            .map(|column| (column.to_string(), Q::column(ui, *column), query.shown().contains(column)))
            .collect(),
        size: query.list().size,
    };
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
            <div class="bar head-controls">
                {copy_link(ui, lasting.to_string())}
                {menu.view(ui)}
                <div class="contents" id="download" data-swap="">
                    {download}
                </div>
                {range}
            </div>
        </header>
    }
    .into_any()
}
