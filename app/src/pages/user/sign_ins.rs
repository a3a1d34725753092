//! A person's latest sign-ins, with the ways to all of them.

use domain::instant::Instant;
use domain::query::{ActivityFilters, ActivityQuery, Report, SignInFilters, SignInsQuery, Span};
use domain::report::{SignInItem, UserDetails};
use domain::window::{Range, Window};
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
    // Nothing tells when the first one was; none is older than the clocks that wrote it.
    let from = if shown < user.sign_ins_total { Instant::from_millis(0) } else { oldest.at };
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
    let over = |span| Report { span, population: None, ..report.clone() };
    let who = vec![user.id.clone()];
    let sign_ins = SignInFilters { user: who.clone(), ..SignInFilters::default() };
    let activity = ActivityFilters { user: who, ..ActivityFilters::default() };
    let all = t!(ui, user.sign_ins_all, count = user.sign_ins_total, n = ui.number(user.sign_ins_total));
    view! {
        <p class="under-table bar">
            <a href=list_href(&SignInsQuery::with(over(Span::Window(window)), sign_ins))>{all}</a>
            <a href=list_href(&ActivityQuery::with(over(Span::Range(Range::Year)), activity))>{t!(ui, user.on_premises)}</a>
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn user(shown: i64, total: i64) -> UserDetails {
        let sign_in = |day: i64| {
            json!({
                "id": format!("s{day}"), "at": format!("2026-11-{day:02}T12:00:00.000Z"), "correlation_id": null,
                "user_id": "ada", "display_name": "Ada", "user_name": null, "app": null, "status": "success",
                "error_code": 0, "mfa_required": "no", "required_by": null, "mfa_result": "none", "mfa_status": null,
                "method": "none", "detail": null, "interactive": "yes", "component": "none",
            })
        };
        let sign_ins: Vec<_> = (0..shown).map(|n| sign_in(20 - n)).collect();
        let user = json!({
            "state": null, "id": "ada", "display_name": "Ada", "user_name": null, "per_user_mfa": null,
            "created_at": null, "deleted_at": null, "first_seen_at": "2026-11-19T12:00:00.000Z", "last_seen_at": null,
            "history": [], "events": [], "events_total": 0, "sign_ins": sign_ins, "sign_ins_total": total,
        });
        serde_json::from_value(user).expect("a person")
    }

    #[test]
    fn all_sign_ins_are_in_the_list_behind_their_number() {
        let report = Report::new("2026-11-20T13:00:00Z".parse().expect("an instant"));
        let html = |shown, total| card(&Ui::new("UTC"), &report, &user(shown, total)).to_html();
        let few = html(3, 3);
        assert!(few.contains("from=2026-11-18T12%3A00%3A00.000Z&amp;to=2026-11-20T12%3A00%3A00.001Z"), "{few}");
        let many = html(3, 1240);
        assert!(many.contains("from=1970-01-01T00%3A00%3A00.000Z") && many.contains("All 1,240 sign-ins"), "{many}");
        assert!(html(0, 0).contains("No sign-in of this user is known"));
    }
}
