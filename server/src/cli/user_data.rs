//! `keyroll user-data`: what is known of one person.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use domain::access::AccessAction;
use domain::viewer::TenantId;

use super::{Console, Place, print};
use crate::auth::secret;

#[derive(Debug, Subcommand)]
pub enum UserDataCommand {
    /// Erase a person for good: what happened stays, nameless, in every count; nothing else of them is left, and no
    /// import brings them back
    Erase {
        /// Object id or user name
        user: String,
    },
}

pub async fn run(command: UserDataCommand, place: &Place) -> anyhow::Result<ExitCode> {
    let UserDataCommand::Erase { user } = command;
    let console = Console::open(place).await?;
    let eraser = console.services.console_eraser(TenantId::ONLY);
    let now = console.clock.now();
    let erasing = eraser.begin(&user, "console", secret::random_bytes()?, now).await?;
    let erasing = erasing.with_context(|| format!("nobody is known by `{user}`"))?;
    let left = erasing.outward_id();
    // By what is left: nobody is to be named here again.
    console.log(AccessAction::Change, "user-data erase", left.clone(), None).await?;
    eraser.go_on(erasing, now).await?;
    print(format_args!("erased; what is left is nameless: {left}"))?;
    Ok(ExitCode::SUCCESS)
}
