//! A second evaluator, as plain as can be: over the tree as it was written, without types. What a text is, is told by
//! what it is called. It shares no code with the crate.

use jiff::Timestamp;
use odata::{Expression, Function, Literal, Operator, Path, Quantifier};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq)]
enum Plain {
    Null,
    Truth(bool),
    /// In halves: every number of the tests is a whole number of them.
    Halves(i128),
    /// In small letters.
    Text(String),
    Nanoseconds(i128),
}

/// Elements of lambdas around, by their variables.
type Variables<'v> = Vec<(String, &'v Value)>;

pub fn matches(filter: &Expression, entity: &Value) -> bool {
    evaluate(filter, entity, &Vec::new()) == Plain::Truth(true)
}

fn evaluate(expression: &Expression, entity: &Value, variables: &Variables<'_>) -> Plain {
    let recurse = |expression: &Expression| evaluate(expression, entity, variables);
    match expression {
        Expression::Or(terms) => {
            let values: Vec<Plain> = terms.iter().map(recurse).collect();
            if values.contains(&Plain::Truth(true)) {
                Plain::Truth(true)
            } else if values.contains(&Plain::Null) {
                Plain::Null
            } else {
                Plain::Truth(false)
            }
        }
        Expression::And(terms) => {
            let values: Vec<Plain> = terms.iter().map(recurse).collect();
            if values.contains(&Plain::Truth(false)) {
                Plain::Truth(false)
            } else if values.contains(&Plain::Null) {
                Plain::Null
            } else {
                Plain::Truth(true)
            }
        }
        Expression::Not(term, _) => match recurse(term) {
            Plain::Truth(true) => Plain::Truth(false),
            Plain::Truth(false) => Plain::Truth(true),
            _ => Plain::Null,
        },
        Expression::Compare { operator, left, right } => {
            Plain::Truth(compare(*operator, &recurse(left), &recurse(right)))
        }
        Expression::In { value, list } => {
            let value = recurse(value);
            Plain::Truth(list.iter().any(|(literal, _)| plain(literal) == value))
        }
        Expression::Call { function, text, part, .. } => match (recurse(text), recurse(part)) {
            (Plain::Text(text), Plain::Text(part)) => Plain::Truth(match function {
                Function::StartsWith => text.starts_with(&part),
                Function::EndsWith => text.ends_with(&part),
                Function::Contains => text.contains(&part),
            }),
            _ => Plain::Null,
        },
        Expression::NotEmpty(path) => Plain::Truth(!elements(path, entity, variables).is_empty()),
        Expression::Lambda { collection, quantifier, variable: (variable, _), condition } => {
            let mut fitting = 0;
            let elements = elements(collection, entity, variables);
            for element in &elements {
                let mut inner = variables.clone();
                inner.push((variable.clone(), element));
                if evaluate(condition, entity, &inner) == Plain::Truth(true) {
                    fitting += 1;
                }
            }
            Plain::Truth(match quantifier {
                Quantifier::Any => fitting > 0,
                Quantifier::All => fitting == elements.len(),
            })
        }
        Expression::Path(path) => {
            let is_time = path
                .segments
                .last()
                .is_some_and(|(name, _)| ["created", "updated", "at"].contains(&name.to_lowercase().as_str()));
            match find(path, entity, variables) {
                Some(Value::Bool(value)) => Plain::Truth(*value),
                Some(Value::Number(number)) => match number.as_i64() {
                    Some(integer) => Plain::Halves(i128::from(integer) * 2),
                    None => halves(number.as_f64().expect("a number")),
                },
                Some(Value::String(text)) if is_time => instant(text.parse().expect("an instant")),
                Some(Value::String(text)) => Plain::Text(small(text)),
                _ => Plain::Null,
            }
        }
        Expression::Literal(literal, _) => plain(literal),
    }
}

fn plain(literal: &Literal) -> Plain {
    match literal {
        Literal::Null => Plain::Null,
        Literal::Boolean(value) => Plain::Truth(*value),
        Literal::Integer(value) => Plain::Halves(i128::from(*value) * 2),
        Literal::Decimal(value) => halves(*value),
        Literal::String(text) | Literal::Guid(text) => Plain::Text(small(text)),
        Literal::Enum { member, .. } => Plain::Text(small(member)),
        Literal::DateTimeOffset(at) => instant(*at),
        Literal::Date(date) => instant(format!("{date}T00:00:00Z").parse().expect("a day")),
    }
}

fn instant(at: Timestamp) -> Plain {
    Plain::Nanoseconds(at.as_nanosecond())
}

fn halves(decimal: f64) -> Plain {
    Plain::Halves((decimal * 2.0) as i128)
}

fn small(text: &str) -> String {
    text.to_lowercase()
}

fn compare(operator: Operator, left: &Plain, right: &Plain) -> bool {
    let greater = |left: &Plain, right: &Plain| match (left, right) {
        (Plain::Truth(left), Plain::Truth(right)) => *left && !*right,
        (Plain::Halves(left), Plain::Halves(right)) => left > right,
        (Plain::Text(left), Plain::Text(right)) => left > right,
        (Plain::Nanoseconds(left), Plain::Nanoseconds(right)) => left > right,
        _ => false,
    };
    match operator {
        Operator::Eq => left == right,
        Operator::Ne => left != right,
        Operator::Gt => greater(left, right),
        Operator::Ge => greater(left, right) || left == right,
        Operator::Lt => greater(right, left),
        Operator::Le => greater(right, left) || left == right,
    }
}

fn find<'v>(path: &Path, entity: &'v Value, variables: &Variables<'v>) -> Option<&'v Value> {
    let mut names: Vec<&str> = path.segments.iter().map(|(name, _)| name.as_str()).collect();
    let mut value = entity;
    if let Some((_, element)) = variables.iter().find(|(variable, _)| variable == names[0]) {
        value = element;
        names.remove(0);
    }
    for name in names {
        let properties = value.as_object()?;
        value = properties.iter().find(|(key, _)| key.to_lowercase() == name.to_lowercase())?.1;
    }
    Some(value)
}

fn elements<'v>(path: &Path, entity: &'v Value, variables: &Variables<'v>) -> Vec<&'v Value> {
    match find(path, entity, variables) {
        Some(Value::Array(elements)) => elements.iter().collect(),
        _ => Vec::new(),
    }
}

/// The value at a path, in a form of which greater and equal can be asked, for what bounds say.
pub fn holds(entity: &Value, property: &str, operator: Operator, value: &Literal) -> bool {
    let segments = property.split('/').map(|name| (name.to_owned(), odata::Position::default())).collect();
    let left = evaluate(&Expression::Path(Path { segments }), entity, &Vec::new());
    compare(operator, &left, &plain(value))
}
