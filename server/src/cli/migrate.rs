use std::process::ExitCode;

use super::{Console, Place};

/// Opening brings the database up to date.
pub async fn run(place: &Place) -> anyhow::Result<ExitCode> {
    Console::open(place).await?.services.ping().await?;
    Ok(ExitCode::SUCCESS)
}
