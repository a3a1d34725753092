use domain::export::Format;
use domain::view::ViewPage;
use leptos::prelude::*;

use super::icon;
use crate::address::Address;
use crate::language::{Ui, t};

/// Every matching row as a file, and how they were counted: the list's address with an extension. Or the same list
/// written in the background, to be fetched when it is done.
pub fn download_menu(ui: &Ui, name: &str, list: ViewPage, lasting: &Address, rows: i64) -> AnyView {
    let lasting = lasting.clone().without(&["size"]);
    let formats = [
        (Format::Csv, t!(ui, list.download_csv_for)),
        (Format::Xlsx, t!(ui, list.download_xlsx_for)),
        (Format::Jsonl, t!(ui, list.download_jsonl_for)),
        (Format::Txt, t!(ui, list.download_about_for)),
    ];
    let links = formats.map(|(format, what_for)| {
        let href = lasting.clone().at(format!("/{name}.{format}")).to_string();
        view! {
            <li>
                <a href=href download>
                    <b>{ui.file_format(format)}</b>
                    <span class="small quiet">{what_for}</span>
                </a>
            </li>
        }
    });
    let choices = Format::OF_ROWS.iter().map(|format| {
        view! { <option value=format.as_str()>{ui.file_format(*format)}</option> }
    });
    let what_for = if rows >= MANY_ROWS { t!(ui, exports.recommended) } else { t!(ui, exports.background_for) };
    view! {
        <details class="popover end" name="popover">
            <summary class="pill">{t!(ui, list.download)} {icon::chevron()}</summary>
            <div class="sheet">
                <div class="sheet-body">
                    <ul class="choices">{links.into_iter().collect_view()}</ul>
                </div>
                <form class="sheet-foot background" method="post" action="/exports">
                    <input type="hidden" name="list" value=list.as_str() />
                    <input type="hidden" name="query" value=lasting.query() />
                    <p class="small quiet">{what_for}</p>
                    <div class="bar">
                        <select name="format" aria-label=t!(ui, exports.format)>
                            {choices.collect_view()}
                        </select>
                        <button class="pill" type="submit">
                            {t!(ui, exports.background)}
                        </button>
                    </div>
                    <a class="small" href="/exports">
                        {t!(ui, exports.to_exports)}
                    </a>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// From so many on one rather does not wait for a download.
const MANY_ROWS: i64 = 100_000;
