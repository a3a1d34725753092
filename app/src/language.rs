//! The language and the time zone of one answer, and the way to its sentences.

use jiff::tz::TimeZone;

pub use crate::sentences::i18n::Locale;

/// What every part of a page needs to speak: passed down, never global.
#[derive(Clone, Debug)]
pub struct Ui {
    pub locale: Locale,
    pub zone: TimeZone,
    /// IANA name of the zone, always shown beside times.
    pub zone_name: String,
}

impl Ui {
    /// English is the only language for now. A zone nobody knows is UTC, and says so.
    #[must_use]
    pub fn new(zone_name: &str) -> Self {
        let (zone, zone_name) = match TimeZone::get(zone_name) {
            Ok(zone) => (zone, zone_name.to_owned()),
            Err(_) => (TimeZone::UTC, "UTC".to_owned()),
        };
        Self { locale: Locale::en, zone, zone_name }
    }

    /// The same language, in the zone that the URL names.
    #[must_use]
    pub fn in_zone(self, zone_name: Option<&str>) -> Self {
        zone_name.map_or(self, Self::new)
    }
}

/// A sentence of `locales/`, checked at compile time: `t!(ui, users.title)`.
macro_rules! t {
    ($ui:expr, $($sentence:tt)*) => {
        $crate::sentences::i18n::td_string!($ui.locale, $($sentence)*)
    };
}
pub(crate) use t;
