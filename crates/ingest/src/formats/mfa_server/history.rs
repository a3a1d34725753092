//! Blocks and one-time bypasses, each with its end where it has come.

use domain::instant::Instant;
use domain::mfa::{ActionKind, ActionRecord, MfaAction};
use domain::record::Record;
use serde_json::Value;

use super::super::fields;
use super::user_of;
use crate::canonical::digest;
use crate::fields::{Fields, Problem};
use crate::time::Clock;

pub(crate) fn read_block(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let mut action = action(fields, "Block", clock)?;
    if fields.flag_if_read(&["Fraud Alert"]) == Some(true) {
        action.kind = ActionKind::Fraud;
        // A row of the block history is a block unless it says that the alert did not lead to one.
        let not_blocked = fields.flag_if_read(&["Fraud Alert Not Blocked"]);
        let blocked = not_blocked.map(|not_blocked| !not_blocked).or_else(|| fields.flag_if_read(&["Blocked"]));
        action.is_blocked = Some(blocked.unwrap_or(true));
    }
    Ok(Record::Action(Box::new(ActionRecord { action, digest: digest(record) })))
}

pub(crate) fn read_bypass(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let mut action = action(fields, "Bypass", clock)?;
    action.kind = ActionKind::Bypass;
    action.seconds = fields.number(&["Bypass Seconds"]);
    action.is_used = fields.flag_if_read(&["Bypass Used"]);
    Ok(Record::Action(Box::new(ActionRecord { action, digest: digest(record) })))
}

/// What both histories say, under columns that begin with their name.
fn action(fields: Fields<'_>, what: &str, clock: &mut Clock) -> Result<MfaAction, Problem> {
    let named = |rest: &str| format!("{what} {rest}");
    Ok(MfaAction {
        kind: ActionKind::Block,
        at: needed_time(fields, &named("Timestamp"), clock)?,
        user: user_of(fields)?,
        by: fields.text(&[&named("By Username")]),
        reason: fields.text(&[&named("Reason")]),
        seconds: None,
        is_blocked: None,
        completed_at: fields.time(&["Completion Timestamp"], clock)?,
        completion_reason: fields.text(&["Completion Reason"]),
        is_used: None,
    })
}

fn needed_time(fields: Fields<'_>, name: &str, clock: &mut Clock) -> Result<Instant, Problem> {
    fields.time(&[name], clock)?.ok_or_else(|| Problem::missing(name))
}
