//! Phone numbers never reach the database: each digit but the last two becomes `X`, plus and spacing stay.
//!
//! Two rules, so that ids, versions, addresses and times stay whole: in any text a number is a plus followed by
//! digits; in a field known to hold phone numbers every run of digits is one.

mod nested;
mod record;

use std::borrow::Cow;

pub(crate) use record::{holds_phones, scrub_record};

use crate::fields::is_guid;

/// Digits of the shortest and the longest number with a country code.
const LEAST_DIGITS: usize = 7;
const MOST_DIGITS: usize = 15;

/// Masks every phone number in a text: `+1 4255550164` becomes `+X XXXXXXXX64`.
#[must_use]
pub fn scrub(text: &str) -> Cow<'_, str> {
    // One by one: a search for one character is far quicker than for one of two.
    if !text.contains('+') && !text.contains('\u{ff0b}') {
        return Cow::Borrowed(text);
    }
    let mut mask = Mask::default();
    let mut previous: Option<char> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        // A plus inside a word is an address tag, base64 or a version's build number.
        if matches!(c, '+' | '\u{ff0b}') && !previous.is_some_and(char::is_alphanumeric) {
            let start = at + c.len_utf8();
            let run = Run::with_country_code(&text[start..]);
            if run.digits >= LEAST_DIGITS {
                mask.all_but_two(text, start, start + run.len);
                while chars.peek().is_some_and(|(next, _)| *next < start + run.len) {
                    chars.next();
                }
            }
        }
        previous = Some(c);
    }
    mask.applied_to(text)
}

/// Masks every run of at least four digits: for the value of a field that holds phone numbers.
pub(crate) fn scrub_phone_field(text: &str) -> Cow<'_, str> {
    let mut mask = Mask::default();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            let run = Run::of_digits(rest);
            if run.digits >= 4 {
                mask.all_but_two(text, at, at + run.len);
            }
            at += run.len;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    mask.applied_to(text)
}

/// Masks numbers with a plus, and every run of at least seven digits that stands alone: for the detail of a second
/// factor, which is a phone number or the name of a device or key.
pub(crate) fn scrub_detail(text: &str) -> Cow<'_, str> {
    if is_guid(text) {
        return Cow::Borrowed(text);
    }
    match scrub(text) {
        Cow::Borrowed(text) => long_runs(text, 0, text.len()).applied_to(text),
        Cow::Owned(text) => Cow::Owned(long_runs(&text, 0, text.len()).applied_to(&text).into_owned()),
    }
}

/// For what could not be parsed: besides numbers with a plus, runs of digits soon after a phone-like word.
pub(crate) fn scrub_unparsed(text: &str) -> String {
    const REACH: usize = 120;
    let scrubbed = scrub(&text.replace("\\u002b", "+").replace("\\u002B", "+")).into_owned();
    let lower = scrubbed.to_ascii_lowercase();
    let words = [
        "phone",
        "mobile",
        "alternat",
        "strongauthenticationuserdetails",
        "authdetail",
        "auth detail",
        "methoddetail",
        "method detail",
    ];
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for word in words {
        for (start, _) in lower.match_indices(word) {
            let mut end = (start + REACH).min(scrubbed.len());
            while !scrubbed.is_char_boundary(end) {
                end -= 1;
            }
            spans.push((start, end));
        }
    }
    spans.sort_unstable();
    // Each place is looked at once: a long text can say "phone" a million times.
    let (mut mask, mut seen) = (Mask::default(), 0);
    for (start, end) in spans {
        let runs = long_runs(&scrubbed, start.max(seen), end);
        seen = runs.seen.max(seen);
        mask.at.extend(runs.at);
    }
    mask.applied_to(&scrubbed).into_owned()
}

/// Runs of at least seven digits between two places, neither in nor beside a word.
fn long_runs(text: &str, start: usize, end: usize) -> Mask {
    let mut mask = Mask::default();
    let mut at = start;
    while at < end {
        let rest = &text[at..];
        let c = rest.chars().next().unwrap_or(' ');
        let inside_word = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        if c.is_ascii_digit() && !inside_word {
            let run = Run::of_digits(rest);
            if run.digits >= LEAST_DIGITS && !rest[run.len..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                mask.all_but_two(text, at, at + run.len);
            }
            at += run.len;
        } else {
            at += c.len_utf8();
        }
    }
    mask.seen = at;
    mask
}

