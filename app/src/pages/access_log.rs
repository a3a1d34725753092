//! `/settings/access-log`: who looked at what, who took what away, changed what, and who was refused. For those who may
//! see settings.

use domain::access::{AccessAction, AccessOutcome, ActorKind};
use domain::page::Page;
use domain::query::{AccessColumn, AccessLogQuery};
use domain::report::AccessItem;
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use super::list::{self, ListPage, Words};
use super::serve::Asked;
use crate::language::{Ui, t};
use crate::ui::cells::{self, code, text};
use crate::ui::filter_bar::{Filter, Popover};
use crate::ui::recorded;

pub fn page() -> AnyView {
    list::page::<AccessLogQuery>()
}

impl ListPage for AccessLogQuery {
    const SHOWN: &'static [AccessColumn] = &[
        AccessColumn::At,
        AccessColumn::Actor,
        AccessColumn::Action,
        AccessColumn::Target,
        AccessColumn::Rows,
        AccessColumn::Outcome,
        AccessColumn::Address,
    ];
    const VIEW: ViewPage = ViewPage::AccessLog;
    const HAS_WINDOW: bool = true;
    const IS_OF_RECORDS: bool = false;
    const HAS_POPULATION: bool = false;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, access_log.title), table: t!(ui, access_log.table), search: t!(ui, access_log.search) }
    }

    fn count(ui: &Ui, page: &Page<AccessItem>) -> String {
        if page.total_is_exact {
            t!(ui, access_log.count, count = page.total, n = ui.number(page.total))
        } else {
            t!(ui, access_log.count_more, n = ui.number(page.total))
        }
    }

    fn about(&self, ui: &Ui) -> String {
        ui.window(self.report.window())
    }

    fn column(ui: &Ui, column: AccessColumn) -> &'static str {
        ui.access_column(column)
    }

    fn is_number(column: AccessColumn) -> bool {
        matches!(column, AccessColumn::Rows)
    }

    fn cell(&self, ui: &Ui, entry: &AccessItem, column: AccessColumn) -> AnyView {
        match column {
            AccessColumn::At => recorded::time(ui, Some(entry.at)),
            AccessColumn::Actor => actor(ui, entry),
            AccessColumn::ActorKind => text(Some(ui.actor_kind(entry.actor_kind).to_owned())),
            AccessColumn::Role => text(entry.role.map(|role| ui.role(role).to_owned())),
            AccessColumn::Action => text(Some(ui.access_action(entry.action).to_owned())),
            AccessColumn::Outcome => text(Some(ui.access_outcome(entry.outcome).to_owned())),
            AccessColumn::Target => target(ui, entry),
            AccessColumn::Rows => match entry.rows {
                Some(rows) => cells::number(ui, rows, None),
                None => text(None),
            },
            AccessColumn::Id => code(Some(entry.id.to_string())),
            AccessColumn::ActorId => code(entry.actor_id.map(|id| id.to_string())),
            AccessColumn::Status => code(entry.status.map(|status| status.to_string())),
            AccessColumn::Route => code(Some(entry.route.clone())),
            AccessColumn::Address => code(entry.address.clone()),
            AccessColumn::RequestId => code(entry.request_id.clone()),
            AccessColumn::Hash => code(Some(entry.hash.clone())),
        }
    }

    fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
        let chosen = &self.filters;
        let action =
            Filter::words("action", t!(ui, access_column.action), AccessAction::ALL, &chosen.action, false, |action| {
                ui.access_action(action).to_owned()
            });
        let outcome = Filter::words(
            "outcome",
            t!(ui, access_column.outcome),
            AccessOutcome::ALL,
            &chosen.outcome,
            false,
            |outcome| ui.access_outcome(outcome).to_owned(),
        );
        let kind = Filter::words(
            "actor_kind",
            t!(ui, access_column.actor_kind),
            ActorKind::ALL,
            &chosen.actor_kind,
            false,
            |kind| ui.actor_kind(kind).to_owned(),
        );
        vec![action.into(), outcome.into(), kind.into()]
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    async fn above(&self, _: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        Ok(Some(view! { <p class="list-lead quiet">{t!(ui, access_log.lead)}</p> }.into_any()))
    }

    async fn nothing(&self, _: &Asked, _: &Ui) -> Result<Option<AnyView>, StoreError> {
        Ok(None)
    }

    fn no_match(&self, ui: &Ui) -> String {
        let window = self.report.window();
        t!(ui, access_log.none, from = ui.time(window.from), to = ui.time(window.to))
    }
}

/// A name, and beneath it the role or what it is the name of; without a name, what it was.
fn actor(ui: &Ui, entry: &AccessItem) -> AnyView {
    let kind = ui.actor_kind(entry.actor_kind);
    if entry.actor.is_empty() {
        return text(Some(kind.to_owned()));
    }
    let beneath = match (entry.actor_kind, entry.role) {
        (ActorKind::Person, Some(role)) => ui.role(role).to_owned(),
        _ => kind.to_owned(),
    };
    view! {
        <td>
            {entry.actor.clone()}
            <span class="beneath">{beneath}</span>
        </td>
    }
    .into_any()
}

/// The address as it was asked for; a page is a link to what it shows now.
fn target(ui: &Ui, entry: &AccessItem) -> AnyView {
    let Some(target) = entry.target.clone() else {
        let erased = t!(ui, access_log.erased);
        return view! { <td><span class="not-recorded">{erased}</span></td> }.into_any();
    };
    let is_page = matches!(entry.action, AccessAction::View | AccessAction::ViewPerson)
        && (ViewPage::ALL.iter().any(|page| entry.route == format!("/{page}")) || entry.route == "/users/{id}");
    if is_page {
        view! {
            <td class="code">
                <a href=target.clone()>{target.clone()}</a>
            </td>
        }
        .into_any()
    } else {
        view! { <td class="code">{target}</td> }.into_any()
    }
}
