use domain::population::Population;
use domain::query::{Report, Span};
use domain::record::RecordKind;
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
    if Q::IS_OF_RECORDS && reader.sources().await?.is_empty() {
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
    } else if !Q::HAS_POPULATION {
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

/// Says which records would fill the list, where none of them has come in.
pub async fn without_records(
    asked: &Asked,
    ui: &Ui,
    kinds: &[RecordKind],
    sentence: &'static str,
) -> Result<Option<AnyView>, StoreError> {
    let sources = asked.reader().sources().await?;
    let has_some = sources.iter().any(|source| kinds.contains(&source.source));
    Ok((!has_some).then(|| empty::no_records(ui, sentence)))
}

/// The same where records of any kind would do that say something of users' registration.
pub async fn without_state(asked: &Asked, ui: &Ui, sentence: &'static str) -> Result<Option<AnyView>, StoreError> {
    let kinds: Vec<RecordKind> = RecordKind::ALL.iter().copied().filter(|kind| kind.is_about_state()).collect();
    without_records(asked, ui, &kinds, sentence).await
}
