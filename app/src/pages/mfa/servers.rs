//! `/mfa/servers`: the servers of MFA Server, and when each was last heard of.

use domain::page::Page;
use domain::query::{ServerColumn, ServersQuery};
use domain::record::RecordKind;
use domain::report::ServerItem;
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use crate::language::{Ui, t};
use crate::pages::list::nothing::without_records;
use crate::pages::list::{self, ListPage, Words, is_whole};
use crate::pages::serve::Asked;
use crate::ui::cells::code;
use crate::ui::filter_bar::Popover;
use crate::ui::{recorded, state};

pub fn page() -> AnyView {
    list::page::<ServersQuery>()
}

impl ListPage for ServersQuery {
    const SHOWN: &'static [ServerColumn] = ServerColumn::ALL;
    const VIEW: ViewPage = ViewPage::Servers;
    const HAS_WINDOW: bool = false;
    const HAS_POPULATION: bool = false;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, servers.title), table: t!(ui, servers.table), search: t!(ui, servers.search) }
    }

    fn count(ui: &Ui, page: &Page<ServerItem>) -> String {
        t!(ui, servers.count, count = page.total, n = ui.number(page.total))
    }

    fn about(&self, ui: &Ui) -> String {
        t!(ui, print.as_of, at = ui.time(self.report.as_of))
    }

    fn column(ui: &Ui, column: ServerColumn) -> &'static str {
        ui.server_column(column)
    }

    fn is_number(_: ServerColumn) -> bool {
        false
    }

    fn cell(&self, ui: &Ui, server: &ServerItem, column: ServerColumn) -> AnyView {
        match column {
            ServerColumn::Name => view! { <th scope="row">{server.name.clone()}</th> }.into_any(),
            ServerColumn::Version => recorded::text(ui, server.version.as_deref()),
            ServerColumn::Status => recorded::text(ui, server.status.as_deref()),
            ServerColumn::Address => match &server.address {
                Some(address) => code(Some(address.clone())),
                None => recorded::text(ui, None),
            },
            ServerColumn::LastContact => recorded::time(ui, Some(server.last_contact)),
            ServerColumn::Stale => view! { <td>{state::stale(ui, server.stale)}</td> }.into_any(),
        }
    }

    fn filters(&self, _: &Ui, _: &FilterChoices) -> Vec<Popover> {
        Vec::new()
    }

    async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
        Ok(FilterChoices::default())
    }

    async fn above(&self, _: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        Ok(Some(view! { <p class="list-lead quiet">{t!(ui, servers.lead)}</p> }.into_any()))
    }

    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        without_records(asked, ui, &[RecordKind::MfaServerStatus], t!(ui, servers.no_records)).await
    }

    fn no_match(&self, ui: &Ui) -> String {
        if is_whole(self) {
            t!(ui, servers.none, at = ui.time(self.report.as_of))
        } else {
            t!(ui, servers.no_match).to_owned()
        }
    }
}
