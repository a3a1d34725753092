use leptos::prelude::*;

use super::icon;
use crate::address::Address;
use crate::language::{Ui, t};

/// Every matching row as a file, and how they were counted: the list's address with an extension.
pub fn download_menu(ui: &Ui, name: &str, lasting: &Address) -> AnyView {
    let formats = [
        ("csv", t!(ui, list.download_csv), t!(ui, list.download_csv_for)),
        ("xlsx", t!(ui, list.download_xlsx), t!(ui, list.download_xlsx_for)),
        ("jsonl", t!(ui, list.download_jsonl), t!(ui, list.download_jsonl_for)),
        ("txt", t!(ui, list.download_about), t!(ui, list.download_about_for)),
    ];
    let links = formats.map(|(extension, label, what_for)| {
        let href = lasting.clone().without(&["size"]).at(format!("/{name}.{extension}")).to_string();
        view! {
            <li>
                <a href=href download>
                    <b>{label}</b>
                    <span class="small quiet">{what_for}</span>
                </a>
            </li>
        }
    });
    view! {
        <details class="popover end" name="popover">
            <summary class="pill">{t!(ui, list.download)} {icon::chevron()}</summary>
            <ul class="sheet choices">{links.into_iter().collect_view()}</ul>
        </details>
    }
    .into_any()
}
