use domain::page::Page;
use leptos::prelude::*;

use super::ListPage;
use crate::language::Ui;
use crate::ui::pager::pager;
use crate::ui::table::{scroller, sortable};

/// The rows of a page, with headings that sort and the ways on and back.
pub fn table<Q: ListPage>(ui: &Ui, query: &Q, columns: &[Q::Column], page: &Page<Q::Item>) -> AnyView {
    let caption = Q::words(ui).table;
    let headings = columns
        .iter()
        .map(|&column| {
            sortable(ui, column, Q::column(ui, column), query.list().sort, Q::is_number(column), |sort| {
                let mut sorted = query.clone();
                sorted.list_mut().sort = sort;
                sorted.address().to_string()
            })
        })
        .collect_view();
    let rows = page
        .items
        .iter()
        .map(|item| {
            let cells = columns.iter().map(|&column| query.cell(ui, item, column)).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let table = view! {
        <table>
            <caption class="visually-hidden">{caption}</caption>
            <thead>
                <tr>{headings}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let pages = pager(ui, page, |cursor| {
        // The following pages are of the same instant, whenever they are looked at.
        let mut step = query.lasting();
        step.list_mut().after = Some(cursor);
        step.page_address().to_string()
    });
    view! { <section class="card list">{scroller(caption, table)} {pages}</section> }.into_any()
}
