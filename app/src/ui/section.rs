use leptos::prelude::*;

/// A card with a heading, a line beneath it, and a table.
pub fn section(title: &'static str, sub: String, content: AnyView) -> AnyView {
    view! {
        <section class="card list">
            <div class="card-head">
                <h2>{title}</h2>
                <p class="small quiet">{sub}</p>
            </div>
            {content}
        </section>
    }
    .into_any()
}
