//! Addresses that can be asked as they are.

use app::reference::Parameter;

/// What stands in the place of a name, and what is asked for besides: what a first try would.
pub fn address(path: &str, parameters: &[Parameter]) -> String {
    let mut address = path.to_owned();
    for parameter in parameters.iter().filter(|parameter| parameter.place == "path") {
        let value = if parameter.kind.name == "integer" {
            "1"
        } else if path.starts_with("/api/v1/users/") {
            "ada@contoso.com"
        } else {
            "b01b1726-0147-425e-a7f7-21f252050401"
        };
        address = address.replace(&format!("{{{}}}", parameter.name), value);
    }
    let takes = |name: &str| parameters.iter().any(|parameter| parameter.place == "query" && parameter.name == name);
    // One person or one sign-in is asked for by its name alone.
    let is_one = address != path;
    let query = [("size", "size=100"), ("range", "range=7d")].into_iter().find(|(name, _)| !is_one && takes(name));
    match query {
        Some((_, query)) => format!("{address}?{query}"),
        None => address,
    }
}
