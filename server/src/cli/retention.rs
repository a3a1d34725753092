//! `keyroll retention`: how long each kind of data is kept.

use std::process::ExitCode;

use clap::Subcommand;
use domain::access::AccessAction;
use domain::retention::Kept;
use domain::viewer::TenantId;

use super::{Console, Place, WrongUsage, print};

#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Every kind of data with its rule, and from when on it is kept
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Set a rule
    Set {
        /// sign_ins, events, activity, history or rejected
        data: Kept,
        /// Whole UTC days before today that are kept: at least 30
        #[arg(long, required_unless_present = "forever", conflicts_with = "forever")]
        days: Option<i64>,
        /// Keep everything from now on; what has gone stays gone
        #[arg(long)]
        forever: bool,
    },
    /// Let go now what no rule keeps
    Run {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(command: RetentionCommand, place: &Place) -> anyhow::Result<ExitCode> {
    let console = Console::open(place).await?;
    match command {
        RetentionCommand::List { json } => {
            let rules = console.services.console_settings(TenantId::ONLY).retention().await?;
            if json {
                print(serde_json::to_string(&rules)?)?;
            } else {
                for rule in rules {
                    let days = rule.days.map_or_else(|| "for ever".to_owned(), |days| format!("{days} days"));
                    let from = rule.kept_from.map(|at| format!(", from {at} on")).unwrap_or_default();
                    print(format_args!("{}: {days}{from}", rule.kept))?;
                }
            }
        }
        RetentionCommand::Set { data, days, forever: _ } => {
            let set = console.admin.set_retention(data, days).await;
            set.map_err(|error| WrongUsage(error.to_string()))?;
            let days = days.map_or_else(|| "for ever".to_owned(), |days| format!("{days} days"));
            console.log(AccessAction::Change, "retention set", format!("{data} {days}"), None).await?;
        }
        RetentionCommand::Run { json } => {
            let rows = console.operator.retain(console.clock.now()).await?;
            console.log(AccessAction::Change, "retention run", "", i64::try_from(rows).ok()).await?;
            if json {
                print(serde_json::json!({ "rows": rows }))?;
            } else {
                print(format_args!("{rows} rows have gone"))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
