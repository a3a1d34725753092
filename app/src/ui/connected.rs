//! How the pulls from connected tenants stand: a table for each tenant.

use domain::connection::{ConnectedTenant, ResourceItem};
use leptos::prelude::*;

use super::section::section;
use super::table::{number_heading, scroller};
use crate::language::{Ui, t};

/// A card for every connected tenant; nothing where there is none.
pub fn connected(ui: &Ui, tenants: &[ConnectedTenant]) -> AnyView {
    let cards = tenants.iter().map(|tenant| {
        let title = t!(ui, connection.pulled_from, name = tenant.name.clone());
        section(title.clone(), String::new(), resources(ui, &title, &tenant.resources))
    });
    cards.collect_view().into_any()
}

/// A row for each resource: how far it is read, and why not further.
pub fn resources(ui: &Ui, label: &str, resources: &[ResourceItem]) -> AnyView {
    if resources.is_empty() {
        return view! { <p class="card-text quiet">{t!(ui, connection.not_read_yet)}</p> }.into_any();
    }
    let time = |at: Option<_>| at.map_or_else(|| t!(ui, format.never).to_owned(), |at| ui.second(at));
    let rows = resources
        .iter()
        .map(|item| {
            view! {
                <tr>
                    <th scope="row">{ui.resource(item.resource)}</th>
                    <td class="nowrap num">{time(item.last_success)}</td>
                    <td class="nowrap num">{time(item.covered_to)}</td>
                    <td>{ui.resource_state(item)}</td>
                    <td class="n">{ui.number(item.requests)}</td>
                    <td class="n">{ui.number(item.throttled)}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, connection.resource)}</th>
                    <th scope="col">{t!(ui, connection.last_success)}</th>
                    <th scope="col">{t!(ui, connection.read_to)}</th>
                    <th scope="col">{t!(ui, connection.state)}</th>
                    {number_heading(t!(ui, connection.requests))}
                    {number_heading(t!(ui, connection.throttled))}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroller(label, table)
}
