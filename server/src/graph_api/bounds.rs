//! What a filter says of single properties, as the queries of lists ask it.

use domain::instant::Instant;
use domain::window::Window;
use odata::{Bounds, Constant};

/// The texts that a property is one of, where the filter names them.
pub fn texts(bounds: &Bounds, property: &str) -> Option<Vec<String>> {
    let named = bounds.get(property)?.one_of.as_ref()?;
    named
        .iter()
        .map(|constant| match constant {
            Constant::String(text) | Constant::Guid(text) => Some(text.clone()),
            Constant::Enum(member) => Some((*member).to_owned()),
            _ => None,
        })
        .collect()
}

/// The one text that a property is.
pub fn text(bounds: &Bounds, property: &str) -> Option<String> {
    let mut texts = texts(bounds, property)?;
    if texts.len() == 1 { texts.pop().filter(|text| !text.trim().is_empty()) } else { None }
}

/// The one answer that a property is.
pub fn flag(bounds: &Bounds, property: &str) -> Option<bool> {
    match bounds.get(property)?.one_of.as_deref()? {
        [Constant::Boolean(value)] => Some(*value),
        _ => None,
    }
}

/// The numbers that a property is one of.
pub fn numbers(bounds: &Bounds, property: &str) -> Option<Vec<i64>> {
    let named = bounds.get(property)?.one_of.as_ref()?;
    let number = |constant: &Constant| if let Constant::Integer(number) = constant { Some(*number) } else { None };
    named.iter().map(number).collect()
}

/// The part of a window that a time can be in. Times are kept to the millisecond.
pub fn window(bounds: &Bounds, property: &str, whole: Window) -> Window {
    let Some(bounds) = bounds.get(property) else { return whole };
    let instant = |constant: &Constant| match constant {
        Constant::DateTimeOffset(at) => Some(Instant::from_timestamp(*at)),
        _ => None,
    };
    let Window { mut from, mut to } = whole;
    if let Some(one_of) = &bounds.one_of {
        let times: Option<Vec<Instant>> = one_of.iter().map(instant).collect();
        if let Some((first, last)) = times.and_then(|times| Some((*times.iter().min()?, *times.iter().max()?))) {
            (from, to) = (from.max(first), to.min(last.plus_millis(1)));
        }
    }
    if let Some(lower) = bounds.lower.as_ref().and_then(|limit| instant(&limit.value)) {
        from = from.max(lower);
    }
    if let Some(upper) = bounds.upper.as_ref().and_then(|limit| instant(&limit.value)) {
        to = to.min(upper.plus_millis(1));
    }
    // Lists have no empty window: one before all time has nothing in it.
    if from < to { Window { from, to } } else { Window { from: Instant::MIN, to: Instant::MIN.plus_millis(1) } }
}
