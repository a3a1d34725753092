//! `[access_log]`: where each entry goes as a line of JSON.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::jobs::access_stream::Sink;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessLogSettings {
    /// A file, or `-` for stdout; absent: nowhere.
    #[serde(deserialize_with = "no_address")]
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

/// Whoever means an address would otherwise get a folder of that name.
fn no_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let stream = Option::<String>::deserialize(deserializer)?;
    match stream {
        Some(text) if text.contains("://") => Err(D::Error::custom(format!(
            "access_log.stream is a file, or `-` for stdout, and no address such as `{text}`"
        ))),
        stream => Ok(stream),
    }
}
