use domain::population::Population;
use domain::query::{Report, Span};
use domain::window::Range;
use leptos::prelude::*;
use store::StoreError;

use super::ListPage;
use crate::language::{Ui, t};
use crate::pages::serve::Asked;
use crate::ui::empty;

/// Why a list has no rows, and what to do about it: no data yet, nothing known then, the list's own reason, no match.
pub async fn nothing<Q: ListPage>(asked: &Asked, ui: &Ui, query: &Q) -> Result<AnyView, StoreError> {
    let reader = asked.reader();
    if reader.sources().await?.is_empty() {
        return Ok(empty::no_data(ui));
    }
    if let Some(reason) = query.nothing(asked, ui).await? {
        return Ok(reason);
    }
    let mut links = Vec::new();
    let address = query.address();
    let mut clear = Q::of(query.report().clone());
    if Q::HAS_WINDOW {
        if query.report().range() != Some(Range::Year) {
            let mut longer = query.clone();
            longer.report_mut().span = Span::Range(Range::Year);
            links.push((longer.address().to_string(), t!(ui, empty.longer)));
        }
        clear.report_mut().population = None;
    } else if query.report().population != Some(Population::Everyone) {
        let report = Report { population: Some(Population::Everyone), ..query.report().clone() };
        let mut everyone = query.clone();
        *everyone.report_mut() = report;
        links.push((everyone.address().to_string(), t!(ui, empty.among_everyone)));
    }
    if clear.address() != address {
        links.insert(0, (clear.address().to_string(), t!(ui, empty.clear)));
    }
    Ok(empty::no_match(ui, query.no_match(ui), links))
}
