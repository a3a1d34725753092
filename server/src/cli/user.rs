//! `keyroll user`: who may sign in.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use domain::access::AccessAction;
use domain::role::Role;
use store::NewPerson;

use super::{Console, Place, WrongUsage, print};
use crate::auth::guessable;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a person; the password is read from standard input
    Add {
        /// The name to sign in with
        user_name: String,
        /// reports-reader, security-reader, global-reader, security-administrator or global-administrator
        #[arg(long)]
        role: Role,
        /// The name shown; the user name where nothing is given
        #[arg(long)]
        display_name: Option<String>,
    },
    /// List everybody
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Give a person another role; the person's sessions end
    SetRole {
        user_name: String,
        /// reports-reader, security-reader, global-reader, security-administrator or global-administrator
        #[arg(long)]
        role: Role,
    },
    /// Give a person another password, read from standard input; the person's sessions end
    Password { user_name: String },
    /// Take passkeys and authenticator app from a person, who sets up new ones at the next sign-in; sessions end
    ResetFactors { user_name: String },
    /// Let a person sign in no more; the person's sessions end
    Disable { user_name: String },
    /// Let a disabled person sign in again
    Enable { user_name: String },
}

pub async fn run(command: UserCommand, place: &Place) -> anyhow::Result<ExitCode> {
    match command {
        UserCommand::Add { user_name, role, display_name } => {
            let user_name = user_name.trim().to_owned();
            if user_name.is_empty() {
                return Err(WrongUsage("a person needs a user name".to_owned()).into());
            }
            let console = Console::open(place).await?;
            let display_name = display_name.unwrap_or_else(|| user_name.clone());
            let password_hash = chosen_password(&console, &[&user_name, &display_name]).await?;
            let person = NewPerson { user_name, display_name, role, password_hash, now: console.clock.now() };
            let target = format!("{} as {role}", person.user_name);
            console.admin.add_person(person).await?;
            console.log(AccessAction::Change, "user add", target, None).await?;
        }
        UserCommand::List { json } => {
            let people = Console::open(place).await?.admin.people().await?;
            if json {
                print(serde_json::to_string(&people)?)?;
            } else {
                for person in people {
                    let state = if person.is_disabled { "disabled" } else { "enabled" };
                    let factors = match &person.factors {
                        None => "at the provider".to_owned(),
                        Some(factors) if factors.is_empty() => "no second factor yet".to_owned(),
                        Some(factors) => factors.iter().map(|factor| factor.as_str()).collect::<Vec<_>>().join(", "),
                    };
                    let (name, role) = (&person.user_name, person.role);
                    print(format_args!("{name}\t{role}\t{}\t{state}\t{factors}", person.display_name))?;
                }
            }
        }
        UserCommand::SetRole { user_name, role } => {
            let console = Console::open(place).await?;
            console.admin.set_role(&user_name, role).await?;
            console.log(AccessAction::Change, "user set-role", format!("{user_name} as {role}"), None).await?;
        }
        UserCommand::Password { user_name } => {
            let console = Console::open(place).await?;
            let password_hash = chosen_password(&console, &[&user_name]).await?;
            console.admin.set_password(&user_name, password_hash).await?;
            console.log(AccessAction::Change, "user password", user_name, None).await?;
        }
        UserCommand::ResetFactors { user_name } => {
            let console = Console::open(place).await?;
            console.admin.reset_factors(&user_name).await?;
            console.log(AccessAction::Change, "user reset-factors", user_name, None).await?;
        }
        UserCommand::Disable { user_name } => {
            let console = Console::open(place).await?;
            console.admin.set_disabled(&user_name, true).await?;
            console.log(AccessAction::Change, "user disable", user_name, None).await?;
        }
        UserCommand::Enable { user_name } => {
            let console = Console::open(place).await?;
            console.admin.set_disabled(&user_name, false).await?;
            console.log(AccessAction::Change, "user enable", user_name, None).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The PHC string of a password that is read, for an account of these names.
async fn chosen_password(console: &Console, names: &[&str]) -> anyhow::Result<String> {
    let passwords = console.settings.passwords.open()?;
    let (http, site) = (&console.settings.http, &console.settings.site);
    let place = [http.public_url.as_deref().unwrap_or_default(), site.organisation.as_str()];
    let words = guessable::words(&console.services, &[names, &place].concat()).await?;
    Ok(passwords.take(read_password()?, words).await?)
}

/// The first line of standard input; typed without echo, and twice, where that is a terminal.
fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ").context("the password could not be read")?;
        let again = rpassword::prompt_password("Again: ").context("the password could not be read")?;
        if password != again {
            bail!("the two passwords are not the same");
        }
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("the password could not be read from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
