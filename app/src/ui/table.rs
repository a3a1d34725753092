//! Tables that scroll inside their card, with headings that sort.

use domain::query::{Column, Direction, Sort};
use leptos::prelude::*;

use super::icon;
use crate::language::{Ui, t};

/// A box that scrolls sideways by touch and by keyboard.
pub fn scroller(label: &str, table: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="scroll" role="region" tabindex="0" aria-label=label.to_owned()>
            {table.into_any()}
        </div>
    }
    .into_any()
}

/// The heading of a column of numbers.
pub fn number_heading(label: impl IntoView + 'static) -> AnyView {
    view! {
        <th scope="col" class="n">
            {label}
        </th>
    }
    .into_any()
}

/// A heading that links to the list in its order; the other order where the list is in it already. Plain where a list has
/// no such order.
pub fn sortable<C: Column>(
    ui: &Ui,
    column: C,
    label: &'static str,
    sort: Sort<C>,
    is_number: bool,
    link: impl FnOnce(Sort<C>) -> String,
) -> AnyView {
    if !column.is_sortable() {
        return view! {
            <th scope="col" class:n=is_number>
                {label}
            </th>
        }
        .into_any();
    }
    let is_sorted = sort.column == column;
    let direction = if is_sorted { sort.direction.reversed() } else { Direction::Ascending };
    let aria_sort = is_sorted.then_some(match sort.direction {
        Direction::Ascending => "ascending",
        Direction::Descending => "descending",
    });
    let title = match direction {
        Direction::Ascending => t!(ui, list.sort_ascending, column = label),
        Direction::Descending => t!(ui, list.sort_descending, column = label),
    };
    let arrow = is_sorted.then(|| icon::arrow(sort.direction == Direction::Ascending));
    let href = link(Sort { column, direction });
    view! {
        <th scope="col" aria-sort=aria_sort class:n=is_number>
            <a href=href title=title>
                {label}
                {arrow}
            </a>
        </th>
    }
    .into_any()
}
