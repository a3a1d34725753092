//! `directoryAudit` as a Graph object, in an Azure Monitor envelope, or as a flattened Log Analytics row.

use domain::record::{AuditRecord, AuditResult, Record, UserRef};
use serde_json::Value;

use super::{fields, legacy_audit};
use crate::canonical::{canonical, hash_of};
use crate::fields::{Fields, Problem};
use crate::time::Clock;

/// A Graph object or a Log Analytics row: the record is its own envelope.
pub(super) fn read(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    // In a workspace `TenantId` is the workspace's.
    let tenant = if fields.has("TimeGenerated") { &["AADTenantId"][..] } else { &["tenantId"][..] };
    audit(record, fields, fields, fields.id(tenant), clock)
}

pub(super) fn read_enveloped(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let envelope = fields(record)?;
    let properties = envelope.nested(&["properties"]);
    let inner = properties.as_deref().and_then(Fields::of).unwrap_or(envelope);
    let tenant = inner.id(&["tenantId"]).or_else(|| envelope.id(&["tenantId"]));
    audit(record, envelope, inner, tenant, clock)
}

fn audit(
    record: &Value,
    envelope: Fields<'_>,
    inner: Fields<'_>,
    tenant: Option<String>,
    clock: &mut Clock,
) -> Result<Record, Problem> {
    let own_time = inner.time(&["activityDateTime"], clock)?;
    // A log time that cannot be read matters only where the record has no time of its own.
    let log_at = match envelope.time(&["time", "TimeGenerated"], clock) {
        Err(Problem::Rejected(_)) if own_time.is_some() => None,
        log_at => log_at?,
    };
    let at = own_time.or(log_at).ok_or_else(|| Problem::missing("activityDateTime"))?;
    let activity = inner
        .text(&["activityDisplayName", "operationName"])
        .or_else(|| envelope.text(&["operationName"]))
        .ok_or_else(|| Problem::missing("activityDisplayName"))?;
    let result = result_of(envelope, inner);
    let correlation_id = inner.id(&["correlationId"]).or_else(|| envelope.id(&["correlationId"]));
    let category = inner
        .text(&["category", "auditEventCategory"])
        .or_else(|| envelope.text(&["category"]).filter(|category| category != "AuditLogs" && category != "Audit"));
    let initiator = inner.nested(&["initiatedBy"]);
    let user = user_of(envelope, inner, initiator.as_deref());
    let record_id = inner.text(&["id"]).unwrap_or_else(|| {
        let application = initiator.as_deref().and_then(Fields::of).and_then(|by| {
            let app = by.nested(&["app"])?;
            Fields::of(&app)?.text(&["appId", "displayName"])
        });
        let who = user.object_id.clone().or_else(|| user.user_name.as_ref().map(|name| name.to_lowercase()));
        stand_in_id(&[
            &at.millis().to_string(),
            &who.unwrap_or_default(),
            &application.unwrap_or_default(),
            correlation_id.as_deref().unwrap_or_default(),
            result.as_str(),
        ])
    });
    let reason = inner
        .text(&["resultReason"])
        .or_else(|| inner.text(&["resultDescription"]).filter(|text| text != "None"))
        .or_else(|| envelope.text(&["resultDescription"]).filter(|text| text != "None"));
    let (body, digest) = canonical(record);
    Ok(Record::Audit(Box::new(AuditRecord {
        record_id,
        at,
        log_at,
        activity,
        service: inner.text(&["loggedByService"]),
        category,
        result,
        reason,
        correlation_id,
        user,
        tenant,
        digest,
        body,
    })))
}

/// The id of a record that has none: a hash of what tells it from others.
pub(super) fn stand_in_id(told_by: &[&str]) -> String {
    format!("hash:{}", hex::encode(hash_of(told_by)))
}

pub(super) fn result_named(name: &str) -> AuditResult {
    match name.trim().to_ascii_lowercase().as_str() {
        "success" | "succeeded" | "0" => AuditResult::Success,
        "failure" | "failed" | "1" => AuditResult::Failure,
        "timeout" | "2" => AuditResult::Timeout,
        _ => AuditResult::Unknown,
    }
}

fn result_of(envelope: Fields<'_>, inner: Fields<'_>) -> AuditResult {
    let given = inner.text(&["result"]).or_else(|| envelope.text(&["result", "resultType"]));
    given.as_deref().map_or(AuditResult::Unknown, result_named)
}

/// The first target of type User, else the initiating user.
fn user_of(envelope: Fields<'_>, inner: Fields<'_>, initiator: Option<&Value>) -> UserRef {
    // One page of Graph's documentation writes `targetResource`.
    let targets = inner.nested(&["targetResources", "targetResource"]);
    let targets: &[Value] = match targets.as_deref() {
        Some(Value::Array(targets)) => targets,
        Some(target) => std::slice::from_ref(target),
        None => &[],
    };
    let target = targets
        .iter()
        .filter_map(Fields::of)
        .find(|target| target.text(&["type"]).is_some_and(|name| name.eq_ignore_ascii_case("User")))
        .map(person);
    let target = target.or_else(|| legacy_audit::target(inner)).filter(|user| !user.is_nobody());
    target
        .or_else(|| {
            let user = Fields::of(initiator?)?.nested(&["user"])?;
            Some(person(Fields::of(&user)?))
        })
        .or_else(|| legacy_audit::initiator(envelope, inner))
        .unwrap_or_default()
}

fn person(fields: Fields<'_>) -> UserRef {
    UserRef {
        object_id: fields.id(&["id"]),
        user_name: fields.text(&["userPrincipalName"]),
        display_name: fields.text(&["displayName"]),
    }
}
