//! `events_source`: which of two sources of the same act counts (`spec/derivation.md` §4).

use domain::named;
use store::EventsSource;

named! {
    pub enum EventsSourceSetting {
        Auto => "auto",
        Audit => "audit",
        Report => "report",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that declares the names leaves no place for #[default]")]
impl Default for EventsSourceSetting {
    fn default() -> Self {
        Self::Auto
    }
}

impl EventsSourceSetting {
    #[must_use]
    pub const fn source(self) -> EventsSource {
        match self {
            Self::Auto => EventsSource::Auto,
            Self::Audit => EventsSource::Audit,
            Self::Report => EventsSource::Report,
        }
    }
}
