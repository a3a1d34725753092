//! A card with figures below each other: what is counted, the number with its list, and its share.

use leptos::prelude::*;

use super::cells;
use super::table::{number_heading, scroller};
use crate::language::{Ui, t};

/// One figure.
pub struct Count {
    pub label: AnyView,
    /// What else is said of it, a column each.
    pub more: Vec<AnyView>,
    pub n: i64,
    pub href: Option<String>,
}

impl Count {
    pub fn new(label: &'static str, n: i64, href: String) -> Self {
        Self { label: label.into_any(), more: Vec::new(), n, href: Some(href) }
    }
}

/// A division of a whole.
pub struct Counts {
    /// Unique on the page.
    pub id: &'static str,
    pub title: &'static str,
    /// "How is this counted?"
    pub counted: AnyView,
    /// Of the labels, and of what else is said.
    pub headings: Vec<&'static str>,
    pub rows: Vec<Count>,
    /// What shares are of: the last row.
    pub whole: Count,
    /// Said where there are no rows.
    pub nothing: &'static str,
    /// Beneath the table.
    pub foot: AnyView,
}

impl Counts {
    pub fn view(self, ui: &Ui) -> AnyView {
        let table = if self.rows.is_empty() {
            view! { <p class="card-text">{self.nothing}</p> }.into_any()
        } else {
            table(ui, self.title, &self.headings, self.rows, self.whole)
        };
        view! {
            <section class="card list counts" id=self.id>
                <div class="list-head">
                    <h3>{self.title}</h3>
                    {self.counted}
                </div>
                {table}
                {self.foot}
            </section>
        }
        .into_any()
    }
}

fn table(ui: &Ui, title: &'static str, headings: &[&'static str], rows: Vec<Count>, whole: Count) -> AnyView {
    let of = whole.n;
    let headings = headings.iter().map(|&heading| view! { <th scope="col">{heading}</th> }).collect_view();
    let row = |count: Count| {
        let more = count.more.into_iter().map(|more| view! { <td>{more}</td> }).collect_view();
        view! {
            <tr>
                <th scope="row">{count.label}</th>
                {more}
                {cells::number(ui, count.n, count.href)}
                <td class="n quiet">{ui.share(count.n, of)}</td>
            </tr>
        }
    };
    let rows = rows.into_iter().map(row).collect_view();
    let whole = row(whole);
    let table = view! {
        <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
                <tr>
                    {headings}
                    {number_heading(t!(ui, usage_column.sign_ins))}
                    {number_heading(t!(ui, usage_column.share))}
                </tr>
            </thead>
            <tbody>{rows} {whole}</tbody>
        </table>
    };
    scroller(title, table)
}
