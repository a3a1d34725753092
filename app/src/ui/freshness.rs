use domain::report::SourceItem;
use leptos::prelude::*;

use crate::language::{Ui, t};

/// When each kind of record was last refreshed.
pub fn freshness(ui: &Ui, sources: &[SourceItem]) -> AnyView {
    let sources = sources
        .iter()
        .map(|source| {
            let at = ui.time(source.last_refreshed);
            view! { <li>{t!(ui, overview.fresh, source = ui.source(source.source), at = at)}</li> }
        })
        .collect_view();
    view! {
        <footer class="fresh">
            <b>{t!(ui, overview.last_refreshed)}</b>
            <ul>{sources}</ul>
            <span>{t!(ui, overview.zone, zone = ui.zone_name.clone())}</span>
        </footer>
    }
    .into_any()
}
