use domain::view::{SavedView, ViewName, ViewPage};
use leptos::prelude::*;
use store::StoreError;

use super::{hidden, icon};
use crate::address::Address;
use crate::figures::href;
use crate::language::{Ui, t};

/// The address that a view opens.
pub fn view_href(view: &SavedView) -> String {
    href(&format!("/{}", view.page), &view.query)
}

/// Whose a view is, and what it is of: "Users · shared by Sara Lind".
pub fn view_about(ui: &Ui, view: &SavedView) -> String {
    let whose = if view.shared {
        t!(ui, views.shared_by, author = view.author.clone())
    } else {
        t!(ui, views.personal).to_owned()
    };
    format!("{} · {whose}", ui.view_page(view.page))
}

/// Saved views to open, and a form that saves what is on screen.
pub fn views_menu(ui: &Ui, views: &Result<Vec<SavedView>, StoreError>, page: ViewPage, address: &Address) -> AnyView {
    let list = match views {
        Err(_) => view! { <p class="sheet-note small">{t!(ui, views.failed)}</p> }.into_any(),
        Ok(views) if views.is_empty() => {
            view! { <p class="sheet-note small quiet">{t!(ui, views.none)}</p> }.into_any()
        }
        Ok(views) => {
            let views = views
                .iter()
                .map(|saved| {
                    let broken = (!saved.works).then(|| view! { " " <span class="tag weak">{t!(ui, views.broken)}</span> });
                    view! {
                        <li>
                            <a href=view_href(saved)>
                                <b>{saved.name.clone()} {broken}</b>
                                <span class="small quiet">{view_about(ui, saved)}</span>
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! { <ul class="choices">{views}</ul> }.into_any()
        }
    };
    let manage = views.as_ref().is_ok_and(|views| !views.is_empty()).then(|| {
        view! {
            <p class="sheet-note small">
                <a href="/views">{t!(ui, views.manage)}</a>
            </p>
        }
    });
    let kept = Address::new("", "").with("page", page).with("query", address.query());
    view! {
        <details class="popover end" name="popover">
            <summary class="pill">{t!(ui, views.menu)} {icon::chevron()}</summary>
            <div class="sheet">
                <div class="sheet-body">{list} {manage}</div>
                <form class="sheet-foot save-view" method="post" action="/views">
                    {hidden::fields("kept-view", &kept)}
                    <label class="field">
                        <span>{t!(ui, views.save_label)}</span>
                        <input name="name" type="text" required maxlength=ViewName::MAX_CHARS.to_string() autocomplete="off" />
                    </label>
                    <label class="choice">
                        <input type="checkbox" name="shared" value="yes" />
                        <span>{t!(ui, views.share)}</span>
                    </label>
                    <button class="pill primary" type="submit">
                        {t!(ui, views.save)}
                    </button>
                </form>
            </div>
        </details>
    }
    .into_any()
}
