//! What a person chose for all pages: remembered, and weaker than what a URL says.

use jiff::tz::TimeZone;

use crate::named;

named! {
    /// A language that sentences exist in: the files of `app/locales`.
    #[derive(Default)]
    pub enum Language {
        #[default]
        English => "en",
        Swedish => "sv",
    }
}

named! {
    /// Light or dark.
    pub enum Theme {
        /// As the person's device says.
        System => "system",
        Light => "light",
        Dark => "dark",
    }
}

/// A person's choices; `None` follows the browser or the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    pub language: Option<Language>,
    pub theme: Theme,
    /// IANA name
    pub time_zone: Option<String>,
    /// Whether single keys are shortcuts (WCAG 2.1.4: they can be switched off).
    pub shortcuts: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { language: None, theme: Theme::System, time_zone: None, shortcuts: true }
    }
}

impl Language {
    /// The first language of an `Accept-Language` header that there is, by the browser's weights.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for item in header.split(',') {
            let mut parts = item.split(';').map(str::trim);
            let Some(tag) = parts.next() else { continue };
            let weight = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(Some(1.0), |weight| weight.parse::<f32>().ok())
                .unwrap_or(0.0);
            let primary = tag.split('-').next().unwrap_or("").to_ascii_lowercase();
            let Ok(language) = primary.parse::<Self>() else { continue };
            if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// The names of places' time zones, and UTC, in order.
#[must_use]
pub fn time_zones() -> Vec<String> {
    let places = |name: &String| name == "UTC" || (name.contains('/') && !name.starts_with("Etc/"));
    jiff::tz::db().available().map(|name| name.as_str().to_owned()).filter(places).collect()
}

/// Whether this is the name of a time zone.
#[must_use]
pub fn is_time_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_that_is_offered_can_be_chosen() {
        let zones = time_zones();
        assert!(zones.len() > 300);
        assert!(zones.iter().all(|name| is_time_zone(name)));
        assert!(["UTC", "Europe/Stockholm"].iter().all(|name| zones.iter().any(|zone| zone == name)));
    }

    #[test]
    fn a_browser_is_answered_in_the_language_it_likes_best() {
        for (header, language) in [
            ("sv-SE,sv;q=0.9,en;q=0.8", Some(Language::Swedish)),
            ("en-GB,en;q=0.9,sv;q=0.8", Some(Language::English)),
            ("de,sv;q=0.5,en;q=0.7", Some(Language::English)),
            ("SV", Some(Language::Swedish)),
            ("en;q=0, sv;q=0.1", Some(Language::Swedish)),
            ("fi, *;q=0.5", None),
            ("sv;q=x", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header:?}");
        }
    }
}
