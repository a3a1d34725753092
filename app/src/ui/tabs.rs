use leptos::prelude::*;

/// A part of a page under an address of its own.
pub struct Tab {
    pub label: &'static str,
    pub href: String,
    pub is_current: bool,
}

/// Links between the parts of a page: one is shown, whether there is JavaScript or not.
pub fn tabs(label: &str, tabs: Vec<Tab>) -> AnyView {
    let tabs = tabs
        .into_iter()
        .map(|Tab { label, href, is_current }| {
            view! {
                <li>
                    <a href=href aria-current=is_current.then_some("page")>
                        {label}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label=label.to_owned()>
            <ul>{tabs}</ul>
        </nav>
    }
    .into_any()
}
