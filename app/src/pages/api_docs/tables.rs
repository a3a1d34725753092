//! Parameters, answers and fields as tables.

use leptos::prelude::*;

use super::text::{english, with_code};
use crate::language::{Ui, t};
use crate::reference::{Answer, Field, Kind, Parameter, Shape};
use crate::ui::table::scroller;

/// As many values are read in passing; more are opened.
const FEW: usize = 8;

pub fn parameters(ui: &Ui, label: &str, parameters: &[Parameter]) -> AnyView {
    let rows = parameters.iter().map(|parameter| {
        let required = parameter.is_required.then(|| view! { <span class="tag strong">{t!(ui, api.required)}</span> });
        let default = parameter.default.clone().map(|default| view! { <code>{default}</code> });
        view! {
            <tr>
                <th scope="row">
                    <span class="code">{parameter.name.clone()}</span> " "
                    {required}
                </th>
                <td>{place(ui, &parameter.place)}</td>
                <td>{kind(ui, &parameter.kind)}</td>
                <td>{default}</td>
                <td class="says" lang=english(ui)>
                    {with_code(&parameter.description)}
                </td>
            </tr>
        }
    });
    let table = view! {
        <table class="api-table">
            <thead>
                <tr>
                    <th scope="col">{t!(ui, api.name)}</th>
                    <th scope="col">{t!(ui, api.place)}</th>
                    <th scope="col">{t!(ui, api.kind)}</th>
                    <th scope="col">{t!(ui, api.default)}</th>
                    <th scope="col">{t!(ui, api.description)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    scroller(label, table)
}

pub fn answers(ui: &Ui, label: &str, answers: &[Answer]) -> AnyView {
    let rows = answers.iter().map(|answer| {
        let says = if answer.description.is_empty() {
            view! { <span>{t!(ui, api.ok)}</span> }.into_any()
        } else {
            view! { <span lang=english(ui)>{with_code(&answer.description)}</span> }.into_any()
        };
        // The answer's own fields stand beneath; of a problem there is a link.
        let is_here = !answer.fields.is_empty();
        let body = answer.kind.as_ref().map(|answered| {
            if is_here { view! { <code>{written(answered)}</code> }.into_any() } else { kind(ui, answered) }
        });
        view! {
            <tr>
                <th scope="row" class="num">
                    {answer.status}
                </th>
                <td class="says">{says}</td>
                <td>{body}</td>
            </tr>
        }
    });
    let table = view! {
        <table class="api-table">
            <thead>
                <tr>
                    <th scope="col">{t!(ui, api.status)}</th>
                    <th scope="col">{t!(ui, api.meaning)}</th>
                    <th scope="col">{t!(ui, api.body)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    scroller(label, table)
}

pub fn fields(ui: &Ui, label: &str, fields: &[Field]) -> AnyView {
    // Where none is certain, such as of items with `columns`, that is the description's to say.
    let some_are_certain = fields.iter().any(|field| field.is_always);
    let rows = fields.iter().map(|field| {
        let sometimes =
            (some_are_certain && !field.is_always).then(|| view! { <span class="tag">{t!(ui, api.optional)}</span> });
        view! {
            <tr>
                <th scope="row">
                    <span class="code">{field.name.clone()}</span> " "
                    {sometimes}
                </th>
                <td>{kind(ui, &field.kind)}</td>
                <td class="says" lang=english(ui)>
                    {with_code(&field.description)}
                </td>
            </tr>
        }
    });
    let table = view! {
        <table class="api-table">
            <thead>
                <tr>
                    <th scope="col">{t!(ui, api.field)}</th>
                    <th scope="col">{t!(ui, api.kind)}</th>
                    <th scope="col">{t!(ui, api.description)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    scroller(label, table)
}

pub fn shape(ui: &Ui, shape: &Shape) -> AnyView {
    let says = (!shape.description.is_empty())
        .then(|| view! { <p class="small quiet" lang=english(ui)>{with_code(&shape.description)}</p> });
    let label = t!(ui, api.fields_of, what = shape.name.clone());
    view! {
        <section class="card" id=Shape::anchor(&shape.name)>
            <div class="card-head">
                <h3>
                    <span class="path">{shape.name.clone()}</span>
                </h3>
                {says}
            </div>
            {fields(ui, &label, &shape.fields)}
        </section>
    }
    .into_any()
}

/// `User[]`, `string | null`.
pub fn written(kind: &Kind) -> String {
    let many = if kind.is_many { "[]" } else { "" };
    let null = if kind.is_nullable { " | null" } else { "" };
    format!("{}{many}{null}", kind.name)
}

/// A type, a link where there is more to say of it, and its values.
fn kind(ui: &Ui, kind: &Kind) -> AnyView {
    let name = written(kind);
    let name = match &kind.shape {
        Some(shape) => view! {
            <a class="code" href=format!("#{}", Shape::anchor(shape))>
                {name}
            </a>
        }
        .into_any(),
        None => view! { <span class="code">{name}</span> }.into_any(),
    };
    let bounds = kind.bounds.clone().map(|bounds| view! { <span class="small quiet num">" " {bounds}</span> });
    view! {
        {name}
        {bounds}
        {values(ui, &kind.values)}
    }
    .into_any()
}

fn values(ui: &Ui, values: &[String]) -> Option<AnyView> {
    let all = || values.iter().map(|value| view! { <li class="tag">{value.clone()}</li> }).collect_view();
    match values.len() {
        0 => None,
        n if n <= FEW => Some(view! { <ul class="tags">{all()}</ul> }.into_any()),
        n => Some(
            view! {
                <details class="values">
                    <summary class="link small">{t!(ui, api.values, n = n.to_string())}</summary>
                    <ul class="tags">{all()}</ul>
                </details>
            }
            .into_any(),
        ),
    }
}

fn place(ui: &Ui, name: &str) -> String {
    match name {
        "query" => t!(ui, api.in_query).to_owned(),
        "path" => t!(ui, api.in_path).to_owned(),
        "header" => t!(ui, api.in_header).to_owned(),
        other => other.to_owned(),
    }
}
