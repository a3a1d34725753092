//! Every spelling of a time that real exports contain (`data/README.md` fact 7), to UTC milliseconds, truncated.

use domain::instant::Instant;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// The order of day and month in spellings such as `4/5/2021`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    DayMonth,
    MonthDay,
}

/// Why a text is not taken as a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TimeProblem {
    /// Day and month could be either way round, and nothing in the file has said which.
    Ambiguous(String),
    /// The text is not a time in any spelling known.
    NotATime(String),
}

/// Reads times and remembers which order of day and month the file has proven to use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock {
    order: Option<DateOrder>,
}

impl Clock {
    pub(crate) const fn new(given: Option<DateOrder>) -> Self {
        Self { order: given }
    }

    /// The order that was given or that a date with a day above 12 has proven.
    pub(crate) const fn order(&self) -> Option<DateOrder> {
        self.order
    }

    /// For what a program wrote that puts the month first, unless the file has shown or was said to do otherwise.
    pub(crate) fn month_first(&self) -> Self {
        Self { order: self.order.or(Some(DateOrder::MonthDay)) }
    }

    pub(crate) fn read(&mut self, text: &str) -> Result<Instant, TimeProblem> {
        let wrong = || TimeProblem::NotATime(text.to_owned());
        // ICU puts a narrow no-break space before AM and PM.
        let plain: String = text.trim().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        if let Some(millis) = javascript_date(&plain) {
            return in_range(millis).ok_or_else(wrong);
        }
        let mut scan = Scan { rest: plain.trim() };
        let (year, month, day) = self.date(&mut scan, text)?;
        let time = scan.time().ok_or_else(wrong)?;
        let offset = scan.offset().ok_or_else(wrong)?;
        if !scan.rest.trim().is_empty() {
            return Err(wrong());
        }
        let narrow = |number: u32| i8::try_from(number).ok();
        let at = (|| {
            let (hour, minute, second) = (narrow(time.hour)?, narrow(time.minute)?, narrow(time.second.min(59))?);
            let (month, day) = (narrow(month)?, narrow(day)?);
            let nanos = i32::try_from(time.millis * 1_000_000).ok()?;
            let civil = DateTime::new(i16::try_from(year).ok()?, month, day, hour, minute, second, nanos).ok()?;
            let zone = TimeZone::fixed(Offset::from_seconds(offset).ok()?);
            in_range(civil.to_zoned(zone).ok()?.timestamp().as_millisecond())
        })();
        at.ok_or_else(wrong)
    }

    fn date(&mut self, scan: &mut Scan<'_>, text: &str) -> Result<(u32, u32, u32), TimeProblem> {
        let wrong = || TimeProblem::NotATime(text.to_owned());
        let first = scan.digits(1, 4).ok_or_else(wrong)?;
        let separator = scan.one_of(&['-', '/', '.']).ok_or_else(wrong)?;
        let second = scan.digits(1, 2).ok_or_else(wrong)?;
        scan.one_of(&[separator]).ok_or_else(wrong)?;
        if first.len == 4 {
            let day = scan.digits(1, 2).ok_or_else(wrong)?;
            return Ok((first.value, second.value, day.value));
        }
        let year = scan.digits(4, 4).ok_or_else(wrong)?.value;
        if first.len > 2 {
            return Err(wrong());
        }
        let (first, second) = (first.value, second.value);
        let proven = match (first, second) {
            // Cultures that write dots put the day first; none puts the month there.
            _ if separator == '.' => Some(DateOrder::DayMonth),
            (13.., 1..=12) => Some(DateOrder::DayMonth),
            (1..=12, 13..) => Some(DateOrder::MonthDay),
            (a, b) if a == b && a <= 12 => return Ok((year, first, second)),
            _ => None,
        };
        let order = match (self.order, proven) {
            (Some(known), Some(proven)) if known != proven => return Err(wrong()),
            (Some(known), _) => known,
            (None, Some(proven)) => {
                if separator != '.' {
                    self.order = Some(proven);
                }
                proven
            }
            (None, None) if first <= 12 && second <= 12 => return Err(TimeProblem::Ambiguous(text.to_owned())),
            (None, None) => return Err(wrong()),
        };
        Ok(match order {
            DateOrder::DayMonth => (year, second, first),
            DateOrder::MonthDay => (year, first, second),
        })
    }
}

