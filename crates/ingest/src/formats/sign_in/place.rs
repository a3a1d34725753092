//! Where a sign-in came from: an object in Graph, `LocationDetails` beside a country in Log Analytics, and one text
//! "City, State, Country" in the portal's table.

use domain::sign_in::Place;
use serde_json::Value;

use crate::fields::Fields;

pub(super) fn of(envelope: Fields<'_>, inner: Fields<'_>) -> Place {
    let ip = inner.text(&["ipAddress"]).or_else(|| envelope.text(&["callerIpAddress"]));
    let nested = inner.nested(&["location", "LocationDetails"]);
    let given = nested.as_deref().and_then(Fields::of).map(|location| Place {
        ip: None,
        city: location.text(&["city"]),
        state: location.text(&["state"]),
        country: location.text(&["countryOrRegion"]),
    });
    let text = |fields: Fields<'_>| match fields.get("location") {
        Some(Value::String(text)) if !is_written_by_a_program(text.trim_start()) => Some(of_text(text)),
        _ => None,
    };
    // Or in columns of their own, where a script has flattened the object.
    let flattened = || Place {
        ip: None,
        city: inner.text(&["city"]),
        state: inner.text(&["state"]),
        country: inner.text(&["countryOrRegion", "country"]),
    };
    let given = given.or_else(|| text(inner)).unwrap_or_else(flattened);
    let country = given.country.or_else(|| text(envelope)?.country);
    Place { ip, country, ..given }
}

/// JSON, or what PowerShell writes of an object that it cannot write.
fn is_written_by_a_program(text: &str) -> bool {
    ["{", "[", "Microsoft.Graph.", "System."].iter().any(|start| text.starts_with(start))
}

/// From "Park Ridge, Illinois, US". A state has no comma, and a country is last; alone, two letters are a country.
pub(super) fn of_text(text: &str) -> Place {
    let known = |part: &str| Some(part.trim().to_owned()).filter(|part| !part.is_empty());
    let Some((rest, country)) = text.rsplit_once(',') else {
        let alone = known(text);
        let is_country = alone.as_ref().is_some_and(|part| part.len() == 2);
        let (city, country) = if is_country { (None, alone) } else { (alone, None) };
        return Place { city, country, ..Place::default() };
    };
    let (city, state) = rest.rsplit_once(',').map_or((rest, ""), |(city, state)| (city, state));
    Place { ip: None, city: known(city), state: known(state), country: known(country) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_city_state_and_country() {
        for (text, parts) in [
            ("Park Ridge, Illinois, US", [Some("Park Ridge"), Some("Illinois"), Some("US")]),
            (
                "Washington, D. C., District of Columbia, US",
                [Some("Washington, D. C."), Some("District of Columbia"), Some("US")],
            ),
            (", , SE", [None, None, Some("SE")]),
            ("Stockholm, SE", [Some("Stockholm"), None, Some("SE")]),
            ("SE", [None, None, Some("SE")]),
            ("Stockholm", [Some("Stockholm"), None, None]),
            ("", [None, None, None]),
        ] {
            let place = of_text(text);
            assert_eq!([place.city.as_deref(), place.state.as_deref(), place.country.as_deref()], parts, "{text}");
        }
    }
}
