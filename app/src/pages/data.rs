use domain::report::{ImportItem, SourceItem};
use leptos::prelude::*;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::language::{Ui, t};
use crate::ui::section::section;
use crate::ui::table::scroller;

/// `/data`: sources and imports.
pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let reader = asked.reader();
    let sources = reader.sources().await?;
    let imports = reader.imports().await?;
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{t!(ui, data.title)}</h1>
                <p class="quiet">
                    {t!(ui, data.sub)} " · " {t!(ui, overview.zone, zone = ui.zone_name.clone())}
                </p>
            </div>
        </header>
        {sources_card(&ui, &sources)}
        {imports_card(&ui, &imports)}
        <section class="card">
            <div class="card-head">
                <h2>{t!(ui, data.how_title)}</h2>
            </div>
            <p class="card-text">{t!(ui, data.how)}</p>
            <p class="card-text">
                <code>{t!(ui, data.how_command)}</code>
            </p>
        </section>
    };
    Ok(Content::new(t!(ui, data.title), body))
}

fn sources_card(ui: &Ui, sources: &[SourceItem]) -> AnyView {
    let title = t!(ui, data.sources);
    if sources.is_empty() {
        return section(title, t!(ui, data.no_sources).to_owned(), ().into_any());
    }
    let rows = sources
        .iter()
        .map(|source| {
            let covers =
                t!(ui, format.span, from = ui.time(source.covers_from), to = ui.time(source.covers_to));
            view! {
                <tr>
                    <th scope="row">{ui.source(source.source)}</th>
                    <td class="nowrap num">{ui.time(source.last_refreshed)}</td>
                    <td class="nowrap num">{covers}</td>
                    <td class="n">{ui.number(source.records)}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, data.source)}</th>
                    <th scope="col">{t!(ui, data.last_refreshed)}</th>
                    <th scope="col">{t!(ui, data.covers)}</th>
                    <th scope="col" class="n">
                        {t!(ui, data.records)}
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    section(title, String::new(), scroller(title, table))
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
            let numbers = [
                counts.records,
                counts.accepted,
                counts.duplicate,
                counts.replaced,
                counts.skipped,
                counts.rejected,
            ];
            let numbers = numbers.map(|n| view! { <td class="n">{ui.number(n)}</td> });
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/data/{}", import.id)>{import.file_name.clone()}</a>
                    </th>
                    <td class="nowrap num">{ui.second(import.started_at)}</td>
                    <td>{ui.import_status(import.status)}</td>
                    {numbers.into_iter().collect_view()}
                </tr>
            }
        })
        .collect_view();
    let number = |label: &'static str| {
        view! {
            <th scope="col" class="n">
                {label}
            </th>
        }
    };
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, data.file)}</th>
                    <th scope="col">{t!(ui, data.started)}</th>
                    <th scope="col">{t!(ui, data.status)}</th>
                    {number(t!(ui, data.read))}
                    {number(t!(ui, data.accepted))}
                    {number(t!(ui, data.duplicate))}
                    {number(t!(ui, data.replaced))}
                    {number(t!(ui, data.skipped))}
                    {number(t!(ui, data.rejected))}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    section(title, String::new(), scroller(title, table))
}
