//! The small pieces every record is made of: identifiers, instants, JSON strings.

use domain::instant::DAY_MS;
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// An object, request or correlation id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guid(u128);

impl Guid {
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        let bits = u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64());
        // Version 4, variant 1, as Microsoft's ids are.
        Self(bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62))
    }

    pub fn push_to(self, out: &mut String) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; 36];
        let mut at = 0;
        for (position, byte) in self.0.to_be_bytes().into_iter().enumerate() {
            if matches!(position, 4 | 6 | 8 | 10) {
                at += 1;
            }
            text[at] = HEX[usize::from(byte >> 4)];
            text[at + 1] = HEX[usize::from(byte & 15)];
            at += 2;
        }
        push_ascii(out, &text);
    }

    /// Four digits that belong to this id: what Microsoft prints below the millisecond.
    pub fn ticks(self) -> u16 {
        (self.bits() % 10_000) as u16
    }

    /// Bits that belong to this id, for what follows from it.
    pub fn bits(self) -> u64 {
        self.0 as u64
    }

    /// The id that belongs to a number.
    pub fn of_seed(seed: u64) -> Self {
        Self::random(&mut ChaCha8Rng::seed_from_u64(seed))
    }
}

impl std::fmt::Display for Guid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::with_capacity(36);
        self.push_to(&mut text);
        f.write_str(&text)
    }
}

/// `2026-02-03T08:01:22.1234567Z`: seven fractional digits, as the logs have them.
pub fn push_time(out: &mut String, at: i64, ticks: u16) {
    let mut text = *b"0000-00-00T00:00:00.0000000Z";
    put_second(&mut text, at);
    put(&mut text[20..23], at.rem_euclid(1_000));
    put(&mut text[23..27], i64::from(ticks));
    push_ascii(out, &text);
}

/// `2026-02-03T08:01:22Z`
pub fn push_second(out: &mut String, at: i64) {
    let mut text = *b"0000-00-00T00:00:00Z";
    put_second(&mut text, at);
    push_ascii(out, &text);
}

/// By hand: a sign-in has five times, and a general way to print them costs more than all the rest of its line.
fn put_second(text: &mut [u8], at: i64) {
    let (day, seconds) = (at.div_euclid(DAY_MS), at.rem_euclid(DAY_MS) / 1_000);
    // Days since 1 March of the year 0; years then begin with March, so that a leap day is the last.
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    put(&mut text[0..4], era * 400 + year);
    put(&mut text[5..7], month);
    put(&mut text[8..10], of_month);
    put(&mut text[11..13], seconds / 3_600);
    put(&mut text[14..16], seconds / 60 % 60);
    put(&mut text[17..19], seconds % 60);
}

/// A number in as many digits as there is room.
fn put(text: &mut [u8], mut number: i64) {
    for digit in text.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn push_ascii(out: &mut String, text: &[u8]) {
    // ASCII by construction.
    out.push_str(std::str::from_utf8(text).unwrap_or_default());
}

/// A number as it is.
pub fn push_number(out: &mut String, number: u64) {
    let mut text = [0; 20];
    let mut at = text.len();
    let mut left = number;
    loop {
        at -= 1;
        text[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    push_ascii(out, &text[at..]);
}

/// A JSON string with its quotes.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub fn push_quoted(out: &mut String, text: &str) {
    // Sentences of ours and Microsoft's; only names of people need escaping, and those are kept quoted.
    debug_assert!(!text.contains(['"', '\\']) && !text.chars().any(char::is_control));
    out.push('"');
    out.push_str(text);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::instant::Instant;

    #[test]
    fn ids_and_times_look_like_microsofts() {
        let guid = Guid::random(&mut ChaCha8Rng::seed_from_u64(1)).to_string();
        assert_eq!(guid.len(), 36);
        assert_eq!(guid.as_bytes()[14], b'4');
        let mut time = String::new();
        push_time(&mut time, 1_770_105_682_123, 4567);
        assert_eq!(time, "2026-02-03T08:01:22.1234567Z");
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for at in
            (0..60).map(|n| n * 7_919 * DAY_MS / 11 - 30 * 366 * DAY_MS).chain([951_782_400_000, 1_709_164_800_000])
        {
            let mut time = String::new();
            push_second(&mut time, at);
            assert_eq!(time.parse::<Instant>().map(Instant::millis), Ok(at.div_euclid(1_000) * 1_000), "{time}");
        }
    }

    #[test]
    fn numbers_are_printed_whole() {
        for number in [0, 9, 10, 500_121, u64::MAX] {
            let mut text = String::new();
            push_number(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }
}
