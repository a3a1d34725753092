//! A person's latest sign-ins, with the ways to all of them.

use domain::query::{ActivityFilters, ActivityQuery, Report, SignInFilters, SignInsQuery, Span};
use domain::report::{SignInItem, UserDetails};
use domain::window::Window;
use leptos::prelude::*;

use crate::figures::{list_href, sign_in_href};
use crate::language::{Ui, t};
use crate::ui::cells::known;
use crate::ui::section::section;
use crate::ui::state;
use crate::ui::table::scroller;

pub fn card(ui: &Ui, report: &Report, user: &UserDetails) -> AnyView {
    let title = t!(ui, nav.sign_ins);
    let (Some(newest), Some(oldest)) = (user.sign_ins.first(), user.sign_ins.last()) else {
        return section(title, t!(ui, user.sign_ins_none).to_owned(), ().into_any());
    };
    let total = ui.number(user.sign_ins_total);
    let shown = i64::try_from(user.sign_ins.len()).unwrap_or(i64::MAX);
    let sub = if shown < user.sign_ins_total {
        t!(ui, user.sign_ins_newest, shown = ui.number(shown), total = total)
    } else {
        t!(ui, reasons.sign_ins, count = user.sign_ins_total, n = total)
    };
    let from = user.first_seen_at.map_or(oldest.at, |seen| seen.min(oldest.at));
    let window = Window { from, to: newest.at.plus_millis(1) };
    let rows = user.sign_ins.iter().map(|sign_in| row(ui, sign_in)).collect_view();
    let table = view! {
        <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, event_column.at)}</th>
                    <th scope="col">{t!(ui, user.application)}</th>
                    <th scope="col">{t!(ui, event_column.status)}</th>
                    <th scope="col">{t!(ui, nav.mfa)}</th>
                    <th scope="col">{t!(ui, event_column.method)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let content = view! { {scroller(title, table)} {ways(ui, report, user, window)} };
    section(title, sub, content.into_any())
}

/// The list of every sign-in, and that of what the person did on premises.
fn ways(ui: &Ui, report: &Report, user: &UserDetails, window: Window) -> AnyView {
    let report = Report { span: Span::Window(window), population: None, ..report.clone() };
    let who = vec![user.id.clone()];
    let sign_ins = SignInFilters { user: who.clone(), ..SignInFilters::default() };
    let activity = ActivityFilters { user: who, ..ActivityFilters::default() };
    let all = t!(ui, user.sign_ins_all, count = user.sign_ins_total, n = ui.number(user.sign_ins_total));
    view! {
        <p class="under-table bar">
            <a href=list_href(&SignInsQuery::with(report.clone(), sign_ins))>{all}</a>
            <a href=list_href(&ActivityQuery::with(report, activity))>{t!(ui, user.on_premises)}</a>
        </p>
    }
    .into_any()
}

fn row(ui: &Ui, sign_in: &SignInItem) -> impl IntoView + use<> {
    let status = sign_in.mfa_status.map(|status| view! { <span class="beneath">{ui.mfa_status(status)}</span> });
    view! {
        <tr>
            <td class="nowrap num">
                <a href=sign_in_href(&sign_in.id)>{ui.second(sign_in.at)}</a>
            </td>
            {known(ui, sign_in.app.clone())}
            <td>{state::sign_in(ui, sign_in.status)}</td>
            <td>{state::mfa_result(ui, sign_in.mfa_result)} {status}</td>
            <td>{state::second_factor(ui, sign_in.method, None)}</td>
        </tr>
    }
}
