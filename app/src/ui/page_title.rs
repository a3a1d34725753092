use leptos::prelude::*;

use crate::language::{Ui, t};

/// The document's title. The only way to set one: `leptos_meta::Title` sends its text unescaped.
#[component]
pub fn PageTitle(page: String, ui: Ui) -> impl IntoView {
    let text = escape(&t!(ui, app.title, page = page));
    view! { <leptos_meta::Title text /> }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_title_cannot_end_the_title() {
        assert_eq!(super::escape("</title><img>&"), "&lt;/title&gt;&lt;img&gt;&amp;");
    }
}
