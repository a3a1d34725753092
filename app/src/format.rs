//! Numbers, shares, dates and times: the one place that writes them.

use domain::instant::{DAY_MS, Instant};
use domain::window::Window;

use crate::language::{Ui, t};

impl Ui {
    /// `3412` as `3,412`.
    pub fn number(&self, n: i64) -> String {
        let digits = n.unsigned_abs().to_string();
        let mut out = String::from(if n < 0 { "−" } else { "" });
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push_str(t!(self, format.group));
            }
            out.push(digit);
        }
        out
    }

    /// `85.7 %`; never 0.0 % of something nor 100.0 % of less than all. `None`: a share of nothing.
    pub fn share(&self, part: i64, whole: i64) -> Option<String> {
        if whole <= 0 {
            return None;
        }
        let tenths = (i128::from(part) * 2000 + i128::from(whole)) / (2 * i128::from(whole));
        let percent = |tenths: i128| {
            t!(self, format.percent, number = format!("{}{}{}", tenths / 10, t!(self, format.decimal), tenths % 10))
        };
        Some(match tenths {
            0 if part > 0 => t!(self, format.less, share = percent(1)),
            1000 if part < whole => t!(self, format.more, share = percent(999)),
            tenths => percent(tenths),
        })
    }

    /// `3.4 MB`: sizes of files as browsers say them
    pub fn bytes(&self, n: i64) -> String {
        const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
        if n < 1000 {
            return format!("{n} B");
        }
        // Tenths of the unit, rounded to the nearest.
        let (mut tenths, mut unit) = ((n + 50) / 100, 0);
        while tenths >= 10_000 && unit + 1 < UNITS.len() {
            (tenths, unit) = ((tenths + 500) / 1000, unit + 1);
        }
        format!("{}{}{} {}", self.number(tenths / 10), t!(self, format.decimal), tenths % 10, UNITS[unit])
    }

    /// `20 Nov 2026`
    pub fn date(&self, at: Instant) -> String {
        let at = at.timestamp().to_zoned(self.zone.clone());
        t!(self, format.date, day = at.day(), month = self.month(at.month()), year = at.year())
    }

    /// `20 Nov 2026, 14:05`
    pub fn time(&self, at: Instant) -> String {
        let zoned = at.timestamp().to_zoned(self.zone.clone());
        let clock = format!("{:02}:{:02}", zoned.hour(), zoned.minute());
        t!(self, format.time, date = self.date(at), time = clock)
    }

    /// `20 Nov 2026, 14:05:09`: where rows seconds apart stand beside each other.
    pub fn second(&self, at: Instant) -> String {
        t!(self, format.time, date = self.date(at), time = self.clock(at))
    }

    /// `14:05:09`: of today
    pub fn clock(&self, at: Instant) -> String {
        let zoned = at.timestamp().to_zoned(self.zone.clone());
        format!("{:02}:{:02}:{:02}", zoned.hour(), zoned.minute(), zoned.second())
    }

    /// `21 Oct 2026, 14:05 – 20 Nov 2026, 14:05`
    pub fn window(&self, window: Window) -> String {
        t!(self, format.span, from = self.time(window.from), to = self.time(window.to))
    }

    /// `21 Oct 2026 – 20 Nov 2026`: for windows of days, where the exact ends stand elsewhere
    pub fn days(&self, window: Window) -> String {
        if window.to.millis() - window.from.millis() < 7 * DAY_MS {
            return self.window(window);
        }
        t!(self, format.span, from = self.date(window.from), to = self.date(window.to))
    }

    fn month(&self, month: i8) -> &'static str {
        match month {
            1 => t!(self, month.m1),
            2 => t!(self, month.m2),
            3 => t!(self, month.m3),
            4 => t!(self, month.m4),
            5 => t!(self, month.m5),
            6 => t!(self, month.m6),
            7 => t!(self, month.m7),
            8 => t!(self, month.m8),
            9 => t!(self, month.m9),
            10 => t!(self, month.m10),
            11 => t!(self, month.m11),
            _ => t!(self, month.m12),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::preferences::Language;

    use super::*;

    fn ui() -> Ui {
        Ui::new("Europe/Stockholm")
    }

    #[test]
    fn numbers_are_grouped() {
        let numbers = [0, 7, 999, 1000, 3412, 1_000_000, -4521].map(|n| ui().number(n));
        assert_eq!(numbers, ["0", "7", "999", "1,000", "3,412", "1,000,000", "−4,521"]);
    }

    #[test]
    fn a_share_never_rounds_to_nobody_or_everybody() {
        let share = |part, whole| ui().share(part, whole);
        assert_eq!(share(3412, 3980).as_deref(), Some("85.7\u{a0}%"));
        assert_eq!(share(0, 10).as_deref(), Some("0.0\u{a0}%"));
        assert_eq!(share(10, 10).as_deref(), Some("100.0\u{a0}%"));
        assert_eq!(share(1, 100_000).as_deref(), Some("<0.1\u{a0}%"));
        assert_eq!(share(99_999, 100_000).as_deref(), Some(">99.9\u{a0}%"));
        assert_eq!(share(0, 0), None);
        assert_eq!(share(i64::MAX, i64::MAX).as_deref(), Some("100.0\u{a0}%"));
    }

    #[test]
    fn times_are_of_the_zone() {
        let at: Instant = "2026-11-20T13:05:09.123Z".parse().expect("an instant");
        assert_eq!(ui().time(at), "20 Nov 2026, 14:05");
        assert_eq!(ui().second(at), "20 Nov 2026, 14:05:09");
        assert_eq!(Ui::new("UTC").time(at), "20 Nov 2026, 13:05");
        assert_eq!(Ui::new("Nowhere/City").zone_name, "UTC");
        assert_eq!(Ui::new("Europe/Stockholm").in_zone(Some("Asia/Tokyo")).time(at), "20 Nov 2026, 22:05");
        let summer: Instant = "2026-06-30T22:30:00Z".parse().expect("an instant");
        assert_eq!(ui().date(summer), "1 Jul 2026");
    }
    #[test]
    fn swedish_numbers_shares_and_times() {
        let ui = Ui::new("Europe/Stockholm").in_language(Language::Swedish);
        assert_eq!(ui.number(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(ui.number(-4521), "−4\u{a0}521");
        assert_eq!(ui.share(3412, 3980).as_deref(), Some("85,7\u{a0}%"));
        assert_eq!(ui.share(1, 100_000).as_deref(), Some("<0,1\u{a0}%"));
        let at: Instant = "2026-11-20T13:05:09.123Z".parse().expect("an instant");
        assert_eq!(ui.time(at), "20 nov. 2026 14:05");
        assert_eq!(ui.second(at), "20 nov. 2026 14:05:09");
        let zoned = ui.clone().in_zone(Some("Asia/Tokyo"));
        assert_eq!(zoned.time(at), "20 nov. 2026 22:05", "another zone is no other language");
        let month = |text: &str| ui.date(text.parse().expect("an instant"));
        assert_eq!(month("2027-02-01T12:00:00Z"), "1 feb. 2027");
        assert_eq!(month("2026-05-31T23:30:00Z"), "1 juni 2026");
        let from: Instant = "2026-10-21T13:05:00Z".parse().expect("an instant");
        assert_eq!(ui.days(Window { from, to: at }), "21 okt. 2026 – 20 nov. 2026");
    }
}
