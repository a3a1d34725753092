//! `keyroll sync`: everything from every connected tenant, once.

use std::process::ExitCode;

use super::{Console, PARTLY_DONE, Place, print};
use crate::demo;
use crate::sync::{ResourceReport, SyncReport, Which, sync};

#[derive(Debug, clap::Args)]
pub struct SyncArgs {
    /// Print what came of it as JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(args: SyncArgs, place: &Place) -> anyhow::Result<ExitCode> {
    let console = Console::open(place).await?;
    demo::refuse_real_data(&console.services).await?;
    let connector = console.connector(place);
    let report = sync(&console.operator, &connector, &console.clock, Which::Everything).await?;
    let report = report.ok_or_else(|| anyhow::anyhow!("another sync is going on; nothing was done"))?;
    if args.json {
        print(serde_json::to_string(&report)?)?;
    } else {
        tell(&report)?;
    }
    let mut has_failed = false;
    for problem in report.problems() {
        eprintln!("error: {problem}");
        has_failed = true;
    }
    Ok(match (has_failed, report.is_partly()) {
        (true, _) => ExitCode::FAILURE,
        (false, true) => ExitCode::from(PARTLY_DONE),
        (false, false) => ExitCode::SUCCESS,
    })
}

fn tell(report: &SyncReport) -> std::io::Result<()> {
    if report.sources.is_empty() {
        return print("No tenant is connected. A Global Administrator connects one at /settings/sources.");
    }
    for tenant in &report.sources {
        for ResourceReport { resource, counts, requests, without_details, .. } in &tenant.resources {
            let details = if *without_details { "; without MFA details, from v1.0" } else { "" };
            print(format_args!(
                "{}: {resource}: {} read, {} new, {} replaced, {} quarantined, {requests} requests{details}",
                tenant.name, counts.records, counts.accepted, counts.replaced, counts.rejected
            ))?;
        }
    }
    Ok(())
}
