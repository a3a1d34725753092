//! One operation: what it is, how it is asked, what it takes and what it answers.

use leptos::prelude::*;

use super::introduction::{ask, quoted};
use super::tables;
use super::text::{english, example, with_code};
use crate::language::{Ui, t};
use crate::reference::{Field, Kind, Operation, Payload};
use crate::ui::icon;

/// What every path begins with, and contents need not repeat.
const BASE: &str = "/api/v1";

/// A path without what all have in common.
pub fn short(path: &str) -> String {
    path.strip_prefix(BASE).unwrap_or(path).to_owned()
}

/// The method as a mark: what only reads is told from what changes something.
pub fn method(name: &str) -> AnyView {
    let class = if name == "GET" { "method" } else { "method changes" };
    view! { <span class=class>{name.to_owned()}</span> }.into_any()
}

pub fn view(ui: &Ui, public_url: &str, operation: &Operation) -> AnyView {
    let name = format!("{} {}", operation.method, operation.path);
    let lang = english(ui);
    let paragraphs = std::iter::once(operation.summary.as_str()).chain(operation.description.split("\n\n"));
    let paragraphs = paragraphs.filter(|text| !text.is_empty()).map(|text| view! { <p>{with_code(text)}</p> });
    let good = operation.answers.iter().find(|answer| !answer.fields.is_empty());
    let parameters = (!operation.parameters.is_empty()).then(|| {
        let label = t!(ui, api.parameters_of, what = name.clone());
        let table = tables::parameters(ui, &label, &operation.parameters);
        folded(t!(ui, api.parameters), operation.parameters.len(), table)
    });
    let body = operation.body.as_ref().map(|body| body_view(ui, &name, body));
    let answers = {
        let label = t!(ui, api.answers_of, what = name.clone());
        folded(t!(ui, api.answers), operation.answers.len(), tables::answers(ui, &label, &operation.answers))
    };
    let fields = good.map(|answer| {
        let label = t!(ui, api.fields_of, what = name.clone());
        fields_view(
            t!(ui, api.fields),
            answer.kind.as_ref(),
            tables::fields(ui, &label, &answer.fields),
            &answer.fields,
        )
    });
    view! {
        <article class="card operation" id=operation.id.clone() aria-labelledby=format!("{}-name", operation.id)>
            <div class="card-head">
                <h3 id=format!("{}-name", operation.id)>
                    <a href=format!("#{}", operation.id)>
                        {method(&operation.method)} " " <span class="path">{operation.path.clone()}</span>
                    </a>
                </h3>
                <div class="says" lang=lang>
                    {paragraphs.collect_view()}
                </div>
            </div>
            <div class="api-part">
                {example(t!(ui, api.example_of, what = name.clone()), curl(public_url, operation))}
            </div>
            {parameters}
            {body}
            {answers}
            {fields}
        </article>
    }
    .into_any()
}

fn body_view(ui: &Ui, name: &str, body: &Payload) -> AnyView {
    let label = t!(ui, api.body_of, what = name.to_owned());
    let says = (!body.description.is_empty()).then(|| view! { <p lang=english(ui)>{with_code(&body.description)}</p> });
    let about = view! {
        <div class="fold-text">
            <p>
                <code>{body.media_type.clone()}</code>
            </p>
            {says}
        </div>
    };
    let table = (!body.fields.is_empty()).then(|| tables::fields(ui, &label, &body.fields));
    let content = view! {
        {about}
        {table}
    };
    folded(t!(ui, api.body), body.fields.len(), content.into_any())
}

fn fields_view(title: &'static str, kind: Option<&Kind>, table: AnyView, fields: &[Field]) -> AnyView {
    let kind = kind.map(|kind| view! { <code>{tables::written(kind)}</code> });
    let content = view! {
        <div class="fold-text">
            <p>{kind}</p>
        </div>
        {table}
    };
    folded(title, fields.len(), content.into_any())
}

/// A part that is opened when it is wanted; it says how much there is in it.
fn folded(title: &'static str, count: usize, content: AnyView) -> AnyView {
    let count = (count > 0).then(|| view! { <span class="quiet num">{count}</span> });
    view! {
        <details class="fold">
            <summary>
                <h4>{title}</h4>
                {count}
                {icon::chevron()}
            </summary>
            {content}
        </details>
    }
    .into_any()
}

/// The request as a shell sends it.
fn curl(public_url: &str, operation: &Operation) -> String {
    let asked = ask(public_url, &operation.example);
    let asked = match operation.method.as_str() {
        "GET" => asked,
        // `curl` posts what has a body by itself.
        "POST" if operation.body.is_some() => asked,
        other => asked.replacen("curl ", &format!("curl -X {other} "), 1),
    };
    let Some(body) = &operation.body else { return asked };
    let content = body
        .example
        .as_ref()
        .map_or_else(|| "--data-binary @records.jsonl".to_owned(), |json| format!("-d {}", quoted(json)));
    format!("{asked} \\\n  -H 'Content-Type: {}' \\\n  {content}", body.media_type)
}
