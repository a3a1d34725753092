use domain::query::{UserColumn, UserFlag, UsersQuery};
use domain::report::UserItem;
use leptos::prelude::*;

use crate::language::{Ui, t};
use crate::ui::cells::{code, known, text};
use crate::ui::person::Person;
use crate::ui::{cells, state};

/// One cell of the list.
pub fn cell(ui: &Ui, query: &UsersQuery, user: &UserItem, column: UserColumn) -> AnyView {
    let flag = |flag: UserFlag| cells::answer(ui, user.flag(flag));
    match column {
        UserColumn::DisplayName => {
            let below = !query.list.columns.contains(&UserColumn::UserName);
            let name = user.display_name.as_deref().or(user.user_name.as_deref());
            let person = Person {
                id: Some(&user.id),
                display_name: name.or(Some(t!(ui, list.unnamed))),
                user_name: user.user_name.as_deref().filter(|_| user.display_name.is_some()),
            };
            view! { <td>{person.view(ui, Some(&query.report), below)}</td> }.into_any()
        }
        UserColumn::Id => code(Some(user.id.clone())),
        UserColumn::UserName => text(user.user_name.clone()),
        UserColumn::UserType => known(ui, user.user_type.map(|user_type| ui.user_type(user_type).to_owned())),
        UserColumn::EnabledAccount => cells::answer(ui, user.enabled_account),
        UserColumn::Admin => cells::answer(ui, user.admin),
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
