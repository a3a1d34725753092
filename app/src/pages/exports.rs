//! `/exports`: the viewer's lists that are written to files in the background, how far they are, and the files.

use domain::export::{ExportItem, ExportState};
use domain::instant::Instant;
use leptos::prelude::*;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use super::sign_in::notice_view;
use crate::figures::href;
use crate::language::{Ui, t};
use crate::ui::section::or_failed;

pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let title = t!(ui, exports.title);
    let exports = asked.context.services.exports(&asked.viewer).list(asked.context.now).await;
    let status = if exports.is_ok() { http::StatusCode::OK } else { http::StatusCode::SERVICE_UNAVAILABLE };
    let notice = asked.context.notice.map(|notice| notice_view(&ui, notice));
    let list = or_failed(&asked, title, exports, |exports| list(&ui, &exports));
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">
                    {t!(ui, exports.sub)} " · " {t!(ui, overview.zone, zone = ui.zone_name.clone())}
                </p>
            </div>
        </header>
        {notice}
        <div class="contents" id="exports" data-swap="">
            {list}
        </div>
    };
    Ok(Content { status, ..Content::new(title, body) })
}

fn list(ui: &Ui, exports: &[ExportItem]) -> AnyView {
    if exports.is_empty() {
        return view! {
            <section class="card empty">
                <h2>{t!(ui, exports.none_title)}</h2>
                <p>{t!(ui, exports.none)}</p>
                <p>
                    <a class="pill" href="/users">
                        {t!(ui, views.to_users)}
                    </a>
                </p>
            </section>
        }
        .into_any();
    }
    // Without JavaScript the page does not follow by itself.
    let reload = exports.iter().any(|export| !export.state.is_over()).then(|| {
        view! {
            <p class="notice">
                {t!(ui, exports.going_on)} " " <a href="/exports">{t!(ui, data.reload)}</a>
            </p>
        }
    });
    let items = exports.iter().map(|export| item(ui, export)).collect_view();
    view! {
        {reload}
        <ul class="exports">{items}</ul>
    }
    .into_any()
}

fn item(ui: &Ui, export: &ExportItem) -> impl IntoView + use<> {
    let name = export.file_name.clone();
    let heading = format!("{} · {}", ui.view_page(export.list), ui.file_format(export.format));
    let list = (!export.query.is_empty()).then(|| {
        view! {
            <p class="small">
                <a href=href(&format!("/{}", export.list), &export.query)>{t!(ui, exports.show_list)}</a>
            </p>
        }
    });
    let delete = t!(ui, exports.delete_of, name = name.clone());
    view! {
        <li class="card export" data-state=export.state.as_str()>
            <div class="card-head">
                <h2>{heading}</h2>
                <p class="small quiet">{name}</p>
            </div>
            <div class="export-body">
                {state(ui, export)}
                <p class="small quiet">{t!(ui, exports.asked, at = ui.second(export.created_at))}</p>
                {list}
            </div>
            <div class="bar export-foot">
                {file(ui, export)}
                <form method="post" action=format!("/exports/{}/delete", export.id)>
                    <button class="pill" type="submit" aria-label=delete>
                        {t!(ui, exports.delete)}
                    </button>
                </form>
            </div>
        </li>
    }
}

/// What has become of it, in a sentence; while it is written, how far it is.
fn state(ui: &Ui, export: &ExportItem) -> AnyView {
    let rows = ui.number(export.rows);
    match export.state {
        ExportState::Queued => view! { <p>{t!(ui, exports.queued)}</p> }.into_any(),
        ExportState::Running => {
            let sentence = match export.rows_total {
                Some(total) => t!(ui, exports.running_of, n = rows, total = ui.number(total)),
                None => t!(ui, exports.running, n = rows),
            };
            // Without a value it says that it is going on.
            let max = export.rows_total.filter(|total| *total > 0);
            let value = max.map(|_| export.rows.to_string());
            view! {
                <p>{sentence}</p>
                <progress aria-label=t!(ui, exports.progress) max=max.map(|max| max.to_string()) value=value></progress>
            }
            .into_any()
        }
        ExportState::Done => {
            let size = ui.bytes(export.bytes.unwrap_or_default());
            let until = ui.time(export.expires_at);
            let sentence = t!(ui, exports.done, count = export.rows, n = rows, size = size);
            view! {
                <p>
                    <b class="num">{sentence}</b>
                    " "
                    {t!(ui, exports.kept_until, at = until)}
                </p>
            }
            .into_any()
        }
        ExportState::Failed | ExportState::Ended => {
            let why = export.problem.map(|problem| ui.export_problem(problem));
            let at = export.finished_at.map(|at: Instant| ui.second(at));
            view! {
                <p class="field-problem">
                    <b>{t!(ui, exports.no_file)}</b>
                    " "
                    {why}
                    {at.map(|at| format!(" ({at})"))}
                </p>
            }
            .into_any()
        }
    }
}

fn file(ui: &Ui, export: &ExportItem) -> Option<impl IntoView + use<>> {
    (export.state == ExportState::Done).then(|| {
        view! {
            <a class="pill primary" download href=format!("/exports/{}/download", export.id)>
                {t!(ui, exports.download)}
            </a>
            <a class="pill" download href=format!("/exports/{}/about", export.id)>
                {t!(ui, list.download_about)}
            </a>
        }
    })
}
