//! `authenticationDetails`: what was asked of the user, step by step.

use domain::sign_in::AuthenticationStep;
use serde_json::Value;

use crate::fields::{Fields, Problem};
use crate::time::Clock;

/// `None` where the record says nothing of steps. An array, or the JSON text of one.
pub(super) fn of(inner: Fields<'_>, clock: &mut Clock) -> Result<Option<Vec<AuthenticationStep>>, Problem> {
    let given = inner.nested(&["authenticationDetails"]);
    let Some(Value::Array(items)) = given.as_deref() else { return Ok(None) };
    let mut steps = Vec::with_capacity(items.len());
    for fields in items.iter().filter_map(Fields::of) {
        let step = AuthenticationStep {
            at: fields.time_if_read(&["authenticationStepDateTime"], clock)?,
            method: fields.text(&["authenticationMethod"]),
            detail: fields.text(&["authenticationMethodDetail"]),
            succeeded: fields.flag_if_read(&["succeeded"]),
            result: fields.text(&["authenticationStepResultDetail"]),
            requirement: fields.text(&["authenticationStepRequirement"]),
            sequence: fields.number(&["StatusSequence"]),
        };
        // An object with nothing in it is no step.
        if step != AuthenticationStep::default() {
            steps.push(step);
        }
    }
    Ok(Some(steps))
}
