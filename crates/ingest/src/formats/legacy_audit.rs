//! The Azure Monitor audit shape of 2018: no `targetResources`, but a target whose fields are joined with `__`.
//!
//! `targetResourceType` names the fields (`UPN__TenantContextID__PUID__ObjectID__ObjectClass`), `targetResourceName`
//! has their values in the same order.

use domain::record::UserRef;

use crate::fields::Fields;

const JOINT: &str = "__";

/// The target, if it is a user.
pub(super) fn target(properties: Fields<'_>) -> Option<UserRef> {
    let kinds = properties.text(&["targetResourceType"])?;
    let values = properties.text(&["targetResourceName"])?;
    let names: Vec<&str> = kinds.split(JOINT).collect();
    let parts: Vec<&str> = values.split(JOINT).map(str::trim).collect();
    let part = |wanted: &str| {
        let at = names.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted))?;
        parts.get(at).copied().filter(|part| !part.is_empty() && *part != "<null>")
    };
    let named = names.len() == parts.len() && names.len() > 1;
    let class = if named { part("ObjectClass").unwrap_or("User") } else { kinds.as_str() };
    if !class.eq_ignore_ascii_case("User") {
        return None;
    }
    let (object_id, user_name) = if named {
        (part("ObjectID"), part("UPN").or_else(|| part("UserPrincipalName")))
    } else {
        (parts.iter().find(|part| is_guid(part)).copied(), parts.iter().find(|part| part.contains('@')).copied())
    };
    Some(UserRef {
        object_id: object_id.map(str::to_ascii_lowercase),
        user_name: user_name.map(str::to_owned),
        display_name: None,
    })
}

/// The initiator: `identity` of the envelope where it is a user name.
pub(super) fn initiator(envelope: Fields<'_>, properties: Fields<'_>) -> Option<UserRef> {
    let legacy = properties.has("identityType") || properties.has("targetUpdatedProperties");
    let user_name = legacy.then(|| envelope.text(&["identity"])).flatten().filter(|name| name.contains('@'))?;
    Some(UserRef { object_id: None, user_name: Some(user_name), display_name: None })
}

fn is_guid(part: &str) -> bool {
    part.len() == 36 && part.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}
