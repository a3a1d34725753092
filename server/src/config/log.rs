//! `[log]`: how the log of `keyroll serve` is written. What of, `KEYROLL_LOG` says.

use domain::named;
use serde::Deserialize;

named! {
    /// How a line of the log is written.
    pub enum LogFormat {
        Text => "text",
        Json => "json",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that declares the names leaves no place for #[default]")]
impl Default for LogFormat {
    fn default() -> Self {
        Self::Text
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
}
