//! Basic info: what happened in plain words, then what the record says.

use domain::answer::Answer;
use domain::query::{Report, SignInFilters, SignInsQuery};
use domain::reason::{self, ReasonKind};
use domain::report::SignInReport;
use leptos::prelude::*;

use super::query::DetailsQuery;
use crate::figures::{Figures, list_href};
use crate::language::{Ui, t};
use crate::pages::sign_ins::cells::person;
use crate::ui::facts::{fact, text_fact};
use crate::ui::state;

pub fn view(ui: &Ui, query: &DetailsQuery, sign_in: &SignInReport) -> AnyView {
    view! {
        {what_happened(ui, query, sign_in)}
        {card(t!(ui, sign_in_details.basic), "basic", basic(ui, query, sign_in))}
        {card(t!(ui, sign_in_details.mfa), "mfa", mfa(ui, sign_in))}
        {card(t!(ui, sign_in_details.device), "device", device(ui, sign_in))}
    }
    .into_any()
}

fn card(title: &'static str, id: &'static str, facts: AnyView) -> AnyView {
    let title_id = format!("{id}-title");
    view! {
        <section class="card" aria-labelledby=title_id.clone()>
            <div class="card-head">
                <h2 id=title_id.clone()>{title}</h2>
            </div>
            <div class="facts">{facts}</div>
        </section>
    }
    .into_any()
}

/// The status and the code in plain words: what they mean, who must act, what to do.
fn what_happened(ui: &Ui, query: &DetailsQuery, sign_in: &SignInReport) -> AnyView {
    let item = &sign_in.item;
    let status = item.mfa_status.map(|status| (ReasonKind::Status, status.to_string()));
    // A sign-in that went through has nothing more to say than its second factor has.
    let code = item.error_code.filter(|code| *code != 0 || status.is_none());
    let code = code.map(|code| (ReasonKind::ErrorCode, code.to_string()));
    let reasons: Vec<AnyView> =
        status.into_iter().chain(code).map(|(kind, code)| explained(ui, query, kind, &code)).collect();
    let reasons = if reasons.is_empty() {
        view! { <p class="card-text">{t!(ui, sign_in_details.no_reason)}</p> }.into_any()
    } else {
        reasons.into_any()
    };
    view! {
        <section class="card" aria-labelledby="what-title">
            <div class="card-head">
                <h2 id="what-title">{t!(ui, sign_in_details.what_happened)}</h2>
            </div>
            {reasons}
        </section>
    }
    .into_any()
}

fn explained(ui: &Ui, query: &DetailsQuery, kind: ReasonKind, code: &str) -> AnyView {
    let Some(text) = ui.reason(kind, code) else {
        return view! { <p class="card-text">{t!(ui, sign_in_details.unknown_code, code = code.to_owned())}</p> }
            .into_any();
    };
    let actor = reason::reasons().iter().find(|reason| reason.kind == kind && reason.code == code);
    let actor = actor.map(|reason| fact(t!(ui, usage_column.actor), ui.actor(reason.actor).into_any()));
    let reasons = list_href(&Figures::of(&query.report, query.report.as_of).reason(kind, code));
    let title = match kind {
        ReasonKind::ErrorCode => t!(ui, sign_ins.error_code_is, code = code.to_owned(), label = text.label.clone()),
        ReasonKind::Status | ReasonKind::CallResult => text.label.clone(),
    };
    view! {
        <div class="reason-box">
            <h3>
                <a href=reasons>{title}</a>
            </h3>
            <p>{text.meaning.clone()}</p>
            <div class="facts">
                {actor}
                {fact(t!(ui, usage_column.next), view! { <span>{text.next.clone()}</span> }.into_any())}
            </div>
        </div>
    }
    .into_any()
}

