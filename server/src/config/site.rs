//! `[site]`: what pages show of the installation.

use domain::preferences::Language;
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// The name at the top of every page.
    pub organisation: String,
    /// IANA name of the zone that instants are shown in where the viewer names none.
    pub time_zone: String,
    /// The organisation's: names in lists have its order, and pages are in it where the viewer names none.
    pub language: Language,
}

impl Default for Site {
    fn default() -> Self {
        Self { organisation: String::new(), time_zone: "UTC".to_owned(), language: Language::English }
    }
}
