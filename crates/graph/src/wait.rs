//! How long to wait before asking again.

use std::time::Duration;

use domain::instant::Instant;
use http::{HeaderMap, header};

/// After the last try nothing is waited for: two seconds, doubled each time, come to some three minutes in all.
pub(crate) const TRIES: u32 = 8;
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(64);
/// Throttled without a time: at least the window in which requests are counted.
const THROTTLED: Duration = Duration::from_secs(10);
/// A `Retry-After` of nothing would be a busy loop.
const SHORTEST: Duration = Duration::from_secs(1);

/// Before the next try after this many.
pub(crate) fn back_off(tries: u32) -> Duration {
    FIRST.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(LONGEST)
}

/// The same where requests are too many and nobody says how long to wait.
pub(crate) fn throttled(tries: u32) -> Duration {
    back_off(tries).max(THROTTLED)
}

/// `Retry-After`: seconds, or a date, which is compared with the answer's own `Date` where it has one: our clock may be
/// wrong, and theirs too.
pub(crate) fn retry_after(headers: &HeaderMap, now: Instant) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = httpdate::parse_http_date(text).ok()?;
            let date = headers.get(header::DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
            let from = date.unwrap_or_else(|| {
                let since = Duration::from_millis(u64::try_from(now.millis()).unwrap_or_default());
                std::time::UNIX_EPOCH + since
            });
            until.duration_since(from).unwrap_or_default()
        }
    };
    Some(wait.max(SHORTEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-20T12:00:00Z";

    fn after(headers: &[(&'static str, &str)]) -> Option<u64> {
        let headers = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), value.parse::<http::HeaderValue>().expect("a value"))
        });
        retry_after(&headers.collect(), NOW.parse().expect("a time")).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_obeyed() {
        assert_eq!(after(&[("retry-after", "17")]), Some(17));
        assert_eq!(after(&[("retry-after", "Fri, 20 Nov 2026 12:01:30 GMT")]), Some(90));
        let by_their_clock =
            [("retry-after", "Fri, 20 Nov 2026 12:11:30 GMT"), ("date", "Fri, 20 Nov 2026 12:11:00 GMT")];
        assert_eq!(after(&by_their_clock), Some(30));
        assert_eq!(after(&[("retry-after", "0")]), Some(1));
        assert_eq!(after(&[("retry-after", "Fri, 20 Nov 2020 12:01:30 GMT")]), Some(1), "in the past");
        assert_eq!(after(&[("retry-after", "soon")]), None);
        assert_eq!(after(&[("retry-after", "-3")]), None);
        assert_eq!(after(&[]), None);
    }

    #[test]
    fn waits_grow_and_end_growing() {
        let waits: Vec<u64> = (1..=TRIES).map(|tries| back_off(tries).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 64, 64]);
        assert_eq!(throttled(1).as_secs(), 10);
        assert_eq!(throttled(6).as_secs(), 64);
    }
}
