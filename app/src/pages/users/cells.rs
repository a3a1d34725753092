use domain::query::{Report, UserColumn, UserFlag, UsersQuery};
use domain::report::UserItem;
use leptos::prelude::*;

use crate::figures::{href, user_href};
use crate::language::{Ui, t};
use crate::ui::state;

/// One cell of the list.
pub fn cell(ui: &Ui, query: &UsersQuery, user: &UserItem, column: UserColumn) -> AnyView {
    let flag = |flag: UserFlag| view! { <td>{state::answer(ui, user.flag(flag))}</td> }.into_any();
    match column {
        UserColumn::DisplayName => {
            let below = !query.list.columns.contains(&UserColumn::UserName);
            view! { <td>{person(ui, &query.report, user, below)}</td> }.into_any()
        }
        UserColumn::Id => view! { <td class="code">{user.id.clone()}</td> }.into_any(),
        UserColumn::UserName => text(user.user_name.clone()),
        UserColumn::UserType => match user.user_type {
            Some(user_type) => text(Some(ui.user_type(user_type).to_owned())),
            None => view! { <td><span class="state unknown">{t!(ui, answer.unknown)}</span></td> }.into_any(),
        },
        UserColumn::EnabledAccount => view! { <td>{state::answer(ui, user.enabled_account)}</td> }.into_any(),
        UserColumn::Admin => view! { <td>{state::answer(ui, user.admin)}</td> }.into_any(),
        UserColumn::Registered => flag(UserFlag::Registered),
        UserColumn::Enabled => flag(UserFlag::Enabled),
        UserColumn::Capable => flag(UserFlag::Capable),
        UserColumn::MfaRegistered => flag(UserFlag::MfaRegistered),
        UserColumn::MfaCapable => flag(UserFlag::MfaCapable),
        UserColumn::PasswordlessCapable => flag(UserFlag::PasswordlessCapable),
        UserColumn::Methods => view! { <td>{state::methods(ui, user.methods.as_ref())}</td> }.into_any(),
        UserColumn::DefaultMethod => text(user.default_method.clone()),
        UserColumn::Department => text(user.department.clone()),
        UserColumn::Country => text(user.country.clone()),
        UserColumn::UpdatedAt => {
            let at = user.updated_at.map_or_else(|| t!(ui, format.never).to_owned(), |at| ui.time(at));
            view! { <td class="n small quiet nowrap">{at}</td> }.into_any()
        }
    }
}

/// The name, which leads to the person's page at the same instant, and the user name beneath.
fn person(ui: &Ui, report: &Report, user: &UserItem, with_user_name: bool) -> impl IntoView + use<> {
    let report = Report { population: None, ..report.clone() };
    let link = href(&user_href(&user.id), &report.to_url());
    let name = user
        .display_name
        .clone()
        .or_else(|| user.user_name.clone())
        .unwrap_or_else(|| t!(ui, list.unnamed).to_owned());
    let user_name = user.user_name.clone().filter(|_| with_user_name && user.display_name.is_some());
    view! {
        <a href=link class="person">
            <b>{name}</b>
            <span>{user_name}</span>
        </a>
    }
}

fn text(text: Option<String>) -> AnyView {
    view! { <td>{text}</td> }.into_any()
}
