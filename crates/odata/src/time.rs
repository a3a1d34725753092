//! Instants and dates as OData writes them, in literals and in JSON alike.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// 0000-01-01T00:00:00Z: what lies before it has no four-digit year.
const EARLIEST_SECOND: i64 = -62_167_219_200;
/// Digits of a fraction that are kept; OData allows twelve.
const KEPT_DIGITS: usize = 9;
const LONGEST_FRACTION: usize = 12;

/// `2026-11-20`.
pub(crate) fn date(text: &str) -> Option<Date> {
    let [year, month, day] = numbers(text, '-', [4, 2, 2])?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `2026-11-20T12:00:00.5Z`: seconds and their fraction may be left out, the zone may not.
///
/// What is too late for the calendar, such as 9999-12-31T23:59:59Z, is the last instant there is.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_once(['T', 't'])?;
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = rest.split_at(zone_at);
    let at = local(date(day)?, time)?;
    let instant = offset(zone)?.to_timestamp(at).unwrap_or(Timestamp::MAX);
    (instant.as_second() >= EARLIEST_SECOND).then_some(instant)
}

/// The instant at which the day begins in UTC.
pub(crate) fn midnight(date: Date) -> Timestamp {
    date.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |at| at.timestamp())
}

/// `12:00`, `12:00:00` or `12:00:00.123`.
fn local(date: Date, time: &str) -> Option<DateTime> {
    let (whole, fraction) = time.split_once('.').map_or((time, None), |(whole, fraction)| (whole, Some(fraction)));
    let [hour, minute, second] = match fraction {
        None if whole.len() == 5 => numbers(whole, ':', [2, 2]).map(|[hour, minute]| [hour, minute, 0])?,
        _ => numbers(whole, ':', [2, 2, 2])?,
    };
    let fraction = match fraction {
        None => 0,
        Some(digits) if (1..=LONGEST_FRACTION).contains(&digits.len()) && all_digits(digits) => {
            let kept = &digits[..digits.len().min(KEPT_DIGITS)];
            format!("{kept:0<KEPT_DIGITS$}").parse().ok()?
        }
        Some(_) => return None,
    };
    let part = |number: i16| i8::try_from(number).ok();
    DateTime::new(date.year(), date.month(), date.day(), part(hour)?, part(minute)?, part(second)?, fraction).ok()
}

/// `Z`, `+02:00` or `-02:00`.
fn offset(zone: &str) -> Option<Offset> {
    if zone.eq_ignore_ascii_case("Z") {
        return Some(Offset::UTC);
    }
    let [hours, minutes] = numbers(zone.get(1..)?, ':', [2, 2])?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    Offset::from_seconds(if zone.starts_with('-') { -seconds } else { seconds }).ok()
}

/// Numbers of so many digits each, with a sign between them.
fn numbers<const N: usize>(text: &str, between: char, lengths: [usize; N]) -> Option<[i16; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(between);
    for (number, length) in numbers.iter_mut().zip(lengths) {
        *number = parts.next().filter(|part| part.len() == length && all_digits(part))?.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_a_zone_and_whatever_precision() {
        let same = [
            "2026-11-20T12:00:00Z",
            "2026-11-20T12:00Z",
            "2026-11-20t14:00:00.000+02:00",
            "2026-11-20T12:00:00.000000000000Z",
        ];
        for text in same {
            assert_eq!(instant(text).map(|at| at.to_string()).as_deref(), Some("2026-11-20T12:00:00Z"), "{text}");
        }
        assert_eq!(instant("2026-11-20T12:00:00.1234567Z").map(|at| at.subsec_nanosecond()), Some(123_456_700));
        let none = ["2026-11-20", "2026-11-20T12:00:00", "2026-11-20T12Z", "2026-11-20T24:00:00Z", "2026-02-29T00:00Z"];
        for text in none.into_iter().chain([
            "2026-11-20T12:00:00.Z",
            "2026-11-20T12:00:00+25:00",
            "26-11-20T12:00Z",
            "+026-11-20T12:00Z",
        ]) {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn the_ends_of_time_can_be_written_again() {
        for text in ["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"] {
            let at = instant(text).expect("valid");
            assert_eq!(instant(&at.to_string()), Some(at), "{text}");
        }
        assert_eq!(instant("0000-01-01T00:00:00+01:00"), None);
        assert_eq!(date("9999-12-31").map(midnight), Some(Timestamp::MAX));
    }
}
