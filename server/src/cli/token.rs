//! `keyroll token`: bearer tokens for programs.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use domain::access::AccessAction;
use domain::instant::{DAY_MS, HOUR_MS};
use domain::role::Role;
use store::TokenScope;

use super::{Console, Place, print};
use crate::tokens::{self, MAX_DAYS};

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it, once
    Create {
        /// What it may read: reports-reader, security-reader, global-reader, security-administrator or
        /// global-administrator
        #[arg(long, required_unless_present = "scope", conflicts_with = "scope")]
        role: Option<Role>,
        /// ingest: it may only send records
        #[arg(long)]
        scope: Option<Scope>,
        /// A name to recognise it by
        #[arg(long)]
        name: String,
        /// How long it is good for, such as 90d or 12h
        #[arg(long, default_value = "90d", value_parser = duration_ms)]
        expires: i64,
    },
    /// List tokens, without their secrets
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// End a token at once
    Revoke {
        /// The name it was given
        name: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Scope {
    Ingest,
}

pub async fn run(command: TokenCommand, place: &Place) -> anyhow::Result<ExitCode> {
    let console = Console::open(place).await?;
    match command {
        TokenCommand::Create { role, scope: _, name, expires } => {
            let scope = role.map_or(TokenScope::Ingest, TokenScope::Role);
            let token = tokens::create(&console.admin, &name, scope, expires, console.clock.now()).await?;
            let target = format!("{name} as {}", role.map_or("ingest", Role::as_str));
            console.log(AccessAction::Change, "token create", target, None).await?;
            print(token)?;
        }
        TokenCommand::List { json } => {
            let tokens = console.admin.tokens().await?;
            if json {
                print(serde_json::to_string(&tokens)?)?;
            } else {
                for token in tokens {
                    let scope = match token.scope {
                        TokenScope::Role(role) => role.as_str(),
                        TokenScope::Ingest => "ingest",
                    };
                    let end = match token.revoked_at {
                        Some(at) => format!("revoked {at}"),
                        None => format!("expires {}", token.expires_at),
                    };
                    print(format_args!("{}\t{}…\t{scope}\t{end}", token.name, token.hint))?;
                }
            }
        }
        TokenCommand::Revoke { name } => {
            console.admin.revoke_token(&name, console.clock.now()).await?;
            console.log(AccessAction::Change, "token revoke", name, None).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Milliseconds of `90d` or `12h`.
fn duration_ms(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is not a time such as 90d or 12h, of at most {MAX_DAYS} days");
    let (number, unit_ms) = match text.strip_suffix('d') {
        Some(days) => (days, DAY_MS),
        None => (text.strip_suffix('h').ok_or_else(wrong)?, HOUR_MS),
    };
    let ms = number.parse::<u32>().ok().map(|number| i64::from(number) * unit_ms).ok_or_else(wrong)?;
    if (1..=MAX_DAYS * DAY_MS).contains(&ms) { Ok(ms) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_days_or_hours() {
        assert_eq!(duration_ms("90d"), Ok(90 * DAY_MS));
        assert_eq!(duration_ms("12h"), Ok(12 * HOUR_MS));
        for wrong in ["", "90", "d", "0d", "-1d", "1w", "99999d"] {
            assert!(duration_ms(wrong).is_err(), "{wrong}");
        }
    }
}