/// A stretch of digits with the separators people put between them.
struct Run {
    /// Bytes up to and with the last digit.
    len: usize,
    digits: usize,
}

impl Run {
    /// At most 15 digits, cut between groups, so that a date after the number stays readable.
    fn with_country_code(text: &str) -> Self {
        Self::scan(text, Some(MOST_DIGITS))
    }

    fn of_digits(text: &str) -> Self {
        Self::scan(text, None)
    }

    fn scan(text: &str, most: Option<usize>) -> Self {
        let mut found = Self { len: 0, digits: 0 };
        let mut separators = 0;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c.is_ascii_digit() {
                let mut end = at + 1;
                let mut group = 1;
                while let Some((_, next)) = chars.peek()
                    && next.is_ascii_digit()
                {
                    chars.next();
                    end += 1;
                    group += 1;
                }
                if found.digits > 0 && most.is_some_and(|most| found.digits + group > most) {
                    break;
                }
                found = Self { len: end, digits: found.digits + group };
                separators = 0;
            } else if is_separator(c) && separators < 4 {
                separators += 1;
            } else {
                break;
            }
        }
        found
    }
}

const fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}' | '\u{202f}' | '\u{2010}'..='\u{2013}' | '\t')
}

/// Positions of digits to be masked.
#[derive(Default)]
struct Mask {
    at: Vec<usize>,
    /// Where looking for them has come to.
    seen: usize,
}

impl Mask {
    fn all_but_two(&mut self, text: &str, start: usize, end: usize) {
        let digits: Vec<usize> =
            text[start..end].bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(i, _)| start + i).collect();
        self.at.extend(&digits[..digits.len().saturating_sub(2)]);
    }

    fn applied_to(self, text: &str) -> Cow<'_, str> {
        if self.at.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = self.at.into_iter().peekable();
        let swapped = text.char_indices().map(|(at, c)| if masked.next_if_eq(&at).is_some() { 'X' } else { c });
        Cow::Owned(swapped.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_free_text() {
        for (text, scrubbed) in [
            ("+1 4255550164", "+X XXXXXXXX64"),
            ("call +46 70-123 45 67 now", "call +XX XX-XXX XX 67 now"),
            ("(+1 (425) 555-0123)", "(+X (XXX) XXX-XX23)"),
            ("tel:+442079460123;ext=9", "tel:+XXXXXXXXXX23;ext=9"),
            ("+46701234567 at 2026-11-20", "+XXXXXXXXX67 at 2026-11-20"),
            ("+46701234567 2026-11-20", "+XXXXXXXXXXX XX26-11-20"),
            ("+X XXXXXXXX64", "+X XXXXXXXX64"),
        ] {
            assert_eq!(scrub(text), scrubbed, "{text}");
        }
    }

    #[test]
    fn what_only_looks_alike_stays() {
        for text in [
            "2024-11-27T03:31:26.7088498+00:00",
            "2025-01-15 09:30:45.123 +0200",
            "10065ffb-8199-48bc-8ff5-912cb5b8295a",
            "203.0.113.9",
            "5.1.17763.1971",
            "1.0.0+20130313144700",
            "bob+1234567@contoso.com",
            "AADSTS50074",
            "Directory_10065ffb-8199-48bc-8ff5-912cb5b8295a_AUMVX_13992832",
            "a + b = 12",
        ] {
            assert!(matches!(scrub(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn a_phone_field_needs_no_plus() {
        assert_eq!(scrub_phone_field("070-123 45 67"), "XXX-XXX XX 67");
        assert_eq!(scrub_phone_field("0701234567;+46 8 123456"), "XXXXXXXX67;+XX X XXXX56");
        assert_eq!(scrub_phone_field("none"), "none");
    }

    #[test]
    fn an_unparsable_line_is_scrubbed_by_nearness() {
        let broken = r#"{"key":"PhoneNumber","value":"070-123 45 67","id":"10065ffb-8199"#;
        assert_eq!(scrub_unparsed(broken), r#"{"key":"PhoneNumber","value":"XXX-XXX XX 67","id":"10065ffb-8199"#);
        assert_eq!(scrub_unparsed(r#"x \u002B46701234567"#), "x +XXXXXXXXX67");
    }
}
