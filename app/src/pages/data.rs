use domain::instant::DAY_MS;
use domain::report::ImportItem;
use leptos::prelude::*;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use super::sign_in::notice_view;
use crate::language::{Ui, t};
use crate::ui::connected::connected;
use crate::ui::section::section;
use crate::ui::table::{number_heading, scroller};
use sources::{Moment, sources_card, totals_card, unclassified_card};

mod sources;
pub mod tally;
mod upload;

/// `/data`: sources and imports.
pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let reader = asked.reader();
    let context = &asked.context;
    let moment = Moment { stale_after: context.settings.stale_after, now: context.now };
    let sources = reader.source_statuses(moment.now).await?;
    let last_30_days = reader.imported_since(moment.now.plus_millis(-30 * DAY_MS)).await?;
    let unclassified = reader.unclassified().await?;
    let imports = reader.imports().await?;
    let notice = asked.context.notice.map(|notice| notice_view(&ui, notice));
    let tenants = reader.connected_tenants().await?;
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{t!(ui, data.title)}</h1>
                <p class="quiet">
                    {t!(ui, data.sub)} " · " {t!(ui, overview.zone, zone = ui.zone_name.clone())}
                </p>
            </div>
        </header>
        {notice}
        {upload::card(&asked)}
        <div class="contents" id="data" data-swap="">
            {sources_card(&ui, &sources, moment)}
            {connected(&ui, &tenants)}
            {totals_card(&ui, &last_30_days)}
            {unclassified_card(&ui, &unclassified)}
            {imports_card(&ui, &imports)}
        </div>
        <section class="card">
            <div class="card-head">
                <h2>{t!(ui, data.how_title)}</h2>
            </div>
            <p class="card-text">{t!(ui, data.how)}</p>
            <p class="card-text">
                <code>{t!(ui, data.how_command)}</code>
            </p>
            <p class="card-text">{t!(ui, data.push_how)}</p>
            <p class="card-text">
                <code>{t!(ui, data.push_command)}</code>
            </p>
        </section>
    };
    Ok(Content::new(t!(ui, data.title), body))
}

fn imports_card(ui: &Ui, imports: &[ImportItem]) -> AnyView {
    let title = t!(ui, data.imports);
    if imports.is_empty() {
        return section(title, t!(ui, data.no_imports).to_owned(), ().into_any());
    }
    let rows = imports
        .iter()
        .map(|import| {
            let counts = &import.counts;
            let numbers =
                [counts.records, counts.accepted, counts.duplicate, counts.replaced, counts.skipped, counts.rejected];
            let numbers = numbers.map(|n| view! { <td class="n">{ui.number(n)}</td> });
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/data/{}", import.id)>{ui.import_name(import)}</a>
                    </th>
                    <td>{ui.import_door(import.door)}</td>
                    <td class="nowrap num">{ui.second(import.started_at)}</td>
                    <td>{ui.import_status(import.status)}</td>
                    {numbers.into_iter().collect_view()}
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, data.file)}</th>
                    <th scope="col">{t!(ui, data.door)}</th>
                    <th scope="col">{t!(ui, data.started)}</th>
                    <th scope="col">{t!(ui, data.status)}</th>
                    {number_heading(t!(ui, data.read))}
                    {number_heading(t!(ui, data.accepted))}
                    {number_heading(t!(ui, data.duplicate))}
                    {number_heading(t!(ui, data.replaced))}
                    {number_heading(t!(ui, data.skipped))}
                    {number_heading(t!(ui, data.rejected))}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    section(title, String::new(), scroller(title, table))
}
