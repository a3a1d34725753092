//! The portal's audit download: three targets of five properties at most, flattened into columns.

use domain::record::{AuditRecord, Record, UserRef};
use serde_json::Value;

use super::directory_audit::{result_named, stand_in_id};
use super::fields;
use crate::canonical::canonical;
use crate::fields::{Fields, Problem};
use crate::time::Clock;

pub(super) fn read(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let at = fields.time(&["Date (UTC)"], clock)?.ok_or_else(|| Problem::missing("Date (UTC)"))?;
    let activity = fields.text(&["Activity"]).ok_or_else(|| Problem::missing("Activity"))?;
    let result = result_named(&fields.text(&["Result"]).unwrap_or_default());
    let correlation_id = fields.id(&["CorrelationId"]);
    let target = fields
        .id(&["Target1ObjectId"])
        .or_else(|| fields.text(&["Target1UserPrincipalName"]).map(|name| name.to_lowercase()))
        .or_else(|| fields.text(&["Target1DisplayName"]));
    let record_id = fields.text(&["Id"]).unwrap_or_else(|| {
        stand_in_id(&[
            &at.millis().to_string(),
            correlation_id.as_deref().unwrap_or_default(),
            &activity,
            result.as_str(),
            target.as_deref().unwrap_or_default(),
        ])
    });
    let (body, digest) = canonical(record);
    Ok(Record::Audit(Box::new(AuditRecord {
        record_id,
        at,
        log_at: None,
        activity,
        service: fields.text(&["Service"]),
        category: fields.text(&["Category"]),
        result,
        reason: fields.text(&["ResultReason"]),
        correlation_id,
        user: user_of(fields),
        tenant: None,
        digest,
        body,
    })))
}

/// The first target of type User, else the actor unless it is an application.
fn user_of(fields: Fields<'_>) -> UserRef {
    let target = (1..=3).find_map(|n| {
        let kind = fields.text(&[&format!("Target{n}Type")])?;
        kind.eq_ignore_ascii_case("User").then(|| person(fields, &format!("Target{n}")))
    });
    if let Some(user) = target.filter(|user| !user.is_nobody()) {
        return user;
    }
    // ActorType starts with "Ap" for applications, whatever their exact kind is called.
    let application = fields.text(&["ActorType"]).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("ap"));
    if application { UserRef::default() } else { person(fields, "Actor") }
}

fn person(fields: Fields<'_>, column: &str) -> UserRef {
    UserRef {
        object_id: fields.id(&[&format!("{column}ObjectId")]),
        user_name: fields.text(&[&format!("{column}UserPrincipalName")]),
        display_name: fields.text(&[&format!("{column}DisplayName")]),
    }
}