fn basic(ui: &Ui, query: &DetailsQuery, sign_in: &SignInReport) -> AnyView {
    let item = &sign_in.item;
    let code = |text: Option<&str>| {
        text.map_or_else(|| unknown(ui), |text| view! { <span class="code">{text.to_owned()}</span> }.into_any())
    };
    let all = item.user_id.clone().map(|user| {
        let filters = SignInFilters { user: vec![user], ..SignInFilters::default() };
        let report = Report { population: None, ..query.report.clone() };
        let list = list_href(&SignInsQuery::with(report, filters));
        view! {
            <a class="small" href=list>
                {t!(ui, sign_in_details.of_user)}
            </a>
        }
    });
    let error_code = item.error_code.map(|code| code.to_string());
    view! {
        {fact(t!(ui, sign_in_column.at), ui.second(item.at).into_any())}
        {fact(
            t!(ui, sign_in_column.display_name),
            view! { {person(item).view(ui, Some(&query.report), true)} <div>{all}</div> }.into_any(),
        )}
        {text_fact(ui, t!(ui, sign_in_column.app), item.app.as_deref())}
        {text_fact(ui, t!(ui, sign_in_details.resource), sign_in.resource.as_deref())}
        {fact(t!(ui, sign_in_column.status), state::sign_in(ui, item.status).into_any())}
        {fact(t!(ui, sign_in_column.error_code), code(error_code.as_deref()))}
        {sign_in.failure_reason.as_deref().map(|reason| text_fact(ui, t!(ui, sign_in_details.failure_reason), Some(reason)))}
        {fact(t!(ui, sign_in_column.interactive), state::answer(ui, item.interactive).into_any())}
        {fact(t!(ui, sign_in_column.component), ui.component(item.component).into_any())}
        {fact(t!(ui, sign_in_column.id), code(Some(&item.id)))}
        {fact(t!(ui, sign_in_column.correlation_id), code(item.correlation_id.as_deref()))}
    }
    .into_any()
}

fn mfa(ui: &Ui, sign_in: &SignInReport) -> AnyView {
    let item = &sign_in.item;
    let required_by =
        item.required_by.map(|by| fact(t!(ui, sign_in_column.required_by), ui.required_by(by).into_any()));
    let status =
        item.mfa_status.map(|status| fact(t!(ui, sign_in_column.mfa_status), ui.mfa_status(status).into_any()));
    let as_recorded = |label: &'static str, text: Option<&str>| text.map(|text| text_fact(ui, label, Some(text)));
    let providers = (!sign_in.requirement_providers.is_empty())
        .then(|| fact(t!(ui, sign_in_details.providers), state::words(ui, Some(&sign_in.requirement_providers))));
    view! {
        {fact(t!(ui, sign_in_column.mfa_required), state::answer(ui, item.mfa_required).into_any())}
        {required_by}
        {fact(t!(ui, usage_column.challenged), state::answer(ui, Answer::from(Some(sign_in.challenged))).into_any())}
        {fact(t!(ui, sign_in_column.mfa_result), state::mfa_result(ui, item.mfa_result).into_any())}
        {status}
        {fact(t!(ui, usage_column.unable), state::answer(ui, Answer::from(Some(sign_in.unable))).into_any())}
        {fact(
            t!(ui, sign_in_column.method),
            state::second_factor(ui, item.method, sign_in.raw_method.as_deref()),
        )}
        {as_recorded(t!(ui, sign_in_details.raw_method), sign_in.raw_method.as_deref())}
        {as_recorded(t!(ui, sign_in_column.detail), item.detail.as_deref())}
        {as_recorded(t!(ui, sign_in_details.requirement), sign_in.authentication_requirement.as_deref())}
        {providers}
        {as_recorded(t!(ui, sign_in_details.additional_details), sign_in.additional_details.as_deref())}
    }
    .into_any()
}

fn device(ui: &Ui, sign_in: &SignInReport) -> AnyView {
    let place = sign_in.item.restricted.as_ref().map(|place| {
        view! {
            {text_fact(ui, t!(ui, sign_in_column.ip), place.ip.as_deref())}
            {text_fact(ui, t!(ui, sign_in_column.city), place.city.as_deref())}
            {text_fact(ui, t!(ui, sign_in_column.country), place.country.as_deref())}
        }
    });
    view! {
        {text_fact(ui, t!(ui, sign_in_details.client_app), sign_in.client_app.as_deref())}
        {text_fact(ui, t!(ui, sign_in_details.browser), sign_in.browser.as_deref())}
        {text_fact(ui, t!(ui, sign_in_details.operating_system), sign_in.operating_system.as_deref())}
        {text_fact(ui, t!(ui, sign_in_details.device_name), sign_in.device.as_deref())}
        {text_fact(ui, t!(ui, sign_in_details.token_issuer), sign_in.token_issuer.as_deref())}
        {place}
    }
    .into_any()
}

fn unknown(ui: &Ui) -> AnyView {
    view! { <span class="state unknown">{t!(ui, answer.unknown)}</span> }.into_any()
}
