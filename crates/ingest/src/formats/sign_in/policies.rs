//! Conditional Access policies that were evaluated, and who demanded the second factor.

use domain::sign_in::AppliedPolicy;
use serde_json::Value;

use crate::canonical::without_nul;
use crate::fields::Fields;

/// `None` where the record says nothing of policies: Graph leaves them out without a permission for them.
pub(super) fn of(inner: Fields<'_>) -> Option<Vec<AppliedPolicy>> {
    let mut none_applied = false;
    for name in ["appliedConditionalAccessPolicies", "ConditionalAccessPolicies"] {
        let Some(given) = inner.nested(&[name]) else { continue };
        let Value::Array(items) = given.as_ref() else { continue };
        let policies: Vec<AppliedPolicy> = items.iter().filter_map(Fields::of).filter_map(policy).collect();
        if !policies.is_empty() {
            return Some(policies);
        }
        none_applied = true;
    }
    none_applied.then(Vec::new)
}

/// One without a name and an id says nothing.
fn policy(fields: Fields<'_>) -> Option<AppliedPolicy> {
    let (id, name) = (fields.id(&["id"]), fields.text(&["displayName"]));
    (id.is_some() || name.is_some()).then(|| AppliedPolicy {
        id,
        name,
        grant_controls: texts(fields, "enforcedGrantControls"),
        session_controls: texts(fields, "enforcedSessionControls"),
        result: fields.text(&["result"]),
    })
}

/// `requirementProvider` of each of `authenticationRequirementPolicies`, in their order.
pub(super) fn required_by(inner: Fields<'_>) -> Vec<String> {
    let given = inner.nested(&["authenticationRequirementPolicies"]);
    let policies = match given.as_deref() {
        Some(Value::Array(policies)) => policies.as_slice(),
        Some(policy) => std::slice::from_ref(policy),
        None => &[],
    };
    policies.iter().filter_map(Fields::of).filter_map(|policy| policy.text(&["requirementProvider"])).collect()
}

fn texts(fields: Fields<'_>, name: &str) -> Option<Vec<String>> {
    let list =
        |items: &[Value]| items.iter().filter_map(Value::as_str).map(|text| without_nul(text).into_owned()).collect();
    match fields.nested(&[name]).as_deref() {
        Some(Value::Array(items)) => Some(list(items)),
        _ => fields.text(&[name]).map(|one| vec![one]),
    }
}
