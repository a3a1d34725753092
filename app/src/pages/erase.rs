use domain::query::Report;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use store::StoreError;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::figures::user_href;
use crate::language::t;

/// `/users/{id}/erase`: asks before a person is erased.
pub fn page() -> AnyView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    page_for_viewers(async move |asked| content(asked, id).await)
}

async fn content(asked: Asked, id: String) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let allowed = asked.context.services.erase(&asked.viewer);
    allowed.map_err(|forbidden| StoreError::Forbidden { what: t!(ui, erase.confirm).to_owned(), forbidden })?;
    let now = Report::new(asked.context.now);
    let Some(user) = asked.reader().user(&id, now.as_of).await? else {
        return Err(Problem::Missing {
            title: t!(ui, user.missing_title).to_owned(),
            sentence: t!(ui, user.missing, id = id),
            link: ("/users", t!(ui, user.to_list)),
        });
    };
    let name = user.display_name.clone().or_else(|| user.user_name.clone()).unwrap_or_else(|| user.id.clone());
    let title = t!(ui, erase.title, who = name);
    let path = user_href(&user.id);
    let erase = format!("{path}/erase");
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title.clone()}</h1>
                <p class="quiet">{user.user_name.clone()}</p>
            </div>
        </header>
        <section class="card">
            <p class="card-text">{t!(ui, erase.goes)}</p>
            <p class="card-text">{t!(ui, erase.stays)}</p>
            <p class="card-text">{t!(ui, erase.never)}</p>
            <form class="bar card-text" method="post" action=erase>
                <button class="pill primary" type="submit">
                    {t!(ui, erase.confirm)}
                </button>
                <a class="pill" href=path.clone()>
                    {t!(ui, erase.cancel)}
                </a>
            </form>
        </section>
    };
    Ok(Content::new(title, body))
}
