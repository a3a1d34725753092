//! The small pieces every record is made of: identifiers, instants, JSON strings.

use std::fmt::Write as _;

use domain::instant::Instant;
use rand::RngCore as _;
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
        for digit in 0..32u32 {
            if matches!(digit, 8 | 12 | 16 | 20) {
                out.push('-');
            }
            let nibble = (self.0 >> (124 - 4 * digit)) & 0xf;
            out.push(char::from(HEX[nibble as usize]));
        }
    }

    /// Four digits that belong to this id: what Microsoft prints below the millisecond.
    pub fn ticks(self) -> u16 {
        (self.0 % 10_000) as u16
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
    let _ = write!(out, "{:.3}", Instant::from_millis(at).timestamp());
    out.pop();
    let _ = write!(out, "{ticks:04}Z");
}

/// `2026-02-03T08:01:22Z`
pub fn push_second(out: &mut String, at: i64) {
    let _ = write!(out, "{:.0}", Instant::from_millis(at).timestamp());
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
    use rand::SeedableRng as _;

    #[test]
    fn ids_and_times_look_like_microsofts() {
        let guid = Guid::random(&mut ChaCha8Rng::seed_from_u64(1)).to_string();
        assert_eq!(guid.len(), 36);
        assert_eq!(guid.as_bytes()[14], b'4');
        let mut time = String::new();
        push_time(&mut time, 1_770_105_682_123, 4567);
        assert_eq!(time, "2026-02-03T08:01:22.1234567Z");
    }
}
