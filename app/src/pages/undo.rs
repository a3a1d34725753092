use domain::report::{ImportItem, ImportStatus};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::language::{Ui, t};

/// `/data/{import}/undo`: asks before an import is taken back.
pub fn page() -> AnyView {
    let id = use_params_map().read_untracked().get("import").unwrap_or_default();
    page_for_viewers(async move |asked| content(asked, &id).await)
}

async fn content(asked: Asked, id: &str) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    asked.operator()?;
    let import = match id.parse() {
        Ok(id) => asked.reader().import(id).await?,
        Err(_) => None,
    };
    let Some(import) = import else {
        return Err(Problem::Missing {
            title: t!(ui, data.import_missing_title).to_owned(),
            sentence: t!(ui, data.import_missing).to_owned(),
            link: ("/data", t!(ui, data.to_data)),
        });
    };
    let title = t!(ui, undo.title, file = import.file_name.clone());
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1 class="file-name">{title.clone()}</h1>
            </div>
        </header>
        <section class="card">{question(&ui, &import)}</section>
    };
    Ok(Content::new(title, body))
}

/// The form, or why there is none.
fn question(ui: &Ui, import: &ImportItem) -> AnyView {
    let back = format!("/data/{}", import.id);
    if !import.can_undo {
        let why = match import.status {
            ImportStatus::Running => t!(ui, undo.running),
            ImportStatus::Undoing | ImportStatus::Undone => t!(ui, undo.already),
            ImportStatus::Done | ImportStatus::Refused | ImportStatus::Interrupted => t!(ui, undo.too_old),
        };
        return view! {
            <p class="card-text">{why}</p>
            <p class="card-text">
                <a class="pill" href=back>
                    {t!(ui, undo.cancel)}
                </a>
            </p>
        }
        .into_any();
    }
    let fact = |label: &'static str, n: i64| {
        view! {
            <dl class="fact">
                <dt>{label}</dt>
                <dd class="num">{ui.number(n)}</dd>
            </dl>
        }
    };
    view! {
        <div class="facts">
            {fact(t!(ui, undo.accepted), import.counts.accepted)}
            {fact(t!(ui, undo.replaced), import.counts.replaced)}
        </div>
        <p class="card-text">{t!(ui, undo.goes)}</p>
        <p class="card-text">{t!(ui, undo.stays)}</p>
        <p class="card-text">{t!(ui, undo.again)}</p>
        <form class="bar card-text" method="post" action=format!("/data/{}/undo", import.id)>
            <button class="pill primary" type="submit">
                {t!(ui, undo.confirm)}
            </button>
            <a class="pill" href=back>
                {t!(ui, undo.cancel)}
            </a>
        </form>
    }
    .into_any()
}
