use domain::report::{ImportItem, ImportStatus, RejectedItem};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::data::tally;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::language::{Ui, t};
use crate::ui::section::section;
use crate::ui::table::{number_heading, scroller};

/// `/data/{import}`: one file that came in, and what of it could not be read.
pub fn page() -> AnyView {
    let id = use_params_map().read_untracked().get("import").unwrap_or_default();
    page_for_viewers(async move |asked| content(asked, &id).await)
}

async fn content(asked: Asked, id: &str) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let reader = asked.reader();
    let import = match id.parse() {
        Ok(id) => reader.import(id).await?,
        Err(_) => None,
    };
    let Some(import) = import else {
        return Err(Problem::Missing {
            title: t!(ui, data.import_missing_title).to_owned(),
            sentence: t!(ui, data.import_missing).to_owned(),
            link: ("/data", t!(ui, data.to_data)),
        });
    };
    let rejected = reader.rejected(import.id).await?;
    let refusal = import.refusal.clone().map(|why| {
        view! {
            <p class="field-problem">
                <b>{t!(ui, data.refusal)}</b>
                ": "
                {why}
            </p>
        }
    });
    let running = (import.status == ImportStatus::Running).then(|| {
        view! {
            <p class="notice">
                {t!(ui, data.running_note)} " "
                <a href=format!("/data/{}", import.id)>{t!(ui, data.reload)}</a>
            </p>
        }
    });
    let may_undo = import.can_undo && asked.viewer.role.may_operate();
    let undo_link = may_undo.then(|| {
        view! {
            <a class="pill" href=format!("/data/{}/undo", import.id)>
                {t!(ui, undo.button)}
            </a>
        }
    });
    let undone = undone(&ui, &import).map(|sentence| view! { <p class="notice">{sentence}</p> });
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1 class="file-name">{ui.import_name(&import)}</h1>
                <p class="quiet">
                    {t!(ui, data.import_sub, at = ui.second(import.started_at))} " · "
                    {ui.import_door(import.door)} " · "
                    {t!(ui, overview.zone, zone = ui.zone_name.clone())}
                </p>
            </div>
            <div class="bar head-controls">
                <a class="pill" href="/data">
                    {t!(ui, data.to_data)}
                </a>
                {undo_link}
            </div>
        </header>
        <div class="contents" id="import" data-swap="">
            <p class="quiet">{t!(ui, data.status)} ": " {ui.import_status(import.status)}</p>
            {running}
            {refusal}
            {undone}
            {counts(&ui, &import)}
            {rejected_card(&ui, &import, &rejected)}
        </div>
    };
    Ok(Content::new(ui.import_name(&import), body))
}

/// Who takes it back or has done so.
fn undone(ui: &Ui, import: &ImportItem) -> Option<String> {
    let who = import.undone_by.clone()?;
    Some(match import.undone_at {
        None => t!(ui, undo.doing, who = who),
        Some(at) => t!(ui, undo.done, who = who, at = ui.second(at)),
    })
}

fn counts(ui: &Ui, import: &ImportItem) -> AnyView {
    let counts = &import.counts;
    let by_kind = (!counts.by_kind.is_empty()).then(|| {
        view! {
            <h3 class="card-sub">{t!(ui, data.by_kind)}</h3>
            {tally::of_kinds(ui, &counts.by_kind)}
        }
    });
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!(ui, data.counts)}</h2>
            </div>
            {tally::of_counts(ui, counts)}
            {by_kind}
        </section>
    }
    .into_any()
}

fn rejected_card(ui: &Ui, import: &ImportItem, rejected: &[RejectedItem]) -> AnyView {
    let title = t!(ui, data.rejected_title);
    if rejected.is_empty() {
        let sub = if import.counts.rejected == 0 && import.refusal.is_none() {
            t!(ui, data.rejected_none)
        } else {
            t!(ui, data.rejected_sub)
        };
        return section(title, sub.to_owned(), ().into_any());
    }
    let shown = i64::try_from(rejected.len()).unwrap_or(i64::MAX);
    let sub = if shown < import.counts.rejected {
        t!(ui, data.rejected_first, n = ui.number(shown), total = ui.number(import.counts.rejected))
    } else {
        t!(ui, data.rejected_sub).to_owned()
    };
    let rows = rejected
        .iter()
        .map(|item| {
            view! {
                <tr>
                    <td class="n">{item.line.map(|n| ui.number(n))}</td>
                    <td class="n">{item.byte.map(|n| ui.number(n))}</td>
                    <td class="reason">{item.reason.clone()}</td>
                    <td class="code">{item.excerpt.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table>
            <thead>
                <tr>
                    {number_heading(t!(ui, data.line))}
                    {number_heading(t!(ui, data.byte))}
                    <th scope="col">{t!(ui, data.reason)}</th>
                    <th scope="col">{t!(ui, data.excerpt)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let file = |format: &str| format!("/data/{}/rejected.{format}", import.id);
    let downloads = view! {
        <p class="bar card-text">
            <span>{t!(ui, data.rejected_download)}</span>
            <a class="pill" download="" href=file("csv")>
                "CSV"
            </a>
            <a class="pill" download="" href=file("jsonl")>
                "JSON Lines"
            </a>
        </p>
    };
    section(title, sub, view! { {downloads} {scroller(title, table)} }.into_any())
}
