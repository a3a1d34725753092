//! What `/api/docs` shows: the OpenAPI document, read once, as [`app::reference`] has it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use app::reference::{Answer, Group, Operation, Parameter, Payload, Reference, Shape};
use serde_json::Value;

use super::openapi;

mod example;
mod schema;

use schema::Schemas;

/// In this order, and others after them as they come.
const TAGS: [&str; 7] = ["reports", "lists", "exports", "data", "mfa", "views", "settings"];
/// Those of a path, in this order.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// What every refusal is.
const PROBLEM: &str = "Problem";

/// Read once: the document does not change while the program runs.
static REFERENCE: LazyLock<Reference> =
    LazyLock::new(|| read(&serde_json::to_value(openapi::full()).unwrap_or_default()));

/// The API as a page shows it.
#[must_use]
pub fn reference() -> &'static Reference {
    &REFERENCE
}

fn read(document: &Value) -> Reference {
    let schemas = Schemas(document);
    let mut groups: Vec<Group> =
        TAGS.iter().map(|tag| Group { tag: (*tag).to_owned(), operations: Vec::new() }).collect();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, said) in METHODS.iter().filter_map(|method| Some((*method, item.get(*method)?))) {
            let tag = said["tags"][0].as_str().unwrap_or_default();
            let operation = operation(&schemas, path, method, said);
            match groups.iter_mut().find(|group| group.tag == tag) {
                Some(group) => group.operations.push(operation),
                None => groups.push(Group { tag: tag.to_owned(), operations: vec![operation] }),
            }
        }
    }
    groups.retain(|group| !group.operations.is_empty());
    let shapes = shapes(&schemas, &groups);
    Reference { groups, shapes }
}

fn operation(schemas: &Schemas<'_>, path: &str, method: &str, said: &Value) -> Operation {
    let parameters: Vec<Parameter> =
        said["parameters"].as_array().into_iter().flatten().map(|one| parameter(schemas, one)).collect();
    let answers = said["responses"].as_object().into_iter().flatten();
    Operation {
        id: text(&said["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        example: example::address(path, &parameters),
        summary: text(&said["summary"]),
        description: text(&said["description"]),
        body: said.get("requestBody").map(|body| payload(schemas, body)),
        answers: answers.map(|(status, answer)| answered(schemas, status, answer)).collect(),
        parameters,
    }
}

fn parameter(schemas: &Schemas<'_>, said: &Value) -> Parameter {
    let said = schemas.meant(said);
    let kind = schemas.kind(&said["schema"]);
    let default = match &said["schema"]["default"] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    Parameter {
        name: text(&said["name"]),
        place: text(&said["in"]),
        is_required: said["required"].as_bool().unwrap_or_default(),
        kind,
        default,
        description: text(&said["description"]),
    }
}

fn payload(schemas: &Schemas<'_>, said: &Value) -> Payload {
    let (media_type, schema) = content(said).unwrap_or(("", &Value::Null));
    Payload {
        media_type: media_type.to_owned(),
        description: text(&said["description"]),
        kind: schemas.kind(schema),
        fields: schemas.fields(schema),
        example: media_type.ends_with("/json").then(|| schemas.example(schema).to_string()),
    }
}

fn answered(schemas: &Schemas<'_>, status: &str, said: &Value) -> Answer {
    let said = schemas.meant(said);
    let schema = content(said).map(|(_, schema)| schema);
    let kind = schema.map(|schema| schemas.kind(schema));
    let is_problem = kind.as_ref().is_some_and(|kind| kind.shape.as_deref() == Some(PROBLEM));
    Answer {
        status: status.parse().unwrap_or_default(),
        description: text(&said["description"]),
        kind,
        fields: schema.filter(|_| !is_problem).map(|schema| schemas.fields(schema)).unwrap_or_default(),
    }
}

/// The kind of a body and its schema: there is one of each.
fn content(said: &Value) -> Option<(&str, &Value)> {
    let (media_type, content) = said["content"].as_object()?.iter().next()?;
    Some((media_type, &content["schema"]))
}

/// Every shape that is named, and what these name: in the order of their names.
fn shapes(schemas: &Schemas<'_>, groups: &[Group]) -> Vec<Shape> {
    let operations = || groups.iter().flat_map(|group| &group.operations);
    let of_fields = operations().flat_map(|operation| {
        let body = operation.body.iter().flat_map(|body| &body.fields);
        body.chain(operation.answers.iter().flat_map(|answer| &answer.fields))
            .filter_map(|field| field.kind.shape.clone())
    });
    let without_fields =
        operations().flat_map(|operation| &operation.answers).filter(|answer| answer.fields.is_empty());
    let of_answers = without_fields.filter_map(|answer| answer.kind.as_ref()?.shape.clone());
    let mut open: Vec<String> = of_fields.chain(of_answers).collect();
    let mut named = BTreeSet::new();
    while let Some(name) = open.pop() {
        if named.insert(name.clone()) {
            open.extend(schemas.named(&name).into_iter().filter_map(|field| field.kind.shape));
        }
    }
    let shape = |name: String| {
        let description = text(&schemas.called(&name)["description"]);
        Shape { fields: schemas.named(&name), description, name }
    };
    named.into_iter().map(shape).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_leads_to_a_shape() {
        let reference = reference();
        let shapes: BTreeSet<&str> = reference.shapes.iter().map(|shape| shape.name.as_str()).collect();
        let operations = || reference.groups.iter().flat_map(|group| &group.operations);
        let fields = operations()
            .flat_map(|operation| operation.answers.iter().flat_map(|answer| &answer.fields))
            .chain(reference.shapes.iter().flat_map(|shape| &shape.fields));
        let mut links = 0;
        for shape in fields.filter_map(|field| field.kind.shape.as_deref()) {
            links += 1;
            assert!(shapes.contains(shape), "{shape}");
        }
        assert!(links > 50 && shapes.contains(PROBLEM));
        for shape in &reference.shapes {
            assert!(!shape.fields.is_empty(), "{} has no fields", shape.name);
        }
        for operation in operations() {
            assert!(!operation.summary.is_empty() && !operation.id.is_empty(), "{}", operation.path);
            assert!(!operation.example.contains('{'), "{}", operation.example);
            assert!(operation.answers.iter().all(|answer| !answer.description.is_empty() || answer.status == 200));
        }
    }
}
