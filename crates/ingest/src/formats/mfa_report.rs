//! `MFA_Report.csv`, written by the MSOnline one-liner: user name, per-user MFA state, methods.

use domain::record::{PerUserMfa, Record, RecordKind};
use serde_json::Value;

use super::{facts_of, fields, observation, user_of};
use crate::fields::Problem;
use crate::intake::Source;

pub(super) fn read(record: &Value) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let user = user_of(fields, &["id", "objectId"])?;
    let mut facts = facts_of(&user);
    facts.per_user_mfa = match fields.text(&["MFA Status"]) {
        None => None,
        Some(status) => {
            let refuse =
                |_| Problem::Rejected(format!("`{status}` in MFA Status is not Disabled, Enabled or Enforced."));
            Some(status.to_ascii_lowercase().parse::<PerUserMfa>().map_err(refuse)?)
        }
    };
    // Fixed scripts join the methods with spaces too: their names have none.
    facts.methods = fields.methods(&["MFA Methods"], Source::Table, &[',', ';', '|', ' ', '\n', '\r']);
    facts.mfa_registered = facts.methods.as_ref().map(|methods| !methods.is_empty());
    Ok(observation(RecordKind::MfaReport, user, None, facts, record))
}
