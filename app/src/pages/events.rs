//! `/events`: registration and reset details.

use domain::method::AuthMethod;
use domain::page::Page;
use domain::population::Population;
use domain::query::{EventColumn, EventsQuery, Report, UserFlag};
use domain::record::{Feature, Outcome};
use domain::report::EventItem;
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use super::list::{self, ListPage, Words};
use super::serve::Asked;
use crate::language::{Ui, t};
use crate::ui::empty;
use crate::ui::filter_bar::{Filter, Popover};

pub mod cells;

pub fn page() -> AnyView {
    list::page::<EventsQuery>()
}

impl ListPage for EventsQuery {
    const SHOWN: &'static [EventColumn] = &[
        EventColumn::At,
        EventColumn::DisplayName,
        EventColumn::Feature,
        EventColumn::Method,
        EventColumn::Status,
        EventColumn::Reason,
    ];
    const VIEW: ViewPage = ViewPage::Events;
    const HAS_WINDOW: bool = true;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, events.title), table: t!(ui, events.table), search: t!(ui, list.search_events) }
    }

    fn count(ui: &Ui, page: &Page<EventItem>) -> String {
        let n = ui.number(page.total);
        if page.total_is_exact {
            t!(ui, events.count, count = page.total, n = n)
        } else {
            t!(ui, events.count_more, n = n)
        }
    }

    fn about(&self, ui: &Ui) -> String {
        ui.window(self.report.window())
    }

    fn column(ui: &Ui, column: EventColumn) -> &'static str {
        ui.event_column(column)
    }

    fn is_number(_: EventColumn) -> bool {
        false
    }

    fn cell(&self, ui: &Ui, event: &EventItem, column: EventColumn) -> AnyView {
        let with_user_name = !self.list.columns.contains(&EventColumn::UserName);
        cells::cell(ui, Some(&self.report), event, column, with_user_name)
    }

    fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
        let feature = t!(ui, event_column.feature);
        let status = t!(ui, event_column.status);
        vec![
            Filter::words("feature", feature, Feature::ALL, &self.feature, false, |it| ui.feature(it).to_owned()).into(),
            Filter::methods(ui, t!(ui, event_column.method), AuthMethod::ALL.iter(), &self.method).into(),
            Filter::words("status", status, Outcome::ALL, &self.status, false, |it| ui.status(it).to_owned()).into(),
            Filter::population(ui, self.report.population, None).into(),
        ]
    }

    fn filters_without_control(&self, ui: &Ui) -> Vec<Filter> {
        vec![Filter::people(t!(ui, events.user), &self.user)]
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    /// Where nobody may reset a password, there are no resets to find.
    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        if self.feature != [Feature::Reset] {
            return Ok(None);
        }
        let report = Report { population: Some(Population::Everyone), ..self.report.clone() };
        let enabled = *asked.reader().overview(&report).await?.tiles.get(UserFlag::Enabled);
        Ok((enabled.no > 0 && enabled.yes + enabled.unknown == 0).then(|| empty::reset_is_off(ui)))
    }

    fn no_match(&self, ui: &Ui) -> String {
        let window = self.report.window();
        t!(ui, empty.no_match_events, from = ui.time(window.from), to = ui.time(window.to))
    }
}
