use domain::query::{Report, SignInColumn, SignInsQuery};
use domain::report::SignInItem;
use leptos::prelude::*;

use crate::figures::{href, sign_in_href};
use crate::language::Ui;
use crate::ui::cells::{answer, code, known, text};
use crate::ui::person::Person;
use crate::ui::state;

/// One cell of the list.
pub fn cell(ui: &Ui, query: &SignInsQuery, item: &SignInItem, column: SignInColumn) -> AnyView {
    let has = |column| query.list.columns.contains(&column);
    match column {
        SignInColumn::Id => code(Some(item.id.clone())),
        SignInColumn::At => at(ui, &query.report, item),
        SignInColumn::CorrelationId => code(item.correlation_id.clone()),
        SignInColumn::UserId => code(item.user_id.clone()),
        SignInColumn::DisplayName => {
            let person = person(item).view(ui, Some(&query.report), !has(SignInColumn::UserName));
            view! { <td class="narrow">{person}</td> }.into_any()
        }
        SignInColumn::UserName => text(item.user_name.clone()),
        SignInColumn::App => known(ui, item.app.clone()),
        SignInColumn::Status => {
            let code = item.error_code.filter(|code| *code != 0 && !has(SignInColumn::ErrorCode));
            below(state::sign_in(ui, item.status).into_any(), code.map(|code| ui.error_code(code)))
        }
        SignInColumn::ErrorCode => {
            view! { <td class="num">{item.error_code.map(|code| code.to_string())}</td> }.into_any()
        }
        SignInColumn::MfaRequired => answer(ui, item.mfa_required),
        SignInColumn::RequiredBy => text(item.required_by.map(|by| ui.required_by(by).to_owned())),
        SignInColumn::MfaResult => {
            let status = item.mfa_status.filter(|_| !has(SignInColumn::MfaStatus));
            below(
                state::mfa_result(ui, item.mfa_result).into_any(),
                status.map(|status| ui.mfa_status(status).to_owned()),
            )
        }
        SignInColumn::MfaStatus => text(item.mfa_status.map(|status| ui.mfa_status(status).to_owned())),
        SignInColumn::Method => view! { <td>{state::second_factor(ui, item.method, None)}</td> }.into_any(),
        SignInColumn::Detail => text(item.detail.clone()),
        SignInColumn::Interactive => answer(ui, item.interactive),
        SignInColumn::Component => text(Some(ui.component(item.component).to_owned())),
        SignInColumn::Ip
        | SignInColumn::City
        | SignInColumn::Country
        | SignInColumn::CaResult
        | SignInColumn::Policies => restricted(ui, item, column),
    }
}

/// What not everybody may see; the table has no such column for those who may not.
fn restricted(ui: &Ui, item: &SignInItem, column: SignInColumn) -> AnyView {
    let Some(restricted) = &item.restricted else { return text(None) };
    match column {
        SignInColumn::Ip => code(restricted.ip.clone()),
        SignInColumn::City => text(restricted.city.clone()),
        SignInColumn::Country => text(restricted.country.clone()),
        SignInColumn::CaResult => view! { <td>{state::conditional_access(ui, restricted.ca_result)}</td> }.into_any(),
        _ => view! { <td>{state::words(ui, restricted.policies.as_deref())}</td> }.into_any(),
    }
}

/// When it was, which leads to the sign-in's own page.
pub fn at(ui: &Ui, report: &Report, item: &SignInItem) -> AnyView {
    let report = Report { population: None, ..report.clone() };
    let link = href(&sign_in_href(&item.id), &report.to_url());
    view! {
        <td class="nowrap num">
            <a href=link>{ui.second(item.at)}</a>
        </td>
    }
    .into_any()
}

pub fn person(item: &SignInItem) -> Person<'_> {
    Person {
        id: item.user_id.as_deref(),
        display_name: item.display_name.as_deref(),
        user_name: item.user_name.as_deref(),
    }
}

/// A state with what else is known of it beneath.
fn below(state: AnyView, more: Option<String>) -> AnyView {
    let more = more.map(|more| view! { <span class="beneath">{more}</span> });
    view! { <td>{state} {more}</td> }.into_any()
}
