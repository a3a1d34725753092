use std::fmt::Write as _;

use plotters::coord::ranged1d::Ranged as _;
use plotters::coord::types::RangedCoordi64;

use crate::svg::{Share, escape};

/// One figure over time, with a scale from zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChart {
    /// The accessible name: what the line shows, in a sentence.
    pub name: String,
    /// Instants (any unit) and values, in the order of time.
    pub points: Vec<(i64, i64)>,
    /// The first and the last instant of the drawing, whether anything is known then or not.
    pub span: (i64, i64),
    /// The last step is drawn dashed: it is not over.
    pub is_last_unfinished: bool,
    /// Instants that are named below the drawing, in order.
    pub dates: Vec<(i64, String)>,
}

/// A line of the scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub value: i64,
    /// Pixels from the top.
    pub y: i64,
}

const TOP: i64 = 18;
const BASE: i64 = 190;
const HEIGHT: i64 = 214;
/// The width that instants are mapped to: a hundredth of a percent each.
const FULL: i64 = 10_000;
const MOST_LEVELS: usize = 5;

impl LineChart {
    /// The lines of the scale: round numbers from nought to at least the greatest value, by plotters' choice.
    #[must_use]
    pub fn levels(&self) -> Vec<Level> {
        let top = self.top();
        let level = |value| Level { value, y: position(value, top) };
        self.values(top).into_iter().map(level).collect()
    }

    fn values(&self, top: i64) -> Vec<i64> {
        RangedCoordi64::from(0..top).key_points(MOST_LEVELS)
    }

    /// The value at the top of the drawing.
    fn top(&self) -> i64 {
        let most = self.points.iter().map(|(_, value)| *value).max().unwrap_or(0).max(4);
        // The next round number above, so that the line lies below a line of the scale.
        let step = RangedCoordi64::from(0..most).key_points(MOST_LEVELS);
        let step = step.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(most).max(1);
        (most + step - 1) / step * step
    }

    /// `number` writes a value as the page does.
    #[must_use]
    pub fn svg(&self, number: impl Fn(i64) -> String) -> String {
        let mut out = format!(
            "<svg class=\"line\" width=\"100%\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{}\" \
             focusable=\"false\">",
            escape(&self.name)
        );
        // Writing to a String cannot fail.
        for Level { y, .. } in self.levels() {
            let _ = write!(out, "<line class=\"level\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>");
        }
        let top = self.top();
        let positions: Vec<(i64, i64)> =
            self.points.iter().map(|&(at, value)| (self.share(at), position(value, top))).collect();
        // Stretched to the width it gets; its lines keep their own.
        let _ = write!(
            out,
            "<svg x=\"0\" y=\"0\" width=\"100%\" height=\"{HEIGHT}\" viewBox=\"0 0 {FULL} {HEIGHT}\" \
             preserveAspectRatio=\"none\">"
        );
        let finished = match positions.len() {
            n if self.is_last_unfinished && n > 1 => n - 1,
            n => n,
        };
        if finished > 1 {
            polyline(&mut out, "series", &positions[..finished]);
        }
        if finished < positions.len() {
            polyline(&mut out, "series unfinished", &positions[finished - 1..]);
        }
        out.push_str("</svg>");
        // Over the line, which may begin where they stand.
        for Level { value, y } in self.levels() {
            let _ = write!(out, "<text x=\"0\" y=\"{}\">{}</text>", y - 4, escape(&number(value)));
        }
        if let Some((x, y)) = positions.last() {
            let x = Share(i32::try_from(*x).unwrap_or_default());
            let _ = write!(out, "<circle class=\"series-end\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>");
        }
        for (n, (at, text)) in self.dates.iter().enumerate() {
            let x = Share(i32::try_from(self.share(*at)).unwrap_or_default());
            let anchor = match n {
                0 => "start",
                n if n + 1 == self.dates.len() => "end",
                _ => "middle",
            };
            let text = escape(text);
            let _ = write!(out, "<text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{text}</text>", HEIGHT - 4);
        }
        out.push_str("</svg>");
        out
    }

    fn share(&self, at: i64) -> i64 {
        let (begin, end) = self.span;
        let length = i128::from(end) - i128::from(begin);
        let share = (i128::from(at) - i128::from(begin)) * i128::from(FULL) / length.max(1);
        i64::try_from(share).unwrap_or_default().clamp(0, FULL)
    }
}

fn position(value: i64, top: i64) -> i64 {
    let pixels = i128::from(value) * i128::from(BASE - TOP) / i128::from(top.max(1));
    BASE - i64::try_from(pixels).unwrap_or_default()
}

fn polyline(out: &mut String, class: &str, positions: &[(i64, i64)]) {
    let _ = write!(out, "<polyline class=\"{class}\" vector-effect=\"non-scaling-stroke\" points=\"");
    for (n, (x, y)) in positions.iter().enumerate() {
        let space = if n > 0 { " " } else { "" };
        let _ = write!(out, "{space}{x},{y}");
    }
    out.push_str("\"/>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(i64, i64)], is_last_unfinished: bool) -> LineChart {
        LineChart {
            name: "SMS or voice only".to_owned(),
            points: points.to_vec(),
            span: (0, 30),
            is_last_unfinished,
            dates: vec![(0, "21 Oct".to_owned()), (30, "20 Nov".to_owned())],
        }
    }

    #[test]
    fn the_scale_begins_at_nought_and_ends_above_the_line() {
        for most in [0, 1, 3, 7, 99, 603, 1_000_000] {
            let chart = line(&[(0, most), (30, most / 2)], false);
            let levels = chart.levels();
            assert_eq!(levels[0], Level { value: 0, y: BASE }, "{most}");
            assert!(levels.len() >= 2 && levels.len() <= MOST_LEVELS + 1, "{most}: {levels:?}");
            let last = levels.last().expect("there are some");
            assert!(last.value <= chart.top() && chart.top() >= most, "{most}");
            assert!(levels.windows(2).all(|pair| pair[1].y < pair[0].y), "{most}");
        }
    }

    #[test]
    fn the_drawing_of_a_line() {
        let drawing = line(&[(0, 700), (10, 650), (20, 640), (30, 603)], true).svg(|n| n.to_string());
        assert!(!drawing.contains("style"));
        insta::assert_snapshot!("line", drawing);
    }
}
