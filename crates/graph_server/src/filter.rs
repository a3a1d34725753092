//! The filters that Microsoft documents for the logs; anything else is a 400, as there.

use domain::instant::Instant;

/// A log's filter, understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    pub from: Instant,
    pub to: Instant,
    pub is_non_interactive: bool,
}

pub fn read(filter: Option<&str>, time: &str) -> Option<Filter> {
    let mut read = Filter { from: Instant::MIN, to: Instant::MAX, is_non_interactive: false };
    for term in filter.map(|text| text.split(" and ")).into_iter().flatten() {
        if term == "signInEventTypes/any(t: t eq 'nonInteractiveUser')" && time == "createdDateTime" {
            read.is_non_interactive = true;
            continue;
        }
        let (operator, at) = term.strip_prefix(time)?.trim_start().split_once(' ')?;
        let at = at.parse().ok()?;
        match operator {
            "ge" => read.from = at,
            "le" => read.to = at,
            _ => return None,
        }
    }
    Some(read)
}
