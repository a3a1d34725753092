//! `keyroll key`: the key that stored secrets are under.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use domain::access::AccessAction;
use domain::viewer::TenantId;
use secrecy::SecretString;
use store::{ResealRefused, SealedOf};

use super::{Console, Place, WrongUsage, print};
use crate::config::{NEW_KEY, NEW_KEY_FILE};
use crate::vault::{Purpose, Vault};

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Put every stored secret under a new key; the one that opens them comes as for every command
    Change {
        /// The file that has the new key, as `openssl rand -base64 32` prints it; without one, KEYROLL_NEW_KEY has the key
        #[arg(long, value_name = "FILE", env = NEW_KEY_FILE)]
        to: Option<PathBuf>,
        /// Print the numbers as JSON
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(command: KeyCommand, place: &Place) -> anyhow::Result<ExitCode> {
    let KeyCommand::Change { to, json } = command;
    let new = match (to, std::env::var(NEW_KEY).ok()) {
        (None, None) => {
            let sentence = format!("a new key is needed: give --to FILE, or the key itself in {NEW_KEY}");
            return Err(WrongUsage(sentence).into());
        }
        (Some(file), _) => Vault::of(None, Some(file), None),
        (None, key) => Vault::of(key, None, None),
    };
    // Before anything is opened: nothing has to be stored for a key to be none.
    new.seal(Purpose::Connection, &SecretString::default()).context("the new key cannot be used")?;
    let console = Console::open(place).await?;
    let old = Console::vault(place);
    let entry = console.entry(AccessAction::Change, "key change", "", None)?;
    let again = |of: &SealedOf, sealed: &str| {
        let (purpose, whose) = match of {
            SealedOf::Connection { name } => (Purpose::Connection, format!("the connected tenant {name}")),
            SealedOf::App { person, user_name } => {
                (Purpose::Totp { person: *person }, format!("the authenticator app of {user_name}"))
            }
        };
        old.seal_again(&new, purpose, sealed).with_context(|| format!("the secret of {whose} stays as it is"))
    };
    let resealed = console.services.sealed_secrets(TenantId::ONLY).reseal(console.clock.now(), entry, &again).await;
    let resealed = match resealed {
        Ok(resealed) => resealed,
        Err(ResealRefused::Secret(error)) => return Err(error.context("nothing was changed")),
        Err(refused) => bail!("nothing was changed: {refused}"),
    };
    let (connections, apps) = (resealed.connections, resealed.apps);
    if json {
        print(serde_json::json!({ "connections": connections, "authenticator_apps": apps }))?;
    } else {
        print(format_args!(
            "Under the new key are {connections} secrets of connected tenants and {apps} of authenticator apps. \
             Give it to every server before it starts again"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
