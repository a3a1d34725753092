//! `keyroll doctor`: every figure recounted from raw rows.

use std::process::ExitCode;

use domain::viewer::TenantId;
use serde::Serialize;
use store::{Checked, Difference};

use super::{Console, Place, print};

#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
    /// Write what differs again, as recounted, and check once more
    #[arg(long)]
    repair: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    /// What is different still.
    total: u64,
    /// The first thousand.
    differences: Vec<Difference>,
    /// How many were different before `--repair`.
    repaired: u64,
}

pub async fn run(args: DoctorArgs, place: &Place) -> anyhow::Result<ExitCode> {
    let console = Console::open(place).await?;
    let checker = console.services.checker(TenantId::ONLY);
    let mut found = checker.check().await?;
    let mut repaired = 0;
    if args.repair && found.total > 0 {
        if !args.json {
            tell(&found)?;
            print("Repairing …")?;
        }
        let before = found.total;
        found = checker.repair(found).await?;
        repaired = before.saturating_sub(found.total);
    }
    let is_sound = found.total == 0;
    if args.json {
        let report = Report { total: found.total, differences: found.differences, repaired };
        print(serde_json::to_string(&report)?)?;
    } else {
        tell(&found)?;
        if !is_sound && !args.repair {
            eprintln!("keyroll doctor --repair writes what can be recounted again.");
        } else if !is_sound {
            eprintln!("What is left cannot be made again from what is stored: restore a backup or import it again.");
        }
    }
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line for each, and their number at the end.
fn tell(found: &Checked) -> std::io::Result<()> {
    for difference in &found.differences {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        let Difference { table, key, stored, recounted } = difference;
        print(format_args!("{table}: {key}: stored {}, recounted {}", text(stored), text(recounted)))?;
    }
    let listed = u64::try_from(found.differences.len()).unwrap_or(u64::MAX);
    if found.total > listed {
        print(format_args!("… and {} more", found.total - listed))?;
    }
    print(match found.total {
        0 => "no differences".to_owned(),
        1 => "1 difference".to_owned(),
        n => format!("{n} differences"),
    })
}
