//! `/sign-ins/{id}`: one sign-in, in tabs that are links: what happened, every step, Conditional Access, and the other
//! records of the same correlation.

use domain::query::{ListQuery as _, Report, SignInColumn, SignInsQuery};
use domain::report::SignInReport;
use domain::sign_in::SignInStatus;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::figures::pinned;
use crate::language::{Ui, t};
use crate::ui::copy_link::copy_link;
use crate::ui::tabs::{self, tabs};
use query::{DetailsQuery, Tab};

mod authentication;
mod basic;
mod conditional_access;
mod query;
mod related;
#[cfg(test)]
mod tests;

pub fn page() -> AnyView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    page_for_viewers(async move |asked| content(asked, id).await)
}

async fn content(asked: Asked, id: String) -> Result<Content, Problem> {
    let query = DetailsQuery::parse(&asked.context.query, asked.context.now)?;
    let ui = asked.ui.clone().in_zone(query.report.tz.as_deref());
    let reader = asked.reader();
    if query.tab == Tab::ConditionalAccess {
        reader.permit(&of_conditional_access(&query.report))?;
    }
    let Some(sign_in) = reader.sign_in(&id).await? else {
        return Err(Problem::Missing {
            title: t!(ui, sign_in_details.missing_title).to_owned(),
            sentence: t!(ui, sign_in_details.missing, id = id),
            link: ("/sign-ins", t!(ui, sign_in_details.to_list)),
        });
    };
    let title = headline(&ui, &sign_in);
    let body = view! {
        {head(&ui, &query, &sign_in, title.clone())}
        {parts(&ui, reader.may_see(SignInColumn::CaResult), &query, &sign_in)}
        {part(&ui, &query, &sign_in)}
    };
    Ok(Content::new(title, body))
}

/// A query that only those may ask who may see Conditional Access.
fn of_conditional_access(report: &Report) -> SignInsQuery {
    let mut query = SignInsQuery::of(report.clone());
    query.list.columns.push(SignInColumn::CaResult);
    query
}

/// Who signed in to what, or did not.
fn headline(ui: &Ui, sign_in: &SignInReport) -> String {
    let item = &sign_in.item;
    let who = item.display_name.as_deref().or(item.user_name.as_deref()).or(item.user_id.as_deref());
    let who = who.unwrap_or(t!(ui, sign_in_details.somebody)).to_owned();
    let app = item.app.clone().unwrap_or_else(|| t!(ui, sign_in_details.some_app).to_owned());
    match item.status {
        SignInStatus::Success => t!(ui, sign_in_details.success, who = who, app = app),
        SignInStatus::Failure => t!(ui, sign_in_details.failure, who = who, app = app),
        SignInStatus::Interrupted => t!(ui, sign_in_details.interrupted, who = who, app = app),
        SignInStatus::Unknown => t!(ui, sign_in_details.unknown, who = who, app = app),
    }
}

fn head(ui: &Ui, query: &DetailsQuery, sign_in: &SignInReport, title: String) -> AnyView {
    let lasting = DetailsQuery { report: pinned(&query.report, query.report.as_of), ..query.clone() };
    view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">
                    {ui.second(sign_in.item.at)} " · " {t!(ui, overview.zone, zone = ui.zone_name.clone())}
                </p>
            </div>
            <div class="head-controls">
                <div class="bar">{copy_link(ui, lasting.href(&sign_in.item.id, query.tab)).into_any()}</div>
            </div>
        </header>
    }
    .into_any()
}

/// The ways to the page's parts; those who may not see Conditional Access have none to it.
fn parts(ui: &Ui, sees_conditional_access: bool, query: &DetailsQuery, sign_in: &SignInReport) -> AnyView {
    let links = Tab::ALL
        .iter()
        .filter(|tab| **tab != Tab::ConditionalAccess || sees_conditional_access)
        .map(|&tab| tabs::Tab {
            label: label(ui, tab),
            href: query.href(&sign_in.item.id, tab),
            is_current: tab == query.tab,
        })
        .collect();
    tabs(t!(ui, sign_in_details.tabs), links)
}

fn label(ui: &Ui, tab: Tab) -> &'static str {
    match tab {
        Tab::Basic => t!(ui, sign_in_details.basic),
        Tab::Authentication => t!(ui, sign_in_details.authentication),
        Tab::ConditionalAccess => t!(ui, required_by.conditional_access),
        Tab::Related => t!(ui, sign_in_details.related),
    }
}

fn part(ui: &Ui, query: &DetailsQuery, sign_in: &SignInReport) -> AnyView {
    match query.tab {
        Tab::Basic => basic::view(ui, query, sign_in),
        Tab::Authentication => authentication::view(ui, &query.report, sign_in),
        Tab::ConditionalAccess => conditional_access::view(ui, sign_in),
        Tab::Related => related::view(ui, &query.report, sign_in),
    }
}
