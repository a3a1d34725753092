use domain::page::{Cursor, Page};
use leptos::prelude::*;

use crate::language::{Ui, t};

/// "1–50 of 3,980" and the ways on and back.
pub fn pager<T>(ui: &Ui, page: &Page<T>, link: impl Fn(Cursor) -> String) -> AnyView {
    let last = page.first + i64::try_from(page.items.len()).unwrap_or(0) - 1;
    let (first, last, total) = (ui.number(page.first), ui.number(last.max(0)), ui.number(page.total));
    let position = if page.total_is_exact {
        t!(ui, list.position, first = first, last = last, total = total)
    } else {
        t!(ui, list.position_more, first = first, last = last, total = total)
    };
    let step = |cursor: &Option<String>, rel: &'static str, label: &'static str| {
        let href = cursor.as_deref().and_then(Cursor::decode).map(&link);
        match href {
            Some(href) => view! {
                <a class="pill" rel=rel href=href>
                    {label}
                </a>
            }
            .into_any(),
            None => ().into_any(),
        }
    };
    let previous = step(&page.previous, "prev", t!(ui, list.previous));
    let next = step(&page.next, "next", t!(ui, list.next));
    if page.previous.is_none() && page.next.is_none() {
        // One page needs no way to others.
        return view! {
            <div class="pager">
                <span class="num">{position}</span>
            </div>
        }
        .into_any();
    }
    view! {
        <nav class="pager" aria-label=t!(ui, list.pages)>
            <span class="num">{position}</span>
            <span class="bar push">{previous} {next}</span>
        </nav>
    }
    .into_any()
}
