use domain::query::{EventColumn, Report};
use domain::report::EventItem;
use leptos::prelude::*;

use crate::language::Ui;
use crate::ui::cells::{code, text};
use crate::ui::person::Person;
use crate::ui::state;

/// One cell of a list of events. `report` is where the link to the person's page takes its instant from.
pub fn cell(
    ui: &Ui,
    report: Option<&Report>,
    event: &EventItem,
    column: EventColumn,
    with_user_name: bool,
) -> AnyView {
    match column {
        EventColumn::At => view! { <td class="nowrap num">{ui.second(event.at)}</td> }.into_any(),
        EventColumn::DisplayName => {
            let person = Person {
                id: event.user_id.as_deref(),
                display_name: event.display_name.as_deref(),
                user_name: event.user_name.as_deref(),
            };
            view! { <td>{person.view(ui, report, with_user_name)}</td> }.into_any()
        }
        EventColumn::Feature => text(Some(ui.feature(event.feature).to_owned())),
        EventColumn::Method => {
            view! { <td>{state::method(ui, event.method, event.raw_method.as_deref())}</td> }.into_any()
        }
        EventColumn::Status => view! { <td>{state::outcome(ui, event.status)}</td> }.into_any(),
        EventColumn::Reason => view! { <td class="reason">{event.reason.clone()}</td> }.into_any(),
        EventColumn::Source => text(Some(ui.event_source(event.source).to_owned())),
        EventColumn::UserName => text(event.user_name.clone()),
        EventColumn::RawMethod => text(event.raw_method.clone()),
        EventColumn::Id => code(Some(event.id.clone())),
        EventColumn::UserId => code(event.user_id.clone()),
    }
}
