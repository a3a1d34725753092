//! `[access_log]`: where each entry goes as a line of JSON.

use serde::Deserialize;

use crate::jobs::access_stream::Sink;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessLogSettings {
    /// A file, or `-` for stdout; absent: nowhere.
    pub stream: Option<String>,
}

impl AccessLogSettings {
    #[must_use]
    pub fn sink(&self) -> Option<Sink> {
        self.stream.as_deref().filter(|text| !text.is_empty()).map(|text| match text {
            "-" => Sink::Stdout,
            path => Sink::File(path.into()),
        })
    }
}
