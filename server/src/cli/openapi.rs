use std::process::ExitCode;

/// Prints the document that `docs/openapi.json` must be.
pub fn run() -> anyhow::Result<ExitCode> {
    super::print(crate::api::openapi::pretty()?.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
