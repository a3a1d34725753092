use domain::mfa::CallResult;
use domain::query::{ActivityColumn, ActivityQuery, Report};
use domain::reason::ReasonKind;
use domain::report::ActivityItem;
use leptos::prelude::*;

use crate::figures::{Figures, list_href};
use crate::language::{Ui, t};
use crate::ui::cells::{code, text};
use crate::ui::person::Person;
use crate::ui::{recorded, state};

/// One cell of the list.
pub fn cell(ui: &Ui, query: &ActivityQuery, item: &ActivityItem, column: ActivityColumn) -> AnyView {
    match column {
        ActivityColumn::At => recorded::time(ui, Some(item.at)),
        ActivityColumn::DisplayName => {
            let with_user_name = !query.list.columns.contains(&ActivityColumn::UserName);
            view! { <td>{Person::from(item).view(ui, Some(&query.report), with_user_name)}</td> }.into_any()
        }
        ActivityColumn::Authenticated => view! { <td>{state::verdict(ui, item.authenticated)}</td> }.into_any(),
        ActivityColumn::CallResult => view! { <td class="result">{result(ui, &query.report, item)}</td> }.into_any(),
        ActivityColumn::Component => view! { <td class="nowrap">{ui.component(item.component)}</td> }.into_any(),
        ActivityColumn::Method => view! { <td>{state::method(ui, item.method, None)}</td> }.into_any(),
        ActivityColumn::Mode => text(item.mode.map(|mode| ui.call_mode(mode).to_owned())),
        ActivityColumn::UserName => text(item.user_name.clone()),
        ActivityColumn::AuthenticationType => text(item.authentication_type.clone()),
        ActivityColumn::Application => text(item.application.clone()),
        ActivityColumn::Phone => text(item.phone.clone()),
        ActivityColumn::RawResult => code(item.raw_result.clone()),
        ActivityColumn::Ip => text(item.restricted.as_ref().and_then(|restricted| restricted.ip.clone())),
        ActivityColumn::Id => code(Some(item.id.clone())),
        ActivityColumn::UserId => code(item.user_id.clone()),
    }
}

/// What became of the call, with what the code means for this user and this verdict.
fn result(ui: &Ui, report: &Report, item: &ActivityItem) -> AnyView {
    let Some(result) = item.call_result else {
        return match item.raw_result.clone() {
            Some(raw) => {
                let title = t!(ui, activity.unknown_result);
                view! {
                    <span class="tag raw" title=title>
                        {raw}
                    </span>
                    <span class="beneath">{title}</span>
                }
                .into_any()
            }
            None => recorded::nothing(ui),
        };
    };
    let reason = ui.reason(ReasonKind::CallResult, result.as_str());
    let meaning = reason.map(|reason| reason.meaning_of(item.authenticated, item.mode));
    view! {
        <b>{ui.call_result(result)}</b>
        " "
        <a class="code" href=reason_href(report, result)>
            {result.as_str()}
        </a>
        <span class="beneath">{meaning}</span>
    }
    .into_any()
}

/// Where the code is explained, with what to do about it.
fn reason_href(report: &Report, result: CallResult) -> String {
    list_href(&Figures::of(report, report.as_of).reason(ReasonKind::CallResult, result.as_str()))
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;
    use serde_json::json;

    use super::*;

    fn cell_of(item: serde_json::Value, column: ActivityColumn) -> String {
        let query = ActivityQuery::new(Instant::from_millis(0));
        let item: ActivityItem = serde_json::from_value(item).expect("an authentication");
        cell(&Ui::new("UTC"), &query, &item, column).to_html()
    }

    fn item(result: Option<&str>, raw: Option<&str>, authenticated: &str) -> serde_json::Value {
        json!({
            "id": "a", "at": "2026-11-20T12:00:00.000Z", "user_id": "ada", "display_name": null, "user_name": null,
            "component": "nps", "method": "phone_call", "mode": "pin", "authentication_type": null,
            "application": null, "phone": null, "call_result": result, "raw_result": raw,
            "authenticated": authenticated,
        })
    }

    #[test]
    fn a_result_that_begins_with_success_is_not_shown_as_one() {
        let denied = item(Some("SUCCESS_NO_PIN"), Some("SUCCESS_NO_PIN"), "no");
        let verdict = cell_of(denied.clone(), ActivityColumn::Authenticated);
        assert!(verdict.contains("state bad") && verdict.contains("Not authenticated"), "{verdict}");
        let result = cell_of(denied, ActivityColumn::CallResult);
        assert!(result.contains("Only # Entered") && result.contains("without entering the PIN first"), "{result}");
        assert!(result.contains("kind=call_result&amp;q=SUCCESS_NO_PIN") && !result.contains("state"), "{result}");
        let unknown = cell_of(item(Some("SUCCESS_SMS_SENT"), None, "unknown"), ActivityColumn::Authenticated);
        assert!(unknown.contains("state unknown"), "{unknown}");
    }

    #[test]
    fn a_result_that_nobody_knows_stands_as_it_came() {
        let result = cell_of(item(None, Some("SUCCESS_<NEW>"), "no"), ActivityColumn::CallResult);
        assert!(result.contains("SUCCESS_&lt;NEW&gt;") && result.contains("None of the 45"), "{result}");
        assert!(cell_of(item(None, None, "no"), ActivityColumn::CallResult).contains("Not recorded"));
    }
}
