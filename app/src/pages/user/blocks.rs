//! When a person's MFA was blocked.

use domain::query::{BlockColumn, BlockFilters, BlockedUsersQuery, Report, Span};
use domain::report::UserDetails;
use domain::window::Window;
use leptos::prelude::*;

use crate::figures::list_href;
use crate::language::{Ui, t};
use crate::pages::mfa::blocked_users::cell;
use crate::ui::section::section;
use crate::ui::table::scroller;

const SHOWN: &[BlockColumn] =
    &[BlockColumn::Status, BlockColumn::At, BlockColumn::Reason, BlockColumn::EndedAt, BlockColumn::Notes];

/// `None` for somebody who was never blocked.
pub fn card(ui: &Ui, report: &Report, user: &UserDetails) -> Option<AnyView> {
    let oldest = user.blocks.iter().map(|block| block.at).min()?;
    let newest = user.blocks.iter().map(|block| block.at).max()?;
    let title = t!(ui, user.blocks);
    let headings = SHOWN.iter().map(|&column| view! { <th scope="col">{ui.block_column(column)}</th> }).collect_view();
    let rows = user
        .blocks
        .iter()
        .map(|block| {
            let cells = SHOWN.iter().map(|&column| cell(ui, None, block, column, SHOWN)).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let table = view! {
        <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
                <tr>{headings}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let span = Span::Window(Window { from: oldest, to: newest.plus_millis(1) });
    let report = Report { span, population: None, ..report.clone() };
    let all = BlockedUsersQuery::with(report, BlockFilters { user: vec![user.id.clone()], ..BlockFilters::default() });
    let content = view! {
        {scroller(title, table)}
        <p class="under-table">
            <a href=list_href(&all)>{t!(ui, user.to_blocks)}</a>
        </p>
    };
    let count = i64::try_from(user.blocks.len()).unwrap_or(i64::MAX);
    Some(section(title, t!(ui, blocks.count, count = count, n = ui.number(count)), content.into_any()))
}
