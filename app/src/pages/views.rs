//! `/views`: saved views to open, rename and delete.

use domain::view::{SavedView, ViewName};
use leptos::prelude::*;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use super::sign_in::notice_view;
use crate::language::{Ui, t};
use crate::ui::section::or_failed;
use crate::ui::table::scroller;
use crate::ui::views_menu::{view_about, view_href};

pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let views = asked.views().await;
    let status = if views.is_ok() { http::StatusCode::OK } else { http::StatusCode::SERVICE_UNAVAILABLE };
    let title = t!(ui, views.title);
    let notice = asked.context.notice.map(|notice| notice_view(&ui, notice));
    let list = or_failed(&asked, title, views, |views| list(&ui, &views));
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">{t!(ui, views.sub)}</p>
            </div>
        </header>
        {notice}
        {list}
    };
    Ok(Content { status, ..Content::new(title, body) })
}

fn list(ui: &Ui, views: &[SavedView]) -> AnyView {
    if views.is_empty() {
        return view! {
            <section class="card empty">
                <h2>{t!(ui, views.none_title)}</h2>
                <p>{t!(ui, views.none)}</p>
                <p>
                    <a class="pill" href="/users">
                        {t!(ui, views.to_users)}
                    </a>
                </p>
            </section>
        }
        .into_any();
    }
    let rows = views.iter().map(|view| row(ui, view)).collect_view();
    let table = view! {
        <table>
            <caption class="visually-hidden">{t!(ui, views.title)}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, views.name)}</th>
                    <th scope="col">{t!(ui, views.saved)}</th>
                    <th scope="col">{t!(ui, views.change)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! { <section class="card list">{scroller(t!(ui, views.title), table)}</section> }.into_any()
}

fn row(ui: &Ui, saved: &SavedView) -> impl IntoView + use<> {
    let about = if saved.works { view_about(ui, saved) } else { t!(ui, views.broken_why).to_owned() };
    let broken = (!saved.works).then(|| view! { <span class="tag weak">{t!(ui, views.broken)}</span> });
    let change = if saved.may_change {
        let label = t!(ui, views.rename_of, name = saved.name.clone());
        let delete = t!(ui, views.delete_of, name = saved.name.clone());
        view! {
            <div class="bar">
                <form class="bar" method="post" action=format!("/views/{}/rename", saved.id)>
                    <input
                        class="small-input"
                        name="name"
                        type="text"
                        required
                        maxlength=ViewName::MAX_CHARS.to_string()
                        value=saved.name.clone()
                        aria-label=label
                    />
                    <button class="pill" type="submit">
                        {t!(ui, views.rename)}
                    </button>
                </form>
                <form method="post" action=format!("/views/{}/delete", saved.id)>
                    <button class="pill" type="submit" aria-label=delete>
                        {t!(ui, views.delete)}
                    </button>
                </form>
            </div>
        }
        .into_any()
    } else {
        view! { <span class="small quiet">{t!(ui, views.not_yours)}</span> }.into_any()
    };
    view! {
        <tr>
            <td>
                <a href=view_href(saved) class="person">
                    <b>{saved.name.clone()} " " {broken}</b>
                    <span>{about}</span>
                </a>
            </td>
            <td class="nowrap small quiet">{ui.time(saved.created_at)}</td>
            <td>{change}</td>
        </tr>
    }
}
