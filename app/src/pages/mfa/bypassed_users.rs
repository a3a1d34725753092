//! `/mfa/bypassed-users`: the history of one-time bypasses.

use domain::mfa::BypassStatus;
use domain::page::Page;
use domain::query::{BypassColumn, BypassedUsersQuery};
use domain::record::RecordKind;
use domain::report::BypassItem;
use domain::view::ViewPage;
use domain::viewer::Viewer;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use crate::language::{Ui, t};
use crate::pages::list::nothing::without_records;
use crate::pages::list::{self, ListPage, Words, is_whole};
use crate::pages::serve::Asked;
use crate::ui::cells::{code, text};
use crate::ui::filter_bar::{Filter, Popover};
use crate::ui::person::Person;
use crate::ui::review::Review;
use crate::ui::{recorded, state};

pub fn page() -> AnyView {
    list::page::<BypassedUsersQuery>()
}

impl ListPage for BypassedUsersQuery {
    const SHOWN: &'static [BypassColumn] = &[
        BypassColumn::DisplayName,
        BypassColumn::Status,
        BypassColumn::At,
        BypassColumn::Reason,
        BypassColumn::EndedAt,
        BypassColumn::Notes,
    ];
    const VIEW: ViewPage = ViewPage::BypassedUsers;
    const HAS_WINDOW: bool = true;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, bypasses.title), table: t!(ui, bypasses.table), search: t!(ui, list.search_events) }
    }

    fn count(ui: &Ui, page: &Page<BypassItem>) -> String {
        t!(ui, bypasses.count, count = page.total, n = ui.number(page.total))
    }

    fn about(&self, ui: &Ui) -> String {
        ui.window(self.report.window())
    }

    fn column(ui: &Ui, column: BypassColumn) -> &'static str {
        ui.bypass_column(column)
    }

    fn is_number(column: BypassColumn) -> bool {
        column == BypassColumn::Seconds
    }

    fn cell(&self, ui: &Ui, bypass: &BypassItem, column: BypassColumn) -> AnyView {
        let by = (!self.shown().contains(&BypassColumn::By)).then(|| super::by(ui, bypass.by.as_deref()));
        let seconds = bypass.seconds.filter(|_| !self.shown().contains(&BypassColumn::Seconds));
        let end_reason = bypass.end_reason.as_deref().filter(|_| !self.shown().contains(&BypassColumn::EndReason));
        let person = Person::from(bypass);
        match column {
            BypassColumn::DisplayName => {
                let with_user_name = !self.shown().contains(&BypassColumn::UserName);
                view! { <td>{person.view(ui, Some(&self.report), with_user_name)}</td> }.into_any()
            }
            BypassColumn::Status => view! { <td>{state::bypass(ui, bypass.status)}</td> }.into_any(),
            BypassColumn::At => {
                let seconds = seconds.map(|seconds| t!(ui, bypasses.good_for, n = ui.number(seconds)));
                recorded::time_with(ui, Some(bypass.at), [by, seconds])
            }
            BypassColumn::By => recorded::text(ui, bypass.by.as_deref()),
            BypassColumn::Reason => recorded::text(ui, bypass.reason.as_deref()),
            BypassColumn::Seconds => {
                let seconds = bypass.seconds.map(|seconds| t!(ui, bypasses.seconds, n = ui.number(seconds)));
                view! { <td class="n nowrap">{seconds}</td> }.into_any()
            }
            BypassColumn::Until => recorded::time(ui, bypass.until),
            BypassColumn::EndedAt => super::ended(ui, bypass.ended_at, None, end_reason),
            BypassColumn::EndReason => text(bypass.end_reason.clone()),
            BypassColumn::Notes => {
                Review { about: &bypass.id, name: person.name(ui), notes: &bypass.notes, return_to: None }.cell(ui)
            }
            BypassColumn::UserName => text(bypass.user_name.clone()),
            BypassColumn::Id => code(Some(bypass.id.clone())),
            BypassColumn::UserId => code(bypass.user_id.clone()),
        }
    }

    fn cell_for(&self, viewer: &Viewer, ui: &Ui, bypass: &BypassItem, column: BypassColumn) -> AnyView {
        if column != BypassColumn::Notes {
            return self.cell(ui, bypass, column);
        }
        let name = Person::from(bypass).name(ui);
        let return_to = super::return_to(viewer, &self.page_address());
        Review { about: &bypass.id, name, notes: &bypass.notes, return_to }.cell(ui)
    }

    fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
        let label = t!(ui, bypass_column.status);
        let word = |status| ui.bypass_status(status).to_owned();
        vec![Filter::words("status", label, BypassStatus::ALL, &self.filters.status, true, word).into()]
    }

    fn filters_without_control(&self, ui: &Ui) -> Vec<Filter> {
        vec![Filter::people(t!(ui, events.user), &self.filters.user)]
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    /// The audit log tells of a bypass, and not whether it was used: that only MFA Server's own history says.
    fn notes(&self, ui: &Ui) -> Vec<String> {
        let asks_for_used = self.filters.status.contains(&BypassStatus::Used);
        asks_for_used.then(|| t!(ui, bypasses.used_means).to_owned()).into_iter().collect()
    }

    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        let kinds = [RecordKind::DirectoryAudit, RecordKind::MfaBypass];
        without_records(asked, ui, &kinds, t!(ui, bypasses.no_records)).await
    }

    fn no_match(&self, ui: &Ui) -> String {
        super::no_match(ui, &self.report, is_whole(self), |from, to| t!(ui, bypasses.none, from = from, to = to))
    }
}
