//! MFA Server's reports, and those of its relatives: the activity of MFA Server, the NPS extension and the AD FS adapter,
//! the histories of blocks and one-time bypasses, the status of servers (`spec/graph.md` §7.9).

mod activity;
mod call_result;
mod history;
mod phone;
mod server;

pub(super) use activity::read as read_activity;
pub(super) use history::{read_block, read_bypass};
pub(super) use server::read as read_server;

use domain::record::UserRef;

use crate::fields::{Fields, Problem};

/// Whom a row is about: MFA Server knows users by name only.
fn user_of(fields: Fields<'_>) -> Result<UserRef, Problem> {
    let names: Vec<String> = ["First Name", "Last Name"].iter().filter_map(|name| fields.text(&[name])).collect();
    Ok(UserRef {
        object_id: None,
        user_name: Some(fields.text(&["Username"]).ok_or_else(|| Problem::missing("Username"))?),
        display_name: Some(names.join(" ")).filter(|name| !name.is_empty()),
    })
}
