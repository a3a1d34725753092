//! `/mfa/blocked-users`: the block history.

use domain::mfa::BlockStatus;
use domain::page::Page;
use domain::query::{BlockColumn, BlockedUsersQuery, Report};
use domain::record::RecordKind;
use domain::report::BlockItem;
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
    list::page::<BlockedUsersQuery>()
}

impl ListPage for BlockedUsersQuery {
    const SHOWN: &'static [BlockColumn] = &[
        BlockColumn::DisplayName,
        BlockColumn::Status,
        BlockColumn::At,
        BlockColumn::Reason,
        BlockColumn::EndedAt,
        BlockColumn::Notes,
    ];
    const VIEW: ViewPage = ViewPage::BlockedUsers;
    const HAS_WINDOW: bool = true;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, blocks.title), table: t!(ui, blocks.table), search: t!(ui, list.search_events) }
    }

    fn count(ui: &Ui, page: &Page<BlockItem>) -> String {
        t!(ui, blocks.count, count = page.total, n = ui.number(page.total))
    }

    fn about(&self, ui: &Ui) -> String {
        ui.window(self.report.window())
    }

    fn column(ui: &Ui, column: BlockColumn) -> &'static str {
        ui.block_column(column)
    }

    fn is_number(_: BlockColumn) -> bool {
        false
    }

    fn cell(&self, ui: &Ui, block: &BlockItem, column: BlockColumn) -> AnyView {
        cell(ui, Some(&self.report), block, column, self.shown())
    }

    fn cell_for(&self, viewer: &Viewer, ui: &Ui, block: &BlockItem, column: BlockColumn) -> AnyView {
        if column != BlockColumn::Notes {
            return self.cell(ui, block, column);
        }
        let name = Person::from(block).name(ui);
        let return_to = super::return_to(viewer, &self.page_address());
        Review { about: &block.id, name, notes: &block.notes, return_to }.cell(ui)
    }

    fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
        let label = t!(ui, block_column.status);
        let word = |status| ui.block_status(status).to_owned();
        vec![Filter::words("status", label, BlockStatus::ALL, &self.filters.status, true, word).into()]
    }

    fn filters_without_control(&self, ui: &Ui) -> Vec<Filter> {
        vec![Filter::people(t!(ui, events.user), &self.filters.user)]
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        let kinds = [RecordKind::DirectoryAudit, RecordKind::MfaBlock];
        without_records(asked, ui, &kinds, t!(ui, blocks.no_records)).await
    }

    fn no_match(&self, ui: &Ui) -> String {
        super::no_match(ui, &self.report, is_whole(self), |from, to| t!(ui, blocks.none, from = from, to = to))
    }
}

/// One cell of a list of blocks. What has no column among those shown stands beneath what it belongs to.
pub fn cell(
    ui: &Ui,
    report: Option<&Report>,
    block: &BlockItem,
    column: BlockColumn,
    shown: &[BlockColumn],
) -> AnyView {
    let by = (!shown.contains(&BlockColumn::By)).then(|| super::by(ui, block.by.as_deref()));
    let ended_by = block.ended_by.as_deref().filter(|_| !shown.contains(&BlockColumn::EndedBy));
    let end_reason = block.end_reason.as_deref().filter(|_| !shown.contains(&BlockColumn::EndReason));
    match column {
        BlockColumn::DisplayName => {
            let with_user_name = !shown.contains(&BlockColumn::UserName);
            view! { <td>{Person::from(block).view(ui, report, with_user_name)}</td> }.into_any()
        }
        BlockColumn::Status => {
            let until = block.until.filter(|_| !shown.contains(&BlockColumn::Until));
            let until = until.and_then(|until| match block.status {
                BlockStatus::Open => Some(t!(ui, blocks.until, at = ui.time(until))),
                BlockStatus::Lifted => Some(t!(ui, blocks.meant_until, at = ui.time(until))),
                BlockStatus::Expired => None,
            });
            view! {
                <td>
                    {state::block(ui, block.status)}
                    {until.map(|until| view! { <span class="beneath">{until}</span> })}
                </td>
            }
            .into_any()
        }
        BlockColumn::At => {
            recorded::time_with(ui, Some(block.at), [by])
        }
        BlockColumn::EndedAt => super::ended(ui, block.ended_at, ended_by, end_reason),
        BlockColumn::By => recorded::text(ui, block.by.as_deref()),
        BlockColumn::Reason => recorded::text(ui, block.reason.as_deref()),
        BlockColumn::Until => recorded::time(ui, block.until),
        BlockColumn::EndedBy => text(block.ended_by.clone()),
        BlockColumn::EndReason => text(block.end_reason.clone()),
        BlockColumn::Notes => {
            let name = Person::from(block).name(ui);
            Review { about: &block.id, name, notes: &block.notes, return_to: None }.cell(ui)
        }
        BlockColumn::UserName => text(block.user_name.clone()),
        BlockColumn::Id => code(Some(block.id.clone())),
        BlockColumn::UserId => code(block.user_id.clone()),
    }
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;
    use domain::query::ListQuery as _;
    use domain::role::Role;
    use domain::viewer::TenantId;
    use serde_json::json;

    use super::*;

    fn block() -> BlockItem {
        let block = json!({
            "id": "b1", "at": "2026-11-20T12:00:00.000Z", "user_id": "ada", "display_name": "Ada", "user_name": null,
            "by": "sara@contoso.com", "reason": null, "until": null, "status": "lifted",
            "ended_at": "2026-11-21T12:00:00.000Z", "ended_by": "bo@contoso.com", "end_reason": "A mistake", "notes": [],
        });
        serde_json::from_value(block).expect("a block")
    }

    #[test]
    fn what_has_no_column_stands_beneath() {
        let ui = Ui::new("UTC");
        let html = |column, shown: &[BlockColumn]| cell(&ui, None, &block(), column, shown).to_html();
        assert!(html(BlockColumn::At, BlockedUsersQuery::SHOWN).contains("by sara@contoso.com"));
        let ended = html(BlockColumn::EndedAt, BlockedUsersQuery::SHOWN);
        assert!(ended.contains("by bo@contoso.com") && ended.contains("A mistake"), "{ended}");
        assert!(!html(BlockColumn::EndedAt, BlockColumn::ALL).contains("A mistake"));
        assert!(html(BlockColumn::Reason, BlockColumn::ALL).contains("Not recorded"));
        let by_nobody = BlockItem { by: None, ..block() };
        let html = cell(&ui, None, &by_nobody, BlockColumn::At, BlockedUsersQuery::SHOWN).to_html();
        assert!(html.contains("by whom is not recorded"), "{html}");
    }

    #[test]
    fn administrators_may_add_notes_and_readers_may_not() {
        let query = BlockedUsersQuery::parse("status=lifted&size=10", Instant::MAX).expect("parameters");
        for role in Role::ALL {
            let viewer = Viewer { tenant: TenantId::ONLY, name: "Sara".into(), role: *role, person_id: None };
            let html = query.cell_for(&viewer, &Ui::new("UTC"), &block(), BlockColumn::Notes).to_html();
            let way_back = "name=\"return_to\" value=\"/mfa/blocked-users?status=lifted&amp;size=10\"";
            assert_eq!(html.contains(way_back), role.may_operate(), "{role}: {html}");
        }
    }
}
