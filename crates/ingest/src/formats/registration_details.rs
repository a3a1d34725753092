//! `userRegistrationDetails` (v1.0, beta), the portal's CSV of it and the CSVs that PowerShell scripts write of it.
//!
//! The portal leaves out the API's `is`, other scripts write the labels of the page ("SSPR Registered": "Not
//! Registered"); `spec/graph.md` §7.5 and §8.2.

use domain::record::{Record, RecordKind};
use serde_json::Value;

use super::{facts_of, fields, observation, user_of, user_type_of};
use crate::fields::Problem;
use crate::intake::Source;
use crate::time::Clock;

const SEPARATORS: [char; 5] = [',', ';', '|', '\n', '\r'];

pub(super) fn read(source: Source, record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let user = user_of(fields, &["id", "userId", "objectId", "userObjectId"])?;
    let observed_at = fields.time(&["lastUpdatedDateTime", "lastUpdatedTime", "lastUpdated"], clock)?;
    let mut facts = facts_of(&user);
    facts.user_type = user_type_of(fields);
    facts.admin = fields.flag(&["isAdmin", "admin"])?;
    // The report leaves disabled users out, so whoever it lists was enabled then.
    facts.account_enabled = Some(true);
    facts.registered = fields.flag(&["isSsprRegistered", "ssprRegistered"])?;
    facts.enabled = fields.flag(&["isSsprEnabled", "ssprEnabled"])?;
    facts.capable = fields.flag(&["isSsprCapable", "ssprCapable"])?;
    facts.mfa_registered = fields.flag(&["isMfaRegistered", "mfaRegistered"])?;
    facts.mfa_capable = fields.flag(&["isMfaCapable", "mfaCapable"])?;
    facts.passwordless_capable = fields.flag(&["isPasswordlessCapable", "passwordlessCapable"])?;
    facts.methods = fields.methods(&["methodsRegistered", "registeredMethods"], source, &SEPARATORS);
    facts.default_method = ["defaultMfaMethod", "userPreferredMethodForSecondaryAuthentication"]
        .iter()
        .filter_map(|name| fields.text(&[name]))
        .find(|method| !method.eq_ignore_ascii_case("none"));
    let kind = match source {
        Source::Json => RecordKind::UserRegistrationDetails,
        Source::Table => RecordKind::RegistrationDetailsCsv,
    };
    Ok(observation(kind, user, observed_at, facts, record))
}
