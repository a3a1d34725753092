//! `userCredentialUsageDetails` (2019) and `userEventsSummary`: one registration or reset, as Microsoft's report has it.
//!
//! Both have the same properties. Only a record that carries `@odata.type` tells which it is; without one it is
//! counted as `userCredentialUsageDetails`. Nothing else depends on it.

use domain::method::{AuthMethod, Vocabulary};
use domain::record::{Feature, Outcome, Record, RecordKind, ReportEvent, UserRef};
use serde_json::Value;

use super::fields;
use crate::canonical::hash_of;
use crate::fields::Problem;
use crate::time::Clock;

pub(super) fn read(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let id = fields.text(&["id"]);
    // `id` is the user's in one page of the documentation and the event's in its sample: it names no user here.
    let user = UserRef {
        object_id: None,
        user_name: fields.text(&["userPrincipalName"]),
        display_name: fields.text(&["userDisplayName"]),
    };
    if user.is_nobody() && id.is_none() {
        return Err(Problem::Rejected(
            "The event names no user: id and userPrincipalName are both missing.".to_owned(),
        ));
    }
    let feature = match fields.text(&["feature"]) {
        None => return Err(Problem::missing("feature")),
        Some(given) => given
            .to_ascii_lowercase()
            .parse::<Feature>()
            .map_err(|_| Problem::Rejected(format!("`{given}` in feature is neither registration nor reset.")))?,
    };
    let at = fields.time(&["eventDateTime"], clock)?.ok_or_else(|| Problem::missing("eventDateTime"))?;
    let success = fields.flag(&["isSuccess"])?.ok_or_else(|| Problem::missing("isSuccess"))?;
    let outcome = if success { Outcome::Success } else { Outcome::Failure };
    let raw_method = fields.text(&["authMethod"]);
    let method = raw_method.as_deref().map_or(AuthMethod::Unknown, |raw| AuthMethod::from_name(raw, Vocabulary::Used));
    let reason = fields.text(&["failureReason"]);
    let newer = fields.text(&["@odata.type"]).is_some_and(|name| name.ends_with("userEventsSummary"));
    let named_method = if method == AuthMethod::Unknown { raw_method.as_deref() } else { Some(method.as_str()) };
    let digest = hash_of(&[
        feature.as_str(),
        &user.user_name.as_deref().unwrap_or_default().to_lowercase(),
        named_method.unwrap_or_default(),
        outcome.as_str(),
        reason.as_deref().unwrap_or_default(),
        &at.millis().to_string(),
        id.as_deref().unwrap_or_default(),
    ]);
    let kind = if newer { RecordKind::UserEventsSummary } else { RecordKind::UserCredentialUsageDetails };
    Ok(Record::Event(Box::new(ReportEvent { kind, feature, user, at, method, raw_method, outcome, reason, digest })))
}
