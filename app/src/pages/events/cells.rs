use domain::query::{EventColumn, Report};
use domain::report::EventItem;
use leptos::prelude::*;

use crate::figures::{href, user_href};
use crate::language::{Ui, t};
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
        EventColumn::DisplayName => view! { <td>{person(ui, report, event, with_user_name)}</td> }.into_any(),
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

fn person(ui: &Ui, report: Option<&Report>, event: &EventItem, with_user_name: bool) -> AnyView {
    let name = event.display_name.clone().or_else(|| event.user_name.clone());
    let Some(id) = &event.user_id else {
        let name = name.unwrap_or_else(|| t!(ui, events.nobody).to_owned());
        return view! { <span class="quiet">{name}</span> }.into_any();
    };
    let query = report.map(|report| Report { population: None, ..report.clone() }.to_url()).unwrap_or_default();
    let link = href(&user_href(id), &query);
    let name = name.unwrap_or_else(|| id.clone());
    let user_name = event.user_name.clone().filter(|_| with_user_name && event.display_name.is_some());
    view! {
        <a href=link class="person">
            <b>{name}</b>
            <span>{user_name}</span>
        </a>
    }
    .into_any()
}

fn text(text: Option<String>) -> AnyView {
    view! { <td>{text}</td> }.into_any()
}

fn code(text: Option<String>) -> AnyView {
    view! { <td class="code">{text}</td> }.into_any()
}
