//! `keyroll export`: a list as CSV, Excel workbook or JSON lines, with the page's parameters as flags.

use std::io::{BufWriter, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::access::AccessAction;
use domain::query::{
    AccessLogQuery, ActivityQuery, AppUsageQuery, BlockedUsersQuery, BypassedUsersQuery, EventsQuery, FraudAlertsQuery,
    MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, ReasonsQuery, ServersQuery, SignInsQuery,
    UserUsageQuery, UsersQuery,
};
use futures::TryStreamExt as _;

use super::{Console, Place, WrongUsage};
use crate::access::Rows;
use crate::export::{Format, file};

mod flags;

use flags::{Flags, Parameters};

/// The lists, by the paths of their pages.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Registration details: one row per user
    Users(ExportArgs<UsersQuery>),
    /// Registration and reset events
    Events(ExportArgs<EventsQuery>),
    /// Sign-ins and their second factor
    SignIns(ExportArgs<SignInsQuery>),
    /// Sign-ins per user
    #[command(name = "usage/users")]
    UserUsage(ExportArgs<UserUsageQuery>),
    /// Sign-ins per application
    #[command(name = "usage/applications")]
    AppUsage(ExportArgs<AppUsageQuery>),
    /// Authentications through on-premises components
    #[command(name = "mfa/activity")]
    Activity(ExportArgs<ActivityQuery>),
    /// Blocks of users
    #[command(name = "mfa/blocked-users")]
    BlockedUsers(ExportArgs<BlockedUsersQuery>),
    /// One-time bypasses
    #[command(name = "mfa/bypassed-users")]
    BypassedUsers(ExportArgs<BypassedUsersQuery>),
    /// Fraud alerts
    #[command(name = "mfa/fraud-alerts")]
    FraudAlerts(ExportArgs<FraudAlertsQuery>),
    /// Servers of MFA Server
    #[command(name = "mfa/servers")]
    Servers(ExportArgs<ServersQuery>),
    /// Who is registered for MFA, as the 2020 PowerShell command printed it
    #[command(name = "lists/mfa-registered")]
    MfaRegistered(ExportArgs<MfaRegisteredQuery>),
    /// Who is not registered for MFA, as the 2020 PowerShell command printed it
    #[command(name = "lists/mfa-not-registered")]
    MfaNotRegistered(ExportArgs<MfaNotRegisteredQuery>),
    /// Everybody's methods, as the 2020 PowerShell command printed them
    #[command(name = "lists/mfa-methods")]
    MfaMethods(ExportArgs<MfaMethodsQuery>),
    /// Every status, call result and error code in plain words
    Reasons(ExportArgs<ReasonsQuery>),
    /// Who looked at what, who took what away, changed what, and who was refused
    #[command(name = "settings/access-log")]
    AccessLog(ExportArgs<AccessLogQuery>),
}

#[derive(Debug, Args)]
pub struct ExportArgs<Q: Flags> {
    /// csv, xlsx or jsonl; txt for how the rows are counted
    #[arg(long)]
    format: Format,
    #[command(flatten)]
    parameters: Parameters<Q>,
}

pub async fn run(command: ExportCommand, place: &Place) -> anyhow::Result<ExitCode> {
    match command {
        ExportCommand::Users(args) => args.write(place).await,
        ExportCommand::Events(args) => args.write(place).await,
        ExportCommand::SignIns(args) => args.write(place).await,
        ExportCommand::UserUsage(args) => args.write(place).await,
        ExportCommand::AppUsage(args) => args.write(place).await,
        ExportCommand::Activity(args) => args.write(place).await,
        ExportCommand::BlockedUsers(args) => args.write(place).await,
        ExportCommand::BypassedUsers(args) => args.write(place).await,
        ExportCommand::FraudAlerts(args) => args.write(place).await,
        ExportCommand::Servers(args) => args.write(place).await,
        ExportCommand::MfaRegistered(args) => args.write(place).await,
        ExportCommand::MfaNotRegistered(args) => args.write(place).await,
        ExportCommand::MfaMethods(args) => args.write(place).await,
        ExportCommand::Reasons(args) => args.write(place).await,
        ExportCommand::AccessLog(args) => args.write(place).await,
    }
}

impl<Q: Flags> ExportArgs<Q> {
    async fn write(self, place: &Place) -> anyhow::Result<ExitCode> {
        let console = Console::open(place).await?;
        let now = console.clock.now();
        let mut query = Q::parse(&self.parameters.query, now).map_err(|problem| WrongUsage(problem.to_string()))?;
        if Q::HAS_SENTENCES {
            query.report_mut().lang.get_or_insert(console.settings.site.language);
        }
        let target = format!("{}.{}?{}", Q::NAME, self.format, self.parameters.query);
        console.log(AccessAction::Export, "export", target.clone(), None).await?;
        let rows = Rows::default();
        let mut parts = file(query, console.reader.clone(), self.format, rows.clone());
        let mut out = BufWriter::new(std::io::stdout());
        while let Some(part) = parts.try_next().await? {
            out.write_all(&part).context("the list could not be written")?;
        }
        out.flush().context("the list could not be written")?;
        console.log(AccessAction::ExportEnd, "export", target, Some(rows.get())).await?;
        Ok(ExitCode::SUCCESS)
    }
}
