//! The log of `keyroll serve`, on stderr. It names no people: no queries, no bodies, no paths but those of routes.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;
use crate::layers::panic;

const LOG: &str = "KEYROLL_LOG";
/// Without sqlx's slow statements: one of a batch is hundreds of kilobytes of text.
const DEFAULT_LOG: &str = "info,sqlx::query=off,hyper=warn";

/// Begins the log; once in the life of the process.
pub fn begin(format: LogFormat) {
    let filter = EnvFilter::try_from_env(LOG).unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_span_list(false).init();
            // Rust's own words about a panic would be lines of text between those of JSON.
            std::panic::set_hook(Box::new(|info| {
                let at = info.location().map(ToString::to_string);
                tracing::error!(panic = panic::text(info.payload()), at, "a thread panicked");
            }));
        }
    }
}