/// The day in a file's name, as in `exportUserRegistrationDetails_2026-3-7.csv`; the last one where there are two.
#[must_use]
pub fn date_in_file_name(name: &str) -> Option<Instant> {
    let bytes = name.as_bytes();
    let starts = (0..bytes.len()).filter(|&i| {
        bytes[i].is_ascii_digit() && (i == 0 || !bytes[i - 1].is_ascii_digit()) && name.is_char_boundary(i)
    });
    starts.filter_map(|start| day_at(&name[start..])).next_back()
}

fn day_at(text: &str) -> Option<Instant> {
    let mut scan = Scan { rest: text };
    let year = scan.digits(4, 4)?;
    scan.one_of(&['-'])?;
    let month = scan.digits(1, 2)?;
    scan.one_of(&['-'])?;
    let day = scan.digits(1, 2)?;
    if scan.rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = format!("{:04}-{:02}-{:02}", year.value, month.value, day.value);
    Clock::default().read(&text).ok()
}

/// PowerShell 5 writes instants as `/Date(1520430057000)/`.
fn javascript_date(text: &str) -> Option<i64> {
    text.strip_prefix("/Date(")?.strip_suffix(")/")?.parse().ok()
}

fn in_range(millis: i64) -> Option<Instant> {
    let at = Instant::from_millis(millis);
    (Instant::MIN <= at && at < Instant::MAX).then_some(at)
}

struct Number {
    value: u32,
    len: usize,
}

struct TimeOfDay {
    hour: u32,
    minute: u32,
    second: u32,
    millis: u32,
}

struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    fn digits(&mut self, least: usize, most: usize) -> Option<Number> {
        let len = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let value = self.rest.get(..len)?.parse().ok();
        (len >= least).then(|| self.rest = &self.rest[len..])?;
        Some(Number { value: value?, len })
    }

    fn one_of(&mut self, allowed: &[char]) -> Option<char> {
        let found = self.rest.chars().next().filter(|c| allowed.contains(c))?;
        self.rest = &self.rest[found.len_utf8()..];
        Some(found)
    }

    /// A date alone is midnight.
    fn time(&mut self) -> Option<TimeOfDay> {
        let comma = self.one_of(&[',']).is_some();
        let separated = self.one_of(&['T', 't', ' ']).is_some();
        while self.one_of(&[' ']).is_some() {}
        if !self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return (!comma || separated).then_some(TimeOfDay { hour: 0, minute: 0, second: 0, millis: 0 });
        }
        if !separated {
            return None;
        }
        let hour = self.digits(1, 2)?.value;
        self.one_of(&[':', '.'])?;
        let minute = self.digits(2, 2)?.value;
        let mut time = TimeOfDay { hour, minute, second: 0, millis: 0 };
        if self.one_of(&[':', '.']).is_some() {
            time.second = self.digits(2, 2)?.value;
            if self.one_of(&['.', ',']).is_some() {
                let len = self.rest.bytes().take_while(u8::is_ascii_digit).count();
                let fraction = self.rest.get(..len.min(3)).filter(|digits| !digits.is_empty())?;
                time.millis = fraction.parse::<u32>().ok()? * [1000, 100, 10, 1][fraction.len()];
                self.rest = &self.rest[len..];
            }
        }
        if let Some(afternoon) = self.half_of_day() {
            if !(1..=12).contains(&time.hour) {
                return None;
            }
            time.hour = time.hour % 12 + if afternoon { 12 } else { 0 };
        }
        (time.hour < 24 && time.minute < 60 && time.second <= 60).then_some(time)
    }

    /// `AM` is false, `PM` is true.
    fn half_of_day(&mut self) -> Option<bool> {
        let text = self.rest.trim_start();
        [("am", false), ("pm", true), ("a.m.", false), ("p.m.", true)].into_iter().find_map(|(mark, afternoon)| {
            let head = text.get(..mark.len())?;
            head.eq_ignore_ascii_case(mark).then(|| {
                self.rest = &text[mark.len()..];
                afternoon
            })
        })
    }

    /// Seconds east of UTC; no zone means UTC.
    fn offset(&mut self) -> Option<i32> {
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() {
            return Some(0);
        }
        if let Some(mark) = ["UTC", "GMT"].iter().find(|mark| self.rest.starts_with(**mark)) {
            self.rest = &self.rest[mark.len()..];
            return self.rest.is_empty().then_some(0);
        }
        if self.one_of(&['Z', 'z']).is_some() {
            return Some(0);
        }
        let sign = if self.one_of(&['+', '-', '\u{2212}'])? == '+' { 1 } else { -1 };
        let hours = self.digits(1, 2)?.value;
        let minutes = if self.one_of(&[':']).is_some() || !self.rest.is_empty() { self.digits(2, 2)?.value } else { 0 };
        (hours <= 18 && minutes < 60).then(|| sign * i32::try_from(hours * 3600 + minutes * 60).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        Clock::default().read(text).map_or_else(|problem| format!("{problem:?}"), |at| at.to_string())
    }

    #[test]
    fn every_spelling_of_real_records() {
        for (text, at) in [
            ("2018-01-09T21:20:02.7215374Z", "2018-01-09T21:20:02.721Z"),
            ("2024-11-27T03:31:26.7088498+00:00", "2024-11-27T03:31:26.708Z"),
            ("2024-11-21T16:47:21.642407+00:00", "2024-11-21T16:47:21.642Z"),
            ("2024-11-27T03:31:26-05:00", "2024-11-27T08:31:26.000Z"),
            ("2025-01-15 09:30:45.123", "2025-01-15T09:30:45.123Z"),
            ("2025-01-15 09:30:45 +02:00", "2025-01-15T07:30:45.000Z"),
            ("2021-08-02T13:29:25", "2021-08-02T13:29:25.000Z"),
            ("4/28/2021, 2:08:45.221 PM", "2021-04-28T14:08:45.221Z"),
            ("4/28/2021, 12:08:45.221 AM", "2021-04-28T00:08:45.221Z"),
            ("12/12/2025 3:03:58 PM", "2025-12-12T15:03:58.000Z"),
            ("12/12/2025 3:03:58\u{202f}PM", "2025-12-12T15:03:58.000Z"),
            ("28/04/2021 14:08:45", "2021-04-28T14:08:45.000Z"),
            ("03.12.2025 07:22:01", "2025-12-03T07:22:01.000Z"),
            ("2026-3-7", "2026-03-07T00:00:00.000Z"),
            ("2026/03/07 1:02", "2026-03-07T01:02:00.000Z"),
            ("/Date(1520430057123)/", "2018-03-07T13:40:57.123Z"),
            ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"),
            ("9999-12-31T23:59:59.9999999Z", "NotATime(\"9999-12-31T23:59:59.9999999Z\")"),
        ] {
            assert_eq!(read(text), at, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_time() {
        for text in [
            "",
            "soon",
            "2025-04-11:21:02.3387000Z",
            "2025-02-30",
            "13/13/2025",
            "2025-01-01T25:00:00Z",
            "4/28/2021 2:00 XM",
        ] {
            assert_eq!(Clock::default().read(text), Err(TimeProblem::NotATime(text.to_owned())));
        }
    }

    #[test]
    fn one_clear_date_decides_for_the_file() {
        let mut clock = Clock::default();
        assert_eq!(clock.read("3/12/2025 7:22:01 AM"), Err(TimeProblem::Ambiguous("3/12/2025 7:22:01 AM".into())));
        clock.read("3/13/2025 7:22:01 AM").expect("the 13th is a day");
        assert_eq!(clock.read("3/12/2025 7:22:01 AM").expect("known now").to_string(), "2025-03-12T07:22:01.000Z");
        assert!(clock.read("13/3/2025 7:22:01 AM").is_err(), "a file has one order");
        let mut told = Clock::new(Some(DateOrder::DayMonth));
        assert_eq!(told.read("3/12/2025 7:22:01 AM").expect("told").to_string(), "2025-12-03T07:22:01.000Z");
    }

    #[test]
    fn a_file_name_can_carry_a_day() {
        for (name, day) in [
            ("exportUserRegistrationDetails_2026-3-7.csv", Some("2026-03-07T00:00:00.000Z")),
            ("AuditLogs_2026-03-01_2026-03-07.csv", Some("2026-03-07T00:00:00.000Z")),
            ("2026-03-32.csv", None),
            ("12026-03-07.csv", None),
            ("übersicht.csv", None),
        ] {
            assert_eq!(date_in_file_name(name).map(|at| at.to_string()).as_deref(), day, "{name}");
        }
    }
}
