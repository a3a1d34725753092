//! `/api/docs`: how programs ask, and every operation of the API as its OpenAPI document has it.
//!
//! The document is in English, and marked as such on a page in another language; what stands around it is the page's.

use leptos::prelude::*;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::language::{Ui, t};
use crate::reference::{Group, Reference};

mod introduction;
mod operation;
mod tables;
mod text;

/// Where the document itself is.
const DOCUMENT: &str = "/api/v1/openapi.json";

pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let (ui, context) = (asked.ui, asked.context);
    let reference = context.api;
    let title = t!(ui, api.title);
    let groups = reference.groups.iter().map(|group| group_view(&ui, &context.public_url, group)).collect_view();
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">{t!(ui, api.sub)}</p>
            </div>
            <p class="head-controls">
                <a class="pill" href=DOCUMENT>
                    {t!(ui, api.document)}
                </a>
            </p>
        </header>
        {introduction::view(&ui, &context.public_url)}
        {contents(&ui, reference)}
        {groups}
        {shapes(&ui, reference)}
    };
    Ok(Content::new(title, body))
}

/// Every operation by its group, each a link.
fn contents(ui: &Ui, reference: &Reference) -> AnyView {
    let group = |group: &Group| {
        let links = group.operations.iter().map(|operation| {
            view! {
                <li>
                    <a href=format!("#{}", operation.id)>
                        {operation::method(&operation.method)} " "
                        <span class="path">{operation::short(&operation.path)}</span>
                    </a>
                </li>
            }
        });
        view! {
            <li>
                <a class="api-tag" href=format!("#tag-{}", group.tag)>
                    {tag(ui, &group.tag)}
                </a>
                <ul>{links.collect_view()}</ul>
            </li>
        }
    };
    view! {
        <nav class="card api-contents" aria-labelledby="contents">
            <div class="card-head">
                <h2 id="contents">{t!(ui, api.contents)}</h2>
                <p class="small quiet">{t!(ui, api.contents_sub)} " " <code>"/api/v1"</code></p>
            </div>
            <ul class="api-groups">
                {reference.groups.iter().map(group).collect_view()}
                <li>
                    <a class="api-tag" href="#shapes">
                        {t!(ui, api.shapes)}
                    </a>
                </li>
            </ul>
        </nav>
    }
    .into_any()
}

fn group_view(ui: &Ui, public_url: &str, group: &Group) -> AnyView {
    let operations = group.operations.iter().map(|operation| operation::view(ui, public_url, operation)).collect_view();
    view! {
        <section class="divisions" aria-labelledby=format!("tag-{}", group.tag)>
            <h2 id=format!("tag-{}", group.tag)>{tag(ui, &group.tag)}</h2>
            {operations}
        </section>
    }
    .into_any()
}

/// What the fields of answers are made of.
fn shapes(ui: &Ui, reference: &Reference) -> AnyView {
    let shapes = reference.shapes.iter().map(|shape| tables::shape(ui, shape)).collect_view();
    view! {
        <section class="divisions" aria-labelledby="shapes">
            <h2 id="shapes">{t!(ui, api.shapes)}</h2>
            <p class="quiet">{t!(ui, api.shapes_sub)}</p>
            <div class="api-cards">{shapes}</div>
        </section>
    }
    .into_any()
}

/// A tag in the reader's words; one that has none yet as it is.
fn tag(ui: &Ui, name: &str) -> String {
    match name {
        "reports" => t!(ui, api.tag_reports).to_owned(),
        "lists" => t!(ui, api.tag_lists).to_owned(),
        "data" => t!(ui, api.tag_data).to_owned(),
        "mfa" => t!(ui, api.tag_mfa).to_owned(),
        "exports" => t!(ui, api.tag_exports).to_owned(),
        "views" => t!(ui, api.tag_views).to_owned(),
        "settings" => t!(ui, api.tag_settings).to_owned(),
        other => other.to_owned(),
    }
}
