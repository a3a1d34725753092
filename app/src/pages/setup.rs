use leptos::prelude::*;

use super::serve::{Content, page_for_everybody};
use super::sign_in::notice_view;
use crate::language::{Ui, t};
use crate::ui::new_password::new_password;

/// `/setup?token=…`: makes the first person. The link is the proof; there is no default account.
pub fn page() -> AnyView {
    page_for_everybody(|context, ui| {
        let token = form_urlencoded::parse(context.query.as_bytes())
            .find(|(name, value)| name == "token" && !value.is_empty())
            .map(|(_, value)| value.into_owned());
        let notice = context.notice.map(|notice| notice_view(ui, notice));
        let body = match token {
            Some(token) => form(ui, token),
            None => no_token(ui),
        };
        Content::new(t!(ui, setup.title), view! { {notice} {body} })
    })
}

fn no_token(ui: &Ui) -> AnyView {
    view! {
        <h1>{t!(ui, setup.no_token_title)}</h1>
        <p>{t!(ui, setup.no_token)}</p>
    }
    .into_any()
}

fn form(ui: &Ui, token: String) -> AnyView {
    view! {
        <h1>{t!(ui, setup.title)}</h1>
        <p class="quiet">{t!(ui, setup.sub)}</p>
        <form class="stack" method="post" action="/setup">
            <input type="hidden" name="token" value=token />
            <label class="field">
                <span>{t!(ui, setup.display_name)}</span>
                <input name="display_name" type="text" autocomplete="name" required />
            </label>
            <label class="field">
                <span>{t!(ui, setup.user_name)}</span>
                <input name="user_name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required />
            </label>
            {new_password(ui, t!(ui, setup.password), "password")}
            <button class="pill primary wide" type="submit">
                {t!(ui, setup.submit)}
            </button>
        </form>
    }
    .into_any()
}
