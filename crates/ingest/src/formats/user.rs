//! Graph `user` objects: the directory itself. They carry no time of their own.

use domain::record::{Record, RecordKind};
use serde_json::Value;

use super::{facts_of, fields, observation, user_of, user_type_of};
use crate::fields::Problem;
use crate::time::Clock;

pub(super) fn read(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let user = user_of(fields, &["id", "objectId"])?;
    let mut facts = facts_of(&user);
    facts.user_type = user_type_of(fields);
    facts.account_enabled = fields.flag(&["accountEnabled"])?;
    facts.department = fields.text(&["department"]);
    facts.country = fields.text(&["country"]);
    facts.created_at = fields.time(&["createdDateTime"], clock)?;
    facts.deleted_at = fields.time(&["deletedDateTime"], clock)?;
    Ok(observation(RecordKind::User, user, None, facts, record))
}
