//! `credentialUserRegistrationDetails`, the report of 2019; it carries no time of its own.

use domain::record::{Record, RecordKind};
use serde_json::Value;

use super::{facts_of, fields, observation, user_of};
use crate::fields::Problem;
use crate::intake::Source;

pub(super) fn read(source: Source, record: &Value) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let user = user_of(fields, &["id", "userId", "objectId"])?;
    let mut facts = facts_of(&user);
    facts.registered = fields.flag(&["isRegistered"])?;
    facts.enabled = fields.flag(&["isEnabled"])?;
    facts.capable = fields.flag(&["isCapable"])?;
    facts.mfa_registered = fields.flag(&["isMfaRegistered"])?;
    facts.methods = fields.methods(&["authMethods"], source, &[',', ';', '|', '\n', '\r']);
    Ok(observation(RecordKind::CredentialUserRegistrationDetails, user, None, facts, record))
}
