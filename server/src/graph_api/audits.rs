//! `auditLogs/directoryAudits`: audit records, newest first, each in Graph's own shape whatever shape it came in.

use domain::record::AuditRecord;
use domain::window::Window;
use serde_json::{Map, Value, json};
use store::{AuditPlace, AuditsQuery, Reader, Total};

use super::error::GraphError;
use super::paging::{Chunk, Listing, Rows};
use super::types::DIRECTORY_AUDIT;
use super::{Asked, bounds};

const CONTEXT: &str = "auditLogs/directoryAudits";

/// `auditLogs/directoryAudits`
pub async fn list(asked: &Asked) -> Result<Value, GraphError> {
    let listing = Listing::of(asked, DIRECTORY_AUDIT.of(asked.version))?;
    let ascending = match &listing.order {
        None => false,
        Some((property, descends)) if property == "activityDateTime" => !descends,
        Some((property, _)) => {
            let message = format!("$orderby: audit records are in no order of '{property}', only of activityDateTime.");
            return Err(GraphError::bad_request(message));
        }
    };
    let mut window = Asked::whole(listing.as_of).window();
    if let Some(filter) = &listing.filter {
        window = bounds::window(&filter.bounds(), "activityDateTime", window);
    }
    let sees_addresses = asked.sees_conditional_access;
    listing.page(asked, CONTEXT, &Audits { reader: &asked.reader, window, ascending, sees_addresses }).await
}

/// `auditLogs/directoryAudits/{id}`
pub async fn one(asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let record = asked.reader.audit_record(id).await?;
    let json = audit(record.ok_or_else(|| GraphError::missing("audit record", id))?, asked.sees_conditional_access);
    asked.single(DIRECTORY_AUDIT.of(asked.version), CONTEXT, json)
}

struct Audits<'a> {
    reader: &'a Reader,
    window: Window,
    ascending: bool,
    sees_addresses: bool,
}

impl Rows for Audits<'_> {
    async fn read(&self, after: Option<&str>, size: u32, counted: Option<Total>) -> Result<Chunk, GraphError> {
        let after = after.and_then(|place| serde_json::from_str::<AuditPlace>(place).ok());
        let query = AuditsQuery { window: self.window, ascending: self.ascending, after, size: size + 1 };
        let mut records = self.reader.audit_records(&query).await?;
        let has_more = records.len() > size as usize;
        records.truncate(size as usize);
        let next = records.last().filter(|_| has_more).map(|last| json!((last.at, &last.record_id)).to_string());
        let entities = records.into_iter().map(|record| Some(audit(record, self.sees_addresses))).collect();
        Ok(Chunk { entities, next, counted })
    }

    async fn count(&self) -> Result<Option<i64>, GraphError> {
        Ok(Some(self.reader.count_audit_records(self.window).await?))
    }
}

/// The record in Graph's shape. What its body says in other words than Graph's is told by what was understood of it.
fn audit(record: AuditRecord, sees_addresses: bool) -> Value {
    let body = serde_json::from_str(&record.body).unwrap_or(Value::Null);
    let inner = nested(&body, "properties").filter(Value::is_object);
    let find = |name| inner.as_ref().and_then(|inner| nested(inner, name)).or_else(|| nested(&body, name));
    let about = json!({
        "id": record.user.object_id,
        "userPrincipalName": record.user.user_name,
        "displayName": record.user.display_name,
    });
    let is_somebody = !record.user.is_nobody();
    let mut initiator = find("initiatedBy").filter(Value::is_object).map_or_else(
        || json!({}),
        |by| json!({"user": known(nested(&by, "user"), IDENTITY), "app": known(nested(&by, "app"), APPLICATION)}),
    );
    if !sees_addresses && let Some(Value::Object(user)) = initiator.get_mut("user") {
        user.remove("ipAddress");
    }
    let targets = find("targetResources").filter(Value::is_array);
    let targets = match targets {
        Some(Value::Array(targets)) => targets.into_iter().map(target).collect(),
        _ if is_somebody => {
            let Value::Object(mut target) = about else { return Value::Null };
            target.insert("type".to_owned(), json!("User"));
            vec![Value::Object(target)]
        }
        _ => Vec::new(),
    };
    let text = |name| find(name).as_ref().and_then(Value::as_str).map(str::to_owned);
    json!({
        "id": record.record_id,
        "activityDateTime": record.at,
        "activityDisplayName": record.activity,
        "category": record.category.unwrap_or_default(),
        "correlationId": record.correlation_id,
        "loggedByService": record.service,
        "operationType": text("operationType"),
        "result": record.result.as_str(),
        "resultReason": record.reason,
        "initiatedBy": initiator,
        "targetResources": targets,
        "additionalDetails": pairs(find("additionalDetails"), &["key", "value"]),
    })
}

const IDENTITY: &[&str] = &["id", "displayName", "userPrincipalName", "ipAddress"];
const APPLICATION: &[&str] = &["appId", "displayName", "servicePrincipalId", "servicePrincipalName"];
const TARGET: &[&str] = &["id", "displayName", "type", "userPrincipalName", "groupType"];

fn target(given: Value) -> Value {
    let properties = nested(&given, "modifiedProperties");
    let mut target = known(Some(given), TARGET);
    if let Value::Object(target) = &mut target {
        let modified = pairs(properties, &["displayName", "oldValue", "newValue"]);
        target.insert("modifiedProperties".to_owned(), modified);
    }
    target
}

/// Objects with these texts and nothing else.
fn pairs(given: Option<Value>, names: &[&str]) -> Value {
    let Some(Value::Array(items)) = given else { return json!([]) };
    items.into_iter().map(|item| known(Some(item), names)).collect()
}

/// Of an object the texts of these names, as Graph writes them; null where there is none.
fn known(given: Option<Value>, names: &[&str]) -> Value {
    let Some(given) = given.filter(Value::is_object) else { return Value::Null };
    let mut known = Map::new();
    for name in names {
        let value = match property(&given, name) {
            None | Some(Value::Null) => Value::Null,
            Some(Value::String(text)) => text.as_str().into(),
            Some(other) => other.to_string().into(),
        };
        known.insert((*name).to_owned(), value);
    }
    Value::Object(known)
}

/// A property in any case of letters.
fn property<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// An object or a list; JSON in a text, as rows of Log Analytics have it, is read.
fn nested(object: &Value, name: &str) -> Option<Value> {
    let found = property(object, name)?;
    match found {
        Value::String(text) if text.starts_with(['{', '[']) => {
            Some(serde_json::from_str(text).unwrap_or_else(|_| found.clone()))
        }
        found => Some(found.clone()),
    }
}
