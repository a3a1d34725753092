//! MFA Server's reports by their columns (`spec/graph.md` §7.9): no file of it was ever seen, so any column that only one
//! report has tells which it is, and what that report cannot do without is asked for by name.

use super::{Kind, needed};
use crate::fields::Fields;

const BLOCK: [&str; 4] = ["Block Timestamp", "Block By Username", "Block Reason", "Fraud Alert Not Blocked"];
const BYPASS: [&str; 5] = ["Bypass Timestamp", "Bypass Seconds", "Bypass By Username", "Bypass Reason", "Bypass Used"];
const ACTIVATION: [&str; 3] = ["Get Activation Code Result", "Activate Success", "Activation Status Result"];
const ACTIVITY: [&str; 10] = [
    "Overall Result",
    "Overall Authenticated",
    "Primary Call Result",
    "Primary Call Authenticated",
    "Primary Call Phone Number",
    "Phone Call Mode",
    "Text Message Mode",
    "Mobile App Mode",
    "OATH Token Mode",
    "Call Result",
];
/// Columns that others have too; three of them are this report's.
const ACTIVITY_TOO: [&str; 6] =
    ["Authentication Method", "Authentication Type", "Timestamp", "Username", "Authenticated", "Result"];
pub(crate) const RESULTS: [&str; 5] = ["Overall Result", "Result", "Results", "Call Result", "Primary Call Result"];
pub(crate) const LAST_CONTACT: [&str; 6] = [
    "Last Communication",
    "Last Communication Date",
    "Last Communication Time",
    "Last Communication Date/Time",
    "Last Communication Date and Time",
    "Last Communicated",
];
pub(crate) const SERVER: [&str; 6] = ["Server Name", "Server", "Name", "Machine Name", "Host Name", "Computer Name"];
pub(crate) const ADDRESS: [&str; 4] = ["IP", "IP Address", "Server IP", "Address"];

pub(super) fn of(fields: Fields<'_>) -> Option<Kind> {
    if fields.has_any(&BLOCK) {
        let columns: [&[&str]; 2] = [&["Block Timestamp"], &["Username"]];
        return Some(needed(fields, "MFA Server's block history", &columns, Kind::Block));
    }
    if fields.has_any(&BYPASS) {
        let columns: [&[&str]; 2] = [&["Bypass Timestamp"], &["Username"]];
        return Some(needed(fields, "MFA Server's bypass history", &columns, Kind::Bypass));
    }
    if fields.has_any(&ACTIVATION) {
        return Some(Kind::Skipped("mfaActivation".to_owned()));
    }
    if fields.has("Change Timestamp") {
        return Some(Kind::Skipped("mfaChange".to_owned()));
    }
    let servers = || fields.has("Version") && fields.has("Status") && fields.has_any(&ADDRESS);
    if fields.has_any(&LAST_CONTACT) || servers() {
        let named: Vec<&str> = SERVER.iter().chain(&ADDRESS).copied().collect();
        return Some(needed(fields, "MFA Server's server status", &[&LAST_CONTACT, &named], Kind::ServerStatus));
    }
    let several = || ACTIVITY_TOO.iter().filter(|name| fields.has(name)).count() >= 3;
    if fields.has_any(&ACTIVITY) || (fields.has_any(&ACTIVITY_TOO[..2]) && several()) {
        let columns: [&[&str]; 3] = [&["Timestamp"], &["Username"], &RESULTS];
        return Some(needed(fields, "MFA Server's activity report", &columns, Kind::Activity));
    }
    None
}
