//! What a token says of its person's roles, as one of ours. A pure function: `spec/graph.md` §6.

use std::collections::BTreeMap;

use domain::role::Role;
use serde_json::Value;

use super::jws::Claims;

/// Microsoft's ids of the directory roles that open Keyroll, the same in every tenant.
const TEMPLATES: &[(&str, Role)] = &[
    ("62e90394-69f5-4237-9190-012177145e10", Role::GlobalAdministrator),
    ("194ae4cb-b126-40b2-bd5b-6091b380977d", Role::SecurityAdministrator),
    ("f2ef992c-3afb-46b9-b7cf-a126ee74c451", Role::GlobalReader),
    ("5d6b6bb7-de71-4623-b4af-96380a352509", Role::SecurityReader),
    ("4a5d8f65-41da-4de4-8968-e035b65339cf", Role::ReportsReader),
];

/// Where several are held, the first of these counts: what may be done goes before what may be seen.
const STRONGEST_FIRST: [Role; 5] = [
    Role::GlobalAdministrator,
    Role::SecurityAdministrator,
    Role::GlobalReader,
    Role::SecurityReader,
    Role::ReportsReader,
];

/// Which values of which claims mean which role, besides Microsoft's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleRules {
    /// A claim besides `wids` and `roles`, such as `groups`.
    pub claim: Option<String>,
    /// Values of `roles` and of that claim.
    pub values: BTreeMap<Role, Vec<String>>,
}

/// Why somebody who has signed in may not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRole {
    /// None of the roles that the token names is one of ours.
    NoneOfOurs,
    /// The provider says nothing of roles: it has to be set up to.
    NotSent,
    /// Too many groups for a token: it says where to ask for them instead of which they are.
    Overage,
}

/// The role that a token gives.
///
/// # Errors
/// Why there is none.
pub fn role(claims: &Claims, rules: &RoleRules) -> Result<Role, NoRole> {
    let mut held = Vec::new();
    held.extend(texts(claims, "wids").filter_map(of_template));
    held.extend(texts(claims, "roles").filter_map(|value| of_value(value, rules).or_else(|| of_name(value))));
    if let Some(claim) = &rules.claim {
        // Only what the settings name: anybody may call a group of theirs "Global Administrator".
        held.extend(texts(claims, claim).filter_map(|value| of_value(value, rules)));
    }
    if let Some(role) = STRONGEST_FIRST.into_iter().find(|role| held.contains(role)) {
        return Ok(role);
    }
    let own = rules.claim.as_deref();
    let is_elsewhere = |name: &str| claims.get("_claim_names").is_some_and(|names| names.get(name).is_some());
    if own.is_some_and(is_elsewhere) || is_elsewhere("wids") || is_elsewhere("roles") {
        return Err(NoRole::Overage);
    }
    let is_sent = ["wids", "roles"].into_iter().chain(own).any(|name| claims.contains_key(name));
    Err(if is_sent { NoRole::NoneOfOurs } else { NoRole::NotSent })
}

fn of_template(id: &str) -> Option<Role> {
    TEMPLATES.iter().find(|(template, _)| template.eq_ignore_ascii_case(id)).map(|(_, role)| *role)
}

fn of_value(value: &str, rules: &RoleRules) -> Option<Role> {
    rules.values.iter().find(|(_, values)| values.iter().any(|known| known == value)).map(|(role, _)| *role)
}

/// An app role that is called as Microsoft calls the directory role: `ReportsReader`, `Reports.Reader`, `reports-reader`.
fn of_name(value: &str) -> Option<Role> {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '_')).map(|c| c.to_ascii_lowercase()).collect()
    };
    let value = letters(value);
    Role::ALL.iter().copied().find(|role| letters(role.title()) == value)
}

/// The texts of a claim, which may be one or a list.
fn texts<'a>(claims: &'a Claims, name: &str) -> impl Iterator<Item = &'a str> {
    let (one, many) = match claims.get(name) {
        Some(Value::String(text)) => (Some(text.as_str()), &[][..]),
        Some(Value::Array(values)) => (None, values.as_slice()),
        _ => (None, &[][..]),
    };
    one.into_iter().chain(many.iter().filter_map(Value::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(claims: Value) -> Result<Role, NoRole> {
        let values = BTreeMap::from([(Role::SecurityReader, vec!["Helpdesk".to_owned(), "g-1".to_owned()])]);
        let rules = RoleRules { claim: Some("groups".to_owned()), values };
        role(claims.as_object().expect("an object"), &rules)
    }

    #[test]
    fn every_directory_role_of_ours_by_its_template() {
        for (template, role) in TEMPLATES {
            assert_eq!(of(json!({ "wids": [template] })), Ok(*role));
            assert_eq!(of(json!({ "wids": [template.to_uppercase()] })), Ok(*role));
        }
        assert_eq!(TEMPLATES.len(), Role::ALL.len());
    }

    #[test]
    fn app_roles_by_name_and_values_by_the_settings() {
        for name in ["ReportsReader", "Reports.Reader", "reports-reader", "Reports Reader", "REPORTS_READER"] {
            assert_eq!(of(json!({ "roles": [name] })), Ok(Role::ReportsReader), "{name}");
        }
        assert_eq!(of(json!({ "roles": "Helpdesk" })), Ok(Role::SecurityReader));
        assert_eq!(of(json!({ "groups": ["x", "g-1"] })), Ok(Role::SecurityReader));
        assert_eq!(of(json!({ "groups": ["Global Administrator"] })), Err(NoRole::NoneOfOurs), "anybody's group");
        assert_eq!(of(json!({ "wids": ["Global Administrator"] })), Err(NoRole::NoneOfOurs), "no id");
    }

    #[test]
    fn the_strongest_of_several() {
        let admin = "62e90394-69f5-4237-9190-012177145e10";
        assert_eq!(of(json!({ "wids": [admin], "roles": ["ReportsReader"] })), Ok(Role::GlobalAdministrator));
        let both = json!({ "roles": ["GlobalReader", "SecurityAdministrator"] });
        assert_eq!(of(both), Ok(Role::SecurityAdministrator));
    }

    #[test]
    fn no_role_has_three_reasons() {
        let everyone = "b79fbf4d-3ef9-4689-8143-76b194e85509";
        assert_eq!(of(json!({ "wids": [everyone] })), Err(NoRole::NoneOfOurs));
        assert_eq!(of(json!({ "wids": [], "roles": [] })), Err(NoRole::NoneOfOurs));
        assert_eq!(of(json!({ "wids": 7, "roles": { "a": "GlobalReader" } })), Err(NoRole::NoneOfOurs));
        assert_eq!(of(json!({ "email": "ada@contoso.com" })), Err(NoRole::NotSent));
        let overage = json!({ "_claim_names": { "groups": "src1" }, "wids": [everyone] });
        assert_eq!(of(overage), Err(NoRole::Overage));
        let of_others = json!({ "_claim_names": { "teams": "src1" }, "wids": [everyone] });
        assert_eq!(of(of_others), Err(NoRole::NoneOfOurs));
    }
}
