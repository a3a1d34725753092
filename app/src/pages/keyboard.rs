use leptos::prelude::*;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::language::t;
use crate::ui::{section::section, shortcuts};

/// `/help/keyboard`: the shortcuts, also for those who have no JavaScript or switched them off.
pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let ui = asked.ui;
    let title = t!(ui, keyboard.title);
    let state = if asked.context.preferences.shortcuts { t!(ui, keyboard.on) } else { t!(ui, keyboard.off) };
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">{state} " " <a href="/preferences">{t!(ui, keyboard.switch)}</a></p>
            </div>
        </header>
        {section(t!(ui, keyboard.single), t!(ui, keyboard.rule).to_owned(), shortcuts::table(&ui, asked.viewer.role))}
        {section(t!(ui, keyboard.everywhere), t!(ui, keyboard.everywhere_rule).to_owned(), ().into_any())}
    };
    Ok(Content::new(title, body))
}
