//! The status of MFA Server's servers, one a row. A server is told by its name, else by its address.

use domain::instant::Instant;
use domain::mfa::{ServerRecord, ServerStatus};
use domain::record::Record;
use serde_json::Value;

use super::super::fields;
use crate::canonical::digest;
use crate::fields::{Fields, Problem, read_time};
use crate::kind::mfa_server::{ADDRESS, LAST_CONTACT, SERVER};
use crate::time::Clock;

pub(crate) fn read(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let address = fields.text(&ADDRESS);
    let name = fields.text(&SERVER).or_else(|| address.clone()).ok_or_else(|| Problem::missing(SERVER[0]))?;
    let last_contact = last_contact(fields, clock)?.ok_or_else(|| Problem::missing(LAST_CONTACT[0]))?;
    let server = ServerStatus {
        name,
        version: fields.text(&["Version", "Server Version"]),
        status: fields.text(&["Status", "Server Status"]),
        address,
        last_contact,
    };
    Ok(Record::Server(Box::new(ServerRecord { server, digest: digest(record) })))
}

/// One column, or a date and a time in two.
fn last_contact(fields: Fields<'_>, clock: &mut Clock) -> Result<Option<Instant>, Problem> {
    let part = |name: &str| fields.text(&[&format!("Last Communication {name}")]);
    if let (Some(date), Some(time)) = (part("Date"), part("Time")) {
        match read_time("Last Communication Date", &format!("{date} {time}"), clock) {
            // The one may hold the other.
            Err(Problem::Rejected(_)) => {}
            at => return at.map(Some),
        }
    }
    fields.time(&LAST_CONTACT, clock)
}
