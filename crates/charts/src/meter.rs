use std::fmt::Write as _;

use crate::svg::Share;

/// A line in three parts: how many of a whole say yes, no, and unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meter {
    pub yes: i64,
    pub no: i64,
    pub unknown: i64,
}

/// A part of a meter, in hundredths of a percent of its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeterPart {
    pub class: &'static str,
    pub x: i32,
    pub width: i32,
}

const FULL: i64 = 10_000;
/// A part that is not nought can be seen.
const THINNEST: i64 = 80;

impl Meter {
    /// The parts that are not nought, side by side, filling the line; none where the whole is nought.
    #[must_use]
    pub fn parts(self) -> Vec<MeterPart> {
        let values = [("yes", self.yes), ("no", self.no), ("unknown", self.unknown)];
        let whole: i64 = values.iter().map(|(_, value)| value).sum();
        if whole <= 0 {
            return Vec::new();
        }
        let share = |value: i64| i64::try_from(i128::from(value) * i128::from(FULL) / i128::from(whole)).unwrap_or(0);
        let mut widths = values.map(|(_, value)| if value > 0 { share(value).max(THINNEST) } else { 0 });
        // What rounding and the thinnest parts took or left is made good by the widest.
        if let Some(widest) = (0..widths.len()).max_by_key(|&i| widths[i]) {
            widths[widest] += FULL - widths.iter().sum::<i64>();
        }
        let mut x = 0;
        let mut parts = Vec::new();
        for ((class, _), width) in values.into_iter().zip(widths).filter(|(_, width)| *width > 0) {
            let width = i32::try_from(width).unwrap_or(0);
            parts.push(MeterPart { class, x, width });
            x += width;
        }
        parts
    }

    /// A decoration beside figures that say the same: hidden from screen readers.
    #[must_use]
    pub fn svg(self) -> String {
        let mut out = String::from(
            "<svg class=\"meter\" width=\"100%\" height=\"6\" aria-hidden=\"true\" focusable=\"false\">\
             <rect class=\"meter-ground\" width=\"100%\" height=\"6\" rx=\"3\"/>",
        );
        for MeterPart { class, x, width } in self.parts() {
            let (x, width) = (Share(x), Share(width));
            // Writing to a String cannot fail.
            let _ = write!(out, "<rect class=\"meter-{class}\" x=\"{x}\" width=\"{width}\" height=\"6\"/>");
        }
        out.push_str("</svg>");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_line() {
        for (yes, no, unknown) in [(3412, 560, 8), (1, 1, 1), (1, 1_000_000, 0), (0, 0, 5), (i64::MAX / 4, 1, 1)] {
            let parts = Meter { yes, no, unknown }.parts();
            assert_eq!(parts.iter().map(|part| i64::from(part.width)).sum::<i64>(), FULL);
            assert!(parts.iter().all(|part| i64::from(part.width) >= THINNEST));
        }
    }

    #[test]
    fn unknown_is_a_part_of_its_own() {
        let classes: Vec<_> = Meter { yes: 1, no: 0, unknown: 3 }.parts().iter().map(|part| part.class).collect();
        assert_eq!(classes, ["yes", "unknown"]);
        assert!(Meter { yes: 0, no: 0, unknown: 0 }.parts().is_empty());
    }

    #[test]
    fn the_drawing_of_a_tile() {
        insta::assert_snapshot!("meter", Meter { yes: 3412, no: 560, unknown: 8 }.svg());
    }
}
