//! Numbers of records side by side, each under what it counts.

use domain::record::RecordKind;
use domain::report::ImportCounts;
use leptos::prelude::*;

use crate::language::{Ui, t};

/// What became of records.
pub fn of_counts(ui: &Ui, counts: &ImportCounts) -> AnyView {
    let numbers = [
        (t!(ui, data.read), counts.records),
        (t!(ui, data.accepted), counts.accepted),
        (t!(ui, data.duplicate), counts.duplicate),
        (t!(ui, data.replaced), counts.replaced),
        (t!(ui, data.skipped), counts.skipped),
        (t!(ui, data.rejected), counts.rejected),
    ];
    tally(ui, numbers)
}

/// Of which kind they were: the word for it where there is one, else what the records call it.
pub fn of_kinds<'a>(ui: &Ui, kinds: impl IntoIterator<Item = (&'a String, &'a i64)>) -> AnyView {
    let word = |kind: &'a str| kind.parse::<RecordKind>().map_or(kind, |kind| ui.source(kind));
    tally(ui, kinds.into_iter().map(|(kind, n)| (word(kind), *n)))
}

fn tally<'a>(ui: &Ui, numbers: impl IntoIterator<Item = (&'a str, i64)>) -> AnyView {
    let fact = |(label, n): (&str, i64)| {
        view! {
            <dl class="fact">
                <dt>{label.to_owned()}</dt>
                <dd class="num">{ui.number(n)}</dd>
            </dl>
        }
    };
    view! { <div class="facts tally">{numbers.into_iter().map(fact).collect_view()}</div> }.into_any()
}
