//! The portal's sign-in downloads as tables, under English headings: the table has translated them
//! (`formats/portal_headings.csv`). Steps come in a file of their own, `…_AuthDetails_….csv`.

use domain::record::Record;
use domain::sign_in::{AppRef, AuthenticationStep, Place, SignInDetails, SignInRecord, SignInStatus, SignInSteps};
use serde_json::Value;

use super::super::fields;
use super::{component, conditional_access, id_of, place, user_of, words};
use crate::canonical::digest;
use crate::fields::Problem;
use crate::time::Clock;

pub(crate) fn read(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let at = fields.time(&["Date (UTC)"], clock)?.ok_or_else(|| Problem::missing("Date (UTC)"))?;
    let user = user_of(fields, ["User ID", "Username", "User"])?;
    let app = AppRef { id: fields.id(&["Application ID"]), name: fields.text(&["Application"]) };
    let given_status = fields.text(&["Status"]).and_then(|word| words::status(&word));
    // The portal leaves the code of a success blank.
    let error_code = words::code(fields, "Sign-in error code")
        .or_else(|| (given_status == Some(SignInStatus::Success)).then_some(0));
    let details = SignInDetails {
        correlation_id: fields.id(&["Correlation ID"]),
        error_code,
        given_status,
        failure_reason: fields.text(&["Failure reason"]),
        requirement: fields.text(&["Authentication requirement"]),
        required_by: Vec::new(),
        additional_details: fields.text(&["Multifactor authentication result"]),
        steps: None,
        mfa_method: fields.text(&["Multifactor authentication auth method"]),
        mfa_detail: fields.text(&["Multifactor authentication auth detail"]),
        resource: fields.text(&["Resource"]),
        client_app: fields.text(&["Client app"]),
        browser: fields.text(&["Browser"]),
        operating_system: fields.text(&["Operating System"]),
        device: fields.text(&["Device name", "Device ID"]),
        token_issuer: fields.text(&["Token issuer type", "Token issuer name"]),
    };
    let place = fields.text(&["Location"]).map(|text| place::of_text(&text)).unwrap_or_default();
    Ok(Record::SignIn(Box::new(SignInRecord {
        record_id: fields.id(&["Request ID"]).unwrap_or_else(|| id_of(at, &user, &app, &details)),
        at,
        log_at: None,
        user,
        tenant: None,
        // Only the file's name says, unless somebody has added a column.
        interactive: fields.flag_if_read(&["Is interactive"]).or_else(|| words::event_types(fields)),
        component: component(details.token_issuer.as_deref(), &["Resource ID", "Resource"], fields, None),
        app,
        place: Place { ip: fields.text(&["IP address"]), ..place },
        conditional_access: conditional_access(fields, "Conditional Access"),
        policies: None,
        details,
        digest: digest(record),
    })))
}

pub(crate) fn read_step(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let record_id = fields.id(&["Request ID"]).ok_or_else(|| Problem::missing("Request ID"))?;
    let step = AuthenticationStep {
        at: fields.time_if_read(&["Date (UTC)"], clock)?,
        method: fields.text(&["Authentication method"]),
        detail: fields.text(&["Authentication method detail"]),
        succeeded: fields.flag_if_read(&["Succeeded"]).or_else(|| words::yes_or_no(&fields.text(&["Succeeded"])?)),
        result: fields.text(&["Result detail"]),
        requirement: fields.text(&["Requirement"]),
        // Its position, which only the reading of the file knows.
        sequence: fields.number(&["StatusSequence"]),
    };
    Ok(Record::SignInSteps(Box::new(SignInSteps { record_id, step, digest: digest(record) })))
}
