use leptos::prelude::*;

use super::{hidden, icon};
use crate::address::Address;
use crate::language::{Ui, t};

/// Rows on a page that can be chosen; any other of the URL stands beside them.
const SIZES: [u32; 5] = [25, 50, 100, 250, 1000];

/// Which columns a table has and how many rows a page: a form of its own, so that a search does not send columns.
pub struct TableMenu {
    /// The list as it is, on its first page.
    pub address: Address,
    /// Name, label, and whether it is shown.
    pub columns: Vec<(String, &'static str, bool)>,
    pub size: u32,
}

impl TableMenu {
    pub fn view(self, ui: &Ui) -> AnyView {
        let kept = self.address.clone().without(&["columns", "size"]);
        let columns = self
            .columns
            .into_iter()
            .map(|(name, label, is_shown)| {
                view! {
                    <label class="choice">
                        <input type="checkbox" name="columns" value=name checked=is_shown />
                        <span>{label}</span>
                    </label>
                }
            })
            .collect_view();
        let mut sizes = SIZES.to_vec();
        if !sizes.contains(&self.size) {
            sizes.push(self.size);
            sizes.sort_unstable();
        }
        let sizes = sizes
            .into_iter()
            .map(|size| {
                view! {
                    <option value=size.to_string() selected=size == self.size>
                        {ui.number(size.into())}
                    </option>
                }
            })
            .collect_view();
        view! {
            <details class="popover end" name="popover">
                <summary class="pill">{t!(ui, list.columns)} {icon::chevron()}</summary>
                <form class="sheet" method="get" action=self.address.path().to_owned() data-live="">
                    {hidden::fields("kept-table", &kept)}
                    <div class="sheet-body">
                        <fieldset>
                            <legend class="visually-hidden">{t!(ui, list.columns)}</legend>
                            {columns}
                        </fieldset>
                    </div>
                    <div class="sheet-foot">
                        <label class="size">
                            {t!(ui, list.size)}
                            <select name="size">{sizes}</select>
                        </label>
                        <button class="pill primary push" type="submit">
                            {t!(ui, list.apply)}
                        </button>
                    </div>
                </form>
            </details>
        }
        .into_any()
    }
}
