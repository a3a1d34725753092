//! Headings of the portal's sign-in downloads: it writes them in the language of whoever downloads, and has changed
//! them over the years. A table under any of them is read under the English ones of today.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::names::bare;

/// Lines of `language,heading,column`: whoever knows another language adds them there. Those of `en` are older names.
const HEADINGS: &str = include_str!("portal_headings.csv");

type Headings = HashMap<String, &'static str>;

static LANGUAGES: LazyLock<Vec<(&str, Headings)>> = LazyLock::new(|| {
    let mut languages: Vec<(&str, Headings)> = Vec::new();
    for line in HEADINGS.lines().skip(1) {
        let Some((language, rest)) = line.split_once(',') else { continue };
        let Some((heading, column)) = rest.rsplit_once(',') else { continue };
        if languages.last().is_none_or(|(last, _)| *last != language) {
            languages.push((language, Headings::new()));
        }
        if let Some((_, headings)) = languages.last_mut() {
            headings.insert(bare(heading), column);
        }
    }
    languages
});

/// Columns that no other report has, whatever its language.
const TELL_TALE: [&str; 5] = [
    "Request ID",
    "Authentication requirement",
    "Sign-in error code",
    "Multifactor authentication result",
    "Authentication method detail",
];

/// The same columns in English, if they are those of a sign-in download; otherwise as they were.
///
/// One language a file: what is a heading in one can be another's word for something else.
pub(crate) fn in_english(columns: Vec<String>) -> Vec<String> {
    let translated = |headings: &Headings| -> Vec<Option<&'static str>> {
        columns.iter().map(|column| headings.get(&bare(column)).copied()).collect()
    };
    let known = |columns: &[Option<&str>]| columns.iter().flatten().count();
    // Of equally many, the first language.
    let best = LANGUAGES.iter().rev().map(|(_, headings)| translated(headings)).max_by_key(|columns| known(columns));
    let Some(mut best) = best else { return columns };
    // In any language the date is the one heading that says UTC.
    for (column, english) in columns.iter().zip(&mut best) {
        if english.is_none() && column.ends_with("(UTC)") {
            *english = Some("Date (UTC)");
        }
    }
    let has = |name: &str| {
        let given = columns.iter().any(|column| bare(column) == bare(name));
        given || best.iter().flatten().any(|column| *column == name)
    };
    // A row of Log Analytics can have any column that its query made up.
    let other = has("TimeGenerated") || has("CreatedDateTime");
    if other || !TELL_TALE.iter().any(|name| has(name)) {
        return columns;
    }
    columns.into_iter().zip(best).map(|(column, english)| english.map_or(column, str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(columns: &[&str]) -> Vec<String> {
        in_english(columns.iter().map(|column| (*column).to_owned()).collect())
    }

    #[test]
    fn every_language_has_every_column_that_is_read() {
        let read = [
            "Date (UTC)",
            "Request ID",
            "Correlation ID",
            "User ID",
            "User",
            "Username",
            "Application ID",
            "Resource",
            "Resource ID",
            "IP address",
            "Location",
            "Sign-in error code",
            "Failure reason",
            "Client app",
            "Device ID",
            "Operating System",
            "Multifactor authentication result",
            "Multifactor authentication auth method",
            "Multifactor authentication auth detail",
            "Authentication requirement",
            "Token issuer type",
            "Conditional Access",
            "Service principal ID",
            "Authentication method",
            "Authentication method detail",
            "Succeeded",
            "Result detail",
            "Requirement",
        ];
        assert_eq!(LANGUAGES.iter().map(|(language, _)| *language).collect::<Vec<_>>(), ["en", "fr", "es", "de", "sv"]);
        for (language, headings) in LANGUAGES.iter().skip(1) {
            for column in read {
                assert!(headings.values().any(|known| *known == column), "{language} has no {column}");
            }
        }
        assert!(HEADINGS.lines().all(|line| line.matches(',').count() == 2), "three cells a line");
    }

    #[test]
    fn headings_are_translated_only_in_sign_in_downloads() {
        assert_eq!(english(&["Fecha (UTC)", "Id. de solicitud", "Estado"]), ["Date (UTC)", "Request ID", "Status"]);
        assert_eq!(
            english(&["Datum (UTC)", "Begäran-ID", "Program", "Status"]),
            ["Date (UTC)", "Request ID", "Application", "Status"]
        );
        assert_eq!(english(&["Dato og tid (UTC)", "MFA result"])[0], "Date (UTC)");
        assert_eq!(english(&["Datum", "Benutzer", "Betrag"]), ["Datum", "Benutzer", "Betrag"]);
        assert_eq!(english(&["Date (UTC)", "Request ID", "MFA result"])[2], "Multifactor authentication result");
        assert_eq!(english(&["Date", "Service", "Activity"]), ["Date", "Service", "Activity"]);
    }
}
